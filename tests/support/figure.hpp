// Figures that tests print and pages show: see tools/figures.py.
#pragma once

#include <cstdarg>
#include <cstdio>

namespace agentslock::testing {

/// Prints one figure, a line, of a group. The same in every run, or no page could show it.
[[gnu::format(printf, 2, 3)]] inline void print_figure(const char* group, const char* format, ...) {
  std::printf("[ FIGURE   ] %s: ", group);
  std::va_list arguments;
  va_start(arguments, format);
  std::vprintf(format, arguments);
  va_end(arguments);
  std::printf("\n");
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
