// Names in reports that repeat them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace agentslock::cli {

/// A name for a report that may repeat it once for every view. A long one, which may be as long as the document, is cut
/// there and ends in "…", so that the report is not as long as the name times the number of views.
[[nodiscard]] std::string shortened(std::string_view name, std::size_t size_bytes_max = 1024);

/// In what a script answers, where programs read names that they have given.
inline constexpr std::size_t script_name_bytes_max = std::size_t{1} << 16;

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
