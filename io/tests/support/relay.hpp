// A socket between a client and a server, which cuts off what goes through it where a test wants.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "memory_document.hpp"

namespace agentslock::testing {

/// Where a socket is: a file, or a port of this machine's own.
class socket_address {
 public:
  [[nodiscard]] static socket_address of_file(const std::string& path);
  /// Port 0 is for a listener: one that is free.
  [[nodiscard]] static socket_address of_loopback(std::uint16_t port = 0);

  [[nodiscard]] const sockaddr* raw() const noexcept { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const noexcept { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};
/// The port that a socket has on this machine.
[[nodiscard]] std::uint16_t port_of(int socket);

/// Passes everything on, but for the first message to the server that holds a certain text.
class relay {
 public:
  relay(const socket_address& from, const socket_address& to);
  relay(const relay&) = delete;
  relay& operator=(const relay&) = delete;
  ~relay();

  /// Its own, where it listens at one.
  [[nodiscard]] std::uint16_t port() const;

  /// Cuts off the connection that sends this text: before it goes on; after one half of it went on, or, the second time,
  /// after all of it went on at once; or after the server's answer came, which is not passed on.
  /// Those before it may be let through, so many of them; with an empty text each message is one.
  void cut_off(cut_at where, std::string_view text, std::size_t let_through = 0);
  /// The same, but the connection stays, and nothing goes through it any more.
  void silence(cut_at where, std::string_view text);
  /// Is called at the cut, which counts by then, before the client learns of it.
  void at_the_cut(std::function<void()> call);
  /// Is called once, before the next message to the server that holds this text goes on.
  void call_before(std::string_view text, std::function<void()> call);
  /// From the cut on nobody is let in.
  void refuse_afterwards();
  /// How often something was cut off.
  [[nodiscard]] int cuts() const;

 private:
  struct shared;
  std::unique_ptr<shared> shared_;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
