#include "agentslock/io/etcd_access.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "agentslock/io/etcd_documents.hpp"
#include "etcd_client.hpp"
#include "etcd_endpoint.hpp"
#include "etcd_json.hpp"

namespace agentslock::testing {
namespace {

using names = std::vector<std::string>;

/// What ETCDCTL_ variables say, for one test.
class etcdctl_variables {
 public:
  explicit etcdctl_variables(std::vector<std::pair<std::string, std::string>> all) : all_(std::move(all)) {
    for (const auto& [name, value] : all_)
      ::setenv(("ETCDCTL_" + name).c_str(), value.c_str(), 1);
  }
  etcdctl_variables(const etcdctl_variables&) = delete;
  etcdctl_variables& operator=(const etcdctl_variables&) = delete;
  ~etcdctl_variables() {
    for (const auto& [name, value] : all_)
      ::unsetenv(("ETCDCTL_" + name).c_str());
  }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

TEST(EtcdAccess, IsWhatEtcdctlIsTold) {
  {
    const auto usual = etcd_access::from_environment();
    EXPECT_EQ(usual.endpoints, names{"127.0.0.1:2379"});
    EXPECT_TRUE(usual.verifies_server);
    EXPECT_TRUE(usual.user.empty() && usual.password.empty() && usual.authorities.empty());
  }
  const etcdctl_variables said({{"ENDPOINTS", "a:1,https://b:2"},
                                {"CACERT", "ca"},
                                {"CERT", "cert"},
                                {"KEY", "key"},
                                {"USER", "agent:se:cret"},
                                {"PASSWORD", "not this one"},
                                {"INSECURE_SKIP_TLS_VERIFY", "true"}});
  const auto access = etcd_access::from_environment();
  EXPECT_EQ(access.endpoints, (names{"a:1", "https://b:2"}));
  EXPECT_EQ(access.authorities, "ca");
  EXPECT_EQ(access.certificate, "cert");
  EXPECT_EQ(access.key, "key");
  EXPECT_EQ(access.user, "agent");
  EXPECT_EQ(access.password, "se:cret");
  EXPECT_FALSE(access.verifies_server);
  const etcdctl_variables apart({{"USER", "agent"}, {"PASSWORD", "secret"}});
  EXPECT_EQ(etcd_access::from_environment().user, "agent");
  EXPECT_EQ(etcd_access::from_environment().password, "secret");
}

TEST(EtcdAccess, AnEndpointIsAHostAndAPort) {
  etcd_access access;
  access.endpoints = {"a", "b:1", "http://c", "https://d:443", "[::1]:5", "http://e/"};
  EXPECT_EQ(*endpoints_of(access), (names{"http://a:2379", "http://b:1", "http://c:2379", "https://d:443",
                                          "http://[::1]:5", "http://e:2379"}));
  access.endpoints = {"a", "http://b"};
  access.authorities = "ca.pem";
  EXPECT_EQ(*endpoints_of(access), (names{"https://a:2379", "http://b:2379"}));
  access.authorities.clear();
  access.key = "agent.key";
  EXPECT_EQ(*endpoints_of(access), (names{"https://a:2379", "http://b:2379"}));
}

TEST(EtcdAccess, WhatIsNoEndpointIsRefusedAndNotRepeated) {
  for (const char* said :
       {"", "http://", "http://user:secret@host", "secret@host:1", "http://:secret@host", "@host:1",
        "ftp://secret", "unix:///secret", "host:secret", "http://host/secret", "http://host?secret",
        "host:1#secret", "host secret", "file:///secret", "host:99999999"}) {
    etcd_access access;
    access.endpoints = {"good:1", said};
    const auto done = endpoints_of(access);
    ASSERT_FALSE(done) << said;
    EXPECT_EQ(done.error().code, errc::invalid_argument);
    EXPECT_NE(done.error().why.find("endpoint 2 "), std::string::npos) << done.error().why;
    EXPECT_EQ(done.error().why.find("secret"), std::string::npos) << done.error().why;
    const auto read = etcd_documents(access).document("a")->read();
    EXPECT_EQ(read.error().code(), errc::invalid_argument);
  }
  etcd_access none;
  none.endpoints.clear();
  EXPECT_FALSE(endpoints_of(none));
}

TEST(EtcdAccess, BytesAreBase64AndBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  for (std::size_t size : {0UL, 1UL, 2UL, 3UL, 4UL, 255UL, 256UL}) {
    const std::string_view bytes = std::string_view(all).substr(all.size() - size);
    const auto back = from_base64(to_base64(bytes));
    ASSERT_TRUE(back) << size;
    EXPECT_TRUE(back->view() == bytes) << size;
  }
  EXPECT_EQ(to_base64("agents/"), "YWdlbnRzLw==");
  for (const char* none : {"a", "abc", "ab!=", "%%%%", "abcde", "=", "====", "YWJj ", " YWJj\n"})
    EXPECT_FALSE(from_base64(none)) << none;
}

TEST(EtcdAccess, WhatAnAnswerDoesNotHoldIsEmpty) {
  const boost::json::object answer{{"object", {{"a", 1}}}, {"array", boost::json::array{1}}, {"text", "12"}};
  for (const std::string_view name : {"none", "object", "array", "text"}) {
    EXPECT_EQ(object_in(answer, name).empty(), name != "object") << name;
    EXPECT_EQ(array_in(answer, name).empty(), name != "array") << name;
    EXPECT_EQ(text_in(answer, name), name == "text" ? "12" : "") << name;
    EXPECT_EQ(number_in(answer, name), name == "text" ? 12 : 0) << name;
  }
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
