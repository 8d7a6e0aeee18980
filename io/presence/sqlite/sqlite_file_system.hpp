// The file system that SQLite gets for a reading; private to the SQLite source.
//
// It is SQLite's own one, by which all connections of the process know of each other's locks, but:
//
// - What is not there is not made; what is there is opened for reading only, never removed, and never given away. Run
//   by root, SQLite gives a log or journal that it opens to the database's owner. Its system calls belong to the whole
//   process and are left alone: logs and journals are opened as a kind of file that it does not do that with.
// - The log's index, "-shm", is opened only by a connection that asks for it with readonly_shm. To the others it is one
//   that nobody keeps up to date: SQLite then makes an index of its own in memory, from the log.
// - What is no regular file is not opened. Between that look and SQLite's own open(2) there is a moment in which
//   somebody who may write in the directory can put a pipe in a file's place; then the call waits as long as they let it.
// - A read that the disk answers with an error is one that failed, and no damage.
// - A log without a valid header, which holds nothing, is not there. SQLite itself would try for 10 s to find it whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agentslock {

/// The file system's name for SQLite; empty when SQLite has none to build on. Safe from any thread.
[[nodiscard]] const char* unchanging_file_system();

/// Whether connections must keep away from a log's index: this process is root, or may become so, and SQLite would
/// give the index away.
[[nodiscard]] bool must_leave_index_alone();

/// A file that this thread's SQLite was kept from opening.
struct failed_open {
  std::string path;
  /// What it is, when it is no regular file: "a pipe".
  std::string_view kind;
  /// The system's answer otherwise.
  int number = 0;
};

/// The last one since it was forgotten. That a file is not there is none.
[[nodiscard]] const std::optional<failed_open>& last_failed_open();
void forget_failed_open();

/// What is at a path, if it is something else than a regular file; symlinks are not followed.
[[nodiscard]] std::string_view kind_of_no_file(const std::string& path);

/// What a write-ahead log holds.
enum class log_content : unsigned char {
  /// There is no log, or none that anything was written to.
  nothing,
  /// Something, or it could not be found out.
  something,
  /// A version of the format that this SQLite does not know.
  of_newer_version,
};
[[nodiscard]] log_content look_into_log(const std::string& path);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
