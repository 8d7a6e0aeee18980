#include <gtest/gtest.h>

#include <vector>

#include "agentslock/io/sidecar_lock.hpp"
#include "support/publication.hpp"
#include "support/sidecar_fixture.hpp"

namespace agentslock::testing {
namespace {

class SidecarPublication : public sidecar_fixture {};

TEST_F(SidecarPublication, PublishesInItsOrder) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  publication taken;
  EXPECT_EQ(taken.under(*lock), std::nullopt);
  EXPECT_EQ(taken.order, "check put see ");
}

TEST_F(SidecarPublication, PublishesNothingWithoutTheLock) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  put_sidecar(std::chrono::seconds(0));
  publication taken;
  EXPECT_EQ(taken.under(*lock), errc::lock_lost);
  EXPECT_EQ(taken.order, "");
}

TEST_F(SidecarPublication, PublishesNothingOverAnotherDocument) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  publication taken;
  taken.checked = error(errc::conflict, "changed");
  EXPECT_EQ(taken.under(*lock), errc::conflict);
  EXPECT_EQ(taken.order, "check ");
}

TEST_F(SidecarPublication, WhatCanNotBePutIsTheErrorOfPublishing) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  publication taken;
  taken.was_put = error(errc::no_space, "full");
  EXPECT_EQ(taken.under(*lock), errc::no_space);
  EXPECT_EQ(taken.order, "check put ");
  publication undone;
  undone.was_put = error(errc::not_durable, "in place");
  EXPECT_EQ(undone.under(*lock), errc::not_durable);
  EXPECT_EQ(undone.order, "check put see ");
}

TEST_F(SidecarPublication, ADocumentThatIsNotSeenWhenItWasPutIsUncertain) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  publication taken;
  taken.seen = false;
  EXPECT_EQ(taken.under(*lock), errc::outcome_uncertain);
}

TEST_F(SidecarPublication, FindsOutThatItWasTakenAwayWhileItPublished) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  publication taken;
  taken.while_putting = [&] { put_sidecar(std::chrono::seconds(0)); };
  EXPECT_EQ(taken.under(*lock), errc::outcome_uncertain);
}

TEST_F(SidecarPublication, FindsOutThatItWasAwayAndIsBack) {
  const auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  const std::string aside = std::string(sidecar) + ".aside";
  publication taken;
  taken.while_putting = [&] {
    ASSERT_TRUE(disk.rename(sidecar, aside));
    ASSERT_TRUE(disk.hard_link(aside, sidecar));
    ASSERT_TRUE(disk.unlink(aside));
  };
  EXPECT_EQ(taken.under(*lock), errc::outcome_uncertain);
  EXPECT_TRUE(lock->still_held());
  EXPECT_EQ(publication().under(*lock), std::nullopt) << "it is held, and nobody touched it since";
}

TEST_F(SidecarPublication, FindsOutThatTheLinkWasTurned) {
  disk.put_symlink(path, "one.lock");
  auto lock = sidecar_lock::acquire(process.on(), path);
  ASSERT_TRUE(lock);
  disk.put_symlink(path, "two.lock");
  EXPECT_EQ(lock->still_held().error().code(), errc::lock_lost);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
