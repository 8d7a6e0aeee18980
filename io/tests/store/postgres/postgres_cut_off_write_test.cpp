// Writes whose connection is cut off: what they say of themselves is what happened.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/postgres_documents_fixture.hpp"
#include "support/postgres_relay.hpp"

namespace agentslock::testing {
namespace {

using pieces = std::vector<std::string_view>;

constexpr std::string_view swap_text = "UPDATE agentslock.document";

class cut_off_write : public ::testing::Test {
 protected:
  cut_off_write() {
    EXPECT_TRUE(direct.init());
    EXPECT_TRUE(direct.put("cut/a", "old"));
    options.limits.statement = std::chrono::milliseconds(500);
    options.limits.silence = std::chrono::milliseconds(500);
    options.wait = std::chrono::milliseconds(1500);
  }
  [[nodiscard]] result<> write(std::string_view key = "cut/a") const {
    const postgres_documents ours(relay.connection(), options);
    const auto store = ours.document(key);
    const auto now = store->read();
    EXPECT_TRUE(now) << now.error().message();
    if (!now) return now.error();
    return store->store_if(*now->revision, pieces{"new"});
  }

  postgres_relay relay{shared_postgres_server()};
  const postgres_documents direct{shared_postgres_server().connection()};
  postgres_documents_options options;
};
using CutOffWrite = cut_off_write;

TEST_F(CutOffWrite, ASilentNetworkIsAskedAboutByAnotherConnection) {
  for (const cut_at where : {cut_at::before_commit, cut_at::after_commit}) {
    ASSERT_TRUE(direct.put("cut/a", "old"));
    const int cuts = relay.cuts();
    relay.silence(where, swap_text);
    const auto done = write();
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(relay.cuts(), cuts + 1);
    EXPECT_EQ(bytes_in(direct, "cut/a"), "new");
  }
}

TEST_F(CutOffWrite, AnotherWriterThatCameFirstIsAConflict) {
  relay.at_the_cut([&] { EXPECT_TRUE(direct.put("cut/a", "theirs")); });
  relay.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST_F(CutOffWrite, WhatOthersHaveWrittenOverIsUncertain) {
  relay.at_the_cut([&] { EXPECT_TRUE(direct.put("cut/a", "theirs")); });
  relay.cut_off(cut_at::after_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST_F(CutOffWrite, AServerThatDoesNotComeBackIsUncertain) {
  for (const cut_at where : {cut_at::before_commit, cut_at::after_commit}) {
    ASSERT_TRUE(direct.put("cut/a", "old"));
    postgres_relay fresh(shared_postgres_server());
    fresh.refuse_afterwards();
    fresh.cut_off(where, swap_text);
    const postgres_documents ours(fresh.connection(), options);
    const auto store = ours.document("cut/a");
    const auto now = store->read();
    const auto done = store->store_if(*now->revision, pieces{"new"});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
    EXPECT_EQ(bytes_in(direct, "cut/a"), where == cut_at::before_commit ? "old" : "new");
  }
}

TEST_F(CutOffWrite, AFirstWriteIsSettledToo) {
  for (const cut_at where : {cut_at::before_commit, cut_at::in_commit, cut_at::after_commit}) {
    const std::string key = "cut/first" + std::to_string(static_cast<int>(where));
    relay.cut_off(where, "INSERT INTO agentslock.document");
    const auto done = write(key);
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(bytes_in(direct, key), "new");
  }
  EXPECT_EQ(relay.cuts(), 3);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
