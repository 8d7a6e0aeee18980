// What reading a schema may cost, whatever stands in it; private to the SQLite source.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace agentslock {

/// Bounds for one connection. They are far beyond what a schema that people or programs have made needs, and end the
/// reading of one that was made to be without an end.
class sqlite_bounds {
 public:
  /// The most that a reading takes: SQLite's steps, memory for the schema, and this thread's time on the processor.
  static constexpr std::int64_t steps_max = 20'000'000;
  static constexpr std::int64_t schema_bytes_max = 64 << 20;
  static constexpr std::chrono::seconds processor_time_max{10};
  /// One statement's text, and one value.
  static constexpr int text_bytes_max = 1'000'000;

  /// Sets them. The object must stay where it is until the connection goes.
  /// Also sees to it that of what stands in the schema nothing is run but what reading it needs.
  void set_for(sqlite3* connection);
  /// Whether one of them is met by now; asked between statements, as SQLite asks within them.
  [[nodiscard]] bool is_met();
  /// In words the bound that was met; empty when none was.
  [[nodiscard]] std::string_view met() const noexcept { return met_; }

 private:
  static int look(void* self);

  sqlite3* connection_ = nullptr;
  std::int64_t steps_ = 0;
  /// The least memory that all connections of the process together have had since this one's was measured.
  std::int64_t bytes_low_ = 0;
  std::chrono::nanoseconds processor_time_before_{};
  std::chrono::steady_clock::time_point since_;
  std::string_view met_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
