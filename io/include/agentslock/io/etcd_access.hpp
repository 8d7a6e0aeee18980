/// Where an etcd cluster is, who asks it, and how long is waited for it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "agentslock/io/error.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

struct etcd_limits {
  /// For a connection to one endpoint.
  std::chrono::milliseconds connecting{5'000};
  /// For an answer, of whichever endpoint, the connections included. A cluster that lost most of its members answers after 11 s
  /// that it can't; one that chooses a new leader, after 5.
  std::chrono::milliseconds answer{15'000};
};

/// All of it may be secret but the endpoints, and no message ever holds more of it than these.
struct etcd_access {
  /// Members of one cluster, or what stands before them: "http://HOST:PORT", "https://HOST:PORT", or "HOST:PORT", which is https
  /// where one of the files below is named and http otherwise. The port is 2379 where it is left out. Each is asked in turn until
  /// one answers. A proxy of the environment is not used.
  std::vector<std::string> endpoints{"127.0.0.1:2379"};

  // Files in PEM.
  /// Of those who vouch for the server. Empty: those that the system trusts.
  std::string authorities;
  /// The client's certificate and its key. etcd's gateway refuses a certificate whose subject has a common name (CN).
  std::string certificate;
  std::string key;
  /// Whether the server must prove who it is.
  bool verifies_server = true;

  /// Who asks; empty where the cluster lets in everybody. A token that has run out is asked for anew.
  std::string user;
  std::string password;

  etcd_limits limits = {};

  /// What etcdctl's own variables say: ETCDCTL_ENDPOINTS, _CACERT, _CERT, _KEY, _USER (a name, or a name and a password with a
  /// colon between), _PASSWORD, _INSECURE_SKIP_TLS_VERIFY. Its other variables are not looked at.
  /// Not while another thread changes the environment.
  [[nodiscard]] static etcd_access from_environment();
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
