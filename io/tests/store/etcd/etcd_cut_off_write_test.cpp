// Writes whose connection is cut off: what they say of themselves is what happened.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
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

TEST_F(EtcdCutOffWrite, TheSameOnceMoreMayBeCutOffToo) {
  before.at_the_cut([&] {
    if (before.cuts() == 1) before.cut_off(cut_at::before_commit, swap_text);
  });
  before.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(before.cuts(), 2);
  EXPECT_EQ(bytes_in(direct, "cut/a"), "new");
}

TEST_F(EtcdCutOffWrite, AnotherWriterBeforeTheSameOnceMoreIsAConflict) {
  before.at_the_cut(
      [&] { before.call_before(swap_text, [&] { EXPECT_TRUE(direct.put("cut/a", "theirs")); }); });
  before.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST_F(EtcdCutOffWrite, AWriteOverWhateverIsThereIsMadeAnewAsOftenAsAnotherIsFirst) {
  const etcd_documents ours(through(before), options);
  int others = 0;
  int others_max = 1;
  const std::function<void()> be_first = [&] {
    EXPECT_TRUE(direct.put("cut/a", "theirs" + std::to_string(++others)));
    if (others < others_max) before.call_before(swap_text, be_first);
  };
  before.call_before(swap_text, be_first);
  const auto done = ours.put("cut/a", "ours");
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(others, 1);
  EXPECT_EQ(bytes_in(direct, "cut/a"), "ours");

  others = 0;
  others_max = 20;
  before.call_before(swap_text, be_first);
  const auto never = ours.put("cut/a", "ours again");
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code(), errc::conflict) << never.error().message();
  EXPECT_EQ(others, others_max);
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs20");
}

TEST_F(EtcdCutOffWrite, WhoRemovesWhatWasCountedMakesItUncertain) {
  before.at_the_cut([&] {
    const std::string all = R"({"key": ")" + to_base64("cut/a") + R"(", "range_end": ")" + to_base64("cut/b");
    (void)cluster.ask("/v3/kv/deleterange", all + R"("})");
    EXPECT_TRUE(direct.put("cut/a", "theirs"));
  });
  before.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST(EtcdRefusedAtTheCut, AClusterThatTakesNoMoreWritesIsUncertain) {
  const etcd_cluster own({1, false, false, {"--quota-backend-bytes=1000000"}});
  const etcd_documents direct(own.access());
  ASSERT_TRUE(direct.put("a", "old"));
  relay before(socket_address::of_loopback(), socket_address::of_loopback(own.port()));
  before.at_the_cut([&] {
    const std::string some(200'000, 'x');
    for (int number = 0; direct.put("much" + std::to_string(number), some); ++number) {
    }
  });
  etcd_access access = own.access();
  access.endpoints = {"127.0.0.1:" + std::to_string(before.port())};
  const auto store = etcd_documents(access).document("a");
  const auto now = store->read();
  ASSERT_TRUE(now) << now.error().message();
  before.cut_off(cut_at::before_commit, swap_text);
  const auto done = store->store_if(*now->revision, pieces{"new"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "a"), "old");
  EXPECT_EQ(direct.put("a", "x").error().code(), errc::no_space);
}

TEST(EtcdRefusedAtTheCut, AClusterThatLetsUsInNoMoreIsUncertain) {
  const etcd_cluster own;
  relay before(socket_address::of_loopback(), socket_address::of_loopback(own.port()));
  before.at_the_cut([&] { own.ask_for_users(); });
  etcd_access access = own.access();
  access.endpoints = {"127.0.0.1:" + std::to_string(before.port())};
  access.user = "agent";
  access.password = "wrong";
  const etcd_documents ours(access);
  ASSERT_TRUE(ours.put("agents/a", "old"));
  const auto store = ours.document("agents/a");
  const auto now = store->read();
  ASSERT_TRUE(now) << now.error().message();
  before.cut_off(cut_at::before_commit, swap_text);
  const auto done = store->store_if(*now->revision, pieces{"new"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  etcd_access right = own.access();
  right.user = "agent";
  right.password = "se:cret";
  EXPECT_EQ(bytes_in(etcd_documents(right), "agents/a"), "old");
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
