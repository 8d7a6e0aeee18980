#include "agentslock/kernel/cutover.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "agentslock/kernel/lockfile.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::history;
using testing::texts;
using testing::with_view_in;

constexpr cutover_request to_d1{"crg", "sha256:s1", "sha256:d1", "1.1.0"};

std::vector<cutover_verdict> judge_all(const lockfile& file, verdict judged) {
  const std::vector<owned_key> candidates = file.cutover_candidates("crg", "sha256:d1");
  std::vector<cutover_verdict> verdicts;
  for (view_key key : file.view_keys()) {
    if (std::find(candidates.begin(), candidates.end(), key) != candidates.end())
      verdicts.push_back({key, judged, {}});
  }
  return verdicts;
}

TEST(CutoverTable, HasARowForEveryStateThatADocumentCanRecord) {
  for (view_state state : recorded_states) {
    EXPECT_EQ(cutover_row_of(state).state, state);
    EXPECT_EQ(cutover_row_of(state).frozen_first, state == view_state::ready);
    EXPECT_EQ(cutover_row_of(state).judged, state != view_state::unrecognised);
  }
}

TEST(CutoverTable, AViewThatIsNotThereTakesNoPart) {
  EXPECT_EQ(cutover_row_of(view_state::none), (cutover_row{view_state::none, false, false, false}));
}

TEST(CutoverCandidates, AreExactlyTheViewsThatTheirRowCallsJudged) {
  for (view_state state : recorded_states) {
    const lockfile file = with_view_in(state);
    EXPECT_EQ(file.cutover_candidates("crg", "sha256:d1").size(), cutover_row_of(state).judged ? 1U : 0U)
        << name(state);
  }
}

TEST(Cutover, EveryStateWithEveryVerdict) {
  struct expected {
    view_state from;
    verdict judged;
    view_state to;
    std::size_t new_entries;
    std::string_view recorded_digest;
  };
  using enum view_state;
  const expected cells[] = {
      {ready, verdict::passed, pending_rebuild, 2, "sha256:d1"},
      {ready, verdict::failed, dsl_update_required, 2, "sha256:d0"},
      {pending_recompat_check, verdict::passed, pending_rebuild, 1, "sha256:d1"},
      {pending_recompat_check, verdict::failed, dsl_update_required, 1, "sha256:d0"},
      {dsl_update_required, verdict::passed, pending_rebuild, 1, "sha256:d1"},
      {dsl_update_required, verdict::failed, dsl_update_required, 0, "sha256:d0"},
      {pending_rebuild, verdict::passed, pending_rebuild, 0, "sha256:d1"},
      {pending_rebuild, verdict::failed, pending_rebuild, 0, "sha256:d0"},
  };
  for (const expected& cell : cells) {
    lockfile file = with_view_in(cell.from);
    const lockfile given = file;
    const auto report = file.cutover(to_d1, judge_all(given, cell.judged), given, at(50));
    ASSERT_TRUE(report) << name(cell.from) << ": " << report.why().message;
    const view& entry = *file.find_view(comp_v);
    EXPECT_EQ(entry.status.state(), cell.to) << name(cell.from);
    EXPECT_EQ(entry.state_history.entries().size(),
              given.find_view(comp_v)->state_history.entries().size() + cell.new_entries);
    EXPECT_EQ(entry.depends_on[0].schema_digest, cell.recorded_digest);
    EXPECT_EQ(entry.depends_on[0].version, cell.judged == verdict::passed ? "1.1.0" : "1.0.0");
    EXPECT_EQ(entry.last_validation_at, "2026-07-01T12:00:50Z");

    const bool passed = cell.judged == verdict::passed;
    EXPECT_EQ(report->activated, passed);
    EXPECT_EQ(report->passed.size(), passed ? 1U : 0U);
    EXPECT_EQ(report->failed.size(), passed ? 0U : 1U);
    EXPECT_EQ(texts(report->blockers),
              passed ? std::vector<std::string>{} : std::vector<std::string>{"comp/v"});
    EXPECT_EQ(report->frozen.size(), cell.from == ready ? 1U : 0U);
    EXPECT_EQ(file.find_adapter("crg") != nullptr, passed);
  }
}

