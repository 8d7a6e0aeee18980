#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"
#include "allocation_counter.hpp"
#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::history;
using testing::texts;
using testing::with_view_in;
using std::string_literals::operator""s;

using answers = std::optional<std::vector<presence>>;

/// A store that holds each view as it is recorded, but for those that are said.
class recorded_store {
 public:
  std::map<std::string, presence, std::less<>> otherwise;
  /// The views of each question.
  std::vector<std::vector<std::string>> asked;

  auto query() {
    return [this](const presence_questions& about) -> answers {
      std::vector<presence> all;
      for (const std::string_view digest : about.recorded)
        all.push_back({true, digest});
      asked.emplace_back();
      for (std::size_t i = 0; i < about.keys.size(); ++i) {
        const std::string& key = asked.back().emplace_back(to_string(about.keys[i]));
        const auto found = otherwise.find(key);
        if (found != otherwise.end()) all[i] = found->second;
      }
      return all;
    };
  }
};

/// Every call of the visitor, in order.
class told : public reconcile_visitor {
 public:
  std::vector<std::string> lines;

  void changed(const state_change& one) override {
    lines.push_back(to_string(one.key) + ": " + std::string(one.reason));
  }
  void validation_due(view_key key) override { lines.push_back(to_string(key) + " is due"); }
  void gate_shut(view_key key) override { lines.push_back(to_string(key) + " is shut"); }
  void every_digest_differs(std::string_view adapter) override {
    lines.push_back(std::string(adapter) + " differs");
  }
};

/// What a whole pass finds in a copy, where the store holds all as it is recorded.
whole_pass_report pass_over(lockfile file) {
  recorded_store store;
  reconcile_visitor nobody;
  const auto query = store.query();
  auto report = file.whole_pass(query, nobody, at(9));
  EXPECT_TRUE(report);
  return report ? *report : whole_pass_report();
}

void add_ready(lockfile_restorer& restore, adapter& owner, const std::string& name,
               const std::string& dependee) {
  view* entry = restore.add_view(owner, restore.keep(name));
  entry->status = recorded_status("ready");
  entry->view_digest = "sha256:v0";
  entry->depends_on.push_back({restore.keep(dependee), "sha256:d0", ""});
}

TEST(WholePass, AsksAboutWhatIsReadyAndMissedNoBump) {
  for (view_state state : recorded_states) {
    for (const char* active : {"sha256:d0", "sha256:d1"}) {
      lockfile file = with_view_in(state);
      ASSERT_TRUE(file.activate("crg", "sha256:s", active, at(9)));
      const bool is_asked = state == view_state::ready && active == "sha256:d0"s;
      recorded_store store;
      reconcile_visitor nobody;
      const auto query = store.query();
      ASSERT_TRUE(file.whole_pass(query, nobody, at(10)));
      // An empty question is none.
      EXPECT_EQ(store.asked, std::vector(is_asked ? 1 : 0, std::vector{"comp/v"s})) << name(state);
    }
  }
}

TEST(WholePass, MarksAMissedBumpAndTellsThatItsValidationIsDue) {
  lockfile file = with_view_in(view_state::ready);
  ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(9)));
  recorded_store store;
  told visitor;
  const auto query = store.query();
  const auto report = file.whole_pass(query, visitor, at(10));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->missed, (std::vector<missed_bump>{{"comp", "v", "crg", "sha256:d0", "sha256:d1"}}));
  EXPECT_EQ(history(file, comp_v).back(), "ready > pending-recompat-check (dependee-bump:crg)");
  EXPECT_EQ(visitor.lines, std::vector{"comp/v is due"s});
  EXPECT_EQ(report->counts.changed, 0U);
  EXPECT_EQ(report->counts.validation_due, 1U);
  EXPECT_EQ(report->counts.by_state[static_cast<std::size_t>(view_state::pending_recompat_check)], 1U);
}

/// Adapters a to d with views in all states, some known before others that are asked about.
lockfile populated() {
  lockfile_restorer restore;
  for (const char* owner : {"a", "b", "c", "d"}) {
    adapter* entry = restore.add_adapter(owner);
    entry->schema_digest = "sha256:d1";
    const auto add = [&](const char* name, const char* status, const char* recorded) {
      view* made = restore.add_view(*entry, name);
      made->status = recorded_status(status);
      made->view_digest = "sha256:v0";
      made->depends_on.push_back({"a", recorded, ""});
    };
    add("1 due", "pending-recompat-check", "sha256:d1");
    add("2 ready", "ready", "sha256:d1");
    add("3 shut", "dsl-update-required", "sha256:d1");
    add("4 ready", "ready", "sha256:d1");
    add("5 missed", "ready", "sha256:d0");
    add("6 garbage", "", "sha256:d1");
    add("7 rebuild", "pending-rebuild", "sha256:d1");
  }
  return std::move(restore).finish();
}

