#include "agentslock/io/etcd_access.hpp"

#include <cstdlib>
#include <string_view>

#include "etcd_endpoint.hpp"

namespace agentslock {
namespace {

std::string_view from_environment_or_empty(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

etcd_access etcd_access::from_environment() {
  etcd_access access;
  std::string_view left = from_environment_or_empty("ETCDCTL_ENDPOINTS");
  if (!left.empty()) access.endpoints.clear();
  while (!left.empty()) {
    const auto comma = left.find(',');
    access.endpoints.emplace_back(left.substr(0, comma));
    left = comma == left.npos ? std::string_view() : left.substr(comma + 1);
  }
  access.authorities = from_environment_or_empty("ETCDCTL_CACERT");
  access.certificate = from_environment_or_empty("ETCDCTL_CERT");
  access.key = from_environment_or_empty("ETCDCTL_KEY");
  access.verifies_server = from_environment_or_empty("ETCDCTL_INSECURE_SKIP_TLS_VERIFY") != "true";
  const std::string_view user = from_environment_or_empty("ETCDCTL_USER");
  const auto colon = user.find(':');
  access.user = user.substr(0, colon);
  access.password =
      colon == user.npos ? from_environment_or_empty("ETCDCTL_PASSWORD") : user.substr(colon + 1);
  return access;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
