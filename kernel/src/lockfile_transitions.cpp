// Operations that move views along the machine's edges: bump, verdict, rebuild.

#include <algorithm>
#include <string>

#include "agentslock/kernel/lockfile.hpp"
#include "lockfile_editor.hpp"

namespace agentslock {
namespace {

/// Refuses a build that read another schema of a dependee than its view records.
std::optional<refusal> check_schemas_read(const lockfile& file, view_key key, const view& entry,
                                          std::span<const adapter_schema> known) {
  for (const dependency& recorded : entry.depends_on) {
    if (file.find_adapter(recorded.adapter) == nullptr) continue;
    for (const adapter_schema& read : known) {
      if (read.adapter != recorded.adapter || read.schema_digest == recorded.schema_digest) continue;
      return refusal{refusal_code::built_against_another_schema,
                     "view " + to_string(key) + " was built against " + std::string(read.adapter) + " " +
                         std::string(read.schema_digest) + " and records " +
                         std::string(recorded.schema_digest) +
                         "; validate it again, or cut the adapter over"};
    }
  }
  return std::nullopt;
}

/// Refuses new dependencies that name another schema than the active one.
std::optional<refusal> check_active(const lockfile& file, view_key key,
                                    std::span<const dependency> new_dependencies) {
  for (const dependency& item : new_dependencies) {
    const adapter* active = file.find_adapter(item.adapter);
    if (active == nullptr || active->schema_digest == item.schema_digest) continue;
    const std::string is_active = active->schema_digest.empty() ? "none" : std::string(active->schema_digest);
    return refusal{refusal_code::built_against_another_schema,
                   "the new dependencies of view " + to_string(key) + " name the schema " +
                       std::string(item.schema_digest) + " of " + std::string(item.adapter) + ", and " +
                       is_active + " is active"};
  }
  return std::nullopt;
}

/// What the view records, with the active digest of each adapter that has an entry.
std::vector<dependency> active_records(const lockfile& file, const view& entry) {
  std::vector<dependency> records(entry.depends_on.begin(), entry.depends_on.end());
  for (dependency& item : records) {
    const adapter* active = file.find_adapter(item.adapter);
    if (active != nullptr && active->schema_digest != item.schema_digest)
      item = {item.adapter, active->schema_digest, {}};
  }
  return records;
}

}  // namespace

outcome<std::vector<owned_key>> lockfile::mark_dependee_bumped(std::string_view dependee, timestamp now,
                                                               new_schema to) {
  if (auto no = first_refusal([&] { return check_name("the dependee's name", dependee); },
                              [&] { return check_text("the new schema digest", to.schema_digest); },
                              [&] { return check_text("the new version", to.version); },
                              [&] { return check_time(now); })) {
    return *no;
  }
  std::string detail(dependee);
  if (!to.version.empty()) detail.append("@").append(to.version);

  auto bumped = views_where([&](view_key, const view& entry) {
    return step(entry.status.state(), view_event::dependee_bumped).outcome == step_outcome::moves &&
           entry.reads_from(dependee) &&
           (to.schema_digest.empty() || !entry.recorded_schema(dependee, to.schema_digest));
  });
  lockfile_editor edit(*this, now);
  for (view_key key : bumped) {
    view& entry = *edit.find(key);
    edit.step(entry, entry.status.state(), view_event::dependee_bumped, detail);
  }
  return std::vector<owned_key>(bumped.begin(), bumped.end());
}

outcome<> lockfile::resolve_recompat(view_key key, verdict judged,
                                     std::span<const dependency> new_dependencies, timestamp now) {
  const view_event cause =
      judged == verdict::passed ? view_event::validation_passed : view_event::validation_failed;
  if (auto no = first_refusal(
          [&] { return check_key(key); }, [&] { return check_dependencies(new_dependencies); },
          [&] { return check_time(now); }, [&] { return check_step(key, find_view(key), cause); })) {
    return *no;
  }
  lockfile_editor edit(*this, now);
  view& entry = *edit.find(key);
  if (judged == verdict::passed && !new_dependencies.empty()) edit.set_dependencies(entry, new_dependencies);
  entry.last_validation_at = edit.now();
  entry.touched = true;
  edit.step(entry, entry.status.state(), cause);
  return {};
}

outcome<> lockfile::revalidate(view_key key, verdict judged, std::span<const dependency> new_dependencies,
                               timestamp now) {
  const view_event cause =
      judged == verdict::passed ? view_event::validation_passed : view_event::validation_failed;
  const cutover_row& row = cutover_row_of(state(key));
  const bool keeps_status = row.judged && !row.verdict_is_event;
  if (auto no = first_refusal(
          [&] { return check_key(key); }, [&] { return check_dependencies(new_dependencies); },
          [&] { return check_time(now); },
          [&] { return keeps_status ? std::nullopt : check_step(key, find_view(key), cause); })) {
    return *no;
  }
  const bool passed = judged == verdict::passed;
  if (passed) {
    if (auto no = check_active(*this, key, new_dependencies)) return *no;
  }
  lockfile_editor edit(*this, now);
  view& entry = *edit.find(key);
  if (passed) {
    edit.set_dependencies(entry, new_dependencies.empty()
                                     ? active_records(*this, entry)
                                     : std::vector(new_dependencies.begin(), new_dependencies.end()));
  }
  entry.last_validation_at = edit.now();
  entry.touched = true;
  if (!keeps_status) edit.step(entry, entry.status.state(), cause);
  return {};
}

outcome<> lockfile::mark_view_rebuilt(view_key key, std::string_view view_digest, schemas_read read,
                                      timestamp now) {
  if (auto no = first_refusal([&] { return check_key(key); },
                              [&] { return check_digest("the view digest", view_digest); },
                              [&] { return check_time(now); },
                              [&] { return check_step(key, find_view(key), view_event::rebuilt); })) {
    return *no;
  }
  if (const auto known = read.known()) {
    if (auto no = check_schemas_read(*this, key, *find_view(key), *known)) return *no;
  }
  lockfile_editor edit(*this, now);
  view& entry = *edit.find(key);
  entry.view_digest = edit.keep(view_digest);
  entry.last_rebuilt_at = edit.now();
  edit.step(entry, entry.status.state(), view_event::rebuilt);
  return {};
}

std::vector<owned_key> lockfile::activation_blockers(std::string_view dependee) const {
  return report_where([&](view_key, const view& entry) {
    return entry.status.state() == view_state::dsl_update_required && entry.reads_from(dependee);
  });
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
