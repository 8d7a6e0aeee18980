#include "etcd_failure.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

namespace agentslock {
namespace {

/// What libcurl's number means, and how that is told before the endpoint.
struct known_transfer {
  CURLcode code;
  std::string_view told;
  int number;
};

// clang-format off
constexpr std::array known_transfers{
    known_transfer{CURLE_COULDNT_RESOLVE_HOST,     "no host is known by the name in ",                             EHOSTUNREACH},
    known_transfer{CURLE_COULDNT_CONNECT,          "nobody listens at ",                                           ECONNREFUSED},
    known_transfer{CURLE_OPERATION_TIMEDOUT,       "no answer came in time from ",                                 ETIMEDOUT},
    known_transfer{CURLE_PEER_FAILED_VERIFICATION, "a certificate that is not trusted here was shown by ",         EACCES},
    known_transfer{CURLE_SSL_CACERT_BADFILE,       "the file of authorities can't be read, and so nothing was asked of ", ENOENT},
    known_transfer{CURLE_SSL_CERTPROBLEM,          "the client's certificate or its key can't be read, and so nothing was asked of ", ENOENT},
    known_transfer{CURLE_SSL_CONNECT_ERROR,        "no encrypted connection came about to ",                       EPROTO},
    known_transfer{CURLE_GOT_NOTHING,              "the connection was cut off by ",                               ECONNRESET},
    known_transfer{CURLE_SEND_ERROR,               "the connection was cut off by ",                               ECONNRESET},
    known_transfer{CURLE_RECV_ERROR,               "the connection was cut off by ",                               ECONNRESET},
    known_transfer{CURLE_SEND_FAIL_REWIND,         "the connection was cut off by ",                               ECONNRESET},
    known_transfer{CURLE_ABORTED_BY_CALLBACK,      "the connection was cut off by ",                               ECONNRESET},
    known_transfer{CURLE_PARTIAL_FILE,             "the connection was cut off by ",                               ECONNRESET},
    known_transfer{CURLE_WRITE_ERROR,              "more than any answer of etcd's came from ",                    EPROTO},
    known_transfer{CURLE_OUT_OF_MEMORY,            "memory ran out while asking ",                                 ENOMEM},
};

/// What etcd, or gRPC before it, says in an answer, by a part of it. The first that applies.
struct known_reason {
  std::string_view said;
  etcd_trouble what;
  errc code;
  std::string_view told;
  int number;
};

using enum etcd_trouble;
constexpr std::string_view common_name_refused = "CommonName of client";
constexpr std::array known_reasons{
    known_reason{"request is too large",            refused,       errc::too_large,         "the request is larger than the cluster takes",                    EMSGSIZE},
    known_reason{"received message larger than",    refused,       errc::too_large,         "the request is larger than the cluster takes",                    EMSGSIZE},
    known_reason{"invalid auth token",              token_ran_out, errc::access_denied,     "the cluster takes its own token no more",                         EACCES},
    known_reason{"revision in header is old",       token_ran_out, errc::access_denied,     "the cluster takes its own token no more",                         EACCES},
    known_reason{"user name is empty",              token_ran_out,  errc::access_denied,     "the cluster asks for a user, and none is given: ETCDCTL_USER and ETCDCTL_PASSWORD name one", EACCES},
    known_reason{"invalid user ID or password",     refused,       errc::access_denied,     "the user or the password is wrong",                               EACCES},
    known_reason{"user name not found",             refused,       errc::access_denied,     "the user or the password is wrong",                               EACCES},
    known_reason{"permission denied",               refused,       errc::access_denied,     "the user lacks the permission for all keys that begin with this one", EACCES},
    known_reason{common_name_refused,               refused,       errc::access_denied,     "the gateway refuses a client certificate with a common name (CN): take one without, and a user and password", EACCES},
    known_reason{"authentication is not enabled",   has_no_users,  errc::access_denied,     "the cluster has no users",                                        EACCES},
    known_reason{"database space exceeded",         refused,       errc::no_space,          "the cluster's database has reached its quota",                    ENOSPC},
    known_reason{"too many requests",               refused,       errc::store_busy,        "the cluster takes no more requests at the moment",                EAGAIN},
    known_reason{"revision has been compacted",     refused,       errc::store_busy,        "the revision that was read has been compacted meanwhile",         EAGAIN},
    known_reason{"leader",                          unknown,       errc::store_unreachable, "the cluster has no leader, or lost it: are most of its members up?", EAGAIN},
    known_reason{"timed out",                       unknown,       errc::store_unreachable, "the cluster could not agree in time: are most of its members up?",   ETIMEDOUT},
    known_reason{"deadline exceeded",               unknown,       errc::store_unreachable, "the cluster could not agree in time: are most of its members up?",   ETIMEDOUT},
    known_reason{"server stopped",                  unknown,       errc::store_unreachable, "the member is stopping",                                          ECONNRESET},
    known_reason{"transport is closing",            unknown,       errc::store_unreachable, "the member is stopping",                                          ECONNRESET},
    known_reason{"connection",                      unknown,       errc::store_unreachable, "the member's gateway can't reach the member",                     ECONNRESET},
};
// clang-format on

}  // namespace

void throw_exception_from_error(const etcd_failure& why, const boost::source_location&) {
  throw std::runtime_error(why.why);
}

etcd_failure failed_transfer(int curl_code, bool was_sent, std::string_view endpoint) {
  const auto* const known = std::ranges::find_if(
      known_transfers, [&](const known_transfer& one) { return int{one.code} == curl_code; });
  const etcd_trouble what = was_sent ? unknown : not_connected;
  if (known != known_transfers.end())
    return {what, errc::store_unreachable, std::string(known->told) + std::string(endpoint), known->number};
  return {what, errc::store_unreachable,
          "no answer came (libcurl's error " + std::to_string(curl_code) + ") from " + std::string(endpoint),
          EIO};
}

etcd_failure failed_request(long status, std::string_view said, std::string_view endpoint) {
  const auto* const known = std::ranges::find_if(
      known_reasons, [&](const known_reason& one) { return said.find(one.said) != said.npos; });
  if (known != known_reasons.end())
    return {known->what, known->code, std::string(known->told), known->number};
  return {unknown, errc::io_failed,
          "the request was refused for a reason that is not known here (HTTP status " +
              std::to_string(status) + "), by " + std::string(endpoint),
          EIO};
}

etcd_failure failed_otherwise(long status, std::string_view said, std::string_view endpoint) {
  if (said.find(common_name_refused) != said.npos)
    return failed_request(status, common_name_refused, endpoint);
  return {unknown, errc::store_unreachable,
          "what answers is no etcd 3.4 or later (HTTP status " + std::to_string(status) + "), at " +
              std::string(endpoint),
          EPROTO};
}

etcd_failure strange_answer(std::string_view endpoint) {
  return {unknown, errc::store_unreachable,
          "what answers does not answer as etcd does, at " + std::string(endpoint), EPROTO};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