TEST(WholePass, TellsInByteOrderWhateverItAskedAbout) {
  lockfile file = populated();
  recorded_store store;
  store.otherwise = {{"b/2 ready", {}},
                     {"c/2 ready", {true, "other"}},
                     {"c/4 ready", {true, ""}},
                     {"d/4 ready", {true, "other"}}};
  told visitor;
  const auto query = store.query();
  const auto report = file.whole_pass(query, visitor, at(10));
  ASSERT_TRUE(report);
  const std::vector<std::string> expected{"a/1 due is due",
                                          "a/3 shut is shut",
                                          "a/5 missed is due",
                                          "a/6 garbage: invalid view_status",
                                          "b/1 due is due",
                                          "b/2 ready: view tables absent",
                                          "b/3 shut is shut",
                                          "b/5 missed is due",
                                          "b/6 garbage: invalid view_status",
                                          "c/1 due is due",
                                          "c/2 ready: view digest mismatch",
                                          "c/3 shut is shut",
                                          "c/4 ready: view digest mismatch",
                                          "c/5 missed is due",
                                          "c/6 garbage: invalid view_status",
                                          "c differs",
                                          "d/1 due is due",
                                          "d/3 shut is shut",
                                          "d/4 ready: view digest mismatch",
                                          "d/5 missed is due",
                                          "d/6 garbage: invalid view_status"};
  EXPECT_EQ(visitor.lines, expected);
  EXPECT_EQ(report->counts.changed, 8U);
  EXPECT_EQ(report->counts.validation_due, 8U);
  EXPECT_EQ(report->counts.gates_shut, 4U);
  std::array<std::size_t, view_state_count> after{};
  for (view_key key : file.view_keys())
    ++after[static_cast<std::size_t>(file.state(key))];
  EXPECT_EQ(after[static_cast<std::size_t>(view_state::ready)], 4U);
  EXPECT_EQ(report->counts.by_state, after);
}

