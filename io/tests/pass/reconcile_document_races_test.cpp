// Documents that change between the questions to the store and the writing of the answers.
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agentslock/io/reconcile_document.hpp"
#include "support/adapters_world.hpp"
#include "support/printers.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::bytes_of;
using testing::names_in;
using testing::temporary_directory;

using names = std::vector<std::string>;

void register_view(lockfile& file, const std::string& name, const std::string& digest) {
  const dependency on_crg[] = {{"crg", "sha256:d0", ""}};
  EXPECT_TRUE(file.register_view({"comp", name}, digest, on_crg, at(0)));
}

/// The views a, b and c of comp, which are ready and of which the store holds nothing. When the store is asked the
/// second question, another program changes the document.
class ReconcileRaces : public ::testing::Test {
 protected:
  ReconcileRaces() {
    change([](lockfile& file) {
      for (const char* name : {"a", "b", "c"})
        register_view(file, name, "sha256:v");
    });
  }

  void change(const std::function<void(lockfile&)>& by) {
    const auto done = store.update([&](lockfile& file) -> result<> {
      by(file);
      return {};
    });
    EXPECT_TRUE(done) << done.error().message();
  }

  /// Runs the pass; before the question of that number is answered, another program acts.
  result<reconciled> run(std::size_t question, const std::function<void()>& other_program,
                         reconcile_mode mode = reconcile_mode::write) {
    function_presence source([&, question](view_key key) -> result<stored_view> {
      asked.push_back(to_string(key));
      if (asked.size() == question) other_program();
      const auto found = digests.find(asked.back());
      return found == digests.end() ? stored_view() : stored_view(found->second);
    });
    return reconcile_document(store, source, mode);
  }
  result<reconciled> run_while(const std::function<void(lockfile&)>& other_program) {
    return run(2, [&] { change(other_program); });
  }

  [[nodiscard]] names changed(const reconciled& done) const {
    names lines;
    for (const auto& one : done.changes)
      lines.push_back(one.key.adapter + "/" + one.key.view);
    return lines;
  }
  [[nodiscard]] view_state state(std::string_view view) const {
    return store.load()->file().state({"comp", view});
  }

  temporary_directory directory;
  const lockfile_store store{directory / "lock"};
  std::map<std::string, std::string> digests;
  names asked;
};

TEST_F(ReconcileRaces, AnswersCountForViewsThatDidNotChange) {
  const auto done = run_while([](lockfile& file) { EXPECT_TRUE(file.activate("new", "s", "d", at(1))); });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(asked, (names{"comp/a", "comp/b", "comp/c"})) << "nothing is asked twice";
  EXPECT_EQ(changed(*done), (names{"comp/a", "comp/b", "comp/c"}));
  EXPECT_TRUE(done->written);
  EXPECT_EQ(state("a"), view_state::pending_rebuild);
  EXPECT_NE(store.load()->file().find_adapter("new"), nullptr) << "the other program's change stays";
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST_F(ReconcileRaces, AnswersCountWhenOnlyOtherSectionsOrTheLayoutChanged) {
  const auto done = run(2, [&] { (void)directory.make_file("lock", *bytes_of(store.path()) + "\n\n"); });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(asked.size(), 3U);
  EXPECT_EQ(changed(*done).size(), 3U);
  EXPECT_TRUE(bytes_of(store.path())->ends_with("}\n\n\n"));
}

TEST_F(ReconcileRaces, EachAnswerCountsForTheViewThatItIsAbout) {
  digests = {{"comp/w", "sha256:v"}, {"comp/x", "sha256:other"}, {"comp/x2", ""}, {"comp/z", "sha256:v"}};
  change([](lockfile& file) {
    const dependency of_any_schema[] = {{"crg", "", ""}};
    for (const char* name : {"w", "x", "x2", "y", "z"})
      EXPECT_TRUE(file.register_view({"comp", name}, "sha256:v", of_any_schema, at(0)));
    // Now a, b and c have missed a bump, and nobody asks about them.
    EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(1)));
  });
  const auto done = run_while([](lockfile& file) { EXPECT_TRUE(file.activate("new", "s", "d", at(2))); });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(asked, (names{"comp/w", "comp/x", "comp/x2", "comp/y", "comp/z"})) << "nothing is asked twice";
  EXPECT_EQ(changed(*done), (names{"comp/a", "comp/b", "comp/c", "comp/x", "comp/x2", "comp/y"}));
  EXPECT_EQ(done->changes[2].kind, reconciled::change_kind::missed_bump);
  EXPECT_EQ(done->changes[3].reason, "view digest mismatch");
  EXPECT_EQ(done->changes[4].reason, "view digest mismatch");
  EXPECT_EQ(done->changes[5].reason, "view tables absent");
  EXPECT_TRUE(done->every_digest_differs.empty());
  for (const char* name : {"w", "z"})
    EXPECT_EQ(state(name), view_state::ready);
}

