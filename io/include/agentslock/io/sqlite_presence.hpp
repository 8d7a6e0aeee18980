/// The embedded default store: a folder with one SQLite database for each adapter, `kg_NAME.db`.
///
///     sqlite_presence store(".agents/store");
///     auto view = store.find({"comp", "summary"});   // a digest, nothing, or an error
///
/// A view is present when the database has a table or view of exactly that name. Databases are opened read-only, and no
/// file appears beside them. A missing file is a missing adapter: absent. Anything else that keeps the answer from being
/// certain is an error: a missing or unreadable folder, a file that is empty or no database, a database that another
/// process keeps locked, or one whose journal must be rolled back first.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agentslock/io/presence.hpp"

namespace agentslock {

/// The name of an adapter's database file: "kg_", the name, ".db"; every byte of the name but letters, digits, ".", "_"
/// and "-" is percent-encoded. Injective, and never leads out of a folder.
[[nodiscard]] std::string sqlite_file_name(std::string_view adapter);

class sqlite_presence final : public presence_source {
 public:
  explicit sqlite_presence(std::string folder);
  sqlite_presence(sqlite_presence&&) noexcept;
  sqlite_presence& operator=(sqlite_presence&&) noexcept;
  ~sqlite_presence() override;

  /// Waits up to 2 s for a database that another process is writing to.
  /// Keeps the adapter's database open until another adapter is asked for, so ask in order.
  [[nodiscard]] result<stored_view> find(view_key key) override;

 private:
  class database;
  [[nodiscard]] result<database*> database_of(std::string_view adapter);

  std::string folder_;
  std::string open_adapter_;
  std::unique_ptr<database> open_;
};

}  // namespace agentslock
