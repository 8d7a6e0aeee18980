#include "agentslock/kernel/reconcile.hpp"

#include <gtest/gtest.h>

#include <array>

#include "agentslock/kernel/lockfile.hpp"
#include "allocation_counter.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::fake_store;
using testing::texts;
using testing::with_view_in;

TEST(Reconcile, EveryCellOfTheTableIsWhatThePassDoes) {
  for (view_state recorded : recorded_states) {
    for (std::size_t i = 0; i < observation_count; ++i) {
      const auto seen = static_cast<observation>(i);
      lockfile file = with_view_in(recorded);
      const lockfile before = file;
      fake_store store;
      if (seen != observation::absent) {
        store.digests["comp/v"] = seen == observation::consistent ? "sha256:v0" : "sha256:other";
      }
      reconcile_report report;
      const auto query = store.query();
      const auto counts = file.reconcile(query, report, at(100));
      ASSERT_TRUE(counts);

      const reconcile_action action = decide(recorded, seen);
      const auto event = event_of(action);
      EXPECT_EQ(counts->changed, event ? 1U : 0U);
      EXPECT_EQ(report.changes.size(), event ? 1U : 0U);
      EXPECT_EQ(report.due.size(), action == reconcile_action::rerun_validation ? 1U : 0U);
      EXPECT_EQ(report.shut.size(), action == reconcile_action::gate_stays_shut ? 1U : 0U);
      EXPECT_EQ(store.asked.size(), recorded == view_state::ready ? 1U : 0U);
      if (event) {
        EXPECT_EQ(file.state(comp_v), view_state::pending_rebuild);
        EXPECT_EQ(report.changes[0].key, comp_v);
        EXPECT_EQ(report.changes[0].from, before.find_view(comp_v)->status.text());
        EXPECT_EQ(report.changes[0].to, view_status::pending_rebuild);
        EXPECT_EQ(report.changes[0].reason, reason(action));
        const audit_entry& last = file.find_view(comp_v)->state_history.entries().back();
        EXPECT_EQ(last.at, "2026-07-01T12:01:40Z");
        EXPECT_EQ(last.from, before.find_view(comp_v)->status.text());
        EXPECT_EQ(last.to, "pending-rebuild");
        EXPECT_EQ(last.trigger, transition_for(recorded, *event).trigger);
      } else {
        EXPECT_EQ(file, before);
        EXPECT_FALSE(file.find_view(comp_v)->touched && !before.find_view(comp_v)->touched);
      }
    }
  }
}

/// Three adapters, eight views, all statuses.
lockfile populated() {
  lockfile file;
  const dependency on_crg{"crg", "sha256:d0", ""};
  for (std::string_view owner : {"zeta", "alpha"}) {
    for (std::string_view name : {"ready", "bumped", "valid", "invalid"}) {
      EXPECT_TRUE(
          file.register_view({owner, name}, "sha256:v0", {&on_crg, name == "ready" ? 0U : 1U}, at(0)));
    }
    EXPECT_TRUE(file.mark_dependee_bumped("crg", at(1)));
    EXPECT_TRUE(file.resolve_recompat({owner, "valid"}, verdict::passed, {}, at(2)));
    EXPECT_TRUE(file.resolve_recompat({owner, "invalid"}, verdict::failed, {}, at(2)));
  }
  EXPECT_TRUE(file.register_view({"alpha", "also ready"}, "sha256:v1", {}, at(0)));
  return file;
}

TEST(Reconcile, AsksOnceForEachReadyViewInByteOrder) {
  lockfile file = populated();
  fake_store store;
  reconcile_report report;
  const auto query = store.query();
  ASSERT_TRUE(file.reconcile(query, report, at(10)));
  EXPECT_EQ(store.asked, (std::vector<std::string>{"alpha/also ready", "alpha/ready", "zeta/ready"}));
  EXPECT_EQ(texts(report.due), (std::vector<std::string>{"alpha/bumped", "zeta/bumped"}));
  EXPECT_EQ(texts(report.shut), (std::vector<std::string>{"alpha/invalid", "zeta/invalid"}));
}

TEST(Reconcile, CountsWhatItTells) {
  lockfile file = populated();
  fake_store store;
  store.digests = {{"alpha/ready", "sha256:v0"}};
  reconcile_report report;
  const auto query = store.query();
  const auto counts = file.reconcile(query, report, at(10));
  ASSERT_TRUE(counts);
  EXPECT_EQ(report.changes.size(), 2U);
  EXPECT_EQ(counts->changed, report.changes.size());
  EXPECT_EQ(report.due.size(), 2U);
  EXPECT_EQ(counts->validation_due, report.due.size());
  EXPECT_EQ(report.shut.size(), 2U);
  EXPECT_EQ(counts->gates_shut, report.shut.size());
  std::array<std::size_t, view_state_count> after{};
  for (view_key key : file.view_keys())
    ++after[static_cast<std::size_t>(file.state(key))];
  EXPECT_EQ(after[static_cast<std::size_t>(view_state::ready)], 1U);
  EXPECT_EQ(counts->by_state, after);
}

