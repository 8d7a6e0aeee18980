#include "agentslock/io/postgres_documents.hpp"

#include <memory>
#include <utility>

#include "callers_connection.hpp"
#include "postgres_table.hpp"
#include "swapped_document.hpp"

namespace agentslock {
postgres_documents::postgres_documents(std::string connection_string, postgres_documents_options options)
    : table_(std::make_shared<postgres_table>(std::move(connection_string), options)) {}

result<postgres_documents> postgres_documents::within(pg_conn* connection,
                                                      postgres_documents_options options) {
  if (const auto fit = check_callers_connection(connection); !fit) return fit.error();
  return postgres_documents(std::make_shared<postgres_table>(connection, options));
}

result<postgres_documents::initialised> postgres_documents::init() const {
  return table_->init();
}

result<std::vector<postgres_documents::listed>> postgres_documents::list(std::string_view prefix) const {
  if (!prefix.empty()) {
    if (const auto key_ok = postgres_table::check_key(prefix); !key_ok) return key_ok.error();
  }
  return table_->list(prefix);
}

std::shared_ptr<const document_store> postgres_documents::document(std::string_view key) const {
  return std::make_shared<swapped_document<postgres_table>>(table_, key);
}

result<> postgres_documents::put(std::string_view key, std::string_view bytes) const {
  return swap_whatever_is_there(*table_, key, [&](const document_row& now) -> result<> {
    return table_->swap(key, now.revision, bytes);
  });
}

result<bool> postgres_documents::remove(std::string_view key) const {
  return swap_whatever_is_there(*table_, key, [&](const document_row& now) -> result<bool> {
    if (!now.exists) return result<bool>(false);
    if (const auto done = table_->swap(key, now.revision, std::nullopt); !done) return done.error();
    return result<bool>(true);
  });
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
