// The kinds of places, other than files, in which documents live: "postgres:KEY".
//
// A new kind is
//   1. a function that opens its documents (keyed_documents.hpp), beside the one for PostgreSQL in postgres_store.hpp; where
//      its library may be missing in a build, one more that says so, as in without_postgres.cpp;
//   2. a row for it in the table in document_kinds.cpp.
// From there `--document`, AGENTSLOCK_DOCUMENT, `documents`, `sweep --document`, `wait`, `diff` and the help know it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "keyed_documents.hpp"

namespace agentslock::cli {

struct document_kind {
  /// How the names of its documents begin: "postgres:".
  std::string_view word;
  /// What keeps them: "PostgreSQL".
  std::string_view engine;
  /// Where the connection comes from, for the help and for messages; it never stands in a document's name.
  std::string_view connection;
  /// Its documents. Connects to nothing yet.
  /// Errors: store_unreachable, where a library is missing, here or in the build; invalid_argument.
  result<std::unique_ptr<keyed_documents>> (*open)();
};

[[nodiscard]] std::span<const document_kind> document_kinds() noexcept;

/// The names that a document may have: "a path, postgres:KEY or etcd:KEY".
[[nodiscard]] std::string names_of_documents();
/// How those of documents that are no files begin, each with this behind it: "postgres:PREFIX".
[[nodiscard]] std::string prefixes_of_documents(std::string_view rest = "PREFIX");

/// A name of a document, taken apart.
struct keyed_place {
  const document_kind* kind = nullptr;
  /// Borrowed from the name.
  std::string_view key;
};

/// Nothing when the name is a path: ./postgres:x is one.
/// Error: invalid_argument for what looks like a connection, of which nothing is repeated: it may hold a password.
[[nodiscard]] result<std::optional<keyed_place>> read_place(std::string_view document);

/// A place that is no file. Errors: those of read_place; invalid_argument for a path.
[[nodiscard]] result<keyed_place> read_keyed_place(std::string_view name);

/// Whether a name is that of a document which is no file.
[[nodiscard]] bool is_kept_elsewhere(std::string_view document);

/// The document of a place. Where its kind can't be opened, each function of the store says why.
[[nodiscard]] std::shared_ptr<const document_store> document_at(const keyed_place& place);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
