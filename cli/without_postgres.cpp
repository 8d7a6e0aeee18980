// In the place of postgres_store.cpp where libpq was not there to build with.
#include "postgres_store.hpp"

#include <memory>

namespace agentslock::cli {
namespace {

error is_missing() {
  return {errc::store_unreachable,
          "this agentslock was built without PostgreSQL: build it where libpq is (Debian: libpq-dev), with "
          "AGENTSLOCK_POSTGRES=ON"};
}

}  // namespace

result<std::unique_ptr<presence_source>> open_postgres(const std::string&) {
  return is_missing();
}

result<std::unique_ptr<store_listing>> open_postgres_contents(const std::string&) {
  return is_missing();
}

result<std::unique_ptr<keyed_documents>> open_postgres_documents() {
  return is_missing();
}

result<reconciled> reconcile_in_postgres(std::string_view, reconcile_mode) {
  return is_missing();
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