TEST(Reconcile, APassThatChangesNothingAllocatesNothing) {
  lockfile file = populated();
  reconcile_visitor nobody;
  std::size_t due = 0;
  const auto present = [](view_key key) -> std::optional<presence> {
    return presence{true, key.view == "also ready" ? "sha256:v1" : "sha256:v0"};
  };
  const std::size_t allocated =
      testing::allocations_of([&] { due = file.reconcile(present, nobody, at(10))->validation_due; });
  EXPECT_EQ(allocated, 0U);
  EXPECT_EQ(due, 2U);
}

TEST(Reconcile, APassRightAfterAPassChangesNothing) {
  lockfile file = populated();
  fake_store store;
  store.digests = {{"alpha/ready", "sha256:other"}};
  reconcile_report first;
  const auto query = store.query();
  ASSERT_TRUE(file.reconcile(query, first, at(10)));
  EXPECT_EQ(first.changes.size(), 3U);
  const lockfile after = file;
  reconcile_report second;
  ASSERT_TRUE(file.reconcile(query, second, at(11)));
  EXPECT_TRUE(second.changes.empty());
  EXPECT_EQ(file, after);
}

TEST(Reconcile, WithoutAStoreEveryReadyViewIsAbsent) {
  lockfile file = populated();
  reconcile_report report;
  ASSERT_TRUE(file.reconcile(nothing_present, report, at(10)));
  ASSERT_EQ(report.changes.size(), 3U);
  for (const auto& change : report.changes)
    EXPECT_EQ(change.reason, "view tables absent");
}

TEST(Reconcile, APresenceThatCouldNotBeFoundOutStopsThePassAndChangesNothing) {
  lockfile file = populated();
  const lockfile before = file;
  reconcile_report report;
  int asked = 0;
  const auto fails_at_the_last = [&](view_key) -> std::optional<presence> {
    if (++asked == 3) return std::nullopt;
    return presence{};
  };
  const auto counts = file.reconcile(fails_at_the_last, report, at(10));
  ASSERT_FALSE(counts);
  EXPECT_EQ(counts.why().code, refusal_code::presence_unknown);
  EXPECT_NE(counts.why().message.find("zeta/ready"), std::string::npos);
  EXPECT_EQ(file, before);
  EXPECT_TRUE(report.changes.empty());
  EXPECT_TRUE(report.due.empty());
  EXPECT_TRUE(report.shut.empty());
}

TEST(Reconcile, SaysWhenEveryPresentViewOfAnAdapterDiffers) {
  lockfile file = populated();
  fake_store store;
  store.digests = {{"alpha/ready", "x"}, {"alpha/also ready", "y"}, {"zeta/ready", "sha256:v0"}};
  reconcile_report report;
  const auto query = store.query();
  ASSERT_TRUE(file.reconcile(query, report, at(10)));
  EXPECT_EQ(report.adapters_all_different, std::vector<std::string>{"alpha"});
}

TEST(Reconcile, OfSeveralAdaptersItNamesThoseAlone) {
  lockfile file;
  fake_store store;
  for (std::string_view owner : {"a", "b", "c", "d", "e"}) {
    ASSERT_TRUE(file.register_view({owner, "v"}, "sha256:v0", {}, at(0)));
    store.digests[std::string(owner) + "/v"] = owner == "b" || owner == "d" ? "sha256:other" : "sha256:v0";
  }
  reconcile_report report;
  const auto query = store.query();
  ASSERT_TRUE(file.reconcile(query, report, at(1)));
  EXPECT_EQ(report.adapters_all_different, (std::vector<std::string>{"b", "d"}));
}

TEST(Reconcile, AnAbsentViewIsNoDifferentOne) {
  lockfile file = populated();
  fake_store store;
  store.digests = {{"alpha/ready", "sha256:v0"}, {"alpha/also ready", "y"}};
  reconcile_report report;
  const auto query = store.query();
  ASSERT_TRUE(file.reconcile(query, report, at(10)));
  EXPECT_TRUE(report.adapters_all_different.empty());
}

TEST(Reconcile, ATimeThatCantBeSpeltIsRefused) {
  lockfile file = populated();
  const lockfile before = file;
  reconcile_visitor nobody;
  const auto counts = file.reconcile(nothing_present, nobody, timestamp::max());
  ASSERT_FALSE(counts);
  EXPECT_EQ(counts.why().code, refusal_code::time_out_of_range);
  EXPECT_EQ(file, before);
}

TEST(Reconcile, AllocatesInProportionToTheViewsThatChange) {
  const auto allocations_for = [](int changing) {
    lockfile file;
    for (int i = 0; i < 1000; ++i) {
      const std::string name = std::to_string(i);
      EXPECT_TRUE(file.register_view({"a", name}, "sha256:v0", {}, at(0)));
    }
    reconcile_visitor nobody;
    const std::string last = std::to_string(changing);
    return testing::allocations_of([&] {
      int asked = 0;
      const auto first_ones_absent = [&](view_key) -> std::optional<presence> {
        return presence{asked++ >= changing, "sha256:v0"};
      };
      EXPECT_EQ(file.reconcile(first_ones_absent, nobody, at(1))->changed,
                static_cast<std::size_t>(changing));
    });
  };
  EXPECT_EQ(allocations_for(0), 0U);
  // The change list and the memory pool grow geometrically: fewer allocations than changes.
  EXPECT_LE(allocations_for(10), 10U);
  EXPECT_LE(allocations_for(1000), 40U);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
