// A program's output as lines, and what is kept of it; private to the io layer.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/program.hpp"

namespace agentslock {

/// Cuts a stream into lines of bounded length.
class line_splitter {
 public:
  /// Is told a line, and whether it ends here: see program_line.
  using line_visitor = function_ref<void(std::string_view, bool)>;

  /// Takes the next bytes of the stream. Linear; keeps less than program_line_bytes_max of them.
  void take(std::string_view bytes, line_visitor visit);
  /// The stream has ended: tells what is left of a line that does not.
  void finish(line_visitor visit);

 private:
  std::string begun_;
};

/// Remembers the last line of a stream that says something, up to program_reason_bytes_max of it.
class last_line {
 public:
  void take(std::string_view text, bool ended);
  /// The line as_reason, without white space before it. Empty: there was none.
  [[nodiscard]] std::string text() const;

 private:
  std::string current_;
  std::string last_;
};

/// The beginning of a stream, up to program_output_bytes_max.
class kept_output {
 public:
  void take(std::string_view bytes);
  [[nodiscard]] bool is_cut() const noexcept { return cut_; }
  [[nodiscard]] std::string take_text() && { return std::move(text_); }

 private:
  std::string text_;
  bool cut_ = false;
};

/// A text as a reason: UTF-8, in which each byte that is part of no character has become U+FFFD; of the first
/// program_reason_bytes_max bytes, with "…" for the others; without white space at the end. Linear.
[[nodiscard]] std::string as_reason(std::string_view text);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
