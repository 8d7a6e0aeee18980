// Three documents, and what a merge makes of them. After the first NUL stand the two sides, with a NUL between them; where a side
// is no document, its bytes are operations that it does to the base.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../properties/laws/merge.hpp"
#include "../properties/reference/plain_line_merge.hpp"
#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/io/lock_document.hpp"
#include "agentslock/io/merge_document.hpp"
#include "harness.hpp"
#include "operation_reader.hpp"

using namespace agentslock;

namespace {

constexpr auto by_lines = [](const document_versions& versions) -> result<merged_lines> {
  return reference::merge_lines_plainly(versions);
};

/// A document that a merge can read.
std::optional<parsed_document> read(std::string_view text) {
  auto parsed = lock_document::parse(text_buffer(text), "document");
  if (!parsed || !parsed->document.check_version()) return std::nullopt;
  return std::move(*parsed);
}

/// What a side is: its bytes, or what the operations in them make of the base.
std::string side_of(std::string_view base, std::string_view bytes) {
  const auto known = read(base);
  if (!known || bytes.empty() || read(bytes)) return std::string(bytes);
  fuzz::byte_reader choices(bytes);
  auto now = reference::plain(known->adapters);
  staged_changes::snapshot staged;
  const std::size_t what = choices.byte();
  const std::vector<std::string> sections{"units", "config", "zz", "A"};
  const std::vector<std::string> values{"{}", "null", R"({"b":1.0,"a":[1e400,"\u003c"]})", "[\n1\n]", "-0"};
  for (std::size_t i = what & 3U; i > 0; --i) {
    const std::string& name = choices.one_of(sections);
    staged.sections[name] = choices.one_of(values);
  }
  for (std::size_t i = what >> 2U & 7U; i > 0; --i)
    (void)reference::apply_plainly(now, fuzz::read_operation(choices, now));
  const lockfile file = reference::restored(now);
  return std::string(known->document.render(staged, &file).text().view());
}

/// An object of a document, by the names on the way to it, as it stands; nothing where there is none.
using members = std::optional<std::vector<std::pair<std::string, std::string_view>>>;
members members_at(std::string_view text, const std::vector<std::string>& path) {
  std::size_t at = text.find_first_not_of(" \t\r\n");
  for (const std::string& name : path) {
    std::optional<std::size_t> next;
    if (text[at] == '{') {
      for (const auto& item : list_container(text, at).items) {
        if (item.name == name) next = item.value.begin;
      }
    }
    if (!next) return std::nullopt;
    at = *next;
  }
  if (text[at] != '{') return std::nullopt;
  members found(std::in_place);
  for (const auto& item : list_container(text, at).items)
    found->emplace_back(item.name, item.value.in(text));
  return found;
}

std::optional<std::string_view> value_of(const members& all, std::string_view name) {
  for (const auto& [one, value] : all.value_or(members::value_type())) {
    if (one == name) return value;
  }
  return std::nullopt;
}

/// A member of one object that is not ours, and that one side alone changed, has that side's bytes. A lock_version that is missing is
/// added where anything else is written.
laws::breach members_of_others_are_kept(const document_versions& versions, std::string_view merged,
                                        const std::vector<std::string>& path,
                                        const std::vector<std::string_view>& known) {
  const members all[] = {members_at(versions.base, path), members_at(versions.ours, path),
                         members_at(versions.theirs, path)};
  // An entry that a side has not is that of the other, or gone.
  if (!all[1] || !all[2]) return laws::kept;
  const members made = members_at(merged, path);
  for (const members& side : all) {
    for (const auto& [name, value] : side.value_or(members::value_type())) {
      if (std::ranges::find(known, name) != known.end()) continue;
      const auto base = value_of(all[0], name);
      const auto ours = value_of(all[1], name);
      const auto theirs = value_of(all[2], name);
      if (ours != theirs && ours != base && theirs != base) continue;
      const auto wanted = ours == base ? theirs : ours;
      const auto is = value_of(made, name);
      const bool is_added = path.empty() && name == "lock_version" && !wanted && is == "1";
      if (is != wanted && !is_added)
        return name + " is not " + std::string(wanted.value_or("gone")) + " in " + std::string(merged);
    }
  }
  return laws::kept;
}

void hold_all_of_others(const document_versions& versions, std::string_view merged, const lockfile& file) {
  const auto hold = [&](const std::vector<std::string>& path, const std::vector<std::string_view>& known) {
    fuzz::hold("members_of_others_are_kept", members_of_others_are_kept(versions, merged, path, known));
  };
  hold({}, {"adapters"});
  for (const auto& [name, owner] : file.adapters()) {
    const std::string adapter_name(name);
    hold({"adapters", adapter_name},
         {"source_digest", "schema_digest", "activated_at", "materialized_views"});
    for (const auto& [view_name, entry] : owner.views)
      hold({"adapters", adapter_name, "materialized_views", std::string(view_name)},
           {"view_digest", "view_status", "depends_on", "last_rebuilt_at", "last_validation_at",
            "state_history"});
  }
}

/// What is ready in a version of the merged document was ready on the side that it is of, or is by the kernel, which takes that side
/// where the two are in conflict. A view beside the marks stands in both versions; where it missed the bump of one, it isn't ready there.
laws::breach nothing_is_ready_that_was_not(const lockfile& made, const lockfile& side,
                                           const lockfile& merged) {
  const auto is_ready = [](const lockfile& file, view_key key) {
    const view* entry = file.find_view(key);
    return entry != nullptr && entry->status == recorded_status(view_status::ready);
  };
  for (const view_key key : made.view_keys()) {
    if (!is_ready(made, key) || made.missed_record(*made.find_view(key)) != nullptr) continue;
    if (!is_ready(side, key) && !is_ready(merged, key)) return std::string(key.view) + " is ready";
  }
  return laws::kept;
}

/// With one spelling of line endings, as the merge has it.
bool has_crlf(std::string_view text) {
  return text.find("\r\n") != std::string_view::npos;
}

void judge(const document_versions& versions, const merged_document& made) {
  const auto base = read(versions.base);
  const auto ours = read(versions.ours);
  const auto theirs = read(versions.theirs);
  if (!ours || !theirs) return;
  const laws::merge_case given{base ? base->adapters : lockfile(), ours->adapters, theirs->adapters};
  const auto merged = merge_lockfiles(given.base, given.ours, given.theirs, merge_side::ours);
  fuzz::hold("conflicts_of_digests_stay",
             made.conflicts.empty() && !merged.conflicts.empty() ? laws::breach("none") : laws::breach());
  if (made.conflicts.empty()) {
    const auto is = read(made.text);
    fuzz::hold("a_merged_document_is_one", is ? laws::breach() : laws::breach(made.text));
    fuzz::hold("it_says_what_the_kernel_does",
               is->adapters == merged.file ? laws::breach() : laws::breach(made.text));
    const bool one_ending = has_crlf(versions.base) == has_crlf(versions.ours) &&
                            has_crlf(versions.ours) == has_crlf(versions.theirs);
    const document_versions known{base ? versions.base : std::string_view("{}"), versions.ours,
                                  versions.theirs};
    if (one_ending && !made.by_lines) hold_all_of_others(known, made.text, merged.file);
    return;
  }
  const auto versions_of_it = split_conflicts(made.text);
  fuzz::hold("its_marks_are_read_back", versions_of_it ? laws::breach() : laws::breach(made.text));
  for (const bool is_ours : {true, false}) {
    const std::string& text = is_ours ? versions_of_it->ours : versions_of_it->theirs;
    const auto is = read(text);
    fuzz::hold("each_version_is_a_document", is ? laws::breach() : laws::breach(made.text));
    const lockfile& side = is_ours ? given.ours : given.theirs;
    const auto of_side = merge_lockfiles(given.base, given.ours, given.theirs,
                                         is_ours ? merge_side::ours : merge_side::theirs);
    fuzz::hold("nothing_is_ready_that_was_not",
               nothing_is_ready_that_was_not(is->adapters, side, of_side.file));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [base, rest] = fuzz::split(fuzz::as_text(data, size));
  const auto [first, second] = fuzz::split(rest);
  (void)split_conflicts(base);
  const std::string ours = side_of(base, first);
  const std::string theirs = side_of(base, second);
  const document_versions versions{base, ours, theirs};
  const auto made = merge_documents(versions, {}, by_lines);
  fuzz::hold("every_three_texts_are_merged", made ? laws::breach() : laws::breach(made.error().message()));
  const auto back = merge_documents({base, theirs, ours}, {}, by_lines);
  fuzz::hold("both_sides_meet_the_same_conflicts",
             back && back->conflicts == made->conflicts ? laws::breach() : laws::breach("they do not"));
  // A side that is as the base gives the other's bytes, whatever they are.
  if (ours != theirs && ours != base && theirs != base) judge(versions, *made);
  const auto again = merge_documents({made->text, made->text, made->text}, {}, by_lines);
  fuzz::hold("merging_it_with_itself_changes_nothing",
             again && again->text == made->text ? laws::breach() : laws::breach("it does"));
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
