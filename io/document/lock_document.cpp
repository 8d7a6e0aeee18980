#include "agentslock/io/lock_document.hpp"

#include <algorithm>
#include <boost/assert.hpp>
#include <charconv>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include "document_members.hpp"
#include "document_size.hpp"
#include "name_index.hpp"
#include "schema_edit.hpp"

namespace agentslock {
namespace {

/// Whether a JSON value is the number 1, however it is spelt: 1.0, 100e-2. Exact, where a conversion would round.
bool is_one(std::string_view json) noexcept {
  const std::string_view digits = json.substr(0, json.find_first_of("eE"));
  const std::size_t one = digits.find_first_not_of("0.");
  if (one == digits.npos || digits[one] != '1' || digits.find_first_not_of("0.", one + 1) != digits.npos)
    return false;
  std::int64_t exponent = 0;
  if (digits.size() < json.size()) {
    const std::size_t power = digits.size() + (json[digits.size() + 1] == '+' ? 2 : 1);
    if (std::from_chars(json.data() + power, json.data() + json.size(), exponent).ec != std::errc())
      return false;
  }
  const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
  const auto place = static_cast<std::int64_t>(one);
  // How often ten is in what the digits say without the exponent.
  const std::int64_t tens = place < point ? point - place - 1 : point - place;
  return exponent == -tens;
}

/// A value without its white space, to compare what two texts say.
std::string compact(std::string_view json) {
  const json_layout one_line{"", "", ":", "", ""};
  json_writer write(one_line, std::nullopt);
  write.value(json);
  return std::move(write).text();
}

}  // namespace

/// The members' names, in their order.
struct lock_document::member_names {
  name_index index;
  /// Those that do not stand in the text as they are.
  std::deque<std::string> unescaped;
};

result<parsed_document> lock_document::parse(text_buffer text, std::string_view path, version_rule rule) {
  return parse_arriving(std::move(text), path, rule, nullptr);
}

std::optional<parsed_document> lock_document::parse(text_buffer text, std::string_view path,
                                                    version_rule rule, text_arrival& arrival) {
  auto parsed = parse_arriving(std::move(text), path, rule, &arrival);
  if (!parsed) return std::nullopt;
  return std::move(*parsed);
}

result<parsed_document> lock_document::parse_arriving(text_buffer text, std::string_view path,
                                                      version_rule rule, text_arrival* arrival) {
  lock_document document;
  lockfile adapters;
  document.text_ = std::move(text);
  document.path_ = path;
  const auto names = std::make_shared<member_names>();
  document.names_ = names;
  const std::string_view view = document.text_.view();
  if (const auto fits = check_size_of_read(view.size(), path); !fits) return fits.error();

  const json_walker walk(arriving_text{view, arrival});
  // What is wrong inside our section counts only when the version says that it is ours to read.
  std::optional<json_fault> bad_adapters;
  const auto member_value = [&](std::string_view name, std::size_t name_at,
                                std::size_t at) -> json_result<std::size_t> {
    if (name == adapters_name) {
      auto section = decode_adapters(document.text_, name_at, at, arrival);
      if (section) {
        document.adapters_ = std::move(section->index);
        adapters = std::move(section->file);
        return section->end;
      }
      bad_adapters = section.error();
    }
    return walk.skip(at, 1);
  };
  const auto object = walk.document([&](const json_string& name, std::size_t at) -> json_result<std::size_t> {
    const std::string_view own_name = name.in_text ? name.text : names->unescaped.emplace_back(name.text);
    if (!names->index.add(own_name)) {
      return json_fault{errc::repeated_name, name.span.begin,
                        "\"" + std::string(name.text) + "\" stands twice"};
    }
    const std::size_t name_at = name.span.begin;
    const auto end = member_value(own_name, name_at, at);
    if (end) document.members_.push_back({own_name, {name_at, *end}, {at, *end}});
    return end;
  });
  // What is wrong with a text is said of all of it.
  const auto wrong = [&](const json_fault& fault) {
    return arrival == nullptr ? to_error(fault, view, path) : error(fault.code, "");
  };
  if (!object) return wrong(object.error());
  document.object_ = *object;

  const member* version = document.find(version_name);
  document.version_supported_ =
      version == nullptr || rule == version_rule::any || is_one(document.value_of(*version));
  if (document.version_supported_ && bad_adapters) return wrong(*bad_adapters);
  return parsed_document{std::move(document), std::move(adapters)};
}

const lock_document::member* lock_document::find(std::string_view name) const noexcept {
  const auto number = names_->index.find(name);
  return number ? &members_[*number] : nullptr;
}

std::vector<std::string_view> lock_document::section_names() const {
  std::vector<std::string_view> names;
  for (const member& one : members_) {
    if (!is_reserved(one.name)) names.push_back(one.name);
  }
  return names;
}

std::optional<std::string_view> lock_document::section(std::string_view name) const {
  const member* found = is_reserved(name) ? nullptr : find(name);
  if (found == nullptr) return std::nullopt;
  return value_of(*found);
}

std::optional<std::string> lock_document::inputs_digest() const {
  const member* found = find(inputs_digest_name);
  if (found == nullptr || !value_of(*found).starts_with('"')) return std::nullopt;
  return unquote(value_of(*found));
}

result<> lock_document::check_version() const {
  if (version_supported_) return {};
  const member& version = *find(version_name);
  const text_position place = position_of(text_.view(), version.value.begin);
  return error(errc::unsupported_version, path_ + ":" + std::to_string(place.line) + ":" +
                                              std::to_string(place.column) + ": lock_version is " +
                                              std::string(value_of(version)) +
                                              ", and this program knows version 1 only; use a newer one")
      .at(place);
}

void lock_document::render_present(splice& into, const json_layout& layout, const member& one,
                                   const staged_changes::snapshot& staged, const lockfile* adapters,
                                   const lockfile* before) const {
  const auto replace_with = [&](auto write_value) {
    json_writer write(layout, indent_before(text_.view(), one.whole.begin));
    write_value(write);
    into.replace(one.value, std::move(write).text());
  };
  if (one.name == inputs_digest_name) {
    const bool says_the_same = !staged.inputs_digest || inputs_digest() == staged.inputs_digest;
    if (!says_the_same) replace_with([&](json_writer& write) { write.string(*staged.inputs_digest); });
  } else if (one.name == adapters_name) {
    if (adapters == nullptr) return;
    if (value_of(one).starts_with('{')) {
      render_adapters(into, layout, *adapters, before);
    } else {  // null: an empty section, which is stated now
      replace_with([&](json_writer& write) { write_adapters(write, *adapters); });
    }
  } else if (const auto found = staged.sections.find(one.name); found != staged.sections.end()) {
    const bool says_the_same = compact(found->second) == compact(value_of(one));
    if (!says_the_same) replace_with([&](json_writer& write) { write.value(found->second); });
  }
}

void lock_document::render_adapters(splice& into, const json_layout& layout, const lockfile& wanted,
                                    const lockfile* before) const {
  if (before != nullptr || wanted.restored_from() == text_.owner().get()) {
    encode_adapters(into, layout, adapters_, wanted, before);
    return;
  }
  const auto decoded = decode_adapters(text_, adapters_.name_at, adapters_.value.begin);
  BOOST_ASSERT(decoded.has_value());  // it was decoded when the document was parsed
  encode_adapters(into, layout, adapters_, wanted, &decoded->file);
}

splice lock_document::render(const staged_changes::snapshot& staged, const lockfile* adapters,
                             const lockfile* before) const {
  splice into(text_);
  json_container container{object_, {}};
  for (const member& one : members_)
    container.items.push_back({{}, one.whole, one.value});
  const json_layout layout = detect_layout(text_.view(), container);
  named_entries top(into, layout, object_, layout.newline.empty() ? line_indent() : line_indent(""));

  const bool clears_digest = staged.inputs_digest && staged.inputs_digest->empty();
  for (const member& one : members_) {
    const bool stays = !(clears_digest && one.name == inputs_digest_name);
    top.add_old(one.name, one.whole, stays);
    if (stays) render_present(into, layout, one, staged, adapters, before);
  }

  std::vector<std::string_view> missing;
  for (const auto& [name, json] : staged.sections)
    missing.push_back(name);
  if (adapters != nullptr) missing.push_back(adapters_name);
  if (staged.inputs_digest && !clears_digest) missing.push_back(inputs_digest_name);
  std::erase_if(missing, [&](std::string_view name) { return find(name) != nullptr; });
  const bool changes = !missing.empty() || top.kept() < members_.size() || !into.changes_nothing();
  if (changes && find(version_name) == nullptr) missing.push_back(version_name);
  std::ranges::sort(missing);
  for (std::string_view name : missing) {
    top.add_new(name, [&](json_writer& write) {
      if (name == adapters_name) {
        write_adapters(write, *adapters);
      } else if (name == inputs_digest_name) {
        write.string(*staged.inputs_digest);
      } else if (name == version_name) {
        write.value("1");
      } else {
        write.value(staged.sections.find(name)->second);
      }
    });
  }
  top.finish();
  return into;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
