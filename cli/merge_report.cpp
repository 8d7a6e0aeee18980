#include "merge_report.hpp"

#include <fmt/format.h>

#include "table.hpp"

namespace agentslock::cli {

void add_conflicts(json_report& json, const std::vector<std::string>& conflicts) {
  json.write().name("conflicts");
  json.write().begin_array();
  for (const std::string& one : conflicts)
    json.write().string(as_utf8(one));
  json.write().end_array();
}

std::string listed_conflicts(const std::vector<std::string>& conflicts) {
  std::string text;
  for (const std::string& one : conflicts)
    text += fmt::format("  {}\n", one.empty() ? "the whole document, by its lines" : printable(one));
  return text;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
