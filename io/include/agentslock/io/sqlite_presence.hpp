/// The embedded default store: a folder with one SQLite database for each adapter, `kg_NAME.db`.
///
///     sqlite_presence store(".agents/store");
///     auto view = store.find({"comp", "summary"});   // a digest, nothing, or an error
///
/// A view is present when the database has a table or view of exactly that name; its digest is `schema_digest` of the
/// columns as SQLite's `table_xinfo` lists them, without the hidden ones. The digest of a view over tables or columns
/// that are gone is empty: it matches none. A view is absent when the database has no such table, or when the folder
/// has no such file.
///
/// Anything else that keeps the answer from being certain is an error, never "absent":
///   store_unreachable  the folder is missing; it or the file may not be read; a writer was interrupted, and what it
///                      left can be recovered only by a program that may write; the view is one that only its own
///                      program understands
///   store_corrupt      the file is empty, damaged, no database, or a folder or a pipe
///   store_busy         another connection keeps the database locked, or goes on changing it
///   name_too_long      the adapter's name is too long for the file system
///
/// No file is made, changed or removed, in whatever journal mode; the folder may be read-only. Links are followed.
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

  /// Says what the database holds now; what was committed before the call is seen.
  /// Opens the database and closes it again, so that nothing is locked and no file is open between two calls: tens of
  /// microseconds. The schema is read only when it has changed, or another adapter is asked for, in time linear in all
  /// of the database's columns. So ask in order of the adapters.
  /// Waits up to 2 s for a lock, up to 0.2 s for a file that keeps changing or can't be opened, and 20 ms where one in
  /// WAL mode without a log has just been changed.
  /// A connection of this process that is the first to open a database in WAL mode while another thread is in this call
  /// for it can't write, as SQLite shares the log's index between them: open it before, or again.
  [[nodiscard]] result<stored_view> find(view_key key) override;

 private:
  class memory;

  std::string folder_;
  std::unique_ptr<memory> memory_;
};

}  // namespace agentslock
