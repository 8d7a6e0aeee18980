// What stands between a program and its etcd cluster, and does not say what the cluster said.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/etcd_documents_fixture.hpp"
#include "support/strange_server.hpp"

namespace agentslock::testing {
namespace {

constexpr const char* transaction = "/v3/kv/txn";
constexpr const char* range = "/v3/kv/range";

std::string closing(std::string_view status, std::string_view body) {
  return answer_of(std::string(status) + "\r\nConnection: close", body);
}

/// The path and the body of a request.
std::pair<std::string, std::string> request_of(int client) {
  std::string text;
  std::size_t size = std::string::npos;
  while (text.size() < size) {
    char bytes[4096];
    const ssize_t got = ::recv(client, bytes, sizeof bytes, 0);
    if (got <= 0) return {};
    text.append(bytes, static_cast<std::size_t>(got));
    const std::size_t end = text.find("\r\n\r\n");
    const std::string_view length = "Content-Length: ";
    if (end != text.npos) size = end + 4 + std::stoul(text.substr(text.find(length) + length.size()));
  }
  const std::size_t path = text.find(' ') + 1;
  return {text.substr(path, text.find(' ', path) - path), text.substr(text.find("\r\n\r\n") + 4)};
}

/// What the cluster answers. These tests come to no refusal but one.
std::string answer_by(const etcd_cluster& cluster, const std::string& path, const std::string& request) {
  try {
    return closing("200 OK", cluster.ask(path, request));
  } catch (const std::runtime_error&) {
    return closing("400 Bad Request",
                   R"({"error": "etcdserver: mvcc: required revision has been compacted", "code": 11})");
  }
}

/// Passes requests on to a cluster and its answers back, but for what a test wants said otherwise.
class false_gateway {
 public:
  /// The whole answer; nothing where the cluster's is passed on.
  using lie = std::function<std::optional<std::string>(const std::string& path, const std::string& request)>;

  false_gateway(const etcd_cluster& cluster, lie says)
      : server_([&cluster, says = std::move(says)](int client) {
          const auto [path, request] = request_of(client);
          if (path.empty()) return;
          const auto said = says(path, request);
          (void)say(client, said ? *said : answer_by(cluster, path, request));
          ::shutdown(client, SHUT_WR);
          wait_for_end(client);
        }) {}

  [[nodiscard]] etcd_documents documents() const {
    etcd_access access;
    access.endpoints = {server_.endpoint()};
    access.limits.answer = std::chrono::seconds(5);
    etcd_documents_options options;
    options.wait = std::chrono::milliseconds(300);
    return etcd_documents(access, options);
  }

 private:
  strange_server server_;
};

class etcd_false_answers : public ::testing::Test {
 protected:
  etcd_false_answers() { EXPECT_TRUE(direct.put("false/a", "old")); }

  /// Writes over what was read, where this is what becomes of the write, and of what is asked after it.
  [[nodiscard]] result<> write(const std::function<std::string(const std::string& request)>& at_the_write,
                               const false_gateway::lie& afterwards = {}) const {
    std::atomic<bool> is_written = false;
    const false_gateway gateway(cluster, [&](const std::string& path, const std::string& request) {
      if (!is_written && request.find("request_put") != request.npos) {
        is_written = true;
        return std::optional(at_the_write(request));
      }
      return is_written && afterwards ? afterwards(path, request) : std::nullopt;
    });
    const auto store = gateway.documents().document("false/a");
    const auto now = store->read();
    EXPECT_TRUE(now) << now.error().message();
    if (!now) return now.error();
    const std::string_view pieces[] = {"new"};
    return store->store_if(*now->revision, pieces);
  }
  void pass_on(const std::string& request) const { (void)cluster.ask(transaction, request); }
  void compact() const {
    const std::string header = cluster.ask(range, R"({"key": "AA=="})");
    const auto revision = boost::json::parse(header).at("header").at("revision").as_string();
    (void)cluster.ask("/v3/kv/compaction", R"({"revision": ")" + std::string(revision) + R"("})");
  }

