#include "postgres_store.hpp"

#include <memory>
#include <utility>

#include "agentslock/io/postgres_listing.hpp"
#include "agentslock/io/postgres_presence.hpp"
#include "libpq.hpp"

namespace agentslock::cli {

namespace {

result<> prepare(const std::string& connection_string) {
  if (const auto loaded = load_libpq(); !loaded) return loaded.error();
  return check_connection_string(connection_string);
}

}  // namespace

result<std::unique_ptr<presence_source>> open_postgres(std::string connection_string) {
  if (const auto ready = prepare(connection_string); !ready) return ready.error();
  return std::unique_ptr<presence_source>(std::make_unique<postgres_presence>(std::move(connection_string)));
}

result<std::unique_ptr<store_listing>> open_postgres_contents(std::string connection_string) {
  if (const auto ready = prepare(connection_string); !ready) return ready.error();
  return std::unique_ptr<store_listing>(std::make_unique<postgres_listing>(std::move(connection_string)));
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
