// The life of a document's views.
#include "callbacks.hpp"

#include <memory>
#include "document.hpp"
#include "report.hpp"
#include "work.hpp"

using namespace agentslock;
using namespace agentslock::c;

agentslock::work_options agentslock_work::options() const {
  work_options how;
  how.jobs = jobs;
  how.stop = stop.get_token();
  if (tell != nullptr) {
    how.progress = [tell_to = tell, of = user](const program_progress& now) {
      const std::string name(now.name);
      agentslock_progress told{};
      told.phase = static_cast<std::int32_t>(now.phase);
      told.name = text_out(name);
      told.took_nanoseconds = now.took.count();
      told.ended = now.ended;
      told.total = now.total;
      tell_to(of, &told);
    };
  }
  return how;
}

namespace {

static_assert(static_cast<int>(program_phase::started) == 0 &&
              static_cast<int>(program_phase::running) == 1 && static_cast<int>(program_phase::ended) == 2);

work_options options_in(const agentslock_work* work) {
  return work == nullptr ? work_options{} : work->options();
}
view_choice choice_of(const agentslock_work* work) {
  return work == nullptr ? view_choice::all() : work->chosen;
}

/// Takes what a call returned into its report.
template <class Value>
result<> put(result<Value> done, Value& place) {
  if (!done) return done.error();
  place = *std::move(done);
  return {};
}

template <class Set>
agentslock_code set(agentslock_work* work, agentslock_error** why, const Set& change) noexcept {
  return guarded(why, [&]() -> result<> {
    change(given(work));
    return {};
  });
}

}  // namespace

extern "C" {

agentslock_code agentslock_work_new(agentslock_work** work, agentslock_error** why) {
  return made(work, why, []() -> result<std::unique_ptr<agentslock_work>> {
    return std::make_unique<agentslock_work>();
  });
}
void agentslock_work_free(agentslock_work* work) {
  delete work;
}

agentslock_code agentslock_work_set_jobs(agentslock_work* work, size_t jobs, agentslock_error** why) {
  return set(work, why, [&](agentslock_work& of) {
    if (jobs < 1 || jobs > 1024) throw wrong_call{"the number of jobs is not between 1 and 1024"};
    of.jobs = jobs;
  });
}

agentslock_code agentslock_work_choose(agentslock_work* work, agentslock_text adapter, agentslock_text view,
                                       agentslock_error** why) {
  return set(work, why, [&](agentslock_work& of) {
    if (adapter.data == nullptr && view.data != nullptr) throw wrong_call{"a view is named, and no adapter"};
    view_choice chosen = view_choice::all();
    if (const auto name = text_in(adapter); adapter.data != nullptr) chosen.adapter = std::string(name);
    if (const auto name = text_in(view); view.data != nullptr) chosen.view = std::string(name);
    chosen.retry = of.chosen.retry;
    of.chosen = std::move(chosen);
  });
}

agentslock_code agentslock_work_set_retry(agentslock_work* work, int32_t retry, agentslock_error** why) {
  return set(work, why, [&](agentslock_work& of) { of.chosen.retry = choice_in(retry); });
}

agentslock_code agentslock_work_set_progress(agentslock_work* work, agentslock_tell tell, void* user,
                                             agentslock_error** why) {
  return set(work, why, [&](agentslock_work& of) {
    of.tell = tell;
    of.user = user;
  });
}

void agentslock_work_stop(agentslock_work* work) {
  if (work != nullptr) work->stop.request_stop();
}

agentslock_code agentslock_reconcile(const agentslock_document* document, agentslock_presence* presence,
                                     int32_t dry_run, agentslock_report** report, agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    const reconcile_mode mode = choice_in(dry_run) ? reconcile_mode::check : reconcile_mode::write;
    const lockfile_store& store = given(document).store();
    const auto done = put(reconcile_document(store, *given(presence).source, mode), told->pass);
    told->written = told->pass.written;
    return done;
  });
}

agentslock_code agentslock_check(const agentslock_document* document, agentslock_report** report,
                                 agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) {
    return put(check_without_store(given(document).store()), told->pass);
  });
}

agentslock_code agentslock_validate(const agentslock_document* document, agentslock_validator* validator,
                                    const agentslock_work* work, agentslock_report** report,
                                    agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    const lockfile_store& store = given(document).store();
    const auto done = put(
        validate_document(store, choice_of(work), *given(validator).judge, options_in(work)), told->verdicts);
    told->written = told->verdicts.written;
    return done;
  });
}

agentslock_code agentslock_rebuild(const agentslock_document* document, agentslock_presence* presence,
                                   agentslock_builder* builder, const agentslock_work* work,
                                   agentslock_report** report, agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    const lockfile_store& store = given(document).store();
    const auto done = put(rebuild_document(store, *given(presence).source, choice_of(work),
                                           *given(builder).build, options_in(work)),
                          told->builds);
    told->written = told->builds.written;
    return done;
  });
}

agentslock_code agentslock_cutover(const agentslock_document* document, agentslock_schema schema,
                                   agentslock_validator* validator, const agentslock_work* work,
                                   int32_t dry_run, agentslock_report** report, agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    const cutover_mode mode = choice_in(dry_run) ? cutover_mode::check : cutover_mode::write;
    const new_dependee wanted{
        std::string(text_in(schema.dependee)), std::string(text_in(schema.source_digest)),
        std::string(text_in(schema.schema_digest)), std::string(text_in(schema.version))};
    const lockfile_store& store = given(document).store();
    const auto done =
        put(cutover_document(store, wanted, *given(validator).judge, options_in(work), mode), told->cut);
    told->written = mode == cutover_mode::write && done && !told->cut.undecided();
    return done;
  });
}

agentslock_code agentslock_recover(const agentslock_document* document, agentslock_presence* presence,
                                   agentslock_validator* validator, agentslock_builder* builder,
                                   const agentslock_work* work, agentslock_report** report,
                                   agentslock_error** why) {
  return reported(report, why, [&](promised_report& told) -> result<> {
    const lockfile_store& store = given(document).store();
    auto done = recover_document(store, *given(presence).source, *given(validator).judge,
                                 *given(builder).build, options_in(work), choice_of(work));
    if (!done) return done.error();
    told->written = done->pass.written || done->verdicts.written || done->builds.written;
    told->verdicts = std::move(done->verdicts);
    told->builds = std::move(done->builds);
    told->pass = std::move(done->pass);
    reconciled& end = done->at_end;
    told->pass.validation_due = std::move(end.validation_due);
    told->pass.gates_shut = std::move(end.gates_shut);
    told->pass.views = end.views;
    told->pass.by_state = end.by_state;
    return {};
  });
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
