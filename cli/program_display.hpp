// How far programs are, and what they write, on standard error.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/program.hpp"

namespace agentslock::cli {

/// On a terminal one line that is written anew, else a line for each view when its program has ended. What programs write
/// goes through, and is marked with the view when several run at once; on a terminal it is made printable, as other
/// texts of others.
/// For one thread. What can't be written is lost.
class program_display {
 public:
  enum class shows : std::uint8_t { all, output_only };
  program_display(shows what, bool marks);
  program_display(const program_display&) = delete;
  program_display& operator=(const program_display&) = delete;
  ~program_display();

  void progress(const program_progress& now);
  void line(std::string_view view, const program_line& line);

 private:
  void clear();

  bool shows_progress_;
  bool marks_;
  bool on_terminal_;
  /// Whether the cursor stands behind a progress line.
  bool has_progress_ = false;
  /// Whether it stands behind the beginning of a program's line.
  bool in_line_ = false;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
