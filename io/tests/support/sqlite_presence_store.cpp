#include "agentslock/io/sqlite_listing.hpp"

#include <memory>
#include "agentslock/io/sqlite_presence.hpp"
#include "presence_store.hpp"
#include "sqlite_file.hpp"

namespace agentslock::testing {
namespace {

class sqlite_presence_store final : public presence_store {
 public:
  [[nodiscard]] const engine_words& words() const override {
    static const engine_words all{"INTEGER", "TEXT", "varchar(10)", false};
    return all;
  }
  void put(std::string_view adapter, const std::string& sql) override {
    sqlite_file(directory_ / sqlite_file_name(adapter), sql);
  }
  [[nodiscard]] std::unique_ptr<presence_source> source() override {
    return std::make_unique<sqlite_presence>(directory_.path());
  }
  [[nodiscard]] std::unique_ptr<store_listing> listing() override {
    return std::make_unique<sqlite_listing>(directory_.path());
  }

 private:
  temporary_directory directory_;
};

}  // namespace

std::unique_ptr<presence_store> make_presence_store() {
  return std::make_unique<sqlite_presence_store>();
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
