/// The embedded default store: a directory with one SQLite database for each adapter, `kg_NAME.db`.
///
///     sqlite_presence store(".agents/store");
///     auto view = store.find({"comp", "summary"});          // a digest, nothing, or an error
///     auto all = store.find_views("comp", names_of_views);  // the same for many, by one opening
///
/// A view is present when the database has a table or view of exactly that name; its digest is `schema_digest` of the
/// columns as SQLite's `table_xinfo` lists them, without the hidden ones. The digest of a view over tables or columns
/// that are gone is empty: it matches none. A view is absent when the database has no such table, or when the directory
/// holds no such file, but others.
///
/// Anything else that keeps the answer from being certain is an error, never "absent", and names the adapter and the
/// file or the directory:
///   store_unreachable  the directory is missing; it or a file may not be read, or the system is short of something;
///                      a pipe, a symlink or another thing that is no file is in the place of a journal or a log; the
///                      database is a symlink to what is not there; a writer was interrupted, and what it left can be
///                      recovered only by a program that may write; this SQLite does not understand the database, which
///                      a newer one or another program may; reading it takes more than what is given to it
///   store_corrupt      the file is empty, damaged, no database, or a directory or a pipe
///   store_busy         another connection keeps the database locked, or goes on changing it
///   store_empty        the directory holds no `kg_*.db` at all, and so is more likely the wrong one
///   name_too_long      the adapter's name, or the path, is too long for the file system
///
/// Nothing in the directory is made, changed or removed, in whatever journal mode and whoever reads, root too: no
/// owner, and no time of change. The directory may be read-only. A database that is a symlink is followed; its journal
/// and log lie beside what it points to. Nothing is waited for but locks; only somebody who puts a pipe in the place
/// of a file between the look at it and SQLite's open(2), microseconds later, can make a call wait.
///
/// A schema may be made to be without an end. What was not asked for is not put together, and for all that one call reads
/// SQLite takes at most 20,000,000 steps, 64 MiB for the schema, 1,000,000 bytes for a statement or value, and 10 s of the
/// thread's time on the processor, looked at between two rows of the schema. A view must not read from others more
/// than 100 deep, nor so often that together they have more than 2,000,000 words.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/io/presence.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The name of an adapter's database file: "kg_", the name, ".db"; every byte of the name but letters, digits, ".", "_"
/// and "-" is percent-encoded. Injective, and never leads out of a directory.
[[nodiscard]] std::string sqlite_file_name(std::string_view adapter);

/// Safe from any thread.
class sqlite_presence final : public presence_source {
 public:
  explicit sqlite_presence(std::string directory) : directory_(std::move(directory)) {}

  /// The same as find_views for one view, and costs as much: SQLite reads the whole schema before it answers anything.
  [[nodiscard]] result<stored_view> find(view_key key) override;
  /// Says what the database holds now, all from one moment; what was committed before the call is seen.
  /// Opens the database and closes it again, so that nothing is locked and no file is open between two calls: some tens of
  /// microseconds, and up to four descriptors. Linear in the texts of the schema, and beyond that in the columns of what is
  /// asked for alone.
  /// Root reads a write-ahead log from its beginning in each call, for which a log of 4 MB takes milliseconds: by the
  /// log's index it could be read faster, but SQLite would give the index to the database's owner. So does everybody
  /// where the index can't be opened.
  /// Waits up to 2 s for a lock, up to 0.2 s for a file that keeps changing or can't be opened, and 20 ms where one in
  /// WAL mode without a log has just been changed.
  /// A connection of this process that is the first to open a database in WAL mode while another thread is in this call
  /// for it can't write, as SQLite shares the log's index between them: open it before, or again.
  [[nodiscard]] result<std::vector<stored_view>> find_views(std::string_view adapter,
                                                            std::span<const std::string_view> views) override;

 private:
  std::string directory_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
