// Writes whose connection is cut off: what they say of themselves is what happened.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/etcd_documents_fixture.hpp"
#include "support/relay.hpp"

namespace agentslock::testing {
namespace {

using pieces = std::vector<std::string_view>;

/// What a write's request holds, and no other.
constexpr std::string_view swap_text = "request_put";

class etcd_cut_off_write : public ::testing::Test {
 protected:
  etcd_cut_off_write() {
    EXPECT_TRUE(direct.put("cut/a", "old"));
    options.wait = std::chrono::milliseconds(1500);
  }
  [[nodiscard]] etcd_access through(const relay& by) const {
    etcd_access access = cluster.access();
    access.endpoints = {"127.0.0.1:" + std::to_string(by.port())};
    access.limits.answer = std::chrono::milliseconds(1000);
    return access;
  }
  [[nodiscard]] result<> write(std::string_view key = "cut/a") const {
    const etcd_documents ours(through(before), options);
    const auto store = ours.document(key);
    const auto now = store->read();
    EXPECT_TRUE(now) << now.error().message();
    if (!now) return now.error();
    return store->store_if(*now->revision, pieces{"new"});
  }
  [[nodiscard]] socket_address member() const { return socket_address::of_loopback(cluster.port()); }

  const etcd_cluster& cluster = shared_etcd_cluster();
  relay before{socket_address::of_loopback(), member()};
  const etcd_documents direct{cluster.access()};
  etcd_documents_options options;
};
using EtcdCutOffWrite = etcd_cut_off_write;

TEST_F(EtcdCutOffWrite, ASilentNetworkIsAskedAboutByAnotherConnection) {
  for (const cut_at where : {cut_at::before_commit, cut_at::after_commit}) {
    ASSERT_TRUE(direct.put("cut/a", "old"));
    const int cuts = before.cuts();
    before.silence(where, swap_text);
    const auto done = write();
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(before.cuts(), cuts + 1);
    EXPECT_EQ(bytes_in(direct, "cut/a"), "new");
  }
}

TEST_F(EtcdCutOffWrite, AnotherWriterThatCameFirstIsAConflict) {
  before.at_the_cut([&] { EXPECT_TRUE(direct.put("cut/a", "theirs")); });
  before.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST_F(EtcdCutOffWrite, EtcdctlThatCameFirstIsAConflict) {
  before.at_the_cut([&] { (void)cluster.ask("/v3/kv/put", put_request("cut/a", "theirs")); });
  before.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST_F(EtcdCutOffWrite, WhatOthersHaveWrittenOverIsFoundInWhatTheClusterKeeps) {
  before.at_the_cut([&] {
    for (const char* text : {"theirs", "and theirs", "and theirs again"})
      EXPECT_TRUE(direct.put("cut/a", text));
  });
  before.cut_off(cut_at::after_commit, swap_text);
  const auto done = write();
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "and theirs again");

  before.cut_off(cut_at::before_commit, swap_text);
  EXPECT_EQ(write().error().code(), errc::conflict);
}

TEST_F(EtcdCutOffWrite, WhatOthersHaveWrittenOverAndTheClusterHasForgottenIsUncertain) {
  before.at_the_cut([&] {
    EXPECT_TRUE(direct.put("cut/a", "theirs"));
    EXPECT_TRUE(direct.put("cut/a", "and theirs"));
    const std::string header = cluster.ask("/v3/kv/range", R"({"key": "AA=="})");
    const auto revision = boost::json::parse(header).at("header").at("revision").as_string();
    (void)cluster.ask("/v3/kv/compaction", R"({"revision": ")" + std::string(revision) + R"("})");
  });
  before.cut_off(cut_at::after_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "and theirs");
}

TEST_F(EtcdCutOffWrite, AClusterThatDoesNotComeBackIsUncertain) {
  for (const cut_at where : {cut_at::before_commit, cut_at::after_commit}) {
    ASSERT_TRUE(direct.put("cut/a", "old"));
    relay fresh(socket_address::of_loopback(), member());
    fresh.refuse_afterwards();
    fresh.cut_off(where, swap_text);
    const etcd_documents ours(through(fresh), options);
    const auto store = ours.document("cut/a");
    const auto now = store->read();
    const auto done = store->store_if(*now->revision, pieces{"new"});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
    EXPECT_EQ(bytes_in(direct, "cut/a"), where == cut_at::before_commit ? "old" : "new");
  }
}

TEST_F(EtcdCutOffWrite, AFirstWriteAndARemovalAreSettledToo) {
  for (const cut_at where : {cut_at::before_commit, cut_at::in_commit, cut_at::after_commit}) {
    const std::string key = "cut/first" + std::to_string(static_cast<int>(where));
    before.cut_off(where, swap_text);
    const auto done = write(key);
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(bytes_in(direct, key), "new");
    before.cut_off(where, "request_delete_range");
    const auto removed = etcd_documents(through(before), options).remove(key);
    ASSERT_TRUE(removed) << removed.error().message();
    EXPECT_TRUE(*removed);
    EXPECT_EQ(bytes_in(direct, key), "(none)");
  }
  EXPECT_EQ(before.cuts(), 6);
}

TEST_F(EtcdCutOffWrite, AReadIsMadeAgainWhereAConnectionThatWasKeptHasGone) {
  const etcd_documents ours(through(before), options);
  EXPECT_EQ(bytes_in(ours, "cut/a"), "old");
  before.cut_off(cut_at::before_commit, "request_range");
  EXPECT_EQ(bytes_in(ours, "cut/a"), "old");
  EXPECT_EQ(before.cuts(), 1);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