TEST(Cutover, TouchesEveryEntryThatItJudgesWhateverBecomesOfIt) {
  const dependency on_new{"crg", "sha256:d1", "1.1.0"};
  const cutover_verdict verdicts[] = {
      {comp_v, verdict::failed, {}}, {comp_v, verdict::passed, {}}, {comp_v, verdict::passed, {&on_new, 1}}};
  for (view_status status : all_view_statuses) {
    for (const cutover_verdict& judged : verdicts) {
      lockfile_restorer restore;
      adapter* const owner = restore.add_adapter("comp");
      for (std::string_view view_name : {"v", "other"}) {
        view* const entry = restore.add_view(*owner, view_name);
        entry->status = recorded_status(status);
        if (view_name == "v") entry->depends_on.push_back({"crg", "sha256:d0", "1.0.0"});
      }
      lockfile file = std::move(restore).finish();
      ASSERT_FALSE(file.find_view(comp_v)->touched);
      ASSERT_TRUE(file.cutover(to_d1, {&judged, 1}, file, at(50)));
      EXPECT_TRUE(file.find_view(comp_v)->touched) << spelling(status);
      EXPECT_FALSE(file.find_view({"comp", "other"})->touched) << spelling(status);
      EXPECT_FALSE(file.find_adapter("comp")->touched) << spelling(status);
    }
  }
}

TEST(Cutover, FreezesWithTheVersionInTheTrigger) {
  lockfile file = with_view_in(view_state::ready);
  const lockfile given = file;
  ASSERT_TRUE(file.cutover(to_d1, judge_all(given, verdict::passed), given, at(50)));
  EXPECT_EQ(history(file, comp_v),
            (std::vector<std::string>{" > ready (registered)",
                                      "ready > pending-recompat-check (dependee-bump:crg@1.1.0)",
                                      "pending-recompat-check > pending-rebuild (recompat-pass)"}));
  EXPECT_EQ(file.find_adapter("crg")->schema_digest, "sha256:d1");
  EXPECT_EQ(file.find_adapter("crg")->source_digest, "sha256:s1");
}

TEST(Cutover, WithoutAVersionTheTriggerNamesTheDependeeAlone) {
  lockfile file = with_view_in(view_state::ready);
  const lockfile given = file;
  const cutover_verdict passed{comp_v, verdict::passed, {}};
  ASSERT_TRUE(file.cutover({"crg", "sha256:s1", "sha256:d1", ""}, {&passed, 1}, given, at(50)));
  EXPECT_EQ(history(file, comp_v)[1], "ready > pending-recompat-check (dependee-bump:crg)");
  EXPECT_EQ(file.find_view(comp_v)->depends_on[0].version, "");
}

TEST(Cutover, LeavesAloneWhatDoesNotReadFromTheDependee) {
  lockfile file = with_view_in(view_state::ready);
  const dependency on_both[] = {{"tags", "sha256:t0", "7"}, {"crg", "sha256:d0", "1.0.0"}};
  const dependency on_tags[] = {{"tags", "sha256:t0", "7"}};
  ASSERT_TRUE(file.register_view({"comp", "both"}, "sha256:b0", on_both, at(0)));
  ASSERT_TRUE(file.register_view({"comp", "other"}, "sha256:o0", on_tags, at(0)));
  EXPECT_EQ(texts(file.cutover_candidates("crg", "sha256:d1")),
            (std::vector<std::string>{"comp/both", "comp/v"}));
  const lockfile given = file;
  ASSERT_TRUE(file.cutover(to_d1, judge_all(given, verdict::passed), given, at(50)));
  EXPECT_EQ(file.state({"comp", "other"}), view_state::ready);
  const auto& records = file.find_view({"comp", "both"})->depends_on;
  EXPECT_EQ(records[0], on_both[0]);
  EXPECT_EQ(records[1], (dependency{"crg", "sha256:d1", "1.1.0"}));
}

TEST(Cutover, LeavesReadyViewsAloneThatRecordedTheNewSchema) {
  lockfile file;
  const dependency on_new{"crg", "sha256:d1", "1.1.0"};
  ASSERT_TRUE(file.register_view(comp_v, "sha256:v0", {&on_new, 1}, at(0)));
  EXPECT_TRUE(file.cutover_candidates("crg", "sha256:d1").empty());
  const auto report = file.cutover(to_d1, {}, file, at(1));
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->activated);
  EXPECT_EQ(file.state(comp_v), view_state::ready);
}

TEST(Cutover, OneBlockerKeepsTheDependeeAndTheOthersNewStates) {
  lockfile file = with_view_in(view_state::ready);
  const dependency on_crg{"crg", "sha256:d0", "1.0.0"};
  ASSERT_TRUE(file.register_view({"comp", "w"}, "sha256:w0", {&on_crg, 1}, at(0)));
  ASSERT_TRUE(file.activate("crg", "sha256:s0", "sha256:d0", at(0)));
  const lockfile given = file;
  const cutover_verdict verdicts[] = {{comp_v, verdict::passed, {}}, {{"comp", "w"}, verdict::failed, {}}};
  const auto report = file.cutover(to_d1, verdicts, given, at(5));
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->activated);
  EXPECT_EQ(texts(report->blockers), (std::vector<std::string>{"comp/w"}));
  EXPECT_EQ(file.find_adapter("crg")->schema_digest, "sha256:d0");
  EXPECT_EQ(file.state(comp_v), view_state::pending_rebuild);
  EXPECT_EQ(file.state({"comp", "w"}), view_state::dsl_update_required);
  EXPECT_EQ(texts(file.activation_blockers("crg")), (std::vector<std::string>{"comp/w"}));

  // The view that passed records the schema that was not activated: a build against the active one is refused.
  const adapter_schema read{"crg", "sha256:d0"};
  const auto built = file.mark_view_rebuilt(comp_v, "sha256:v1", {read}, at(6));
  ASSERT_FALSE(built);
  EXPECT_EQ(built.why().code, refusal_code::built_against_another_schema);
}

