// Writes whose connection is cut off: what they say of themselves is what happened.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "store/cut_off_writes.hpp"
#include "support/etcd_documents_fixture.hpp"

namespace agentslock::testing {
namespace {

using pieces = std::vector<std::string_view>;

/// The documents of the test program's cluster, with a relay before it.
struct cut_off_etcd {
  [[nodiscard]] etcd_documents ours() const {
    etcd_access access = cluster.access();
    access.endpoints = {"127.0.0.1:" + std::to_string(before.port())};
    access.limits.answer = std::chrono::milliseconds(1000);
    etcd_documents_options options;
    options.wait = std::chrono::milliseconds(1500);
    return etcd_documents(access, options);
  }

  static constexpr std::string_view swap_text = "request_put";
  static constexpr std::string_view first_text = swap_text;

  const etcd_cluster& cluster = shared_etcd_cluster();
  relay before{socket_address::of_loopback(), socket_address::of_loopback(cluster.port())};
  const etcd_documents direct{cluster.access()};
};
constexpr std::string_view swap_text = cut_off_etcd::swap_text;
using EtcdCutOffWrite = cut_off_writes<cut_off_etcd>;

INSTANTIATE_TYPED_TEST_SUITE_P(Etcd, CutOffWrites, cut_off_etcd);

TEST_F(EtcdCutOffWrite, EtcdctlThatCameFirstIsAConflict) {
  server.before.at_the_cut([&] { (void)server.cluster.ask("/v3/kv/put", put_request("cut/a", "theirs")); });
  cut_off(cut_at::before_commit);
  expect_refused(write(), errc::conflict, "theirs");
}

TEST_F(EtcdCutOffWrite, WhoRemovesWhatWasCountedMakesItUncertain) {
  server.before.at_the_cut([&] {
    const std::string all = R"({"key": ")" + to_base64("cut/a") + R"(", "range_end": ")" + to_base64("cut/b");
    (void)server.cluster.ask("/v3/kv/deleterange", all + R"("})");
    put("theirs");
  });
  cut_off(cut_at::before_commit);
  expect_refused(write(), errc::outcome_uncertain, "theirs");
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
  const std::string_view pieces[] = {"new"};
  const auto done = store->store_if(*now->revision, pieces);
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
  const std::string_view pieces[] = {"new"};
  const auto done = store->store_if(*now->revision, pieces);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  etcd_access right = own.access();
  right.user = "agent";
  right.password = "se:cret";
  EXPECT_EQ(bytes_in(etcd_documents(right), "agents/a"), "old");
}

TEST_F(EtcdCutOffWrite, WhatOthersHaveWrittenOverIsFoundInWhatTheClusterKeeps) {
  server.before.at_the_cut([&] {
    for (const char* text : {"theirs", "and theirs", "and theirs again"})
      put(text);
  });
  cut_off(cut_at::after_commit);
  const auto done = write();
  EXPECT_TRUE(done) << done.error().message();
  expect_bytes("and theirs again");

  cut_off(cut_at::before_commit);
  EXPECT_EQ(write().error().code(), errc::conflict);
}

TEST_F(EtcdCutOffWrite, WhatOthersHaveWrittenOverAndTheClusterHasForgottenIsUncertain) {
  server.before.at_the_cut([&] {
    put("theirs");
    put("and theirs");
    const std::string header = server.cluster.ask("/v3/kv/range", R"({"key": "AA=="})");
    const auto revision = boost::json::parse(header).at("header").at("revision").as_string();
    (void)server.cluster.ask("/v3/kv/compaction", R"({"revision": ")" + std::string(revision) + R"("})");
  });
  cut_off(cut_at::after_commit);
  expect_refused(write(), errc::outcome_uncertain, "and theirs");
}

TEST_F(EtcdCutOffWrite, ARemovalIsSettledToo) {
  for (const cut_at where : {cut_at::before_commit, cut_at::in_commit, cut_at::after_commit}) {
    put("old");
    server.before.cut_off(where, "request_delete_range");
    const auto removed = server.ours().remove(key);
    ASSERT_TRUE(removed) << removed.error().message();
    EXPECT_TRUE(*removed);
    expect_bytes("(none)");
  }
  EXPECT_EQ(server.before.cuts(), 3);
}

TEST_F(EtcdCutOffWrite, AReadIsMadeAgainWhereAConnectionThatWasKeptHasGone) {
  const etcd_documents ours = server.ours();
  EXPECT_EQ(bytes_in(ours, "cut/a"), "old");
  server.before.cut_off(cut_at::before_commit, "request_range");
  EXPECT_EQ(bytes_in(ours, "cut/a"), "old");
  EXPECT_EQ(server.before.cuts(), 1);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
