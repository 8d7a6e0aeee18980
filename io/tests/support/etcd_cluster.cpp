#include "etcd_cluster.hpp"

#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "etcd_client.hpp"
#include "relay.hpp"
#include "server_process.hpp"

namespace agentslock::testing {
namespace {

using namespace std::chrono_literals;

/// A port that is free now.
std::uint16_t free_port() {
  const socket_address any = socket_address::of_loopback();
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0 || ::bind(made, any.raw(), any.size()) != 0) throw std::runtime_error("no port");
  const std::uint16_t port = port_of(made);
  ::close(made);
  return port;
}

std::string on_loopback(std::uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

}  // namespace

etcd_cluster::etcd_cluster(etcd_cluster_options options) : options_(std::move(options)) {
  if (::geteuid() == 0 && ::chown(directory_.path().c_str(), nobody, nobody) != 0)
    throw std::runtime_error("no other owner for " + directory_.path());
  if (options_.is_encrypted) make_certificates();
  for (std::size_t which = 0; which < options_.members; ++which)
    members_.push_back({"member" + std::to_string(which), free_port(), free_port(), -1});
  for (std::size_t which = 0; which < options_.members; ++which)
    start(which);
  wait_until_ready();
}

etcd_cluster::~etcd_cluster() {
  for (std::size_t which = 0; which < members_.size(); ++which) {
    if (members_[which].process > 0) kill(which);
  }
}

std::string etcd_cluster::endpoint(std::size_t which) const {
  return scheme() + on_loopback(members_[which].client_port);
}

etcd_access etcd_cluster::access() const {
  etcd_access all;
  // A machine may be busy.
  all.limits = {20s, 60s};
  all.endpoints.clear();
  for (std::size_t which = 0; which < members_.size(); ++which)
    all.endpoints.push_back(endpoint(which));
  if (options_.is_encrypted) all.authorities = file("ca.pem");
  if (options_.asks_for_certificates) {
    all.certificate = file("agent.pem");
    all.key = file("agent.key");
  }
  return all;
}

void etcd_cluster::kill(std::size_t which) {
  ::kill(members_[which].process, SIGKILL);
  (void)wait_for_server(members_[which].process);
  members_[which].process = -1;
}

void etcd_cluster::stop(std::size_t which) const {
  ::kill(members_[which].process, SIGSTOP);
}

void etcd_cluster::go_on(std::size_t which) const {
  ::kill(members_[which].process, SIGCONT);
}

void etcd_cluster::start(std::size_t which) {
  member& one = members_[which];
  std::string all;
  for (const member& each : members_)
    all += (all.empty() ? "" : ",") + each.name + "=http://" + on_loopback(each.peer_port);
  const std::string peer = "http://" + on_loopback(one.peer_port);
  std::vector<std::string> words{
      AGENTSLOCK_ETCD_SERVER, "--name=" + one.name, "--data-dir=" + (directory_ / one.name), "--logger=zap",
      "--log-level=error", "--listen-client-urls=" + endpoint(which),
      "--advertise-client-urls=" + endpoint(which), "--listen-peer-urls=" + peer,
      "--initial-advertise-peer-urls=" + peer, "--initial-cluster=" + all, "--initial-cluster-token=" + all,
      // Five times as quick to choose a leader as usual.
      "--heartbeat-interval=20", "--election-timeout=200",
      // And to hash passwords.
      "--bcrypt-cost=4"};
  if (options_.is_encrypted) {
    words.push_back("--cert-file=" + file("server.pem"));
    words.push_back("--key-file=" + file("server.key"));
  }
  if (options_.asks_for_certificates) {
    words.push_back("--client-cert-auth");
    words.push_back("--trusted-ca-file=" + file("ca.pem"));
  }
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  one.process = begin_server(std::move(words), directory_ / "log", SIGKILL);
}

void etcd_cluster::wait_until_ready() const {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  for (std::size_t which = 0; which < members_.size(); ++which) {
    if (members_[which].process < 0) continue;
    etcd_access one = access();
    one.endpoints = {endpoint(which)};
    const etcd_documents there(one);
    for (;;) {
      const auto found = there.document("ready")->read();
      if (found || found.error().code() == errc::access_denied) break;
      if (::waitpid(members_[which].process, nullptr, WNOHANG) != 0)
        throw std::runtime_error("etcd has ended: " + log());
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("no answer in 60 s: " + found.error().message() + log());
      std::this_thread::sleep_for(20ms);
    }
  }
}

std::string etcd_cluster::ask(std::string_view path, std::string_view request, std::size_t which) const {
  etcd_access one = access();
  one.endpoints = {endpoint(which)};
  etcd_client client(one);
  const auto value = boost::json::parse(boost::json::string_view(request.data(), request.size()));
  const auto done = client.ask(path, value.as_object(), etcd_sending::once, client.patience());
  if (!done) throw std::runtime_error(std::string(path) + ": " + done.error().why);
  return boost::json::serialize(*done);
}

std::size_t etcd_cluster::leader() const {
  for (std::size_t which = 0; which < members_.size(); ++which) {
    if (members_[which].process < 0) continue;
    const auto status = boost::json::parse(ask("/v3/maintenance/status", "{}", which)).as_object();
    if (text_in(object_in(status, "header"), "member_id") == text_in(status, "leader")) return which;
  }
  throw std::runtime_error("no member leads");
}

void etcd_cluster::ask_for_users() const {
  const std::string begin = to_base64("agents/");
  const std::string end = to_base64("agents0");
  (void)ask("/v3/auth/user/add", R"({"name": "root", "password": "root"})");
  (void)ask("/v3/auth/role/add", R"({"name": "root"})");
  (void)ask("/v3/auth/user/grant", R"({"user": "root", "role": "root"})");
  (void)ask("/v3/auth/user/add", R"({"name": "agent", "password": "se:cret"})");
  (void)ask("/v3/auth/role/add", R"({"name": "agents"})");
  (void)ask("/v3/auth/role/grant", R"({"name": "agents", "perm": {"permType": "READWRITE", "key": ")" +
                                       begin + R"(", "range_end": ")" + end + R"("}})");
  (void)ask("/v3/auth/user/grant", R"({"user": "agent", "role": "agents"})");
  (void)ask("/v3/auth/enable", "{}");
}

void etcd_cluster::make_certificates() const {
  const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
  const std::string script =
      "set -e; cd '" + directory_.path() +
      "'; exec >openssl.log 2>&1\n"
      "openssl req -x509" +
      key +
      " -keyout ca.key -out ca.pem -subj /CN=authority\n"
      "printf 'subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=serverAuth,clientAuth\\n' >extensions\n"
      "for one in server:/O=server agent:/O=agents named:/CN=agent; do\n"
      "  openssl req" +
      key +
      " -keyout ${one%:*}.key -out request -subj ${one#*:}\n"
      "  openssl x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions "
      "-out ${one%:*}.pem\n"
      "done; chmod a+r *.key\n";
  if (std::system(script.c_str()) != 0)
    throw std::runtime_error("no certificates: " + bytes_of(directory_ / "openssl.log").value_or(""));
}

std::string etcd_cluster::log() const {
  return bytes_of(directory_ / "log").value_or("");
}

etcd_cluster& shared_etcd_cluster() {
  static etcd_cluster cluster(etcd_cluster_options{1, false, false, {"--max-request-bytes=4194304"}});
  return cluster;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
