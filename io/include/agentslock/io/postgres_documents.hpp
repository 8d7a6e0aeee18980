/// Documents in a PostgreSQL database: rows of the table agentslock.document, each a key and bytes.
///
///     postgres_documents documents("service=agents");               // or "", for libpq's environment alone
///     auto made = documents.init();                                 // once; does nothing where the table is there
///     lockfile_store store(documents.document("team/project"));     // and from here on as with a file
///     auto done = store.update([&](lockfile& file) -> result<> {
///       return file.activate("crg", source, schema, store.now());
///     });
///
/// A write is one statement, which compares the revision and the token that were read and puts the next ones there with
/// the bytes. Nothing is locked between reading and writing, so that any pooler of connections may stand between; where
/// another writer was first, a lockfile_store begins again.
///
/// A revision is a number and a token, of which no other write of anybody has the same. The numbers of a key only grow,
/// also when its document is removed and put again: its row stays, without bytes. Where a database is restored from an older
/// copy its numbers are used again, and the tokens tell the revisions apart.
///
/// What no message ever holds is anything of the connection string.
///
/// Errors of all functions here, with nothing changed in the database:
///   store_unreachable  no connection came about, or it was cut off or silent for too long while nothing was written
///   document_missing   the database has no table agentslock.document: init makes it
///   access_denied      the role lacks a privilege, or the server only reads
///   lock_timeout       another session holds the document's row, in a transaction that has not ended
///   invalid_argument   the connection string is none; a key is empty, holds a NUL or is not UTF-8
///   name_too_long      a key of more than 1,024 bytes
///   too_large, no_space, out_of_memory, io_failed
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/document_store.hpp"
#include "agentslock/io/postgres_limits.hpp"

struct pg_conn;

#pragma GCC visibility push(default)
namespace agentslock {

/// The largest document that a row takes, in bytes: PostgreSQL's messages end before 1 GiB, and hold more than the document.
inline constexpr std::size_t postgres_document_size_bytes_max = (std::size_t{1} << 30) - 8192;
/// The longest key, in bytes.
inline constexpr std::size_t postgres_key_size_bytes_max = 1024;

/// How what lives in a database is called, before its key.
inline constexpr std::string_view postgres_document_prefix = "postgres:";

struct postgres_documents_options {
  postgres_limits limits = {};
  /// How long a write waits for another session's transaction on the same row; and how long one whose connection was cut off
  /// is asked about before its outcome is called uncertain.
  std::chrono::milliseconds wait{5000};
};

class postgres_table;

/// Connects when it is first asked, and keeps connections that are idle, at most one for each thread that asked at once;
/// idle, they hold no transaction. Copies share them. Safe from any thread. A forked child makes an object of its own.
class postgres_documents {
 public:
  /// The connection string is as libpq takes it, pairs or a URI; what it leaves out, and all when it is empty, comes from
  /// libpq's environment. Connects to nothing yet.
  explicit postgres_documents(std::string connection_string, postgres_documents_options options = {});

  /// The documents as a transaction of the caller's sees them, on its connection: for a program that builds tables and
  /// records that they are ready at one moment, which no crash can part.
  ///
  ///     auto documents = postgres_documents::within(connection);   // after BEGIN and the build
  ///     lockfile_store store(documents->document("team/project"));
  ///     auto done = store.update(record_the_build);                // then COMMIT; ROLLBACK if it failed
  ///
  /// Success of a write means: recorded when you commit. Any error of a write means: roll back; conflict, that another
  /// writer was first. Nothing is tried twice, nothing is committed or rolled back, and no other connection is made.
  /// From the write until the transaction ends the document's row is locked: record last.
  /// Preconditions: the connection is alive as long as what is made of this, which is used by one thread at a time, the one that
  /// uses the connection, and not while a query runs on it.
  /// Error: invalid_argument outside a transaction, in one that has failed, or where the connection's client_encoding would
  /// have the server take keys for others (UTF8 is right everywhere); the same is then said by each function.
  [[nodiscard]] static result<postgres_documents> within(pg_conn* connection,
                                                         postgres_documents_options options = {});

  /// What init has made.
  struct initialised {
    bool schema = false;
    bool table = false;
  };
  /// Makes the schema agentslock and the table, where they are missing. Where they are there, the role needs no privilege, and
  /// nothing is done. To make them, it needs CREATE on the database, or the schema's owner must run this.
  /// Error: invalid_argument too, when a table of this name has other columns.
  [[nodiscard]] result<initialised> init() const;

  struct listed {
    std::string key;
    std::int64_t revision = 0;
    std::uint64_t size_bytes = 0;
    /// In UTC, whole seconds.
    std::string changed_at;
  };
  /// The documents whose keys begin so, in byte order; their bytes are not read. Needs SELECT.
  [[nodiscard]] result<std::vector<listed>> list(std::string_view prefix = {}) const;

  /// One document as a store, called "postgres:" and the key. Reading needs USAGE on the schema and SELECT on the table; writing
  /// INSERT and UPDATE besides; nothing needs DELETE.
  [[nodiscard]] std::shared_ptr<const document_store> document(std::string_view key) const;
  /// Puts bytes there whatever is there, without looking at what they say.
  /// Errors: also conflict, when others go on being first, and outcome_uncertain.
  [[nodiscard]] result<> put(std::string_view key, std::string_view bytes) const;
  /// Takes the document away, and says whether there was one. Errors: as put.
  [[nodiscard]] result<bool> remove(std::string_view key) const;

 private:
  explicit postgres_documents(std::shared_ptr<postgres_table> table) : table_(std::move(table)) {}
  std::shared_ptr<postgres_table> table_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
