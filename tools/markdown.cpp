#include "markdown.hpp"

#include <fmt/format.h>

namespace agentslock::docs {

std::string markdown(const row& heading, const std::vector<row>& rows) {
  const auto line = [](const row& cells) { return fmt::format("| {} |\n", fmt::join(cells, " | ")); };
  std::string text = line(heading) + fmt::format("|{}\n", fmt::join(row(heading.size(), "---|"), ""));
  for (const row& one : rows)
    text += line(one);
  return text;
}

std::string quoted(std::string_view text) {
  return fmt::format("`{}`", text);
}

std::string in_words(view_state state) {
  return is_status(state) ? quoted(name(state)) : std::string(name(state));
}

}  // namespace agentslock::docs
// SPDX-License-Identifier: Apache-2.0