/// Adapters with so many ready views each.
lockfile with_ready(const std::vector<std::size_t>& views) {
  lockfile_restorer restore;
  for (std::size_t i = 0; i < views.size(); ++i) {
    adapter* owner = restore.add_adapter(restore.keep("a" + std::to_string(100 + i)));
    owner->schema_digest = "sha256:d0";
    for (std::size_t j = 0; j < views[i]; ++j)
      add_ready(restore, *owner, "v" + std::to_string(10'000 + j), "a100");
  }
  return std::move(restore).finish();
}

TEST(WholePass, AsksAboutManyViewsAtATimeAndAboutAnAdapterAtOnce) {
  lockfile file = with_ready({2000, 47, 1, 5000, 0, 2047, 1});
  recorded_store store;
  reconcile_visitor nobody;
  const auto query = store.query();
  const auto report = file.whole_pass(query, nobody, at(10));
  ASSERT_TRUE(report);
  std::vector<std::size_t> sizes;
  std::vector<std::string> asked;
  for (const auto& question : store.asked) {
    sizes.push_back(question.size());
    asked.insert(asked.end(), question.begin(), question.end());
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{2048, 5000, 2048}));
  EXPECT_EQ(asked, texts(file.view_keys()));
  EXPECT_EQ(report->counts.by_state[static_cast<std::size_t>(view_state::ready)], 9096U);
}

TEST(WholePass, TellsOfEachQuestionsAdaptersOnce) {
  lockfile_restorer restore;
  std::vector<std::string> expected;
  for (const std::string name : {"a", "b", "c"}) {
    adapter* owner = restore.add_adapter(restore.keep(name));
    restore.add_view(*owner, "due")->status = recorded_status("pending-recompat-check");
    for (std::size_t i = 0; i < 2048; ++i)
      add_ready(restore, *owner, "v" + std::to_string(10'000 + i), "none");
    restore.add_view(*owner, "x shut")->status = recorded_status("dsl-update-required");
    expected.insert(expected.end(),
                    {name + "/due is due", name + "/v10007: view tables absent", name + "/x shut is shut"});
  }
  lockfile file = std::move(restore).finish();
  recorded_store store;
  store.otherwise = {{"a/v10007", {}}, {"b/v10007", {}}, {"c/v10007", {}}};
  told visitor;
  const auto query = store.query();
  const auto report = file.whole_pass(query, visitor, at(10));
  ASSERT_TRUE(report);
  EXPECT_EQ(store.asked.size(), 3U);
  EXPECT_EQ(visitor.lines, expected);
  EXPECT_EQ(report->missing.size(), 3U * 2048);
  EXPECT_EQ(report->counts.by_state[static_cast<std::size_t>(view_state::ready)], 3U * 2047);
}

TEST(WholePass, AnAnswerThatIsMissingStopsItAndChangesNothing) {
  const answers none;
  const answers one_too_few(std::in_place, 5999);
  const answers one_too_many(std::in_place, 6001);
  for (const answers* last : {&none, &one_too_few, &one_too_many}) {
    lockfile file = with_ready({4000, 6000});
    const lockfile before = file;
    told visitor;
    int questions = 0;
    const auto fails_at_the_last = [&](const presence_questions& about) -> answers {
      return ++questions == 1 ? answers(std::in_place, about.keys.size()) : *last;
    };
    const auto report = file.whole_pass(fails_at_the_last, visitor, at(10));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.why().code, refusal_code::presence_unknown);
    EXPECT_EQ(questions, 2);
    EXPECT_EQ(file, before);
    EXPECT_TRUE(visitor.lines.empty());
  }
}

TEST(WholePass, AnAnswerThatIsMissingLeavesAMissedBumpUnmarked) {
  lockfile file = populated();
  const lockfile before = file;
  reconcile_visitor nobody;
  const auto knows_nothing = [](const presence_questions&) { return answers(); };
  ASSERT_FALSE(file.whole_pass(knows_nothing, nobody, at(10)));
  EXPECT_EQ(file, before);
}

TEST(WholePass, ATimeThatCanNotBeSpeltIsRefusedBeforeAnythingIsAsked) {
  lockfile file = populated();
  const lockfile before = file;
  recorded_store store;
  reconcile_visitor nobody;
  const auto query = store.query();
  const auto report = file.whole_pass(query, nobody, timestamp::max());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.why().code, refusal_code::time_out_of_range);
  EXPECT_TRUE(store.asked.empty());
  EXPECT_EQ(file, before);
}

TEST(WholePass, OfAnEmptyLockfileFindsNothing) {
  const whole_pass_report report = pass_over(lockfile());
  EXPECT_TRUE(report.missed.empty());
  EXPECT_TRUE(report.missing.empty());
  EXPECT_EQ(report.counts.by_state, reconcile_counts().by_state);
}

TEST(WholePass, WhatIsAsRecordedAllocatesForTheQuestionsAlone) {
  const auto allocations_for = [](std::size_t adapters) {
    lockfile file = with_ready(std::vector<std::size_t>(adapters, 2048));
    reconcile_visitor nobody;
    const std::vector<presence> all(2048, {true, "sha256:v0"});
    return testing::allocations_of([&] {
      const auto as_recorded = [&](const presence_questions&) { return answers(all); };
      EXPECT_EQ(file.whole_pass(as_recorded, nobody, at(1))->counts.changed, 0U);
    });
  };
  // Its own lists are as for two of them; each further one makes a list of answers.
  EXPECT_EQ(allocations_for(12) - allocations_for(2), 10U);
}

// Which adapter a record names.

TEST(WholePass, FindsEachDependeeByItsWholeName) {
  // Alike in what they begin with, and where one ends.
  const std::vector<std::string> active{"graph",           "graph-",     "graph-aaaaaaaa", "graph-aaaaaaaa1",
                                        "graph-aaaaaaaa2", "graph-b\0"s, "graph-b",        "graph-\xc3\xa9"};
  const std::vector<std::string> absent{"",
                                        "g",
                                        "a",
                                        "z",
                                        "grapz",
                                        "graph-a",
                                        "graph-aaaaaaaa0",
                                        "graph-aaaaaaaa11",
                                        "graph-aaaaaaaa3",
                                        "graph-b\0\0"s,
                                        "graph-c",
                                        "graph-\xc3\xaa"};
  lockfile_restorer restore;
  for (const std::string& one : active)
    restore.add_adapter(restore.keep(one))->schema_digest = "sha256:d1";
  adapter* owner = restore.add_adapter("graph-views");
  std::vector<missed_bump> missed;
  std::vector<missing_dependee> missing;
  for (std::size_t i = 0; i < active.size(); ++i) {
    const std::string view_name = "v" + std::to_string(i);
    add_ready(restore, *owner, view_name, active[i]);
    missed.push_back({"graph-views", view_name, active[i], "sha256:d0", "sha256:d1"});
  }
  for (std::size_t i = 0; i < absent.size(); ++i) {
    const std::string view_name = std::string("w") + static_cast<char>('a' + i);
    add_ready(restore, *owner, view_name, absent[i]);
    missing.push_back({"graph-views", view_name, absent[i]});
  }
  const lockfile file = std::move(restore).finish();
  const whole_pass_report report = pass_over(file);
  EXPECT_EQ(report.missed, missed);
  EXPECT_EQ(report.missing, missing);
  EXPECT_EQ(file.missing_dependees(), missing);
}

TEST(WholePass, FindsEachOfManyDependees) {
  // So many that some are found where another was guessed.
  constexpr std::size_t adapters = 2000;
  lockfile_restorer restore;
  std::vector<missed_bump> missed;
  for (std::size_t i = 0; i < adapters; ++i)
    restore.add_adapter(restore.keep("graph" + std::to_string(i)))->schema_digest = "sha256:d1";
  adapter* owner = restore.add_adapter("views");
  for (std::size_t i = 0; i < adapters; ++i) {
    const std::string view_name = "v" + std::to_string(10'000 + i);
    const std::string dependee = "graph" + std::to_string(i);
    add_ready(restore, *owner, view_name, dependee);
    missed.push_back({"views", view_name, dependee, "sha256:d0", "sha256:d1"});
  }
  EXPECT_EQ(pass_over(std::move(restore).finish()).missed, missed);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
