#include <algorithm>
#include <map>
#include <string>

#include "agentslock/kernel/lockfile.hpp"
#include "lockfile_editor.hpp"

namespace agentslock {
namespace {

using verdict_map = std::map<view_key, const cutover_verdict*>;

std::optional<refusal> check_request(const cutover_request& request, timestamp now) {
  return first_refusal([&] { return check_name("the dependee's name", request.dependee); },
                       [&] { return check_text("the source digest", request.source_digest); },
                       [&] { return check_digest("the schema digest", request.schema_digest); },
                       [&] { return check_text("the version", request.version); },
                       [&] { return check_time(now); });
}

/// Whether a view reads from the dependee and does not already stand, ready, on its new schema. Such a view takes part
/// in the cutover: the validator judges it, or its status must be reconciled first.
bool takes_part(const view& entry, std::string_view dependee, std::string_view schema_digest) {
  return entry.reads_from(dependee) && (!cutover_row_of(entry.status.state()).frozen_first ||
                                        !entry.recorded_schema(dependee, schema_digest));
}

/// Refuses a verdict that does not count for this view any more, or that contradicts the request.
std::optional<refusal> check_verdict(const lockfile& file, const lockfile& as_given, view_key key,
                                     const cutover_request& request, const verdict_map& verdicts) {
  const std::string who = "view " + to_string(key);
  if (!cutover_row_of(file.state(key)).judged) {
    return refusal{refusal_code::no_such_transition, who + " has the unrecognised status \"" +
                                                         std::string(file.find_view(key)->status.text()) +
                                                         "\"; reconcile first"};
  }
  const auto found = verdicts.find(key);
  if (found == verdicts.end()) {
    return refusal{refusal_code::verdict_missing, who + " has not been judged against the new schema"};
  }
  if (!file.same_facts(as_given, key)) {
    return refusal{refusal_code::facts_are_stale,
                   who + " or a schema that it reads has changed since it was judged; judge it again"};
  }
  const auto& dependencies = found->second->new_dependencies;
  if (auto no = check_dependencies(dependencies)) return no;
  const bool another = std::ranges::any_of(dependencies, [&](const dependency& item) {
    return item.adapter == request.dependee && item.schema_digest != request.schema_digest;
  });
  if (another) {
    return refusal{refusal_code::built_against_another_schema,
                   "the new dependencies of " + who + " name another schema of " +
                       std::string(request.dependee) + " than the one that is to be activated"};
  }
  return std::nullopt;
}

}  // namespace

std::vector<owned_key> lockfile::cutover_candidates(std::string_view dependee,
                                                    std::string_view schema_digest) const {
  return report_where([&](view_key, const view& entry) {
    return takes_part(entry, dependee, schema_digest) && cutover_row_of(entry.status.state()).judged;
  });
}

outcome<cutover_report> lockfile::cutover(const cutover_request& request,
                                          std::span<const cutover_verdict> verdicts, const lockfile& as_given,
                                          timestamp now) {
  if (auto no = check_request(request, now)) return *no;

  verdict_map by_view;
  for (const cutover_verdict& one : verdicts)
    by_view.emplace(one.key, &one);
  const auto candidates = views_where([&](view_key, const view& entry) {
    return takes_part(entry, request.dependee, request.schema_digest);
  });
  for (view_key key : candidates) {
    if (auto no = check_verdict(*this, as_given, key, request, by_view)) return *no;
  }

  cutover_report report;
  std::string bumped_to(request.dependee);
  if (!request.version.empty()) bumped_to.append("@").append(request.version);
  lockfile_editor edit(*this, now);
  for (view_key key : candidates) {
    view& entry = *edit.find(key);
    const cutover_row& row = cutover_row_of(entry.status.state());
    if (row.frozen_first) {
      edit.step(entry, entry.status.state(), view_event::dependee_bumped, bumped_to);
      report.frozen.emplace_back(key);
    }
    const cutover_verdict& one = *by_view.at(key);
    const bool passed = one.judged == verdict::passed;
    entry.last_validation_at = edit.now();
    entry.touched = true;
    if (passed && !one.new_dependencies.empty()) {
      edit.set_dependencies(entry, one.new_dependencies);
    } else if (passed) {
      edit.record_schema(entry, request);
    }
    (passed ? report.passed : report.failed).emplace_back(key);
    if (row.verdict_is_event) {
      edit.step(entry, entry.status.state(),
                passed ? view_event::validation_passed : view_event::validation_failed);
    }
  }

  // Every candidate was judged now, so those that failed are all that can block.
  report.blockers = report.failed;
  report.activated = report.blockers.empty();
  if (report.activated) edit.set_adapter(request.dependee, request.source_digest, request.schema_digest);
  return report;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
