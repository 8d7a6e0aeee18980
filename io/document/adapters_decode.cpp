#include <functional>
#include <utility>

#include "adapters_schema.hpp"
#include "agentslock/io/detail/adapters_codec.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "json_handler.hpp"
#include "json_parse.hpp"
#include "member_tracker.hpp"
#include "view_decode.hpp"

namespace agentslock {
namespace {

std::string_view type_name(char first) noexcept {
  switch (first) {
    case '{':
      return "an object";
    case '[':
      return "an array";
    case '"':
      return "a string";
    case 't':
    case 'f':
      return "a boolean";
    case 'n':
      return "null";
    default:
      return "a number";
  }
}

/// What the entries of a text take in memory: of a view of 2.4 kB, other programs' sections among them, some 700 bytes.
constexpr std::size_t memory_for(std::size_t text_bytes) noexcept {
  return text_bytes / 3;
}

/// Walks the section down to the views.
class section_decoder {
 public:
  section_decoder(const text_buffer& text, std::size_t at, text_arrival* arrival)
      : text_(text.view()),
        walk_(arriving_text{text_, arrival}),
        restore_(text.owner(), memory_for(text_.size() - at)),
        views_({text_, arrival}, restore_) {}

  json_result<decoded_adapters> decode(std::size_t name_at, std::size_t at) {
    decoded_adapters section;
    index_.name_at = name_at;
    const auto pointer = [] { return std::string("/adapters"); };
    const auto end = optional_object(at, 1, pointer, [&](const json_string& name, std::size_t value_at) {
      return adapter_entry(name, value_at);
    });
    if (!end) return end.error();
    if (text_[at] == '{') index_.value = {at, *end};
    section.file = std::move(restore_).finish();
    section.index = std::move(index_);
    section.end = *end;
    return section;
  }

 private:
  /// A place as a JSON pointer: spelt out only when something is wrong there.
  using pointer_text = function_ref<std::string()>;

  /// An object, or null, which is an empty one.
  json_result<std::size_t> optional_object(std::size_t at, std::size_t depth, pointer_text pointer,
                                           json_walker::member_visitor visit) {
    if (walk_.peek(at) == '{') return walk_.object(at, depth, visit);
    if (walk_.peek(at) == 'n') return walk_.skip(at, depth);
    return wrong_type(at, depth, pointer, "an object");
  }

  json_result<std::size_t> wrong_type(std::size_t at, std::size_t depth, pointer_text pointer,
                                      std::string_view wanted) {
    if (const auto end = walk_.skip(at, depth); !end) return end.error();  // what is no JSON is that first
    return json_fault{
        errc::wrong_type, at,
        pointer() + " must be " + std::string(wanted) + " and is " + std::string(type_name(text_[at]))};
  }

  static json_fault repeated(const json_string& name, const std::string& pointer) {
    return {errc::repeated_name, name.span.begin, pointer + member_tracker::stands_twice().what};
  }

  /// A name for the index: it must outlive the lockfile's own copy.
  std::string_view index_name(const json_string& name) {
    return name.in_text ? name.text : index_.escaped_names.emplace_back(name.text);
  }
  std::string_view kept(const json_string& text) {
    return text.in_text ? text.text : restore_.keep(text.text);
  }

  json_result<std::size_t> adapter_entry(const json_string& name, std::size_t at) {
    const auto pointer = [&] { return "/adapters/" + pointer_token(name.text); };
    adapters_index::adapter_place place{
        index_name(name), {name.span.begin, 0}, at, 0, {}, index_.views.size(), 0};
    adapter* entry = restore_.add_adapter(kept(name));
    if (entry == nullptr) return repeated(name, pointer());
    if (walk_.peek(at) != '{') return wrong_type(at, 2, pointer, "an object");

    members_.begin(adapter_schema_members);
    const auto end = walk_.object(at, 2, [&](const json_string& member, std::size_t value_at) {
      return adapter_member_value(member, value_at, pointer, *entry, place);
    });
    if (!end) return end.error();
    place.whole.end = *end;
    place.view_count = index_.views.size() - place.first_view;
    index_.adapters.push_back(place);
    return *end;
  }

  json_result<std::size_t> adapter_member_value(const json_string& member, std::size_t at,
                                                pointer_text pointer, adapter& entry,
                                                adapters_index::adapter_place& place) {
    const auto here = [&] { return pointer() + "/" + pointer_token(member.text); };
    if (const auto wrong = members_.meet(member.text, member.in_text))
      return json_fault{wrong->code, member.span.begin, here() + wrong->what};
    switch (members_.current()) {
      case member_tracker::not_ours:
        return walk_.skip(at, 3);
      case source_digest:
        return leaf(at, here, entry.source_digest);
      case schema_digest:
        return leaf(at, here, entry.schema_digest);
      case activated_at:
        return leaf(at, here, entry.activated_at);
      default:
        break;
    }
    const auto end = optional_object(at, 3, here, [&](const json_string& name, std::size_t view_at) {
      return view_entry(name, view_at, here, entry);
    });
    if (end && text_[at] == '{') {
      place.views_name_at = member.span.begin;
      place.views_value = {at, *end};
    }
    return end;
  }

  json_result<std::size_t> leaf(std::size_t at, pointer_text pointer, std::string_view& into) {
    if (walk_.peek(at) == 'n') return walk_.skip(at, 3);
    if (walk_.peek(at) != '"') return wrong_type(at, 3, pointer, "a string");
    const auto text = walk_.string(at, scratch_);
    if (!text) return text.error();
    into = kept(*text);
    return text->span.end;
  }

  json_result<std::size_t> view_entry(const json_string& name, std::size_t at, pointer_text pointer,
                                      adapter& owner) {
    view* entry = restore_.add_view(owner, kept(name));
    const auto here = [&] { return pointer() + "/" + pointer_token(name.text); };
    if (entry == nullptr) return repeated(name, here());
    if (walk_.peek(at) != '{') return wrong_type(at, 4, here, "an object");
    const auto end = views_.decode(at, 4, *entry);
    if (!end) {
      json_fault fault = end.error();
      if (fault.code == errc::wrong_type || fault.code == errc::repeated_name ||
          fault.code == errc::name_differs_in_case) {
        fault.what.insert(0, here());
      }
      return fault;
    }
    index_.views.push_back({index_name(name), {name.span.begin, *end}, at});
    return *end;
  }

  std::string_view text_;
  json_walker walk_;
  lockfile_restorer restore_;
  view_decoder views_;
  member_tracker members_;
  adapters_index index_;
  std::string scratch_;
};

}  // namespace

json_result<decoded_adapters> decode_adapters(const text_buffer& text, std::size_t name_at,
                                              std::size_t value_at, text_arrival* arrival) {
  return section_decoder(text, value_at, arrival).decode(name_at, value_at);
}

std::string pointer_token(std::string_view name) {
  std::string token;
  for (char c : name) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
