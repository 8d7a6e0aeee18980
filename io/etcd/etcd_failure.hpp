// What an etcd cluster, or the way to it, refused; private to the etcd library.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

namespace agentslock {

enum class etcd_trouble {
  /// What was said of the way to the cluster is none. Nothing was tried.
  bad_access,
  /// No connection came about. Nothing was sent.
  not_connected,
  /// Something was sent, and no answer came that says what became of it: it may have been done, or may yet be.
  unknown,
  /// Refused for what proves who asks, which has run out or is missing. It was not done.
  token_ran_out,
  /// It was asked who asks, and lets in everybody.
  has_no_users,
  /// The cluster refused the request. It was not done, unless the code is no_space: the write with which the database reaches
  /// its quota is done, and answered like those after it, which are not.
  refused,
};

/// What is said of it names an endpoint at most; what a server says is looked at, but never repeated.
struct etcd_failure {
  etcd_trouble what = etcd_trouble::not_connected;
  /// What that is for a document.
  errc code = errc::store_unreachable;
  /// Why, as a clause for people: "nobody listens at http://127.0.0.1:2379".
  std::string why;
  /// The nearest error of the system.
  int number = 0;

  [[nodiscard]] boost::system::error_code cause() const noexcept {
    return {number, boost::system::system_category()};
  }
};

template <class T = void>
using etcd_result = boost::system::result<T, etcd_failure>;

[[noreturn]] void throw_exception_from_error(const etcd_failure& why, const boost::source_location& where);

/// What it means that libcurl says this number of a request, which may have been sent.
[[nodiscard]] etcd_failure failed_transfer(int curl_code, bool was_sent, std::string_view endpoint);
/// What it means that an answer has this status of HTTP and says this for a reason.
[[nodiscard]] etcd_failure failed_request(long status, std::string_view said, std::string_view endpoint);
/// The same of an answer that is no JSON, as a few of the gateway's are not, nor are those of other servers.
[[nodiscard]] etcd_failure failed_otherwise(long status, std::string_view said, std::string_view endpoint);
/// What it means that an answer is not one of etcd's gateway, although its status says so.
[[nodiscard]] etcd_failure strange_answer(std::string_view endpoint);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
