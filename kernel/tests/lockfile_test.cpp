#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "agentslock/kernel/waiting.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::history;
using testing::texts;
using testing::with_view_in;

constexpr view_key comp_v{"comp", "v"};
constexpr std::string_view bad_text = "\xFF";
const timestamp no_time = timestamp::max();

/// One operation that is to be refused, and why.
struct refused_call {
  const char* what;
  refusal_code code;
  std::function<outcome<>(lockfile&)> call;
};

outcome<> without_value(const outcome<std::vector<owned_key>>& result) {
  if (!result) return result.why();
  return {};
}

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

TEST(Lockfile, EveryRefusalHasItsCodeAndChangesNothing) {
  const dependency good{"crg", "sha256:d0", ""};
  const dependency nameless{"", "sha256:d0", ""};
  const dependency bad_name{bad_text, "", ""};
  const dependency bad_digest{"crg", bad_text, ""};
  const dependency bad_version{"crg", "", bad_text};
  const auto span = [](const dependency& one) { return std::span<const dependency>(&one, 1); };
  using enum refusal_code;
  const refused_call calls[] = {
      {"activate without a name", empty_name, [](lockfile& f) { return f.activate("", "s", "d", at(1)); }},
      {"activate a bad name", refusal_code::not_utf8,
       [](lockfile& f) { return f.activate(bad_text, "s", "d", at(1)); }},
      {"activate a bad source", refusal_code::not_utf8,
       [](lockfile& f) { return f.activate("a", bad_text, "d", at(1)); }},
      {"activate a bad schema", refusal_code::not_utf8,
       [](lockfile& f) { return f.activate("a", "s", bad_text, at(1)); }},
      {"activate out of time", time_out_of_range,
       [](lockfile& f) { return f.activate("a", "s", "d", no_time); }},
      {"register without an adapter", empty_name,
       [&](lockfile& f) {
         return f.register_view({"", "v"}, "d", span(good), at(1));
       }},
      {"register without a view", empty_name,
       [&](lockfile& f) {
         return f.register_view({"a", ""}, "d", span(good), at(1));
       }},
      {"register a bad name", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", bad_text}, "d", span(good), at(1));
       }},
      {"register without a digest", empty_digest,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "", span(good), at(1));
       }},
      {"register a bad digest", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, bad_text, span(good), at(1));
       }},
      {"register a nameless dependency", empty_name,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(nameless), at(1));
       }},
      {"register a bad dependency", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(bad_name), at(1));
       }},
      {"register a dependency with a bad digest", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(bad_digest), at(1));
       }},
      {"register a dependency with a bad version", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(bad_version), at(1));
       }},
      {"register out of time", time_out_of_range,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(good), no_time);
       }},
      {"register again", already_registered,
       [&](lockfile& f) { return f.register_view(comp_v, "d", span(good), at(1)); }},
      {"bump without a name", empty_name,
       [](lockfile& f) { return without_value(f.mark_dependee_bumped("", at(1))); }},
      {"bump a bad name", refusal_code::not_utf8,
       [](lockfile& f) { return without_value(f.mark_dependee_bumped(bad_text, at(1))); }},
      {"bump to a bad digest", refusal_code::not_utf8,
       [](lockfile& f) {
         return without_value(f.mark_dependee_bumped("crg", at(1), {bad_text, ""}));
       }},
      {"bump to a bad version", refusal_code::not_utf8,
       [](lockfile& f) {
         return without_value(f.mark_dependee_bumped("crg", at(1), {"", bad_text}));
       }},
      {"bump out of time", time_out_of_range,
       [](lockfile& f) { return without_value(f.mark_dependee_bumped("crg", no_time)); }},
      {"judge nobody", unknown_view,
       [](lockfile& f) {
         return f.resolve_recompat({"comp", "x"}, verdict::passed, {}, at(1));
       }},
      {"judge nobody's view", unknown_view,
       [](lockfile& f) {
         return f.resolve_recompat({"x", "v"}, verdict::failed, {}, at(1));
       }},
      {"judge a ready view", no_such_transition,
       [](lockfile& f) { return f.resolve_recompat(comp_v, verdict::passed, {}, at(1)); }},
      {"judge with a nameless dependency", empty_name,
       [&](lockfile& f) { return f.resolve_recompat(comp_v, verdict::passed, span(nameless), at(1)); }},
      {"judge out of time", time_out_of_range,
       [](lockfile& f) { return f.resolve_recompat(comp_v, verdict::passed, {}, no_time); }},
      {"rebuild nobody", unknown_view,
       [](lockfile& f) {
         return f.mark_view_rebuilt({"a", "x"}, "d", schemas_not_known, at(1));
       }},
      {"rebuild a ready view", no_such_transition,
       [](lockfile& f) { return f.mark_view_rebuilt(comp_v, "d", schemas_not_known, at(1)); }},
      {"rebuild without a digest", empty_digest,
       [](lockfile& f) { return f.mark_view_rebuilt(comp_v, "", schemas_not_known, at(1)); }},
      {"rebuild to a bad digest", refusal_code::not_utf8,
       [](lockfile& f) { return f.mark_view_rebuilt(comp_v, bad_text, schemas_not_known, at(1)); }},
      {"rebuild out of time", time_out_of_range,
       [](lockfile& f) { return f.mark_view_rebuilt(comp_v, "d", schemas_not_known, no_time); }},
      {"remove nobody", unknown_view,
       [](lockfile& f) {
         return f.remove_view({"comp", "x"});
       }},
      {"remove no adapter", unknown_adapter, [](lockfile& f) { return f.remove_adapter("x"); }},
      {"remove what is needed", needed_by_ready_views, [](lockfile& f) { return f.remove_adapter("crg"); }},
  };
  for (const refused_call& one : calls) {
    lockfile file = with_view_in(view_state::ready);
    ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d0", at(0)));
    const lockfile before = file;
    const outcome<> done = one.call(file);
    ASSERT_FALSE(done) << one.what;
    EXPECT_EQ(done.why().code, one.code) << one.what << ": " << done.why().message;
    EXPECT_FALSE(done.why().message.empty());
    EXPECT_EQ(file, before) << one.what;
  }
}

