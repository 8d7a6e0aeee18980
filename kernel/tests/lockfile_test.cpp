// The machine in a lockfile, and its entries: they come in order, are made, found and removed.
#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::history;
using testing::texts;
using testing::with_view_in;

TEST(Lockfile, EveryEventWithEveryStateDoesWhatTheTableSays) {
  const dependency on_crg{"crg", "sha256:d0", "1.0.0"};
  for (const transition& row : transition_table) {
    lockfile file = with_view_in(row.from);
    const lockfile before = file;
    outcome<> done;
    switch (row.cause) {
      case view_event::registered:
        done = file.register_view(comp_v, "sha256:v9", {&on_crg, 1}, at(50));
        break;
      case view_event::validation_passed:
        done = file.resolve_recompat(comp_v, verdict::passed, {}, at(50));
        break;
      case view_event::validation_failed:
        done = file.resolve_recompat(comp_v, verdict::failed, {}, at(50));
        break;
      case view_event::rebuilt:
        done = file.mark_view_rebuilt(comp_v, "sha256:v9", schemas_not_known, at(50));
        break;
      case view_event::dependee_bumped:
        // Not asked of one view but of all: those that the table refuses are passed over.
        ASSERT_TRUE(file.mark_dependee_bumped("crg", at(50)));
        if (row.outcome != step_outcome::moves) {
          EXPECT_EQ(file, before) << name(row.from);
          continue;
        }
        break;
      case view_event::tables_absent:
      case view_event::digest_mismatch:
      case view_event::invalid_status:
        continue;  // reconcile_test.cpp
    }
    const std::string cell = std::string(name(row.from)) + " with " + std::string(name(row.cause));
    if (is_refusal(row.outcome)) {
      ASSERT_FALSE(done) << cell;
      EXPECT_EQ(file, before) << cell;
      continue;
    }
    ASSERT_TRUE(done) << cell << ": " << done.why().message;
    EXPECT_EQ(file.state(comp_v), row.to) << cell;
    const auto entries = file.find_view(comp_v)->state_history.entries();
    const auto entries_before =
        before.find_view(comp_v) == nullptr ? 0 : before.find_view(comp_v)->state_history.entries().size();
    if (row.outcome == step_outcome::stays) {
      EXPECT_EQ(entries.size(), entries_before);
      continue;
    }
    ASSERT_EQ(entries.size(), entries_before + 1);
    EXPECT_EQ(entries.back().at, "2026-07-01T12:00:50Z");
    EXPECT_EQ(entries.back().from, row.from == view_state::none ? "" : name(row.from));
    EXPECT_EQ(entries.back().to, name(row.to));
    EXPECT_TRUE(entries.back().trigger.starts_with(row.trigger));
  }
}

TEST(Lockfile, SaysWhichSchemasABuildReadOrThatItIsNotKnown) {
  const std::vector<adapter_schema> listed{{"crg", "sha256:d0"}};
  EXPECT_EQ(schemas_read(listed).known()->size(), 1U);
  EXPECT_EQ(schemas_read(std::span(listed)).known()->front().schema_digest, "sha256:d0");
  EXPECT_EQ(schemas_read(schemas_not_known).known(), std::nullopt);
  const auto none = [](schemas_read read) { return read.known() && read.known()->empty(); };
  EXPECT_TRUE(none({})) << "what is left empty says that nothing was read, not that it is unknown";
  static_assert(!std::is_convertible_v<std::nullopt_t, schemas_read>);
  static_assert(!std::is_default_constructible_v<schemas_read>);
}

TEST(Lockfile, ActivatingCreatesOrRefreshesAndKeepsTheViews) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("comp", "sha256:s1", "sha256:d1", at(7)));
  const adapter& entry = *file.find_adapter("comp");
  EXPECT_EQ(entry.source_digest, "sha256:s1");
  EXPECT_EQ(entry.schema_digest, "sha256:d1");
  EXPECT_EQ(entry.activated_at, "2026-07-01T12:00:07Z");
  EXPECT_TRUE(entry.touched);
  EXPECT_EQ(entry.views.size(), 1U);
  ASSERT_TRUE(file.activate("comp", "", "", at(8)));
  EXPECT_EQ(file.find_adapter("comp")->source_digest, "");
}

TEST(Lockfile, NamesComeInByteOrder) {
  lockfile file;
  for (std::string_view name : {"zeta", "alpha", "Beta", "_x", "a-b", "a", "é", "\U0001F600", "\uFF61"}) {
    ASSERT_TRUE(file.activate(name, "", "", at(0)));
  }
  EXPECT_EQ(file.adapter_names(), (std::vector<std::string_view>{"Beta", "_x", "a", "a-b", "alpha", "zeta",
                                                                 "é", "\uFF61", "\U0001F600"}));
}

