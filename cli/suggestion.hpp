// "Did you mean …": the name that was probably meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::cli {

/// The candidate that differs least from a name, by characters that were left out, put in, mistaken or swapped with the
/// next: at most one in three of them, rounded to the nearest, and at least one of the name's stays. Nothing when none is that near. Of several
/// the first. Names of more than 64 bytes are not looked at.
/// Linear in the number of candidates.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view name,
                                                      std::span<const std::string_view> candidates);

/// "; did you mean NAME?", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

/// An adapter that a document has no entry for, with the one that was probably meant.
[[nodiscard]] error unknown_adapter(const lockfile& file, std::string_view adapter,
                                    const std::string& document);

/// Success when the document has this view, or, where the view's name is empty, this adapter. Else what it has not, with
/// what was probably meant.
/// Errors: refused, as unknown_adapter or unknown_view.
[[nodiscard]] result<> check_known(const lockfile& file, view_key key, const std::string& document);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
