// Requests to the JSON gateway of an etcd cluster's members, of which none waits for ever; private to the etcd library.
#pragma once

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/etcd_access.hpp"
#include "etcd_failure.hpp"

namespace agentslock {

/// More than any answer has.
inline constexpr std::size_t etcd_answer_size_bytes_max = std::size_t{24} << 20;

/// Whether a request may be sent more than once.
enum class etcd_sending {
  /// To one endpoint after another, until one answers.
  repeated,
  /// To the first endpoint that a connection to comes about, and by that connection only.
  once,
};

/// Safe from any thread.
class etcd_gateway {
 public:
  using clock = std::chrono::steady_clock;

  explicit etcd_gateway(const etcd_access& access);
  etcd_gateway(const etcd_gateway&) = delete;
  etcd_gateway& operator=(const etcd_gateway&) = delete;
  ~etcd_gateway();

  /// Sends a request of JSON to a path, as "/v3/kv/txn", with a token where it is not empty. The answer is one that says that all
  /// went well. No endpoint is asked after the deadline.
  [[nodiscard]] etcd_result<boost::json::object> post(std::string_view path, std::string_view request,
                                                      std::string_view token, etcd_sending how,
                                                      clock::time_point deadline);
  /// The limits' answer from now.
  [[nodiscard]] clock::time_point patience() const;

 private:
  class transfer;

  [[nodiscard]] std::unique_ptr<transfer> take();
  void put_back(std::unique_ptr<transfer> one);

  const etcd_access access_;
  const etcd_result<std::vector<std::string>> endpoints_;
  /// The one that answered last, by its place: it is asked first.
  std::atomic<std::size_t> last_{0};
  std::mutex mutex_;
  std::vector<std::unique_ptr<transfer>> idle_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