TEST_F(ReconcileRaces, ThatAllDigestsDifferIsSaidOfAChangedDocumentToo) {
  digests = {{"comp/a", "sha256:1"}, {"comp/b", "sha256:2"}};
  const auto done = run_while([](lockfile& file) { EXPECT_TRUE(file.activate("new", "s", "d", at(1))); });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->every_digest_differs, names{"comp"});
}

TEST_F(ReconcileRaces, AViewWhoseEntryChangedIsAskedForAgain) {
  const auto done = run_while([&](lockfile& file) {
    EXPECT_TRUE(file.remove_view({"comp", "a"}));
    register_view(file, "a", "sha256:new");
    digests["comp/a"] = "sha256:new";
  });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(asked, (names{"comp/a", "comp/b", "comp/c", "comp/a"})) << "the one that changed, and no other";
  EXPECT_EQ(changed(*done), (names{"comp/b", "comp/c"})) << "the old answer, absent, does not count";
  EXPECT_EQ(state("a"), view_state::ready);
  EXPECT_EQ(done->count(view_state::ready), 1U);
}

TEST_F(ReconcileRaces, AViewThatAppearedIsAskedFor) {
  const auto done = run_while([&](lockfile& file) {
    register_view(file, "aa", "sha256:new");
    register_view(file, "z", "sha256:new");
    digests["comp/z"] = "sha256:new";
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(asked, (names{"comp/a", "comp/b", "comp/c", "comp/aa", "comp/z"}));
  EXPECT_EQ(changed(*done), (names{"comp/a", "comp/aa", "comp/b", "comp/c"}));
  EXPECT_EQ(done->views, 5U);
}

TEST_F(ReconcileRaces, AnswersCountBesideAViewThatNeededNone) {
  change([](lockfile& file) {
    const dependency on_other[] = {{"other", "sha256:o", ""}};
    EXPECT_TRUE(file.register_view({"comp", "aa"}, "sha256:v", on_other, at(0)));
    EXPECT_TRUE(file.mark_dependee_bumped("other", at(1)));
  });
  const auto done = run_while([](lockfile& file) { EXPECT_TRUE(file.activate("new", "s", "d", at(1))); });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(asked, (names{"comp/a", "comp/b", "comp/c"}))
      << "aa awaits a verdict, and nothing is asked twice";
  EXPECT_EQ(changed(*done), (names{"comp/a", "comp/b", "comp/c"}));
  EXPECT_EQ(state("aa"), view_state::pending_recompat_check);
}

TEST_F(ReconcileRaces, AViewThatWentIsForgotten) {
  const auto done = run_while([](lockfile& file) {
    EXPECT_TRUE(file.remove_view({"comp", "a"}));
    EXPECT_TRUE(file.remove_view({"comp", "c"}));
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(asked.size(), 3U);
  EXPECT_EQ(changed(*done), (names{"comp/b"}));
  EXPECT_EQ(done->views, 1U);
}

TEST_F(ReconcileRaces, AViewThatIsNoLongerReadyNeedsNoAnswer) {
  const auto done = run_while([](lockfile& file) {
    EXPECT_TRUE(file.remove_view({"comp", "b"}));
    EXPECT_TRUE(file.remove_view({"comp", "c"}));
    EXPECT_TRUE(file.mark_dependee_bumped("crg", at(1)));
    register_view(file, "b", "sha256:v");
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(asked, (names{"comp/a", "comp/b", "comp/c"})) << "b says again what it said";
  EXPECT_EQ(changed(*done), (names{"comp/b"}));
  ASSERT_EQ(done->validation_due.size(), 1U);
  EXPECT_EQ(done->validation_due[0].view, "a");
  EXPECT_EQ(state("a"), view_state::pending_recompat_check);
}

TEST_F(ReconcileRaces, WhatAnotherProgramHasDoneAlreadyIsNotReportedAsWritten) {
  const auto done = run_while([](lockfile& file) {
    reconcile_report report;
    EXPECT_TRUE(file.reconcile(nothing_present, report, at(9)));
  });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->changes.empty());
  EXPECT_FALSE(done->written);
  EXPECT_EQ(done->count(view_state::pending_rebuild), 3U);
}

TEST_F(ReconcileRaces, ADocumentThatWasRemovedIsNotMadeAgain) {
  const auto done = run(3, [&] { boost::filesystem::remove(store.path()); });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->changes.empty());
  EXPECT_FALSE(done->written);
  EXPECT_EQ(done->views, 0U);
  EXPECT_TRUE(names_in(directory.path()).empty());
}

TEST_F(ReconcileRaces, ADocumentThatBrokeIsAnErrorAndStays) {
  const auto done = run(3, [&] { (void)directory.make_file("lock", "{\"adapters\":"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::not_json);
  EXPECT_EQ(bytes_of(store.path()), "{\"adapters\":");
}

TEST_F(ReconcileRaces, AfterThreeRoundsOfChangeItIsAConflict) {
  int number = 0;
  function_presence source([&](view_key key) -> result<stored_view> {
    asked.push_back(to_string(key));
    if (key.view == "b") {
      change([&](lockfile& file) {
        EXPECT_TRUE(file.remove_view({"comp", "b"}));
        register_view(file, "b", "sha256:" + std::to_string(++number));
      });
    }
    return stored_view();
  });
  const auto done = reconcile_document(store, source, reconcile_mode::write);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_NE(done.error().message().find(store.path()), std::string::npos);
  EXPECT_EQ(asked, (names{"comp/a", "comp/b", "comp/c", "comp/b", "comp/b"}));
  for (const char* name : {"a", "b", "c"})
    EXPECT_EQ(state(name), view_state::ready) << "nothing was written";
  EXPECT_EQ(store.load()->file().find_view({"comp", "b"})->view_digest, "sha256:3");
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST_F(ReconcileRaces, TwoRoundsOfChangeAreBorne) {
  int number = 0;
  function_presence source([&](view_key key) -> result<stored_view> {
    asked.push_back(to_string(key));
    if (key.view == "b" && number < 2) {
      change([&](lockfile& file) {
        EXPECT_TRUE(file.remove_view({"comp", "b"}));
        register_view(file, "b", "sha256:" + std::to_string(++number));
      });
    }
    return stored_view();
  });
  const auto done = reconcile_document(store, source, reconcile_mode::write);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(asked, (names{"comp/a", "comp/b", "comp/c", "comp/b", "comp/b"}));
  EXPECT_EQ(changed(*done), (names{"comp/a", "comp/b", "comp/c"}));
  EXPECT_TRUE(done->written);
}

TEST_F(ReconcileRaces, CheckAnswersForTheDocumentThatItRead) {
  const auto done = run(
      2, [&] { change([](lockfile& file) { EXPECT_TRUE(file.remove_adapter("comp")); }); },
      reconcile_mode::check);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(changed(*done), (names{"comp/a", "comp/b", "comp/c"}));
  EXPECT_EQ(asked.size(), 3U);
}

TEST_F(ReconcileRaces, ASourceThatFailsInALaterRoundWritesNothing) {
  function_presence source([&](view_key key) -> result<stored_view> {
    asked.push_back(to_string(key));
    if (asked.size() == 2) {
      change([&](lockfile& file) {
        EXPECT_TRUE(file.remove_view({"comp", "a"}));
        register_view(file, "a", "sha256:new");
      });
    }
    if (asked.size() == 4) return error(errc::store_corrupt, "corrupt");
    return stored_view();
  });
  const auto done = reconcile_document(store, source, reconcile_mode::write);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::store_corrupt);
  for (const char* name : {"a", "b", "c"})
    EXPECT_EQ(state(name), view_state::ready);
}

TEST_F(ReconcileRaces, AMissedBumpIsMarkedBeforeTheTableAndItsStoreIsNotAsked) {
  digests = {{"comp/a", "sha256:v"}, {"comp/b", "sha256:v"}, {"comp/c", "sha256:v"}};
  const dependency none[] = {{"crg", "", ""}};
  change([&](lockfile& file) {
    EXPECT_TRUE(file.register_view({"comp", "z"}, "sha256:v", none, at(0)));
    EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(1)));
  });
  const auto done = run(0, [] {});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(asked, names{"comp/z"});
  ASSERT_EQ(done->changes.size(), 4U);
  EXPECT_EQ(done->changes[0].key, (named_view{"comp", "a"}));
  EXPECT_EQ(done->changes[0].kind, reconciled::change_kind::missed_bump);
  EXPECT_EQ(done->changes[0].to, view_status::pending_recompat_check);
  EXPECT_EQ(done->changes[0].reason, "dependee schema changed");
  EXPECT_EQ(done->changes[0].dependee, "crg");
  EXPECT_EQ(done->changes[3].key, (named_view{"comp", "z"}));
  EXPECT_EQ(done->changes[3].kind, reconciled::change_kind::reconciled);
  EXPECT_EQ(done->validation_due.size(), 3U);
  EXPECT_EQ(done->count(view_state::ready), 0U);
  EXPECT_TRUE(done->written);
  EXPECT_TRUE(store.load()->file().missed_bumps().empty());

  const auto again = run(0, [] {});
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->changes.empty());
}

TEST_F(ReconcileRaces, ABumpThatIsMissedWhileTheStoreIsAskedIsMarkedUnderTheLock) {
  digests = {{"comp/a", "sha256:v"}, {"comp/b", "sha256:v"}};
  const auto done =
      run_while([](lockfile& file) { EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(1))); });
  ASSERT_TRUE(done) << done.error().message();
  ASSERT_EQ(done->changes.size(), 3U);
  for (const auto& one : done->changes)
    EXPECT_EQ(one.kind, reconciled::change_kind::missed_bump);
  EXPECT_TRUE(store.load()->file().missed_bumps().empty());
}

TEST_F(ReconcileRaces, WithoutAStoreAMissedBumpIsNotReady) {
  change([](lockfile& file) { EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d1", at(1))); });
  const auto found = check_without_store(store);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->changes.size(), 3U);
  EXPECT_EQ(found->count(view_state::ready), 0U);
  EXPECT_EQ(store.load()->file().state({"comp", "a"}), view_state::ready);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
