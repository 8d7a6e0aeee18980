// The store that a command works with.
#pragma once

#include <memory>
#include <string>

#include "agentslock/io/presence.hpp"
#include "agentslock/io/store_listing.hpp"
#include "common_options.hpp"

namespace agentslock::cli {

/// The store that --store names, or else AGENTSLOCK_STORE, as it was said; empty when none is named.
[[nodiscard]] std::string named_store(const common_options& options);

/// That store: "sqlite:DIRECTORY". A relative one is taken from the document's directory when the document was found above.
/// Error: invalid_argument.
[[nodiscard]] result<std::unique_ptr<presence_source>> open_store(const common_options& options);

/// The same store, to list what it holds. Error: invalid_argument.
[[nodiscard]] result<std::unique_ptr<store_listing>> open_contents(const common_options& options);

/// The store that is named, as programs are told it: "sqlite:" and an absolute path; empty when none is named.
/// Error: invalid_argument.
[[nodiscard]] result<std::string> absolute_store(const common_options& options);

/// The store that is named, as a command that names the document must be told it: a relative one is taken from here. Empty when
/// none is named, or it is none.
[[nodiscard]] std::string store_from_here(const common_options& options);

/// The digest of what the store holds for a view, by the same code that reconcile compares with.
/// Errors: invalid_argument, also when the store has no such view; those of presence_source.
[[nodiscard]] result<std::string> digest_in_store(const common_options& options, view_key key);

}  // namespace agentslock::cli
