// What answers where an etcd cluster should, and is none, or none that answers.
#include "etcd_gateway.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "agentslock/io/etcd_documents.hpp"
#include "support/bytes_in.hpp"
#include "support/etcd_cluster.hpp"
#include "support/strange_server.hpp"

namespace agentslock::testing {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using clock = std::chrono::steady_clock;

/// Takes a request, and gives this answer.
std::function<void(int)> answering(std::string text) {
  return [text = std::move(text)](int client) {
    char bytes[4096];
    (void)!::recv(client, bytes, sizeof bytes, 0);
    (void)say(client, text);
    ::shutdown(client, SHUT_WR);
    wait_for_end(client);
  };
}

/// Reads and writes there: what each says, all within a time.
void expect_nothing_comes_of_it(const std::string& endpoint, std::string_view said) {
  etcd_access access;
  access.endpoints = {endpoint};
  access.user = "";
  access.limits = {300ms, 600ms};
  etcd_documents_options options;
  options.wait = 400ms;
  const etcd_documents there(access, options);
  const auto begin = clock::now();
  const auto read = there.document("a")->read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::store_unreachable) << read.error().message();
  EXPECT_NE(read.error().message().find(said), std::string::npos) << read.error().message();
  EXPECT_NE(read.error().message().find(endpoint), std::string::npos) << read.error().message();
  EXPECT_EQ(read.error().message().find("s3cret"), std::string::npos) << read.error().message();
  EXPECT_FALSE(there.list("a"));
  EXPECT_FALSE(there.put("a", "x"));
  // Many times what is allowed: a machine may be busy.
  EXPECT_LT(clock::now() - begin, 30s);
}

TEST(EtcdGateway, WhereNobodyListensNothingComesOfIt) {
  std::string endpoint;
  {
    endpoint = strange_server([](int) {}).endpoint();
  }
  expect_nothing_comes_of_it(endpoint, "nobody listens");
}

TEST(EtcdGateway, AServerThatSaysNothingIsNotWaitedForForEver) {
  const strange_server silent(wait_for_end);
  expect_nothing_comes_of_it(silent.endpoint(), "no answer came in time");
}

TEST(EtcdGateway, AServerThatSaysAByteNowAndThenIsNotWaitedForForEver) {
  const strange_server slow([](int client) {
    if (!say(client, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")) return;
    while (say(client, " "))
      std::this_thread::sleep_for(20ms);
  });
  expect_nothing_comes_of_it(slow.endpoint(), "no answer came in time");
}

TEST(EtcdGateway, AServerThatEndsTheConnectionIsTold) {
  const strange_server ending([](int client) {
    char bytes[1];
    (void)!::recv(client, bytes, sizeof bytes, 0);
  });
  expect_nothing_comes_of_it(ending.endpoint(), "cut off");
}

TEST(EtcdGateway, WhatIsNoAnswerOfEtcdIsTold) {
  for (const std::string& text :
       {answer_of("200 OK", "<html>s3cret</html>"), answer_of("200 OK", "{\"kvs\": []}"),
        answer_of("200 OK", "[1]"), answer_of("200 OK", ""), answer_of("404 Not Found", "s3cret"),
        answer_of("500 Oh", "{\"error\": 5}"),
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/s3cret\r\nContent-Length: 0\r\n\r\n"s}) {
    const strange_server other(answering(text));
    expect_nothing_comes_of_it(other.endpoint(), "what answers");
  }
}

TEST(EtcdGateway, WhatIsNoHttpIsTold) {
  const strange_server other(answering("s3cret\r\n\r\n"));
  expect_nothing_comes_of_it(other.endpoint(), "no answer came");
}

TEST(EtcdGateway, AnAnswerWithoutEndIsNotTaken) {
  const strange_server endless([](int client) {
    const std::string much(1 << 20, 'x');
    if (!say(client, "HTTP/1.1 200 OK\r\n\r\n")) return;
    while (say(client, much)) {
    }
  });
  etcd_access access;
  access.endpoints = {endless.endpoint()};
  const auto read = etcd_documents(access).document("a")->read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::store_unreachable);
  EXPECT_NE(read.error().message().find("more than any answer"), std::string::npos) << read.error().message();
}

TEST(EtcdGateway, WhatServersSayIsNotRepeated) {
  const strange_server other(answering(answer_of("400 Bad Request", "{\"error\": \"s3cret\", \"code\": 3}")));
  etcd_access access;
  access.endpoints = {other.endpoint()};
  const auto read = etcd_documents(access).document("a")->read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::io_failed);
  EXPECT_EQ(read.error().message().find("s3cret"), std::string::npos) << read.error().message();
}

TEST(EtcdGateway, WhoHasNoTimeAsksNobody) {
  etcd_access access = shared_etcd_cluster().access();
  access.limits.answer = 0ms;
  const etcd_documents there(access);
  const auto read = there.document("gateway/none")->read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::store_unreachable);
  EXPECT_NE(read.error().message().find("no answer came in time"), std::string::npos)
      << read.error().message();
  // Nothing was sent, so that a write is not in doubt.
  const etcd_documents in_time(shared_etcd_cluster().access());
  ASSERT_TRUE(in_time.put("gateway/written", "old"));
  const std::string_view pieces[] = {"new"};
  const auto as_read = in_time.document("gateway/written")->read();
  const auto written = there.document("gateway/written")->store_if(*as_read->revision, pieces);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), errc::store_unreachable) << written.error().message();
  EXPECT_EQ(bytes_in(in_time, "gateway/written"), "old");
}

TEST(EtcdGateway, TheNextEndpointIsAskedWhereOneDoesNotAnswer) {
  std::string nobody;
  {
    nobody = strange_server([](int) {}).endpoint();
  }
  const strange_server silent(wait_for_end);
  const strange_server garbage(answering(answer_of("200 OK", "garbage")));
  const auto& cluster = shared_etcd_cluster();
  for (const std::string& first : {nobody, silent.endpoint(), garbage.endpoint()}) {
    etcd_access access = cluster.access();
    access.endpoints.insert(access.endpoints.begin(), first);
    access.limits.answer = 4s;
    const etcd_documents documents(access);
    const auto done = documents.put("gateway/next", first);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(documents.document("gateway/next")->read()->text.view(), first);
  }
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