TEST(Lockfile, RefusalsNameTheViewAndItsStatus) {
  lockfile file = with_view_in(view_state::ready);
  EXPECT_EQ(file.mark_view_rebuilt(comp_v, "d", schemas_not_known, at(1)).why().message,
            "view comp/v is \"ready\": rebuilt is refused, it awaits no rebuild");
  EXPECT_EQ(file.resolve_recompat(comp_v, verdict::failed, {}, at(1)).why().message,
            "view comp/v is \"ready\": validation failed is refused, it awaits no verdict");
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

TEST(Lockfile, ABumpFreezesEveryReadyDependentAndReturnsThemInOrder) {
  lockfile file;
  const dependency on_crg{"crg", "sha256:d0", ""};
  for (std::string_view owner : {"b", "a"}) {
    for (std::string_view name : {"2", "1"}) {
      ASSERT_TRUE(file.register_view({owner, name}, "d", {&on_crg, 1}, at(0)));
    }
    ASSERT_TRUE(file.register_view({owner, "independent"}, "d", {}, at(0)));
  }
  const auto bumped = file.mark_dependee_bumped("crg", at(1));
  ASSERT_TRUE(bumped);
  EXPECT_EQ(texts(*bumped), (std::vector<std::string>{"a/1", "a/2", "b/1", "b/2"}));
  EXPECT_EQ(file.state({"a", "independent"}), view_state::ready);
  EXPECT_EQ(history(file, {"a", "1"}).back(), "ready > pending-recompat-check (dependee-bump:crg)");
  EXPECT_TRUE(file.mark_dependee_bumped("crg", at(2))->empty());
}

TEST(Lockfile, ABumpToAKnownSchemaLeavesTheViewsAloneThatRecordedIt) {
  lockfile file;
  const dependency on_old{"crg", "sha256:d0", ""};
  const dependency on_new{"crg", "sha256:d1", ""};
  ASSERT_TRUE(file.register_view({"a", "old"}, "d", {&on_old, 1}, at(0)));
  ASSERT_TRUE(file.register_view({"a", "new"}, "d", {&on_new, 1}, at(0)));
  const auto bumped = file.mark_dependee_bumped("crg", at(1), {"sha256:d1", "2.0.0"});
  EXPECT_EQ(texts(*bumped), (std::vector<std::string>{"a/old"}));
  EXPECT_EQ(history(file, {"a", "old"}).back(), "ready > pending-recompat-check (dependee-bump:crg@2.0.0)");
}

TEST(Lockfile, APassReplacesDependenciesOnlyWhenNewOnesAreGiven) {
  lockfile file = with_view_in(view_state::pending_recompat_check);
  lockfile same = file;
  ASSERT_TRUE(same.resolve_recompat(comp_v, verdict::passed, {}, at(9)));
  EXPECT_EQ(same.find_view(comp_v)->depends_on[0].schema_digest, "sha256:d0");

  const dependency now_on[] = {{"x", "sha256:x", ""}, {"y", "sha256:y", ""}};
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, now_on, at(9)));
  EXPECT_EQ(file.find_view(comp_v)->depends_on.size(), 2U);
  EXPECT_EQ(file.find_view(comp_v)->last_validation_at, "2026-07-01T12:00:09Z");
}

