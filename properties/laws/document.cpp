#include "document.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "adapters_reading.hpp"
#include "json_tree.hpp"
#include "shown.hpp"
#include "splice.hpp"

namespace agentslock::laws {
namespace {

/// The bytes of a member, from its name to its value's end.
std::string_view bytes_of(std::string_view text, const json_member& member) {
  return text.substr(member.begin, member.value.end - member.begin);
}

/// The same value: strings by what they say, numbers by their spelling, members in their order.
bool same_meaning(const json_node& a, const json_node& b) {
  if (a.what != b.what) return false;
  if (a.what == json_node::kind::string) return a.text() == b.text();
  return a.spelling == b.spelling && std::ranges::equal(a.items, b.items, same_meaning) &&
         std::ranges::equal(a.members, b.members, [](const json_member& x, const json_member& y) {
           return x.name() == y.name() && same_meaning(x.value, y.value);
         });
}

/// The names of the top-level members that a step may write.
std::set<std::string> written_names(const document_step& step, const json_node& before) {
  std::set<std::string> names;
  if (step.asked_for_adapters) names.insert("adapters");
  for (const auto& [name, json] : step.change.sections)
    names.insert(name);
  if (step.change.inputs_digest) names.insert("inputs_digest");
  if (before.find("lock_version") == nullptr) names.insert("lock_version");
  return names;
}

std::vector<std::string_view> other_members(std::string_view text, const json_node& tree,
                                            const std::set<std::string>& except) {
  std::vector<std::string_view> members;
  for (const json_member& one : tree.members) {
    if (!except.contains(one.name())) members.push_back(bytes_of(text, one));
  }
  return members;
}

}  // namespace

result<document_step> take_document_step(std::string_view document, const document_change& change) {
  auto parsed = lock_document::parse(text_buffer(document), "document");
  if (!parsed) return parsed.error();
  staged_changes staged;
  for (const auto& [name, json] : change.sections) {
    if (auto done = staged.set_section(name, json); !done) return done.error();
  }
  if (change.inputs_digest) {
    if (auto done = staged.set_inputs_digest(*change.inputs_digest); !done) return done.error();
  }
  document_step step;
  step.before = document;
  step.change = change;
  step.asked_for_adapters = !change.operations.empty() || change.states_adapters;
  if (step.asked_for_adapters) {
    if (auto known = parsed->document.check_version(); !known) return known.error();
    step.was = parsed->adapters;
  }
  lockfile working = std::move(parsed->adapters);
  for (const operation& one : change.operations)
    (void)apply(working, one);
  step.edited = parsed->document.render(staged.staged(), step.asked_for_adapters ? &working : nullptr);
  step.after = step.edited.text().view();
  const lockfile unknowing = working;
  step.after_by_comparison =
      parsed->document.render(staged.staged(), step.asked_for_adapters ? &unknowing : nullptr).text().view();
  step.wanted = std::move(working);
  return step;
}

result<document_step> write_over(std::string_view document, const lockfile& value) {
  const auto parsed = lock_document::parse(text_buffer(document), "document");
  if (!parsed) return parsed.error();
  if (auto known = parsed->document.check_version(); !known) return known.error();
  document_step step;
  step.before = document;
  step.asked_for_adapters = true;
  step.was = parsed->adapters;
  step.wanted = value;
  step.edited = parsed->document.render({}, &step.wanted);
  step.after = step.edited.text().view();
  step.after_by_comparison = step.after;
  return step;
}

breach the_document_stays_well_formed(const document_step& step) {
  if (!read_json(step.after)) return "it is no JSON any more: " + shown(step.after);
  const auto again = lock_document::parse(text_buffer(step.after), "after");
  return again ? breach(kept) : again.error().message() + " in " + shown(step.after);
}

breach reading_what_was_written_gives_the_value(const document_step& step) {
  if (!step.asked_for_adapters) return kept;
  const auto again = lock_document::parse(text_buffer(step.after), "after");
  if (!again) return again.error().message();
  if (!again->document.has_adapters()) return "the section is not stated";
  return again->adapters == step.wanted ? breach(kept) : "it says something else: " + shown(step.after);
}

breach writing_what_was_read_gives_the_bytes(const document_step& step) {
  const auto tree = read_json(step.before);
  const json_node* section = tree->find("adapters");
  const bool is_stated = !step.asked_for_adapters || (section != nullptr && !section->is_null());
  if (!step.change.sections.empty() || step.change.inputs_digest || !is_stated) return kept;
  if (!(step.was == step.wanted)) return kept;
  return step.after == step.before ? breach(kept) : "nothing was to change, and it is " + shown(step.after);
}

breach whatever_is_not_ours_survives(const document_step& step) {
  const auto before = read_json(step.before);
  const auto after = read_json(step.after);
  if (!after) return "it is no JSON any more";
  if (step.before.substr(0, before->begin) != step.after.substr(0, after->begin) ||
      step.before.substr(before->end) != step.after.substr(after->end)) {
    return "what stands around the document changed";
  }
  const auto ours = written_names(step, *before);
  if (other_members(step.before, *before, ours) == other_members(step.after, *after, ours)) return kept;
  return "a member that the change does not name is another: " + shown(step.after);
}

breach unknown_members_survive(const document_step& step) {
  const auto before = read_json(step.before);
  const auto after = read_json(step.after);
  if (!after) return "it is no JSON any more";
  const removed_entries removed(step.change.operations);
  return for_each_pair(*before, *after, [&](const entry_pair& pair) -> breach {
    if (removed.contains(pair.adapter, pair.view)) return kept;
    if (unknown_bytes(step.before, *pair.before, *pair.known) ==
        unknown_bytes(step.after, *pair.after, *pair.known))
      return kept;
    return "a member of " + pair.what + " that is not ours is gone or another";
  });
}

breach entries_that_did_not_change_keep_their_bytes(const document_step& step) {
  const auto before = read_json(step.before);
  const auto after = read_json(step.after);
  if (!after) return "it is no JSON any more";
  if (!step.asked_for_adapters) return kept;
  for (const auto& [adapter_name, entry] : step.was.adapters()) {
    const adapter* wanted = step.wanted.find_adapter(adapter_name);
    const json_member* old = member_of(find_section(*before), adapter_name);
    const json_member* now = member_of(find_section(*after), adapter_name);
    if (wanted == nullptr) continue;
    if (now == nullptr) return "adapter " + shown(adapter_name) + " is gone";
    if (*wanted == entry && bytes_of(step.before, *old) != bytes_of(step.after, *now))
      return "adapter " + shown(adapter_name) + " did not change, and its bytes did";
    for (const auto& [view_name, one] : entry.views) {
      const auto found = wanted->views.find(view_name);
      if (found == wanted->views.end() || !(found->second == one)) continue;
      const json_member* old_view = member_of(old->value.find("materialized_views"), view_name);
      const json_member* new_view = member_of(now->value.find("materialized_views"), view_name);
      if (new_view == nullptr || bytes_of(step.before, *old_view) != bytes_of(step.after, *new_view))
        return shown({adapter_name, view_name}) + " did not change, and its bytes did";
    }
  }
  return kept;
}

breach the_go_tools_format_stays(const document_step& step) {
  if (!is_in_the_go_tools_format(step.before)) return kept;
  return is_in_the_go_tools_format(step.after) ? breach(kept) : "it is not in it any more: " + step.after;
}

breach what_was_staged_is_said(const document_step& step) {
  const auto after = read_json(step.after);
  if (!after) return "it is no JSON any more";
  for (const auto& [name, json] : step.change.sections) {
    const json_node* said = after->find(name);
    if (said == nullptr || !same_meaning(*said, *read_json(json)))
      return "section " + shown(name) + " says something else";
  }
  if (!step.change.inputs_digest) return kept;
  const json_node* said = after->find("inputs_digest");
  const bool right = step.change.inputs_digest->empty()
                         ? said == nullptr
                         : said != nullptr && said->text() == *step.change.inputs_digest;
  return right ? breach(kept) : "inputs_digest says something else";
}

breach lock_version_comes_with_the_first_change(const document_step& step) {
  const auto before = read_json(step.before);
  const auto after = read_json(step.after);
  if (!after || before->find("lock_version") != nullptr) return kept;
  const json_node* added = after->find("lock_version");
  if (step.before == step.after) return added == nullptr ? breach(kept) : "it came without a change";
  return added != nullptr && added->spelling == "1" ? breach(kept) : "it is missing, or is not 1";
}

breach both_ways_of_encoding_write_the_same(const document_step& step) {
  if (step.after == step.after_by_comparison) return kept;
  return "by operations " + shown(step.after) + "; by comparison " + shown(step.after_by_comparison);
}

breach the_edits_keep_the_laws_of_splices(const document_step& step) {
  return first_broken(splice_laws(), step.edited);
}

bool is_in_the_go_tools_format(std::string_view document) {
  const auto tree = read_json(document);
  if (!tree || tree->what != json_node::kind::object) return false;
  return go_text(as_the_go_tool(*tree)) + "\n" == document;
}

namespace {

#define AGENTSLOCK_LAW(law) \
  document_law {            \
#law, law               \
  }

constexpr std::array all_document_laws{
    AGENTSLOCK_LAW(the_document_stays_well_formed),
    AGENTSLOCK_LAW(reading_what_was_written_gives_the_value),
    AGENTSLOCK_LAW(writing_what_was_read_gives_the_bytes),
    AGENTSLOCK_LAW(whatever_is_not_ours_survives),
    AGENTSLOCK_LAW(unknown_members_survive),
    AGENTSLOCK_LAW(entries_that_did_not_change_keep_their_bytes),
    AGENTSLOCK_LAW(the_go_tools_format_stays),
    AGENTSLOCK_LAW(what_was_staged_is_said),
    AGENTSLOCK_LAW(lock_version_comes_with_the_first_change),
    AGENTSLOCK_LAW(both_ways_of_encoding_write_the_same),
    AGENTSLOCK_LAW(the_edits_keep_the_laws_of_splices),
};

#undef AGENTSLOCK_LAW

}  // namespace

std::span<const document_law> document_laws() noexcept {
  return all_document_laws;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
