#include "agentslock/io/reconcile_document.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/sidecar_lock.hpp"
#include "reconcile_fixture.hpp"
#include "support/pass_in_words.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::bytes_of;
using testing::changes_of;
using testing::names_in;
using testing::snapshot_of;

using names = std::vector<std::string>;
using ReconcileDocument = testing::reconcile_fixture;

TEST_F(ReconcileDocument, WhatIsConsistentChangesNothingAndTakesNoLock) {
  const auto before = snapshot_of(store.path());
  // Who took the lock now would be told that this thread holds it already.
  const auto held = sidecar_lock::acquire(platform::system(), store.path());
  ASSERT_TRUE(held);
  for (const reconcile_mode mode : {reconcile_mode::check, reconcile_mode::write}) {
    const auto done = reconcile_document(store, views, mode);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_TRUE(done->changes.empty());
    EXPECT_TRUE(done->existed);
    EXPECT_FALSE(done->written);
    EXPECT_EQ(done->views, 3U);
    EXPECT_EQ(done->count(view_state::ready), 3U);
  }
  EXPECT_EQ(snapshot_of(store.path()), before);
}

TEST_F(ReconcileDocument, WritesWhatChanged) {
  views.digests.erase("comp/a");
  views.digests["comp/b"] = "sha256:another";
  views.digests["comp/c"] = "";
  const auto done = reconcile_document(store, views, reconcile_mode::write);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(changes_of(*done), (names{"comp/a: ready > pending-rebuild (view tables absent)",
                                      "comp/b: ready > pending-rebuild (view digest mismatch)",
                                      "comp/c: ready > pending-rebuild (view digest mismatch)"}));
  EXPECT_TRUE(done->written);
  EXPECT_EQ(done->count(view_state::pending_rebuild), 3U);
  EXPECT_EQ(done->every_digest_differs, (names{"comp"}));
  for (const char* name : {"a", "b", "c"})
    EXPECT_EQ(state(name), view_state::pending_rebuild);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));

  const auto before = snapshot_of(store.path());
  const auto again = reconcile_document(store, views, reconcile_mode::write);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->changes.empty());
  EXPECT_FALSE(again->written);
  EXPECT_EQ(snapshot_of(store.path()), before);
}

TEST_F(ReconcileDocument, AsksOnceForEachReadyViewInOrder) {
  change([](lockfile& file) { EXPECT_TRUE(file.register_view({"Alpha", "z"}, "sha256:z", {}, at(0))); });
  for (const reconcile_mode mode : {reconcile_mode::check, reconcile_mode::write}) {
    views.asked.clear();
    ASSERT_TRUE(reconcile_document(store, views, mode));
    EXPECT_EQ(views.asked, (names{"Alpha/z", "comp/a", "comp/b", "comp/c"}));
  }
}

TEST_F(ReconcileDocument, ASourceThatFailsWritesNothing) {
  views.digests.clear();
  for (const char* failing : {"comp/a", "comp/b", "comp/c"}) {
    for (const reconcile_mode mode : {reconcile_mode::check, reconcile_mode::write}) {
      views.fails_for = failing;
      const auto before = snapshot_of(store.path());
      const auto done = reconcile_document(store, views, mode);
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().code(), errc::store_busy);
      EXPECT_EQ(done.error().message(), "busy");
      EXPECT_EQ(snapshot_of(store.path()), before);
      EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
    }
  }
}

TEST_F(ReconcileDocument, NeverAsksWhileTheLockIsHeld) {
  views.digests.clear();
  int tried = 0;
  views.when_asked = [&](const std::string& key) {
    // Were it held by this thread, it would be told so; were it held at all, there would be no time to wait.
    lock_options at_once;
    at_once.wait = std::chrono::nanoseconds(0);
    const auto here = sidecar_lock::acquire(platform::system(), store.path(), at_once);
    EXPECT_TRUE(here) << key << ": " << here.error().message();
    ++tried;
  };
  ASSERT_TRUE(reconcile_document(store, views, reconcile_mode::write));
  EXPECT_EQ(tried, 3);

  // Also in later rounds, after the document has changed under the pass.
  change([](lockfile& file) {
    for (const char* name : {"a", "b", "c"})
      EXPECT_TRUE(file.mark_view_rebuilt({"comp", name}, "sha256:n", schemas_not_known, at(3)));
  });
  tried = 0;
  views.when_asked = [&](const std::string& key) {
    std::thread([&] {
      lock_options at_once;
      at_once.wait = std::chrono::nanoseconds(0);
      const auto there = sidecar_lock::acquire(platform::system(), store.path(), at_once);
      EXPECT_TRUE(there) << key << ": " << there.error().message();
    }).join();
    if (++tried != 2) return;
    change([](lockfile& file) {
      EXPECT_TRUE(file.remove_view({"comp", "a"}));
      register_view(file, "a", "sha256:again");
    });
  };
  ASSERT_TRUE(reconcile_document(store, views, reconcile_mode::write));
  EXPECT_EQ(tried, 4);
}

TEST_F(ReconcileDocument, AMissingDocumentIsNotMade) {
  const lockfile_store missing(directory / "missing");
  for (const reconcile_mode mode : {reconcile_mode::check, reconcile_mode::write}) {
    const auto done = reconcile_document(missing, views, mode);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_FALSE(done->existed);
    EXPECT_FALSE(done->written);
    EXPECT_EQ(done->views, 0U);
  }
  EXPECT_TRUE(views.asked.empty());
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST_F(ReconcileDocument, ADocumentThatCantBeReadIsAnError) {
  struct row {
    const char* text;
    errc code;
  };
  for (const row& one :
       {row{"{", errc::not_json}, row{"{\"lock_version\":2,\"adapters\":{}}", errc::unsupported_version},
        row{"{\"adapters\":{\"a\":null}}", errc::wrong_type}}) {
    (void)directory.make_file("lock", one.text);
    const auto before = snapshot_of(store.path());
    for (const reconcile_mode mode : {reconcile_mode::check, reconcile_mode::write}) {
      EXPECT_EQ(reconcile_document(store, views, mode).error().code(), one.code) << one.text;
    }
    EXPECT_EQ(snapshot_of(store.path()), before);
  }
  EXPECT_TRUE(views.asked.empty());
}

TEST_F(ReconcileDocument, BytesOfWhatDidNotChangeStay) {
  const std::string head =
      "{ \"config\" : [1.0] ,\n\"adapters\":{\"comp\":{\"x\":1e5,\"materialized_views\":{\n";
  const std::string a = "\"a\":{\"view_digest\":\"sha256:\\u0061\",\"view_status\":\"ready\",\"n\":[ ]}";
  const std::string b = "\"b\" : {\"note\":1.0,\"view_status\":\"READY?\"}";
  const std::string tail = "\n}}},\"lock_version\":1}";
  (void)directory.make_file("lock", head + a + ",\n" + b + tail);
  const auto done = reconcile_document(store, views, reconcile_mode::write);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(changes_of(*done), (names{"comp/b: READY? > pending-rebuild (invalid view_status)"}));
  const std::string text = *bytes_of(store.path());
  EXPECT_TRUE(text.starts_with(head + a + ",\n\"b\" : {\"note\":1.0,\"view_status\":\"pending-rebuild\""))
      << text;
  EXPECT_TRUE(text.ends_with("]}" + tail)) << text;
  const auto now = store.load();
  ASSERT_TRUE(now);
  const auto log = now->file().find_view({"comp", "b"})->state_history.entries();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].from, "READY?");
  EXPECT_EQ(log[0].trigger, "reconcile:invalid-status");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
