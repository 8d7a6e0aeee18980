// Clusters that ask who asks: by certificates, by users and passwords, and what is said where that fails.
#include <gtest/gtest.h>

#include <string>

#include "support/etcd_documents_fixture.hpp"

namespace agentslock::testing {
namespace {

/// A cluster with users behind TLS, made once.
etcd_cluster& guarded_cluster() {
  static etcd_cluster cluster({1, true, true, {}});
  static const bool has_users = [] {
    cluster.ask_for_users();
    return true;
  }();
  EXPECT_TRUE(has_users);
  return cluster;
}

etcd_access as_agent() {
  etcd_access access = guarded_cluster().access();
  access.user = "agent";
  access.password = "se:cret";
  return access;
}

/// Asked for a document, this is said, and nothing of what proves who asks.
void expect_refused(const etcd_access& access, errc code, std::string_view said) {
  const etcd_documents there(access);
  const auto read = there.document("agents/a")->read();
  ASSERT_FALSE(read) << said;
  EXPECT_EQ(read.error().code(), code) << read.error().message();
  EXPECT_TRUE(says(read.error(), said)) << read.error().message();
  for (const error& why : {read.error(), there.list("agents/").error(), there.put("agents/a", "x").error(),
                           there.remove("agents/a").error()}) {
    for (const char* secret : {"se:cret", "cret", ".pem", ".key", "/tmp", "wrong!"})
      EXPECT_FALSE(says(why, secret)) << why.message();
  }
}

TEST(EtcdUsers, AUserWithAPasswordBehindTlsReadsAndWrites) {
  const etcd_documents documents(as_agent());
  const auto done = documents.put("agents/a", "one");
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(bytes_in(documents, "agents/a"), "one");
  EXPECT_EQ(documents.list("agents/")->size(), 1U);
  EXPECT_TRUE(*documents.remove("agents/a"));
}

TEST(EtcdUsers, WhoMayNotIsRefusedAndTold) {
  const etcd_documents documents(as_agent());
  const auto done = documents.put("others/a", "one");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::access_denied) << done.error().message();
  EXPECT_TRUE(says(done.error(), "permission")) << done.error().message();

  etcd_access nobody = as_agent();
  nobody.user.clear();
  expect_refused(nobody, errc::access_denied, "asks for a user");
  etcd_access wrong = as_agent();
  wrong.password = "wrong!";
  expect_refused(wrong, errc::access_denied, "user or the password is wrong");
  wrong.user = "wrong!";
  expect_refused(wrong, errc::access_denied, "user or the password is wrong");
}

TEST(EtcdUsers, ATokenThatHasRunOutIsAskedForAnew) {
  const etcd_documents documents(as_agent());
  ASSERT_TRUE(documents.put("agents/token", "one"));
  const auto store = documents.document("agents/token");
  const auto now = store->read();
  // A member that starts knows none of the tokens that it gave before.
  guarded_cluster().kill(0);
  guarded_cluster().start(0);
  guarded_cluster().wait_until_ready();
  const std::string_view pieces[] = {"two"};
  const auto done = store->store_if(*now->revision, pieces);
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(bytes_in(documents, "agents/token"), "two");
}

TEST(EtcdUsers, ACertificateWithACommonNameIsRefusedByTheGateway) {
  etcd_access named = as_agent();
  named.certificate = guarded_cluster().file("named.pem");
  named.key = guarded_cluster().file("named.key");
  expect_refused(named, errc::access_denied, "common name (CN)");
}

TEST(EtcdUsers, WhatIsWrongWithTlsIsTold) {
  etcd_access stranger = as_agent();
  stranger.authorities.clear();
  expect_refused(stranger, errc::store_unreachable, "not trusted here");
  etcd_access no_file = as_agent();
  no_file.authorities = "/tmp/no such file.pem";
  expect_refused(no_file, errc::store_unreachable, "file of authorities can't be read");
  etcd_access no_key = as_agent();
  no_key.key = "/tmp/no such file.key";
  expect_refused(no_key, errc::store_unreachable, "certificate or its key can't be read");
  etcd_access plain = as_agent();
  plain.endpoints = {"http://127.0.0.1:" + std::to_string(guarded_cluster().port())};
  expect_refused(plain, errc::store_unreachable, "http://");
  etcd_access encrypted = shared_etcd_cluster().access();
  encrypted.endpoints = {"https://127.0.0.1:" + std::to_string(shared_etcd_cluster().port())};
  expect_refused(encrypted, errc::store_unreachable, "no encrypted connection");
  // Where nobody need prove anything, any name will do.
  etcd_access trusting = as_agent();
  trusting.authorities.clear();
  trusting.verifies_server = false;
  EXPECT_TRUE(etcd_documents(trusting).put("agents/trusting", "x"));
}

TEST(EtcdUsers, AClusterWithoutUsersTakesAnybodyAsEtcdctlHasIt) {
  etcd_access access = shared_etcd_cluster().access();
  access.user = "agent";
  access.password = "se:cret";
  const auto done = etcd_documents(access).put("users/none", "x");
  EXPECT_TRUE(done) << done.error().message();
}

TEST(EtcdUsers, AClusterThatAsksForUsersFromNowOnIsAnswered) {
  const etcd_cluster cluster;
  etcd_access access = cluster.access();
  access.user = "agent";
  access.password = "se:cret";
  const etcd_documents documents(access);
  ASSERT_TRUE(documents.put("agents/a", "before"));
  cluster.ask_for_users();
  const auto done = documents.put("agents/a", "after");
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(bytes_in(documents, "agents/a"), "after");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
