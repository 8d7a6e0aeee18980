// The operations on a lockfile in memory.
#include <algorithm>
#include <chrono>

#include "callbacks.hpp"
#include "lockfile.hpp"
#include "report.hpp"

using namespace agentslock;
using namespace agentslock::c;

namespace {

timestamp time_in(std::int64_t seconds) noexcept {
  return timestamp(std::chrono::seconds(seconds));
}

std::vector<dependency> dependencies_in(const agentslock_dependency* items, std::size_t count) {
  std::vector<dependency> all;
  for (const agentslock_dependency& one : array_in(items, count))
    all.push_back({text_in(one.adapter), text_in(one.schema_digest), text_in(one.version)});
  return all;
}

verdict verdict_in(std::int32_t number) {
  if (number == AGENTSLOCK_PASSED) return verdict::passed;
  if (number == AGENTSLOCK_FAILED) return verdict::failed;
  throw wrong_call{"a verdict is neither AGENTSLOCK_PASSED nor AGENTSLOCK_FAILED"};
}

/// An operation that is ended by an exception leaves a lockfile that nobody may look at.
template <class Operation>
result<> changed(agentslock_lockfile* on, const Operation& operation) {
  agentslock_lockfile& of = given(on);
  (void)of.whole();
  of.half_changed = true;
  result<> done = operation(of.file());
  of.half_changed = false;
  return done;
}

/// What an operation takes is looked at before it begins, so that a wrong call leaves the lockfile whole.
template <class Operation>
agentslock_code change(agentslock_lockfile* on, agentslock_error** why, const Operation& prepare) noexcept {
  return guarded(why, [&] { return changed(on, prepare()); });
}

/// A look that reports a list of keys.
template <class List, class Look>
agentslock_code report_keys(const agentslock_lockfile* file, agentslock_report** report,
                            agentslock_error** why, List list, const Look& look) noexcept {
  return reported(report, why, [&](promised_report& told) -> result<> {
    (*told.operator->()).*list = look(given(file).whole());
    return {};
  });
}

/// A pass in memory, as the report of one on a document.
reconciled as_reconciled(reconcile_report found, const lockfile& after) {
  reconciled pass;
  for (auto& one : found.changes)
    pass.changes.push_back({std::move(one.key), std::move(one.from), one.to, std::move(one.reason)});
  pass.validation_due = std::move(found.due);
  pass.gates_shut = std::move(found.shut);
  pass.every_digest_differs = std::move(found.adapters_all_different);
  for (const view_key key : after.view_keys()) {
    ++pass.views;
    ++pass.by_state[static_cast<std::size_t>(after.state(key))];
  }
  return pass;
}

}  // namespace

extern "C" {

agentslock_code agentslock_activate(agentslock_lockfile* file, agentslock_text adapter,
                                    agentslock_text source_digest, agentslock_text schema_digest, int64_t now,
                                    agentslock_error** why) {
  return change(file, why, [&] {
    return [=, name = text_in(adapter), source = text_in(source_digest), schema = text_in(schema_digest)](
               lockfile& on) -> result<> { return on.activate(name, source, schema, time_in(now)); };
  });
}

agentslock_code agentslock_register_view(agentslock_lockfile* file, agentslock_key key,
                                         agentslock_text view_digest, const agentslock_dependency* depends_on,
                                         size_t count, int64_t now, agentslock_error** why) {
  return change(file, why, [&] {
    return [=, view = key_in(key), digest = text_in(view_digest), all = dependencies_in(depends_on, count)](
               lockfile& on) -> result<> { return on.register_view(view, digest, all, time_in(now)); };
  });
}

agentslock_code agentslock_mark_dependee_bumped(agentslock_lockfile* file, agentslock_text dependee,
                                                agentslock_text schema_digest, agentslock_text version,
                                                int64_t now, agentslock_report** report,
                                                agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    const std::string_view name = text_in(dependee);
    const new_schema to{text_in(schema_digest), text_in(version)};
    return changed(file, [&](lockfile& on) -> result<> {
      auto moved = on.mark_dependee_bumped(name, time_in(now), to);
      if (!moved) return error(moved.why());
      told->cut.frozen = *std::move(moved);
      return {};
    });
  });
}

agentslock_code agentslock_resolve_recompat(agentslock_lockfile* file, agentslock_key key, int32_t verdict,
                                            const agentslock_dependency* new_dependencies, size_t count,
                                            int64_t now, agentslock_error** why) {
  return change(file, why, [&] {
    return [=, view = key_in(key), judged = verdict_in(verdict),
            all = dependencies_in(new_dependencies, count)](lockfile& on) -> result<> {
      return on.resolve_recompat(view, judged, all, time_in(now));
    };
  });
}

agentslock_code agentslock_revalidate(agentslock_lockfile* file, agentslock_key key, int32_t verdict,
                                      const agentslock_dependency* new_dependencies, size_t count,
                                      int64_t now, agentslock_error** why) {
  return change(file, why, [&] {
    return [=, view = key_in(key), judged = verdict_in(verdict),
            all = dependencies_in(new_dependencies, count)](lockfile& on) -> result<> {
      return on.revalidate(view, judged, all, time_in(now));
    };
  });
}

