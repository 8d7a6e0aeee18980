// A path as it stood on a line of a list.
#pragma once

#include <climits>
#include <cstddef>

#include "agentslock/io/error.hpp"
#include "bounded_lines.hpp"

namespace agentslock::cli {

/// The longest path that the system knows: without the NUL that PATH_MAX counts.
inline constexpr std::size_t path_bytes_max = PATH_MAX - 1;

/// Why a line can be no path, whatever there is: it is cut, or a part of it is longer than any name may be. Cleaning such a
/// path could take that part away, and leave the path of another document.
/// Errors: name_too_long.
[[nodiscard]] result<> check_path_line(const bounded_line& line);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
