#include "postgres_store.hpp"

#include <memory>
#include <utility>

#include "agentslock/io/postgres_documents.hpp"
#include "agentslock/io/postgres_listing.hpp"
#include "agentslock/io/postgres_moment.hpp"
#include "agentslock/io/postgres_presence.hpp"
#include "environment.hpp"
#include "libpq.hpp"

namespace agentslock::cli {

namespace {

class postgres_keyed_documents final : public keyed_documents {
 public:
  explicit postgres_keyed_documents(std::string connection_string) : all_(std::move(connection_string)) {}

  result<std::vector<std::string>> init() const override {
    const auto made = all_.init();
    if (!made) return made.error();
    std::vector<std::string> names;
    if (made->schema) names.emplace_back("the schema agentslock");
    if (made->table) names.emplace_back("the table agentslock.document");
    return names;
  }
  std::string_view privileges() const noexcept override {
    return "to read, USAGE on the schema agentslock and SELECT on the table agentslock.document; to write, "
           "INSERT and UPDATE besides";
  }
  result<std::vector<listed_document>> list(std::string_view prefix) const override {
    auto found = all_.list(prefix);
    if (!found) return found.error();
    std::vector<listed_document> listed;
    for (postgres_documents::listed& one : *found)
      listed.push_back({std::move(one.key), one.revision, one.size_bytes, std::move(one.changed_at)});
    return listed;
  }
  std::shared_ptr<const document_store> document(std::string_view key) const override {
    return all_.document(key);
  }
  result<> put(std::string_view key, std::string_view bytes) const override { return all_.put(key, bytes); }
  result<bool> remove(std::string_view key) const override { return all_.remove(key); }

 private:
  postgres_documents all_;
};

result<> prepare(const std::string& connection_string) {
  if (const auto loaded = load_libpq(); !loaded) return loaded.error();
  return check_connection_string(connection_string);
}

}  // namespace

result<std::unique_ptr<presence_source>> open_postgres(const std::string& connection_string) {
  if (const auto ready = prepare(connection_string); !ready) return ready.error();
  return std::unique_ptr<presence_source>(std::make_unique<postgres_presence>(connection_string));
}

result<std::unique_ptr<store_listing>> open_postgres_contents(const std::string& connection_string) {
  if (const auto ready = prepare(connection_string); !ready) return ready.error();
  return std::unique_ptr<store_listing>(std::make_unique<postgres_listing>(connection_string));
}

result<std::unique_ptr<keyed_documents>> open_postgres_documents() {
  std::string connection_string = from_environment(database_variable);
  if (const auto ready = prepare(connection_string); !ready) return ready.error();
  return std::unique_ptr<keyed_documents>(
      std::make_unique<postgres_keyed_documents>(std::move(connection_string)));
}

result<reconciled> reconcile_in_postgres(std::string_view key, reconcile_mode mode) {
  std::string connection_string = from_environment(database_variable);
  if (const auto ready = prepare(connection_string); !ready) return ready.error();
  return reconcile_at_one_moment(postgres_moment(std::move(connection_string), key), mode);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