TEST(Lockfile, AFailureKeepsTheRecordedDependencies) {
  lockfile file = with_view_in(view_state::pending_recompat_check);
  const dependency ignored{"x", "sha256:x", ""};
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::failed, {&ignored, 1}, at(9)));
  EXPECT_EQ(file.find_view(comp_v)->depends_on[0].adapter, "crg");
  EXPECT_EQ(texts(file.activation_blockers("crg")), (std::vector<std::string>{"comp/v"}));
  EXPECT_TRUE(file.activation_blockers("x").empty());
}

TEST(Lockfile, ASecondFailureMovesOnlyTheTimeOfValidation) {
  lockfile file = with_view_in(view_state::dsl_update_required);
  const lockfile before = file;
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::failed, {}, at(9)));
  EXPECT_EQ(file.find_view(comp_v)->last_validation_at, "2026-07-01T12:00:09Z");
  EXPECT_EQ(file.find_view(comp_v)->state_history, before.find_view(comp_v)->state_history);
  EXPECT_EQ(file.find_view(comp_v)->status, before.find_view(comp_v)->status);
  EXPECT_TRUE(file.find_view(comp_v)->touched);
}

TEST(Lockfile, ASecondFailureTouchesTheEntry) {
  for (const bool again : {false, true}) {
    lockfile_restorer restore;
    view* entry = restore.add_view(*restore.add_adapter("comp"), "v");
    entry->status = recorded_status(view_status::dsl_update_required);
    lockfile file = std::move(restore).finish();
    EXPECT_FALSE(file.find_view(comp_v)->touched);
    ASSERT_TRUE(again ? file.revalidate(comp_v, verdict::failed, {}, at(9))
                      : file.resolve_recompat(comp_v, verdict::failed, {}, at(9)));
    EXPECT_TRUE(file.find_view(comp_v)->touched);
    EXPECT_EQ(file.find_view(comp_v)->last_validation_at, "2026-07-01T12:00:09Z");
  }
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
}

TEST(Lockfile, AViewsOwnDependenciesMayBeGivenAsItsNewOnes) {
  lockfile file = with_view_in(view_state::pending_recompat_check);
  const auto& own = file.find_view(comp_v)->depends_on;
  ASSERT_TRUE(file.resolve_recompat(comp_v, verdict::passed, own, at(9)));
  EXPECT_EQ(file.find_view(comp_v)->depends_on[0], (dependency{"crg", "sha256:d0", "1.0.0"}));
}

TEST(Lockfile, ABuildAgainstAnotherSchemaThanRecordedIsRefused) {
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d1", at(5)));
  const adapter_schema read{"crg", "sha256:d1"};
  const lockfile before = file;
  const auto done = file.mark_view_rebuilt(comp_v, "sha256:v1", {read}, at(6));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.why().code, refusal_code::built_against_another_schema);
  EXPECT_EQ(file, before);
}

TEST(Lockfile, ABuildAgainstTheRecordedSchemaMakesTheViewReady) {
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d0", at(5)));
  const adapter_schema read[] = {{"crg", "sha256:d0"}, {"unrelated", "sha256:u"}};
  ASSERT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", read, at(6)));
  EXPECT_EQ(file.state(comp_v), view_state::ready);
  EXPECT_EQ(file.find_view(comp_v)->view_digest, "sha256:v1");
  EXPECT_EQ(file.find_view(comp_v)->last_rebuilt_at, "2026-07-01T12:00:06Z");
}

TEST(Lockfile, ADependeeWithoutAnEntryIsNotCompared) {
  lockfile file = with_view_in(view_state::pending_rebuild);
  const adapter_schema read{"crg", "sha256:another"};
  EXPECT_TRUE(file.mark_view_rebuilt(comp_v, "sha256:v1", {read}, at(6)));
}