TEST(Lockfile, AllViewsComeInByteOrderWhateverTheirStatus) {
  lockfile file = with_view_in(view_state::dsl_update_required);
  ASSERT_TRUE(file.register_view({"b", "v"}, "d", {}, at(9)));
  ASSERT_TRUE(file.register_view({"comp", "a"}, "d", {}, at(9)));
  EXPECT_EQ(texts(file.view_keys()), (std::vector<std::string>{"b/v", "comp/a", "comp/v"}));
}

TEST(Lockfile, RegisteringMakesAReadyViewAndItsAdapter) {
  lockfile file;
  const dependency on[] = {{"crg", "sha256:d0", "1.0.0"}, {"crg", "sha256:d1", ""}};
  ASSERT_TRUE(file.register_view(comp_v, "sha256:v0", on, at(3)));
  const adapter& owner = *file.find_adapter("comp");
  EXPECT_EQ(owner.activated_at, "");
  EXPECT_EQ(owner.source_digest, "");
  const view& entry = *file.find_view(comp_v);
  EXPECT_EQ(entry.status, recorded_status(view_status::ready));
  EXPECT_EQ(entry.view_digest, "sha256:v0");
  EXPECT_EQ(entry.last_rebuilt_at, "2026-07-01T12:00:03Z");
  EXPECT_EQ(entry.last_validation_at, "");
  ASSERT_EQ(entry.depends_on.size(), 2U);
  EXPECT_EQ(entry.depends_on[1], on[1]);
  EXPECT_EQ(history(file, comp_v), (std::vector<std::string>{" > ready (registered)"}));
}

TEST(Lockfile, AnOperationTouchesTheEntriesThatItChanges) {
  const auto restored = [](std::string_view status) {
    lockfile_restorer restore;
    restore.add_adapter("crg")->schema_digest = "sha256:d0";
    view* entry = restore.add_view(*restore.add_adapter("comp"), "v");
    entry->status = recorded_status(status);
    entry->depends_on.push_back({"crg", "sha256:d0", ""});
    return std::move(restore).finish();
  };
  lockfile file = restored("ready");
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d0", at(1)));
  EXPECT_TRUE(file.find_adapter("crg")->touched);
  EXPECT_FALSE(file.find_adapter("comp")->touched);
  EXPECT_FALSE(file.find_view(comp_v)->touched);
  ASSERT_TRUE(file.mark_dependee_bumped("crg", at(1)));
  EXPECT_TRUE(file.find_view(comp_v)->touched);

  file = restored("pending-rebuild");
  ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", schemas_not_known, at(1)));
  EXPECT_TRUE(file.find_view(comp_v)->touched);
  EXPECT_FALSE(file.find_adapter("crg")->touched);

  ASSERT_TRUE(file.register_view({"comp", "w"}, "sha256:w0", {}, at(2)));
  ASSERT_TRUE(file.register_view({"new", "w"}, "sha256:w0", {}, at(2)));
  EXPECT_TRUE(file.find_view({"comp", "w"})->touched);
  EXPECT_FALSE(file.find_adapter("comp")->touched) << "it has one view more, and says what it said";
  EXPECT_TRUE(file.find_adapter("new")->touched) << "it was made for its view";
}

TEST(Lockfile, RemovingTakesOutAViewOrAnAdapter) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d0", at(1)));
  const auto refused = file.remove_adapter("crg");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.why().message.find("comp/v"), std::string::npos);
  ASSERT_TRUE(file.remove_view(comp_v));
  EXPECT_EQ(file.find_view(comp_v), nullptr);
  EXPECT_TRUE(file.remove_adapter("crg"));
  EXPECT_TRUE(file.remove_adapter("comp"));
  EXPECT_TRUE(file.adapters().empty());
}

TEST(Lockfile, AnAdapterThatOnlyItsOwnViewsReadCanBeRemoved) {
  lockfile file;
  const dependency on_itself{"comp", "sha256:c", ""};
  ASSERT_TRUE(file.register_view(comp_v, "d", {&on_itself, 1}, at(0)));
  EXPECT_TRUE(file.remove_adapter("comp"));
}

TEST(Lockfile, AnAdapterThatReadyViewsDoNotReadFromCanBeRemoved) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("tags", "s", "t0", at(1)));
  EXPECT_TRUE(file.remove_adapter("tags"));
  EXPECT_EQ(file.find_adapter("tags"), nullptr);
}

TEST(Lockfile, TheLogHoldsTheLastTwentyOfALongLife) {
  lockfile file = with_view_in(view_state::ready);
  for (int round = 0; round < 25; ++round) {
    ASSERT_TRUE(file.mark_dependee_bumped("crg", at(10 * round)));
    ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, {}, at(10 * round + 1)));
    ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v", schemas_not_known, at(10 * round + 2)));
  }
  const auto entries = file.find_view(comp_v)->state_history.entries();
  ASSERT_EQ(entries.size(), audit_log::entries_max);
  for (std::size_t i = 1; i < entries.size(); ++i)
    EXPECT_EQ(entries[i].from, entries[i - 1].to);
  EXPECT_EQ(entries.back().to, "ready");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
