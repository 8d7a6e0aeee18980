// Merging, on histories: a lockfile, and two scripts that two branches ran on it.

#include <array>
#include <boost/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/lock_document.hpp"
#include "agentslock/io/merge_document.hpp"
#include "choices.hpp"
#include "generators.hpp"
#include "holding.hpp"
#include "laws/merge.hpp"
#include "laws/shown.hpp"
#include "reference/plain_line_merge.hpp"
#include "reference/plain_merge.hpp"

namespace agentslock::properties {
namespace {

using reference::plain_lockfile;

/// What a branch makes of the base: a script, with times that two branches may share.
plain_lockfile branch_of(const plain_lockfile& base, std::size_t length_max) {
  plain_lockfile now = base;
  for (const operation& one : *script_on(base, length_max))
    (void)reference::apply_plainly(now, one);
  return now;
}

struct three_lockfiles {
  plain_lockfile base;
  plain_lockfile ours;
  plain_lockfile theirs;
};

three_lockfiles any_history() {
  three_lockfiles made{*any_lockfile(), {}, {}};
  made.ours = branch_of(made.base, 8);
  made.theirs = branch_of(made.base, 8);
  // Now and then the branches have nothing in common.
  if (rarely(8)) made.theirs = *any_lockfile();
  if (rarely(8)) made.base = *any_lockfile();
  return made;
}

laws::merge_case restored(const three_lockfiles& made) {
  return {reference::restored(made.base), reference::restored(made.ours), reference::restored(made.theirs)};
}

void every_merge_keeps_its_laws(const law_choice& chosen) {
  hold_all(chosen, laws::merge_laws(), restored(any_history()));
}

void a_merge_is_the_plain_merge(const law_choice& chosen) {
  const three_lockfiles made = any_history();
  const laws::merge_case given = restored(made);
  hold(chosen, "the_kernel_merges_as_the_plain_merge", [&]() -> laws::breach {
    const auto expected = reference::merge_plainly(made.base, made.ours, made.theirs);
    const auto really = merge_lockfiles(given.base, given.ours, given.theirs, merge_side::ours);
    if (really.conflicts != expected.conflicts) return "other conflicts";
    const plain_lockfile is = reference::plain(really.file);
    if (is == expected.file) return laws::kept;
    return "it is\n" + to_string(is) + "and not\n" + to_string(expected.file);
  });
}

/// What a branch makes of a document: its adapters become these, and one section of others what this text is.
std::string on_branch(const std::string& base, const plain_lockfile& adapters, const std::string& section,
                      const std::string& json) {
  const auto parsed = lock_document::parse(text_buffer(base), "base");
  RC_ASSERT(parsed.has_value());
  staged_changes::snapshot staged;
  if (!section.empty()) staged.sections.emplace(section, json);
  const lockfile file = reference::restored(adapters);
  return std::string(parsed->document.render(staged, &file).text().view());
}

/// Whether an item of a view's dependencies or log has a member that is not ours, for which a person may have to choose the view.
bool has_others_in_items(const std::string& document) {
  const std::set<std::string, std::less<>> ours{"adapter", "schema_digest", "version", "at", "from",
                                                "to",      "trigger"};
  boost::json::error_code failed;
  boost::json::parse_options limits;
  limits.max_depth = 4096;
  const auto whole = boost::json::parse(document, failed, {}, limits);
  RC_ASSERT(!failed);
  const auto* adapters = whole.as_object().if_contains("adapters");
  if (adapters == nullptr || !adapters->is_object()) return false;
  for (const auto& [adapter_name, owner] : adapters->as_object()) {
    const auto* views = owner.as_object().if_contains("materialized_views");
    if (views == nullptr || !views->is_object()) continue;
    for (const auto& [view_name, entry] : views->as_object()) {
      for (const char* list : {"depends_on", "state_history"}) {
        const auto* items = entry.as_object().if_contains(list);
        if (items == nullptr || !items->is_array()) continue;
        for (const auto& item : items->as_array()) {
          if (!item.is_object()) continue;
          for (const auto& member : item.as_object()) {
            if (!ours.contains(std::string_view(member.key()))) return true;
          }
        }
      }
    }
  }
  return false;
}

/// Three documents of any layout and spelling: two branches changed the adapters, and each a section that the other did not.
void documents_merge_as_their_lockfiles(const law_choice& chosen) {
  spelled_document base = rarely(2) ? *any_document() : *go_document();
  base.has_version = true;
  const plain_lockfile before = base.has_adapters ? base.adapters : plain_lockfile();
  const three_lockfiles made{before, branch_of(before, 6), branch_of(before, 6)};
  const std::string text = base.text();
  const auto known = lock_document::parse(text_buffer(text), "base");
  RC_ASSERT(known.has_value());
  std::vector<std::string> sections;
  for (std::string_view name : known->document.section_names()) {
    if (name != "adapters") sections.emplace_back(name);
  }
  const std::string of_ours = sections.empty() ? "" : sections.front();
  const std::string of_theirs = sections.size() < 2 ? "" : sections.back();
  const std::string our_json = *any_json();
  const std::string their_json = *any_json();
  const std::string ours = on_branch(text, made.ours, of_ours, our_json);
  const std::string theirs = on_branch(text, made.theirs, of_theirs, their_json);
  const auto merged = merge_documents({text, ours, theirs}, {}, [](const document_versions& versions) {
    return result<merged_lines>(reference::merge_lines_plainly(versions));
  });
  RC_ASSERT(merged.has_value());

  const laws::merge_case given = restored(made);
  const auto expected = merge_lockfiles(given.base, given.ours, given.theirs, merge_side::ours);
  hold(chosen, "a_merged_document_says_what_its_lockfiles_do", [&]() -> laws::breach {
    const bool others_may_conflict = has_others_in_items(ours) || has_others_in_items(theirs);
    if (merged->conflicts.empty() ? !expected.conflicts.empty()
                                  : expected.conflicts.empty() && !others_may_conflict)
      return "its conflicts are others";
    std::string readable = merged->text;
    if (!merged->conflicts.empty()) {
      const auto versions = split_conflicts(merged->text);
      if (!versions) return "its marks can't be read back";
      readable = versions->ours;
    }
    const auto parsed = lock_document::parse(text_buffer(readable), "merged");
    if (!parsed) return parsed.error().message();
    // A side that is as the base gives the other's document whole, with the bumps that it missed.
    if (ours == text || theirs == text) return laws::kept;
    if (parsed->adapters == expected.file) return laws::kept;
    if (others_may_conflict && merged->conflicts.size() > expected.conflicts.size()) return laws::kept;
    return "it is\n" + to_string(reference::plain(parsed->adapters)) + "and not\n" +
           to_string(reference::plain(expected.file)) + merged->text;
  });
  hold(chosen, "a_section_of_others_is_taken_with_its_bytes", [&]() -> laws::breach {
    const auto in = [](const std::string& document, const std::string& name) {
      const auto parsed = lock_document::parse(text_buffer(document), "side");
      return parsed ? std::string(parsed->document.section(name).value_or("none")) : std::string("unread");
    };
    if (!merged->conflicts.empty()) return laws::kept;
    for (const std::string& name : sections) {
      if (in(merged->text, name) != in(name == of_theirs ? theirs : ours, name))
        return laws::shown(name) + " has other bytes";
    }
    return laws::kept;
  });
}

constexpr std::array merge_laws{
    property{"every_merge_keeps_its_laws", 700, 50, every_merge_keeps_its_laws},
    property{"documents_merge_as_their_lockfiles", 500, 50, documents_merge_as_their_lockfiles},
    property{"a_merge_is_the_plain_merge", 700, 50, a_merge_is_the_plain_merge},
};

}  // namespace

std::span<const property> merge_properties() {
  return merge_laws;
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
