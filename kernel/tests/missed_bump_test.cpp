#include "agentslock/kernel/missed_bump.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/query_gate.hpp"
#include "allocation_counter.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::history;
using testing::with_view_in;

const missed_bump v_missed_d1{"comp", "v", "crg", "sha256:d0", "sha256:d1"};

gate_decision decision(const lockfile& file) {
  return may_query(file, comp_v, fall_through::opted_in).decision;
}

void activate(lockfile& file, std::string_view name, std::string_view digest) {
  ASSERT_TRUE(file.activate(name, "sha256:s", digest, at(9)));
}

TEST(MissedBump, IsAReadyViewsRecordThatIsNotTheActiveSchema) {
  for (view_state state : recorded_states) {
    lockfile file = with_view_in(state);
    EXPECT_TRUE(file.missed_bumps().empty()) << name(state);
    activate(file, "crg", "sha256:d0");
    EXPECT_TRUE(file.missed_bumps().empty()) << name(state);
    activate(file, "crg", "sha256:d1");
    const std::vector<missed_bump> expected(state == view_state::ready ? 1 : 0, v_missed_d1);
    EXPECT_EQ(file.missed_bumps(), expected) << name(state);
  }
}

TEST(MissedBump, AnActiveEntryWithoutADigestDiffersToo) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "");
  EXPECT_EQ(file.missed_bumps(), (std::vector<missed_bump>{{"comp", "v", "crg", "sha256:d0", ""}}));
}

TEST(MissedBump, ARecordWithoutADigestIsNotCompared) {
  lockfile file;
  const dependency unknown{"crg", "", "1.0.0"};
  ASSERT_TRUE(file.register_view(comp_v, "sha256:v0", {&unknown, 1}, at(0)));
  activate(file, "crg", "sha256:d1");
  EXPECT_TRUE(file.missed_bumps().empty());
  EXPECT_EQ(decision(file), gate_decision::allowed);
}

TEST(MissedBump, TheFirstRecordThatDiffersIsNamedOnce) {
  lockfile file;
  const std::array records{dependency{"gone", "sha256:g", ""}, dependency{"same", "sha256:d1", ""},
                           dependency{"one", "sha256:d0", ""}, dependency{"two", "sha256:d0", ""}};
  ASSERT_TRUE(file.register_view(comp_v, "sha256:v0", records, at(0)));
  for (std::string_view name : {"same", "one", "two"})
    activate(file, name, "sha256:d1");
  const std::vector<missed_bump> expected{{"comp", "v", "one", "sha256:d0", "sha256:d1"}};
  EXPECT_EQ(file.missed_bumps(), expected);
  const auto marked = file.mark_missed_bumps(at(10));
  ASSERT_TRUE(marked);
  EXPECT_EQ(*marked, expected);
  EXPECT_EQ(history(file, comp_v).back(), "ready > pending-recompat-check (dependee-bump:one)");
}

TEST(MissedBump, MarkingMovesTheViewAlongTheEdgeOfABump) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "sha256:d1");
  const auto marked = file.mark_missed_bumps(at(50));
  ASSERT_TRUE(marked);
  EXPECT_EQ(*marked, std::vector<missed_bump>{v_missed_d1});
  const view& entry = *file.find_view(comp_v);
  EXPECT_EQ(entry.status.state(), view_state::pending_recompat_check);
  EXPECT_EQ(entry.depends_on[0].schema_digest, "sha256:d0");
  EXPECT_EQ(entry.state_history.entries().back().at, "2026-07-01T12:00:50Z");
  EXPECT_EQ(history(file, comp_v).back(), "ready > pending-recompat-check (dependee-bump:crg)");
  EXPECT_TRUE(entry.touched);
}

TEST(MissedBump, MarkingTwiceIsMarkingOnce) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "sha256:d1");
  ASSERT_TRUE(file.mark_missed_bumps(at(50)));
  const lockfile once = file;
  const auto again = file.mark_missed_bumps(at(51));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->empty());
  EXPECT_EQ(file, once);
}

TEST(MissedBump, MarkingNothingAllocatesNothing) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "sha256:d0");
  bool none = false;
  EXPECT_EQ(testing::allocations_of([&] {
              const auto marked = file.mark_missed_bumps(at(50));
              none = marked && marked->empty() && file.missed_bumps().empty();
            }),
            0U);
  EXPECT_TRUE(none);
}

TEST(MissedBump, ATimeThatCanNotBeSpeltIsRefusedAndChangesNothing) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "sha256:d1");
  const lockfile before = file;
  const auto refused = file.mark_missed_bumps(timestamp(std::chrono::seconds(1'000'000'000'000)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.why().code, refusal_code::time_out_of_range);
  EXPECT_EQ(file, before);
}

TEST(MissedBump, TheReportOutlivesItsLockfile) {
  std::vector<missed_bump> marked;
  {
    lockfile file = with_view_in(view_state::ready);
    activate(file, "crg", "sha256:d1");
    marked = *file.mark_missed_bumps(at(50));
  }
  EXPECT_EQ(marked, std::vector<missed_bump>{v_missed_d1});
}

