// An etcd cluster of a test's own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/etcd_access.hpp"
#include "agentslock/io/etcd_documents.hpp"
#include "temporary_directory.hpp"

namespace agentslock::testing {

struct etcd_cluster_options {
  std::size_t members = 1;
  /// Whether clients connect by TLS, and must show a certificate that the cluster's authority vouches for.
  bool is_encrypted = false;
  bool asks_for_certificates = false;
  /// What is said to each member besides.
  std::vector<std::string> arguments;
};

/// Members in a temporary directory, which listen on ports of the loopback interface that nobody else had. They are of a user who is
/// not root; they end with the object, and when the thread that has started them ends.
class etcd_cluster {
 public:
  /// Starts all members, and waits until they answer. Throws std::runtime_error, with what they said.
  explicit etcd_cluster(etcd_cluster_options options = {});
  etcd_cluster(const etcd_cluster&) = delete;
  etcd_cluster& operator=(const etcd_cluster&) = delete;
  ~etcd_cluster();

  [[nodiscard]] std::string endpoint(std::size_t which = 0) const;
  [[nodiscard]] std::uint16_t port(std::size_t which = 0) const { return members_[which].client_port; }
  /// All endpoints, what vouches for them, and nobody's name.
  [[nodiscard]] etcd_access access() const;
  /// A file that openssl has made: "ca.pem"; "agent.pem" and "agent.key", without a common name; "named.pem" and "named.key", with one.
  [[nodiscard]] std::string file(std::string_view name) const { return directory_ / name; }

  /// Ends a member at once, as kill -9 does; starts it again.
  void kill(std::size_t which);
  void start(std::size_t which);
  /// Stops a member, as SIGSTOP does: it accepts and says nothing. Lets it go on.
  void stop(std::size_t which) const;
  void go_on(std::size_t which) const;
  /// Which member leads.
  [[nodiscard]] std::size_t leader() const;
  void wait_until_ready() const;

  /// Sends a request to the gateway, as "/v3/auth/enable". Throws when it is refused. What is answered.
  std::string ask(std::string_view path, std::string_view request, std::size_t which = 0) const;
  /// Makes the users root, and agent with the password "se:cret", who may read and write what begins with "agents/"; from then on
  /// the cluster asks for a user.
  void ask_for_users() const;

  [[nodiscard]] std::string log() const;

 private:
  struct member {
    std::string name;
    std::uint16_t client_port = 0;
    std::uint16_t peer_port = 0;
    pid_t process = -1;
  };
  [[nodiscard]] std::string scheme() const { return options_.is_encrypted ? "https://" : "http://"; }
  void make_certificates() const;

  etcd_cluster_options options_;
  temporary_directory directory_;
  std::vector<member> members_;
};

/// The one cluster, of one member, of a test program. It takes documents of 4 MiB.
[[nodiscard]] etcd_cluster& shared_etcd_cluster();

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