TEST(Lockfile, AnotherSchemaOfADependeeNeedsACutover) {
  lockfile file = with_view_in(view_state::ready);
  EXPECT_TRUE(file.dependents_on_another_schema("crg", "sha256:d0").empty());
  EXPECT_EQ(texts(file.dependents_on_another_schema("crg", "sha256:d1")),
            (std::vector<std::string>{"comp/v"}));
  ASSERT_TRUE(file.activate("crg", "s", "sha256:d0", at(1)));
  EXPECT_TRUE(file.dependents_on_another_schema("crg", "sha256:d0").empty());
  EXPECT_EQ(texts(file.dependents_on_another_schema("crg", "sha256:d1")),
            (std::vector<std::string>{"comp/v"}));
  EXPECT_TRUE(file.dependents_on_another_schema("unrelated", "x").empty());
}

TEST(Lockfile, AnActiveSchemaIsNotLeftBecauseTheDependentsAlreadyRecordAnother) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("crg", "s", "sha256:dX", at(1)));
  EXPECT_EQ(texts(file.dependents_on_another_schema("crg", "sha256:d0")),
            (std::vector<std::string>{"comp/v"}));
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

TEST(Lockfile, WhatIsReportedAboutViewsOutlivesTheLockfile) {
  std::vector<owned_key> blockers;
  std::vector<owned_key> candidates;
  std::vector<owned_key> dependents;
  {
    const lockfile file = with_view_in(view_state::dsl_update_required);
    blockers = file.activation_blockers("crg");
    candidates = file.cutover_candidates("crg", "sha256:d1");
    dependents = file.dependents_on_another_schema("crg", "sha256:d1");
  }
  for (const auto& report : {blockers, candidates, dependents})
    EXPECT_EQ(texts(report), (std::vector<std::string>{"comp/v"}));
}

TEST(Lockfile, ACopySharesNothingWithItsOriginal) {
  auto original = std::make_unique<lockfile>(with_view_in(view_state::unrecognised));
  lockfile copy = *original;
  EXPECT_EQ(copy, *original);
  ASSERT_TRUE(original->remove_adapter("comp"));
  original.reset();
  EXPECT_EQ(copy.find_view(comp_v)->status.text(), "garbage");
  EXPECT_EQ(copy.find_view(comp_v)->depends_on[0].adapter, "crg");

  lockfile assigned;
  assigned = copy;
  EXPECT_EQ(assigned, copy);
  const lockfile& itself = assigned;
  assigned = itself;
  EXPECT_EQ(assigned, copy);
}

TEST(Lockfile, AssignedToItselfItStaysAsItIs) {
  lockfile file = with_view_in(view_state::ready);
  const lockfile before = file;
  const view* const entry = file.find_view(comp_v);
  const lockfile& itself = file;
  file = itself;
  EXPECT_EQ(file, before);
  EXPECT_EQ(file.find_view(comp_v), entry);
  lockfile& again = file;
  file = std::move(again);
  EXPECT_EQ(file, before);
}

TEST(Lockfile, AMoveKeepsWhatWasHandedOut) {
  lockfile file = with_view_in(view_state::ready);
  const view* entry = file.find_view(comp_v);
  const std::string_view digest = entry->view_digest;
  const lockfile moved = std::move(file);
  EXPECT_EQ(moved.find_view(comp_v), entry);
  EXPECT_EQ(digest, "sha256:v0");
  lockfile target = with_view_in(view_state::pending_rebuild);
  target = lockfile(moved);
  EXPECT_EQ(target, moved);
}

TEST(Lockfile, WhatIsPassedInIsCopied) {
  lockfile file;
  std::string name = "comp";
  std::string digest = "sha256:v0";
  std::string dependee = "crg";
  const dependency on{dependee, digest, digest};
  ASSERT_TRUE(file.register_view({name, name}, digest, {&on, 1}, at(0)));
  name = dependee = digest = "overwritten";
  ASSERT_NE(file.find_view({"comp", "comp"}), nullptr);
  EXPECT_EQ(file.find_view({"comp", "comp"})->depends_on[0], (dependency{"crg", "sha256:v0", "sha256:v0"}));
}