TEST(MissedBump, ThePassOfTheTableDoesNotLookForIt) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "sha256:d1");
  testing::fake_store store;
  store.digests["comp/v"] = "sha256:v0";
  reconcile_report report;
  const auto query = store.query();
  const auto counts = file.reconcile(query, report, at(50));
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->changed, 0U);
  EXPECT_EQ(file.state(comp_v), view_state::ready);
  EXPECT_EQ(decision(file), gate_decision::refused);
}

TEST(MissedBump, ADependeeWithoutAnEntryIsNamedAndNotCompared) {
  lockfile file;
  const std::array records{dependency{"crg", "sha256:d0", ""}, dependency{"crg", "sha256:d1", ""},
                           dependency{"comp", "sha256:d0", ""}};
  ASSERT_TRUE(file.register_view(comp_v, "sha256:v0", records, at(0)));
  activate(file, "comp", "sha256:d0");
  EXPECT_TRUE(file.missed_bumps().empty());
  EXPECT_EQ(file.missing_dependees(), (std::vector<missing_dependee>{{"comp", "v", "crg"}}));
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d0", at(1)));
  EXPECT_TRUE(file.missing_dependees().empty());
}

TEST(MissedBump, EachDependeeWithoutAnEntryIsNamedInTheOrderOfItsFirstRecord) {
  lockfile file;
  const std::array records{dependency{"z", "sha256:d0", ""}, dependency{"comp", "sha256:d0", ""},
                           dependency{"a", "sha256:d0", ""}, dependency{"z", "sha256:d1", ""}};
  ASSERT_TRUE(file.register_view(comp_v, "sha256:v0", records, at(0)));
  EXPECT_EQ(file.missing_dependees(),
            (std::vector<missing_dependee>{{"comp", "v", "z"}, {"comp", "v", "a"}}));
}

// The ways by which a view gets there.

TEST(MissedBump, TwoActivationsAroundARegistration) {
  lockfile file;
  activate(file, "crg", "sha256:d0");
  const dependency on_crg{"crg", "sha256:d0", "1.0.0"};
  ASSERT_TRUE(file.register_view(comp_v, "sha256:v0", {&on_crg, 1}, at(1)));
  EXPECT_EQ(decision(file), gate_decision::allowed);
  activate(file, "crg", "sha256:d1");
  EXPECT_EQ(file.state(comp_v), view_state::ready);
  EXPECT_EQ(file.missed_bumps(), std::vector<missed_bump>{v_missed_d1});
  EXPECT_EQ(decision(file), gate_decision::refused);
}

TEST(MissedBump, ABumpAPassAndARebuildThatDoesNotSayWhatItRead) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "sha256:d0");
  ASSERT_TRUE(file.mark_dependee_bumped("crg", at(2), {"sha256:d1", "1.1.0"}));
  activate(file, "crg", "sha256:d1");
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, {}, at(3)));
  ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", schemas_not_known, at(4)));
  EXPECT_EQ(file.missed_bumps(), std::vector<missed_bump>{v_missed_d1});
  EXPECT_EQ(decision(file), gate_decision::refused);
  // as often as it is done, it is seen
  ASSERT_TRUE(file.mark_missed_bumps(at(5)));
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, {}, at(6)));
  ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", schemas_not_known, at(7)));
  EXPECT_EQ(decision(file), gate_decision::refused);
}

TEST(MissedBump, ABlockedCutoverAndARebuildOfWhatIsReadyForTheSchemaThatWasNotActivated) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "sha256:d0");
  const dependency on_crg{"crg", "sha256:d0", "1.0.0"};
  ASSERT_TRUE(file.register_view({"comp", "w"}, "sha256:w0", {&on_crg, 1}, at(1)));
  const lockfile given = file;
  const std::array verdicts{cutover_verdict{comp_v, verdict::passed, {}},
                            cutover_verdict{{"comp", "w"}, verdict::failed, {}}};
  const auto report = file.cutover({"crg", "sha256:s1", "sha256:d1", "1.1.0"}, verdicts, given, at(2));
  ASSERT_TRUE(report);
  ASSERT_FALSE(report->activated);
  ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", schemas_not_known, at(3)));
  EXPECT_EQ(file.state(comp_v), view_state::ready);
  EXPECT_EQ(file.missed_bumps(), (std::vector<missed_bump>{{"comp", "v", "crg", "sha256:d1", "sha256:d0"}}));
  EXPECT_EQ(decision(file), gate_decision::refused);
}

TEST(MissedBump, ValidationWithTheNewRecordAndARebuildLeadBackToReady) {
  lockfile file = with_view_in(view_state::ready);
  activate(file, "crg", "sha256:d1");
  ASSERT_TRUE(file.mark_missed_bumps(at(5)));
  const dependency on_d1{"crg", "sha256:d1", "1.1.0"};
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, {&on_d1, 1}, at(6)));
  const adapter_schema read{"crg", "sha256:d1"};
  ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", {read}, at(7)));
  EXPECT_TRUE(file.missed_bumps().empty());
  EXPECT_EQ(decision(file), gate_decision::allowed);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
