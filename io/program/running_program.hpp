// One program from its start to its end; private to the io layer.
#pragma once

#include <poll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "agentslock/io/program.hpp"
#include "program_output.hpp"
#include "start_program.hpp"

namespace agentslock {

using program_clock = std::chrono::steady_clock;

/// A program that runs. Its owner asks it what to wait for, waits, and lets it go on, until it has ended.
/// A program that has not ended when its object goes is killed.
class running_program {
 public:
  running_program(started_program program, std::size_t number, const program_limits& limits,
                  program_clock::time_point now);

  [[nodiscard]] std::size_t number() const noexcept { return number_; }
  [[nodiscard]] program_clock::time_point began() const noexcept { return began_; }

  static constexpr std::size_t descriptors = 3;
  /// What to wait for.
  [[nodiscard]] std::array<pollfd, descriptors> waits_for() const noexcept;
  /// When to go on even though nothing has happened; nothing: never.
  [[nodiscard]] std::optional<program_clock::time_point> due() const noexcept;

  /// Reads what there is to read, some of it, and does what is due: ends the program when its time is over or a stop was
  /// asked for. Its answer, once it has ended. What the visitor throws is passed on.
  [[nodiscard]] std::optional<program_outcome> go_on(program_clock::time_point now, bool stop,
                                                     program_output_visitor output);

 private:
  /// Why it was told to end.
  enum class told : std::uint8_t { nothing, time_is_over, stop };

  /// Ends what must end. Whether it must be left as it is, as it does not.
  [[nodiscard]] bool end_if_due(program_clock::time_point now, bool stop) noexcept;
  void tell_to_end(told why, program_clock::time_point now) noexcept;

  struct stream {
    descriptor end;
    line_splitter lines;
  };
  [[nodiscard]] stream& stream_of(program_stream from) noexcept;
  /// Reads at most that much, and closes the stream when it has ended.
  void read_from(program_stream from, std::size_t bytes_max, program_output_visitor output);
  /// What it has written up to its end, and no more: others may have the stream, too, and go on writing.
  void read_rest(program_output_visitor output);
  void take_line(program_stream from, std::string_view text, bool ended, program_output_visitor output);

  /// Says why, of a program that was told to end.
  [[nodiscard]] std::string reason_for_end() const;
  [[nodiscard]] program_outcome outcome_of_end(program_clock::time_point now);
  [[nodiscard]] program_outcome outcome_of(program_verdict verdict, std::string why,
                                           program_clock::time_point now);

  process_group processes_;
  stream output_;
  stream errors_;
  std::size_t number_;
  std::chrono::milliseconds grace_;
  std::optional<std::chrono::milliseconds> timeout_;
  program_clock::time_point began_;
  /// When it is told to end; once it has been told, when it is killed; and then, when it is left as it is.
  std::optional<program_clock::time_point> deadline_;
  told told_ = told::nothing;
  bool killed_ = false;
  last_line last_error_;
  kept_output kept_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