TEST(Cutover, NewDependenciesReplaceTheRecordedOnes) {
  lockfile file = with_view_in(view_state::ready);
  const lockfile given = file;
  const dependency now_on[] = {{"crg", "sha256:d1", "1.1.0"}, {"other", "sha256:o", ""}};
  const cutover_verdict verdicts[] = {{comp_v, verdict::passed, now_on}};
  ASSERT_TRUE(file.cutover(to_d1, verdicts, given, at(5)));
  ASSERT_EQ(file.find_view(comp_v)->depends_on.size(), 2U);
  EXPECT_EQ(file.find_view(comp_v)->depends_on[1], now_on[1]);
}

TEST(Cutover, RefusesWithoutChangingAnything) {
  const dependency another[] = {{"crg", "sha256:d7", ""}};
  const dependency nameless[] = {{"", "sha256:d1", ""}};
  const cutover_verdict passed[] = {{comp_v, verdict::passed, {}}};
  const cutover_verdict contradicts[] = {{comp_v, verdict::passed, another}};
  const cutover_verdict unnamed[] = {{comp_v, verdict::passed, nameless}};
  struct refused {
    view_state state;
    cutover_request request;
    std::span<const cutover_verdict> verdicts;
    timestamp now;
    refusal_code code;
  };
  const refused cells[] = {
      {view_state::ready, to_d1, {}, at(5), refusal_code::verdict_missing},
      {view_state::unrecognised, to_d1, passed, at(5), refusal_code::no_such_transition},
      {view_state::ready, to_d1, contradicts, at(5), refusal_code::built_against_another_schema},
      {view_state::ready, to_d1, unnamed, at(5), refusal_code::empty_name},
      {view_state::ready, {"", "s", "d", ""}, passed, at(5), refusal_code::empty_name},
      {view_state::ready, {"crg", "s", "", ""}, passed, at(5), refusal_code::empty_digest},
      {view_state::ready, {"crg", "\xFF", "d", ""}, passed, at(5), refusal_code::not_utf8},
      {view_state::ready, {"crg", "s", "d", "\xFF"}, passed, at(5), refusal_code::not_utf8},
      {view_state::ready, to_d1, passed, timestamp::max(), refusal_code::time_out_of_range},
  };
  for (const refused& cell : cells) {
    lockfile file = with_view_in(cell.state);
    const lockfile before = file;
    const auto report = file.cutover(cell.request, cell.verdicts, before, cell.now);
    ASSERT_FALSE(report) << name(cell.code);
    EXPECT_EQ(report.why().code, cell.code) << report.why().message;
    EXPECT_EQ(file, before);
  }
}

TEST(Cutover, AVerdictOnAnEntryThatHasChangedSinceDoesNotCount) {
  lockfile file = with_view_in(view_state::ready);
  const lockfile given = file;
  ASSERT_TRUE(file.mark_dependee_bumped("crg", at(3)));
  const lockfile before = file;
  const auto report = file.cutover(to_d1, judge_all(given, verdict::passed), given, at(5));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.why().code, refusal_code::facts_are_stale);
  EXPECT_EQ(file, before);
}

TEST(Cutover, AVerdictAgainstASchemaThatHasChangedSinceDoesNotCount) {
  lockfile file;
  const dependency on_two[] = {{"crg", "sha256:d0", ""}, {"other", "sha256:o0", ""}};
  ASSERT_TRUE(file.register_view(comp_v, "sha256:v0", on_two, at(0)));
  ASSERT_TRUE(file.activate("other", "s", "sha256:o0", at(0)));
  const lockfile given = file;
  ASSERT_TRUE(file.activate("other", "s", "sha256:o1", at(1)));
  const auto report = file.cutover(to_d1, judge_all(given, verdict::passed), given, at(5));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.why().code, refusal_code::facts_are_stale);
}

TEST(Cutover, AViewThatWasRegisteredSinceMustBeJudged) {
  lockfile file = with_view_in(view_state::ready);
  const lockfile given = file;
  const dependency on_crg{"crg", "sha256:d0", ""};
  ASSERT_TRUE(file.register_view({"comp", "new"}, "sha256:n", {&on_crg, 1}, at(1)));
  const auto report = file.cutover(to_d1, judge_all(given, verdict::passed), given, at(5));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.why().code, refusal_code::verdict_missing);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