TEST(Lockfile, SameFactsLooksAtTheEntryAndAtTheSchemasItReads) {
  const lockfile one = with_view_in(view_state::ready);
  lockfile other = one;
  EXPECT_TRUE(one.same_facts(other, comp_v));
  EXPECT_FALSE(one.same_facts(other, {"comp", "x"}));
  ASSERT_TRUE(other.activate("unrelated", "s", "d", at(1)));
  EXPECT_TRUE(one.same_facts(other, comp_v));
  ASSERT_TRUE(other.activate("crg", "s", "d", at(1)));
  EXPECT_FALSE(one.same_facts(other, comp_v));
  lockfile bumped = one;
  ASSERT_TRUE(bumped.mark_dependee_bumped("crg", at(1)));
  EXPECT_FALSE(one.same_facts(bumped, comp_v));
}

TEST(Lockfile, AViewThatOneOfTwoLacksHasOtherFacts) {
  const lockfile with = with_view_in(view_state::ready);
  const lockfile without;
  EXPECT_FALSE(with.same_facts(without, comp_v));
  EXPECT_FALSE(without.same_facts(with, comp_v));
}

TEST(LockfileRestorer, RefusesTheSameNameTwice) {
  lockfile_restorer restore;
  adapter* owner = restore.add_adapter("a");
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(restore.add_adapter("a"), nullptr);
  EXPECT_NE(restore.add_view(*owner, "v"), nullptr);
  EXPECT_EQ(restore.add_view(*owner, "v"), nullptr);
  EXPECT_NE(restore.add_adapter("A"), nullptr);
  const lockfile file = std::move(restore).finish();
  EXPECT_EQ(file.adapters().size(), 2U);
}

TEST(LockfileRestorer, KeepsWhatItBorrowsAlive) {
  auto text = std::make_shared<const std::string>("a borrowed digest that is too long to be stored inline");
  lockfile_restorer restore(text);
  restore.add_adapter("a")->source_digest = *text;
  const lockfile file = std::move(restore).finish();
  text.reset();
  EXPECT_EQ(file.find_adapter("a")->source_digest, "a borrowed digest that is too long to be stored inline");
}

TEST(Revalidate, IsForAViewThatAwaitsAVerdictOrItsRebuild) {
  const dependency fresh[] = {{"crg", "sha256:d9", "9"}};
  for (std::size_t i = 0; i < view_state_count; ++i) {
    const auto state = static_cast<view_state>(i);
    lockfile file = with_view_in(state);
    const lockfile before = file;
    const auto done = file.revalidate(comp_v, verdict::passed, fresh, at(50));
    const bool awaits = state == view_state::pending_rebuild || state == view_state::pending_recompat_check ||
                        state == view_state::dsl_update_required;
    EXPECT_EQ(done.has_value(), awaits) << name(state);
    if (!done) {
      EXPECT_EQ(done.why().code,
                state == view_state::none ? refusal_code::unknown_view : refusal_code::no_such_transition);
      EXPECT_EQ(file, before);
      continue;
    }
    const view& entry = *file.find_view(comp_v);
    EXPECT_EQ(entry.status.state(), view_state::pending_rebuild);
    EXPECT_EQ(entry.depends_on.front(), fresh[0]);
    EXPECT_EQ(entry.last_validation_at, format_rfc3339(at(50))->view());
    EXPECT_EQ(entry.state_history.entries().size(), before.find_view(comp_v)->state_history.entries().size() +
                                                        (state == view_state::pending_rebuild ? 0U : 1U));
    EXPECT_TRUE(entry.touched);
  }
}

TEST(Revalidate, AFailureKeepsTheDependenciesAndMovesAsAVerdictDoes) {
  for (const view_state state :
       {view_state::pending_rebuild, view_state::pending_recompat_check, view_state::dsl_update_required}) {
    lockfile file = with_view_in(state);
    const view before = *file.find_view(comp_v);
    const dependency fresh[] = {{"crg", "sha256:d9", "9"}};
    ASSERT_TRUE(file.revalidate(comp_v, verdict::failed, fresh, at(50)));
    const view& after = *file.find_view(comp_v);
    EXPECT_EQ(after.last_validation_at, format_rfc3339(at(50))->view());
    EXPECT_EQ(after.depends_on, before.depends_on);
    EXPECT_EQ(after.status.state(), state == view_state::pending_rebuild ? view_state::pending_rebuild
                                                                         : view_state::dsl_update_required);
  }
}

