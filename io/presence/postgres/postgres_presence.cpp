#include "agentslock/io/postgres_presence.hpp"

#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "postgres_catalog.hpp"

namespace agentslock {

result<> check_connection_string(const std::string& text) {
  if (const auto taken = postgres_connection::check(text); !taken) return store_error(taken.error(), {});
  return {};
}

class postgres_presence::session {
 public:
  session(std::string connection_string, postgres_limits limits)
      : connection_string_(std::move(connection_string)), limits_(limits) {}

  result<std::vector<stored_view>> find_views(std::string_view adapter,
                                              std::span<const std::string_view> views) {
    // How often somebody may change the very thing that is looked at, in the milliseconds of looking at it.
    constexpr int looks_max = 5;
    const std::string where = postgres_schema(adapter);
    for (int looks = 0; looks < looks_max; ++looks) {
      if (const auto begun = begin(); !begun) {
        end();
        return store_error(begun.error(), where);
      }
      auto found = find_in_catalog(*connection_, adapter, views);
      end();
      if (!found) return found.error();
      if (*found) return std::move(**found);
    }
    return error(errc::store_busy, where + " goes on being changed by others; try again");
  }

 private:
  /// A connection that was kept may have gone without a word; that a new one goes is a failure.
  postgres_result<> begin() {
    if (connection_) {
      if (const auto begun = begin_reading(*connection_, limits_); begun || !connection_->is_gone())
        return begun;
    }
    auto made = postgres_connection::open(connection_string_, limits_);
    if (!made) return made.error();
    connection_ = std::move(*made);
    return begin_reading(*connection_, limits_);
  }

  /// Ends the transaction, whatever became of it: what was found is found.
  void end() {
    if (connection_ && !connection_->run("ROLLBACK")) connection_.reset();
  }

  std::string connection_string_;
  postgres_limits limits_;
  std::optional<postgres_connection> connection_;
};

postgres_presence::postgres_presence(std::string connection_string, postgres_limits limits)
    : session_(std::make_unique<session>(std::move(connection_string), limits)) {}
postgres_presence::postgres_presence(postgres_presence&&) noexcept = default;
postgres_presence& postgres_presence::operator=(postgres_presence&&) noexcept = default;
postgres_presence::~postgres_presence() = default;

result<stored_view> postgres_presence::find(view_key key) {
  auto found = find_views(key.adapter, {&key.view, 1});
  if (!found) return found.error();
  return std::move(found->front());
}

result<std::vector<stored_view>> postgres_presence::find_views(std::string_view adapter,
                                                               std::span<const std::string_view> views) {
  return session_->find_views(adapter, views);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
