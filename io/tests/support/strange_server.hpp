// What listens where a server should, and is none.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "relay.hpp"

namespace agentslock::testing {

/// Listens on the loopback interface, and does with each client what a test wants, in a thread of its own.
class strange_server {
 public:
  explicit strange_server(std::function<void(int client)> does) : does_(std::move(does)) {
    const auto any = socket_address::of_loopback();
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(listener_, any.raw(), any.size()) != 0 || ::listen(listener_, 10) != 0)
      throw std::runtime_error("no listener");
    thread_ = std::thread([this] { run(); });
  }
  strange_server(const strange_server&) = delete;
  strange_server& operator=(const strange_server&) = delete;
  ~strange_server() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_of(listener_); }
  [[nodiscard]] std::string endpoint() const { return "127.0.0.1:" + std::to_string(port()); }

 private:
  void run() {
    for (;;) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      does_(client);
      ::close(client);
    }
  }
  std::function<void(int)> does_;
  int listener_ = -1;
  std::thread thread_;
};

inline bool say(int client, std::string_view text) {
  return ::send(client, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

/// Waits until the client has gone.
inline void wait_for_end(int client) {
  char bytes[4096];
  while (::recv(client, bytes, sizeof bytes, 0) > 0) {
  }
}

inline std::string answer_of(std::string_view status, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nContent-Type: application/json\r\n\r\n" + std::string(body);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