TEST(Revalidate, APassRecordsTheActiveDigestOfEachAdapterThatHasAnEntry) {
  for (const view_state state :
       {view_state::pending_rebuild, view_state::pending_recompat_check, view_state::dsl_update_required}) {
    lockfile_restorer restore;
    adapter& comp = *restore.add_adapter("comp");
    view& entry = *restore.add_view(comp, "v");
    entry.status = recorded_status(status_of(state));
    entry.depends_on = {{"crg", "sha256:d0", "1"},
                        {"gone", "sha256:g", "1"},
                        {"same", "sha256:s", "7"},
                        {"crg", "", "0"},
                        {"comp", "sha256:c", "2"}};
    restore.add_adapter("crg")->schema_digest = "sha256:d1";
    restore.add_adapter("same")->schema_digest = "sha256:s";
    lockfile file = std::move(restore).finish();
    ASSERT_TRUE(file.revalidate(comp_v, verdict::passed, {}, at(50)));
    const auto& recorded = file.find_view(comp_v)->depends_on;
    const std::vector<dependency> now(recorded.begin(), recorded.end());
    EXPECT_EQ(now, (std::vector<dependency>{{"crg", "sha256:d1", ""},
                                            {"gone", "sha256:g", "1"},
                                            {"same", "sha256:s", "7"},
                                            {"crg", "sha256:d1", ""},
                                            {"comp", "", ""}}));
    EXPECT_TRUE(waiting(file).is_rebuildable(comp_v));
  }
}

TEST(Revalidate, NewDependenciesThatNameASchemaThatIsNotActiveAreRefused) {
  const dependency fresh[] = {{"other", "sha256:x", ""}, {"crg", "sha256:d9", "9"}};
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(9)));
  lockfile before = file;
  const auto done = file.revalidate(comp_v, verdict::passed, fresh, at(50));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.why().code, refusal_code::built_against_another_schema);
  EXPECT_EQ(done.why().message,
            "the new dependencies of view comp/v name the schema sha256:d9 of crg, and sha256:d1 is active");
  EXPECT_EQ(file, before);
  EXPECT_TRUE(file.revalidate(comp_v, verdict::failed, fresh, at(50))) << "a failure records none";

  ASSERT_TRUE(before.activate("crg", "sha256:s", "", at(9)));
  EXPECT_EQ(before.revalidate(comp_v, verdict::passed, fresh, at(50)).why().message,
            "the new dependencies of view comp/v name the schema sha256:d9 of crg, and none is active");
}

TEST(Revalidate, NewDependenciesThatNameTheActiveSchemaAreRecorded) {
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(9)));
  const dependency fresh[] = {{"crg", "sha256:d1", "9"}};
  ASSERT_TRUE(file.revalidate(comp_v, verdict::passed, fresh, at(50)));
  EXPECT_EQ(file.find_view(comp_v)->depends_on[0], fresh[0]);
}

TEST(FactsText, IsTheSameExactlyWhenTheFactsAre) {
  const view_key key{"comp", "v"};
  lockfile file = with_view_in(view_state::pending_rebuild);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d0", at(9)));
  const auto agree = [&](const lockfile& other) {
    return file.same_facts(other, key) == (file.facts_text(key) == other.facts_text(key));
  };
  const auto changed = [&](auto change) {
    lockfile other = file;
    EXPECT_TRUE(change(other));
    EXPECT_TRUE(agree(other));
    return !file.same_facts(other, key);
  };
  EXPECT_TRUE(agree(file));
  EXPECT_FALSE(changed([](lockfile& it) { return it.activate("crg", "sha256:s2", "sha256:d0", at(90)); }));
  EXPECT_FALSE(changed([](lockfile& it) { return it.activate("other", "sha256:s", "sha256:x", at(90)); }));
  EXPECT_TRUE(changed([](lockfile& it) { return it.activate("crg", "sha256:s", "sha256:d1", at(90)); }));
  EXPECT_TRUE(changed([](lockfile& it) { return it.remove_adapter("crg"); }));
  EXPECT_TRUE(changed([&](lockfile& it) { return it.revalidate(key, verdict::failed, {}, at(90)); }));
  EXPECT_TRUE(changed(
      [&](lockfile& it) { return it.mark_view_rebuilt(key, "sha256:w", schemas_not_known, at(90)); }));
  EXPECT_EQ(file.facts_text({"comp", "nothing"}), "");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
