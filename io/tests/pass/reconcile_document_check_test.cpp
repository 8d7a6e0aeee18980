// Reconciling that only looks, with a store and without.
#include "agentslock/io/reconcile_document.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "agentslock/io/sidecar_lock.hpp"
#include "reconcile_fixture.hpp"
#include "support/child_process.hpp"
#include "support/pass_in_words.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::as_nobody;
using testing::at;
using testing::changes_of;
using testing::names_in;
using testing::snapshot_of;
using testing::texts;

using names = std::vector<std::string>;
using ReconcileDocument = testing::reconcile_fixture;

TEST_F(ReconcileDocument, ReportsEveryState) {
  change([](lockfile& file) {
    EXPECT_TRUE(file.mark_dependee_bumped("crg", at(1)));
    EXPECT_TRUE(file.resolve_recompat({"comp", "a"}, verdict::failed, {}, at(2)));
    EXPECT_TRUE(file.resolve_recompat({"comp", "b"}, verdict::passed, {}, at(2)));
    register_view(file, "r", "sha256:r");
    lockfile_restorer with_garbled;
    testing::copy_entries(file, with_garbled);
    with_garbled.add_view(*with_garbled.add_adapter("garbled"), "g")->status = recorded_status("?");
    file = std::move(with_garbled).finish();
  });
  const auto done = reconcile_document(store, views, reconcile_mode::check);
  ASSERT_TRUE(done);
  EXPECT_EQ(texts(done->gates_shut), (names{"comp/a"}));
  EXPECT_EQ(texts(done->validation_due), (names{"comp/c"}));
  EXPECT_EQ(changes_of(*done), (names{"comp/r: ready > pending-rebuild (view tables absent)",
                                      "garbled/g: ? > pending-rebuild (invalid view_status)"}));
  EXPECT_EQ(done->views, 5U);
  EXPECT_EQ(done->count(view_state::dsl_update_required), 1U);
  EXPECT_EQ(done->count(view_state::pending_recompat_check), 1U);
  EXPECT_EQ(done->count(view_state::pending_rebuild), 3U);
  EXPECT_EQ(done->count(view_state::ready), 0U);
  EXPECT_EQ(done->count(view_state::unrecognised), 0U);
  EXPECT_EQ(views.asked, (names{"comp/r"})) << "only ready views are asked for";
}

TEST_F(ReconcileDocument, CheckWritesNothing) {
  views.digests.clear();
  const auto before = snapshot_of(store.path());
  const auto held = sidecar_lock::acquire(platform::system(), store.path());
  ASSERT_TRUE(held);
  const auto done = reconcile_document(store, views, reconcile_mode::check);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->changes.size(), 3U);
  EXPECT_FALSE(done->written);
  EXPECT_EQ(snapshot_of(store.path()), before);
  EXPECT_EQ(names_in(directory.path()), (names{"lock", "lock.lock"})) << "the one that is held, and no other";
}

TEST_F(ReconcileDocument, CheckWorksWhereNothingMayBeWritten) {
  directory.let_all_in(0555);
  const auto before = snapshot_of(store.path());
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (testing::may_write_in(directory.path())) return "the directory is not read-only";
              views.digests.clear();
              const auto done = reconcile_document(store, views, reconcile_mode::check);
              if (!done) return done.error().message();
              if (done->changes.size() != 3) return "it found something else";
              const auto written = reconcile_document(store, views, reconcile_mode::write);
              if (written) return "it was written";
              return written.error().code() == errc::access_denied ? "" : written.error().message();
            }),
            "");
  EXPECT_EQ(snapshot_of(store.path()), before);
  EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
}

TEST_F(ReconcileDocument, WithoutAStoreTellsWhatEveryStoreWouldLeadTo) {
  change([](lockfile& file) {
    EXPECT_TRUE(file.mark_dependee_bumped("crg", at(1)));
    EXPECT_TRUE(file.resolve_recompat({"comp", "a"}, verdict::failed, {}, at(2)));
    register_view(file, "r", "sha256:r");
    lockfile_restorer with_others;
    testing::copy_entries(file, with_others);
    adapter& owner = *with_others.add_adapter("others");
    with_others.add_view(owner, "garbled")->status = recorded_status("?");
    with_others.add_view(owner, "no digest")->status = recorded_status("ready");
    file = std::move(with_others).finish();
  });
  const auto before = snapshot_of(store.path());
  const auto done = check_without_store(store);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->existed);
  EXPECT_FALSE(done->written);
  EXPECT_EQ(changes_of(*done), (names{"others/garbled: ? > pending-rebuild (invalid view_status)",
                                      "others/no digest: ready > pending-rebuild (view digest mismatch)"}));
  EXPECT_EQ(texts(done->validation_due), (names{"comp/b", "comp/c"}));
  EXPECT_EQ(texts(done->gates_shut), (names{"comp/a"}));
  EXPECT_EQ(done->count(view_state::ready), 1U);
  EXPECT_EQ(snapshot_of(store.path()), before);

  EXPECT_FALSE(check_without_store(lockfile_store(directory / "missing"))->existed);
  (void)directory.make_file("lock", "{");
  EXPECT_EQ(check_without_store(store).error().code(), errc::not_json);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
