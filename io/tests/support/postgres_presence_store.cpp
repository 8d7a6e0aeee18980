#include "postgres_database.hpp"

#include <memory>

namespace agentslock::testing {

std::unique_ptr<presence_store> make_presence_store() {
  return std::make_unique<postgres_database>();
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
