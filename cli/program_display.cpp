#include "program_display.hpp"

#include <unistd.h>

#include <algorithm>

#include "environment.hpp"
#include "streams.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// What a program writes, as a terminal may be sent it: with the tabs that it has, and nothing that moves the cursor or hides.
std::string line_for_terminal(std::string_view text) {
  std::string shown;
  for (;;) {
    const std::size_t tab = std::min(text.find('\t'), text.size());
    shown += printable(text.substr(0, tab));
    if (tab == text.size()) return shown;
    shown += '\t';
    text.remove_prefix(tab + 1);
  }
}

/// Whether a line on standard error can be written anew.
bool is_rewritable() {
  const std::string kind = from_environment("TERM");
  return ::isatty(STDERR_FILENO) != 0 && !kind.empty() && kind != "dumb";
}

void say(std::string_view text) {
  (void)write_all(STDERR_FILENO, text);
}

}  // namespace

program_display::program_display(shows what, bool marks)
    : shows_progress_(what == shows::all), marks_(marks), on_terminal_(is_rewritable()) {}

program_display::~program_display() {
  clear();
  if (in_line_) say("\n");
}

void program_display::clear() {
  if (has_progress_) say("\r\033[K");
  has_progress_ = false;
}

void program_display::progress(const program_progress& now) {
  if (!shows_progress_ || (!on_terminal_ && now.phase != program_phase::ended)) return;
  clear();
  if (in_line_) say("\n");
  in_line_ = false;
  say(printable(to_string(now)) + (on_terminal_ ? "" : "\n"));
  has_progress_ = on_terminal_;
}

void program_display::line(std::string_view view, const program_line& line) {
  clear();
  std::string text;
  if (marks_) text.append(printable(view)).append(": ");
  text.append(::isatty(STDERR_FILENO) != 0 ? line_for_terminal(line.text) : std::string(line.text));
  // Pieces of several programs' lines would run into each other.
  if (line.ended || marks_) text.append("\n");
  in_line_ = !text.ends_with('\n');
  say(text);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
