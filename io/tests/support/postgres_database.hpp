// A database of a test's own on the test program's server.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "postgres_server.hpp"
#include "presence_store.hpp"

namespace agentslock::testing {

/// A new database, dropped with the object; sessions in it are ended.
class postgres_database final : public presence_store {
 public:
  /// In the server's encoding, UTF8, or in another.
  explicit postgres_database(std::string_view encoding = "UTF8");
  postgres_database(const postgres_database&) = delete;
  postgres_database& operator=(const postgres_database&) = delete;
  ~postgres_database() override;

  [[nodiscard]] std::string connection(std::string_view user = postgres_server::owner) const {
    return server().connection(user, name_);
  }
  void run(const std::string& sql) const { server().run(sql, name_); }
  [[nodiscard]] std::string ask(const std::string& sql) const { return server().ask(sql, name_); }
  [[nodiscard]] static postgres_server& server() { return shared_postgres_server(); }

  [[nodiscard]] const engine_words& words() const override;
  void put(std::string_view adapter, const std::string& sql) override;
  [[nodiscard]] std::unique_ptr<presence_source> source() override;
  [[nodiscard]] std::unique_ptr<store_listing> listing() override;

 private:
  std::string name_;
};

/// A name as SQL takes it.
[[nodiscard]] std::string sql_name(std::string_view name);

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
