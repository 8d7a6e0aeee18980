/// What a directory of SQLite databases holds; sqlite_presence.hpp says how it is laid out and read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/store_listing.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The adapter whose database has this file name: the inverse of sqlite_file_name. Nothing for a name that belongs to none.
[[nodiscard]] std::optional<std::string> adapter_of_sqlite_file(std::string_view file_name);

class sqlite_listing final : public store_listing {
 public:
  explicit sqlite_listing(std::string directory) : directory_(std::move(directory)) {}

  /// A file whose name belongs to no adapter is left out.
  [[nodiscard]] result<std::vector<std::string>> adapters() override;
  /// Left out are tables whose names begin with "sqlite_", and those that a virtual table keeps, which begin with its name
  /// and "_". Waits as sqlite_presence::find does; linear in the columns of all tables.
  [[nodiscard]] result<std::vector<std::string>> views(std::string_view adapter) override;

 private:
  std::string directory_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
