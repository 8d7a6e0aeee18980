#include "environment.hpp"

#include <unistd.h>

#include <set>
#include <string_view>

namespace agentslock {
namespace {

bool can_be_named(std::string_view name) {
  return !name.empty() && name.find_first_of(std::string_view("=\0", 2)) == std::string_view::npos;
}

}  // namespace

std::vector<std::string> environment_with(std::span<const environment_variable> additions) {
  std::set<std::string_view> added;
  std::vector<std::string> all;
  std::size_t bytes = 0;
  for (const environment_variable& one : additions) {
    if (!can_be_named(one.name) || !added.insert(one.name).second) continue;
    if (!one.value || one.value->find('\0') != std::string::npos) continue;
    const std::size_t size = one.name.size() + one.value->size() + 2;
    if (size > program_variable_bytes_max || bytes + size > program_variables_bytes_max) {
      continue;
    }
    bytes += size;
    all.push_back(one.name + "=" + *one.value);
  }
  for (char** ours = environ; ours != nullptr && *ours != nullptr; ++ours) {
    const std::string_view line = *ours;
    if (!added.contains(line.substr(0, line.find('=')))) all.emplace_back(line);
  }
  return all;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
