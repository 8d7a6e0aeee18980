// A PostgreSQL store that is not there: an error, and never an absent view.
#include <agentslock/io/postgres_presence.hpp>

#include <iostream>

using namespace agentslock;

int main() {
  postgres_presence views("host=/no/such/directory");
  const auto found = views.find({"comp", "summary"});
  if (found) return 1;
  std::cout << found.error().message() << "\n";
  return found.error().code() == errc::store_unreachable ? 0 : 2;
}
// SPDX-License-Identifier: Apache-2.0
