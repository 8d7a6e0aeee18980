// What speaks as a PostgreSQL server does, and gives one answer to all that it is asked.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "strange_server.hpp"

namespace agentslock::testing {

/// A message of a server's.
inline std::string postgres_message(char kind, std::string_view body) {
  std::string text(1, kind);
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>((body.size() + 4) >> shift & 0xFF);
  return text.append(body);
}

class strange_postgres {
 public:
  /// Lets everybody in, and then says this whenever something comes, and that it is ready and in no transaction.
  explicit strange_postgres(std::string answer)
      : server_([answer = std::move(answer)](int client) {
          constexpr std::string_view is_let_in("\0\0\0\0", 4);
          std::string next = postgres_message('R', is_let_in);
          char bytes[4096];
          while (::recv(client, bytes, sizeof bytes, 0) > 0 && say(client, next + postgres_message('Z', "I")))
            next = answer;
        }) {}

  [[nodiscard]] std::string connection() const {
    return "host=127.0.0.1 port=" + std::to_string(server_.port()) +
           " user=u dbname=d sslmode=disable gssencmode=disable";
  }

 private:
  strange_server server_;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
