// Requests to an etcd cluster by one who may have to say who asks; private to the etcd library.
#pragma once

#include <boost/json.hpp>
#include <mutex>
#include <string>
#include <string_view>

#include "etcd_gateway.hpp"
#include "etcd_json.hpp"

namespace agentslock {

/// Proves who asks, where a user is named, and again when what proves it has run out. Safe from any thread.
class etcd_client {
 public:
  using clock = etcd_gateway::clock;

  explicit etcd_client(const etcd_access& access)
      : gateway_(access), user_(access.user), password_(access.password) {}

  /// Sends a request, as etcd_gateway::post does.
  [[nodiscard]] etcd_result<boost::json::object> ask(std::string_view path,
                                                     const boost::json::object& request, etcd_sending how,
                                                     clock::time_point deadline);
  [[nodiscard]] clock::time_point patience() const { return gateway_.patience(); }

 private:
  /// A token, other than this one where that was refused. Empty where no user is named, and where the cluster lets in everybody.
  [[nodiscard]] etcd_result<std::string> token_after(std::string_view old, bool was_refused,
                                                     clock::time_point deadline);

  etcd_gateway gateway_;
  const std::string user_;
  const std::string password_;
  std::mutex mutex_;
  std::string token_;
  bool is_open_to_all_ = false;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
