// The store that a command works with.
#pragma once

#include <memory>
#include <string>

#include "agentslock/io/presence.hpp"
#include "agentslock/io/reconcile_document.hpp"
#include "agentslock/io/store_listing.hpp"
#include "common_options.hpp"

namespace agentslock::cli {

/// The store that --store names, or else AGENTSLOCK_STORE, as it was said; empty when none is named.
[[nodiscard]] std::string named_store(const common_options& options);

/// That store: "sqlite:DIRECTORY", "postgres:" and a connection string, or a connection string that is a URI. A relative directory is
/// taken from the document's when the document was found above; for a connection string that is left out AGENTSLOCK_DATABASE stands,
/// else libpq's environment.
/// Errors: invalid_argument; store_unreachable where libpq is missing.
[[nodiscard]] result<std::unique_ptr<presence_source>> open_store(const common_options& options);

/// The same store, to list what it holds. Errors: the same.
[[nodiscard]] result<std::unique_ptr<store_listing>> open_contents(const common_options& options);

/// The pass (reconcile_document.hpp) on the command's document and store: both in one snapshot where both are in one PostgreSQL
/// database, named alike: the store's connection string is the documents'.
/// Errors: those of open_store and reconcile_document.
[[nodiscard]] result<reconciled> run_pass(const common_options& options, reconcile_mode mode);

/// The store that is named, as programs are told it: "sqlite:" and an absolute path, or PostgreSQL's as it was named; empty when none is.
/// Error: invalid_argument.
[[nodiscard]] result<std::string> absolute_store(const common_options& options);

/// The store that is named, as a command that names the document must be told it: a relative one is taken from here. Empty when
/// none is named, or it is none. It is for people: in the place of a connection string stands a word for it.
[[nodiscard]] std::string store_from_here(const common_options& options);

/// The digest of what the store holds for a view, by the same code that reconcile compares with.
/// Errors: invalid_argument, also when the store has no such view; those of presence_source.
[[nodiscard]] result<std::string> digest_in_store(const common_options& options, view_key key);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