agentslock_code agentslock_mark_view_rebuilt(agentslock_lockfile* file, agentslock_key key,
                                             agentslock_text view_digest, const agentslock_dependency* read,
                                             size_t count, int64_t now, agentslock_error** why) {
  return change(file, why, [&] {
    std::vector<adapter_schema> known;
    for (const dependency& one : dependencies_in(read, count))
      known.push_back({one.adapter, one.schema_digest});
    return [=, view = key_in(key), digest = text_in(view_digest)](lockfile& on) -> result<> {
      return on.mark_view_rebuilt(view, digest, read == nullptr ? schemas_read(schemas_not_known) : known,
                                  time_in(now));
    };
  });
}

agentslock_code agentslock_remove_view(agentslock_lockfile* file, agentslock_key key,
                                       agentslock_error** why) {
  return change(file, why, [&] {
    return [view = key_in(key)](lockfile& on) -> result<> { return on.remove_view(view); };
  });
}

agentslock_code agentslock_remove_adapter(agentslock_lockfile* file, agentslock_text adapter,
                                          agentslock_error** why) {
  return change(file, why, [&] {
    return [name = text_in(adapter)](lockfile& on) -> result<> { return on.remove_adapter(name); };
  });
}

agentslock_code agentslock_mark_missed_bumps(agentslock_lockfile* file, int64_t now,
                                             agentslock_report** report, agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    return changed(file, [&](lockfile& on) -> result<> {
      auto marked = on.mark_missed_bumps(time_in(now));
      if (!marked) return error(marked.why());
      told->missed = *std::move(marked);
      return {};
    });
  });
}

agentslock_code agentslock_cutover_candidates(const agentslock_lockfile* file, agentslock_text dependee,
                                              agentslock_text schema_digest, agentslock_report** report,
                                              agentslock_error** why) {
  return report_keys(file, report, why, &agentslock_report::candidates, [&](const lockfile& of) {
    return of.cutover_candidates(text_in(dependee), text_in(schema_digest));
  });
}

agentslock_code agentslock_dependents_on_another_schema(const agentslock_lockfile* file,
                                                        agentslock_text adapter,
                                                        agentslock_text schema_digest,
                                                        agentslock_report** report, agentslock_error** why) {
  return report_keys(file, report, why, &agentslock_report::candidates, [&](const lockfile& of) {
    return of.dependents_on_another_schema(text_in(adapter), text_in(schema_digest));
  });
}

agentslock_code agentslock_activation_blockers(const agentslock_lockfile* file, agentslock_text dependee,
                                               agentslock_report** report, agentslock_error** why) {
  return report_keys(file, report, why, &agentslock_report::blockers,
                     [&](const lockfile& of) { return of.activation_blockers(text_in(dependee)); });
}

agentslock_code agentslock_apply_cutover(agentslock_lockfile* file, agentslock_schema schema,
                                         const agentslock_verdict* verdicts, size_t count,
                                         const agentslock_lockfile* as_given, int64_t now,
                                         agentslock_report** report, agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    const cutover_request request{text_in(schema.dependee), text_in(schema.source_digest),
                                  text_in(schema.schema_digest), text_in(schema.version)};
    const lockfile& facts = given(as_given).whole();
    std::vector<std::vector<dependency>> new_dependencies;
    std::vector<cutover_verdict> judged;
    for (const agentslock_verdict& one : array_in(verdicts, count)) {
      const auto& of = new_dependencies.emplace_back(dependencies_in(one.new_dependencies, one.count));
      judged.push_back({key_in(one.key), verdict_in(one.verdict), of});
    }
    return changed(file, [&](lockfile& on) -> result<> {
      auto done = on.cutover(request, judged, facts, time_in(now));
      if (!done) return error(done.why());
      cutover_report did = *std::move(done);
      cut_over& cut = told->cut;
      for (owned_key& key : did.passed)
        cut.judged.push_back({std::move(key), program_verdict::passed, {}});
      for (owned_key& key : did.failed)
        cut.judged.push_back({std::move(key), program_verdict::failed, {}});
      std::sort(cut.judged.begin(), cut.judged.end(),
                [](const auto& a, const auto& b) { return a.key < b.key; });
      cut.frozen = std::move(did.frozen);
      cut.blockers = std::move(did.blockers);
      cut.activated = did.activated;
      return {};
    });
  });
}

agentslock_code agentslock_reconcile_lockfile(agentslock_lockfile* file, agentslock_presence* presence,
                                              int64_t now, agentslock_report** report,
                                              agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    presence_source& store = *given(presence).source;
    return changed(file, [&](lockfile& on) -> result<> {
      std::optional<error> failed;
      std::string digest;
      const auto ask = [&](view_key key) -> std::optional<agentslock::presence> {
        auto held = store.find(key);
        if (!held) {
          failed = held.error();
          return std::nullopt;
        }
        if (!*held) return agentslock::presence{};
        digest = **std::move(held);
        return agentslock::presence{true, digest};
      };
      reconcile_report found;
      const auto done = on.reconcile(ask, found, time_in(now));
      if (failed) return *std::move(failed);
      if (!done) return error(done.why());
      told->pass = as_reconciled(std::move(found), on);
      return {};
    });
  });
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
