// A socket between a client and a PostgreSQL server, which cuts off what goes through it where a test wants.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "memory_document.hpp"
#include "postgres_server.hpp"

namespace agentslock::testing {

/// Passes everything on, but for the first message to the server that holds a certain text.
class postgres_relay {
 public:
  explicit postgres_relay(const postgres_server& server);
  postgres_relay(const postgres_relay&) = delete;
  postgres_relay& operator=(const postgres_relay&) = delete;
  ~postgres_relay();

  /// A connection string that leads through it.
  [[nodiscard]] std::string connection() const;

  /// Cuts off the connection that sends this text: before it goes on; after one half of it went on, or, the second time,
  /// after all of it went on at once; or after the server's answer came, which is not passed on.
  /// Those before it may be let through, so many of them; with an empty text each message is one.
  void cut_off(cut_at where, std::string_view text, std::size_t let_through = 0);
  /// The same, but the connection stays, and nothing goes through it any more.
  void silence(cut_at where, std::string_view text);
  /// Is called at the cut, which counts by then, before the client learns of it.
  void at_the_cut(std::function<void()> call);
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