  const etcd_cluster& cluster = shared_etcd_cluster();
  const etcd_documents direct{cluster.access()};
  const std::string at_quota = closing(
      "429 Too Many Requests", R"({"error": "etcdserver: mvcc: database space exceeded", "code": 8})");
  const std::string nothing_known = closing("503 Gone", R"({"error": "transport is closing", "code": 14})");
};
using EtcdFalseAnswers = etcd_false_answers;

TEST_F(EtcdFalseAnswers, AnAnswerThatLacksWhatWasAskedIsNoAbsence) {
  for (const char* body :
       {R"({"header": {}})", R"({"header": {}, "responses": []})", R"({"header": {}, "responses": [5, 6]})",
        R"({"header": {}, "responses": [{}, {}]})",
        R"({"header": {}, "responses": [{"response_range": 5}, {"response_range": 6}]})",
        R"({"header": {}, "responses": [{"response_range": {}}]})",
        R"({"header": {}, "responses": [{"response_range": {"kvs": [{"key": "YQ==", "value": "%%%%"}]}},
            {"response_range": {}}]})"}) {
    const false_gateway gateway(cluster, [&](const std::string&, const std::string& request) {
      return request.find("request_range") == request.npos ? std::nullopt
                                                           : std::optional(closing("200 OK", body));
    });
    const auto read = gateway.documents().document("false/a")->read();
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().code(), errc::store_unreachable) << read.error().message();
    EXPECT_TRUE(says(read.error(), "does not answer as etcd does")) << read.error().message();
    EXPECT_EQ(bytes_in(direct, "false/a"), "old");
  }
}

TEST_F(EtcdFalseAnswers, AListThatHoldsWhatWasNotAskedForIsNone) {
  for (const std::string& pair : {std::string("5"), std::string(R"({"key": "%%%%"})"), std::string("{}"),
                                  R"({"key": ")" + to_base64("before") + R"("})"}) {
    const false_gateway gateway(cluster, [&](const std::string&, const std::string&) {
      return std::optional(closing("200 OK", R"({"header": {"revision": "5"}, "kvs": [)" + pair + "]}"));
    });
    const auto listed = gateway.documents().list("false/");
    ASSERT_FALSE(listed) << pair;
    EXPECT_EQ(listed.error().code(), errc::store_unreachable) << listed.error().message();
    EXPECT_TRUE(says(listed.error(), "does not answer as etcd does")) << listed.error().message();
  }
}

TEST_F(EtcdFalseAnswers, AListThatSaysMoreAndHoldsNothingEnds) {
  std::atomic<int> asked = 0;
  const false_gateway gateway(cluster, [&](const std::string&, const std::string&) {
    ++asked;
    return std::optional(closing("200 OK", R"({"header": {"revision": "5"}, "more": true})"));
  });
  const auto listed = gateway.documents().list("false/");
  ASSERT_TRUE(listed) << listed.error().message();
  EXPECT_TRUE(listed->empty());
  EXPECT_EQ(asked, 1);
}

TEST_F(EtcdFalseAnswers, AWriteThatStandsThoughTheQuotaIsSaidToBeReachedIsOne) {
  const auto stands = write([&](const std::string& request) {
    pass_on(request);
    return at_quota;
  });
  EXPECT_TRUE(stands) << stands.error().message();
  EXPECT_EQ(bytes_in(direct, "false/a"), "new");
  const auto stood = write([&](const std::string& request) {
    pass_on(request);
    EXPECT_TRUE(direct.put("false/a", "theirs"));
    return at_quota;
  });
  EXPECT_TRUE(stood) << stood.error().message();
  EXPECT_EQ(bytes_in(direct, "false/a"), "theirs");
}

TEST_F(EtcdFalseAnswers, AWriteThatOthersWroteOverAtTheQuotaIsSettled) {
  const auto none = write([&](const std::string&) {
    EXPECT_TRUE(direct.put("false/a", "theirs"));
    return at_quota;
  });
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), errc::no_space) << none.error().message();
  const auto forgotten = write([&](const std::string& request) {
    pass_on(request);
    for (const char* text : {"theirs", "and theirs"})
      EXPECT_TRUE(direct.put("false/a", text));
    compact();
    return at_quota;
  });
  ASSERT_FALSE(forgotten);
  EXPECT_EQ(forgotten.error().code(), errc::outcome_uncertain) << forgotten.error().message();
  EXPECT_TRUE(says(forgotten.error(), "quota")) << forgotten.error().message();
  EXPECT_EQ(bytes_in(direct, "false/a"), "and theirs");
}

TEST_F(EtcdFalseAnswers, AWriteAtTheQuotaThatCanNotBeLookedForIsUncertain) {
  const auto done =
      write([&](const std::string&) { return at_quota; },
            [&](const std::string&, const std::string&) { return std::optional(nothing_known); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  EXPECT_TRUE(says(done.error(), "quota")) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "false/a"), "old");
}

TEST_F(EtcdFalseAnswers, APastInWhichWritesAreMissingIsUncertain) {
  const auto done = write(
      [&](const std::string& request) {
        pass_on(request);
        for (const char* text : {"theirs", "and theirs"})
          EXPECT_TRUE(direct.put("false/a", text));
        return nothing_known;
      },
      [&](const std::string& path, const std::string&) {
        return path != range
                   ? std::nullopt
                   : std::optional(closing("200 OK", R"({"header": {}, "kvs": [{"version": "1"}]})"));
      });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "false/a"), "and theirs");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
