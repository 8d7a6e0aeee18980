#include "environment.hpp"

#include <cstdlib>

namespace agentslock::cli {

std::string from_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
