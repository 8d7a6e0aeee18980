/// Whether a text is UTF-8. Every name and text that is given to us must be.
#pragma once

#include <string_view>

#pragma GCC visibility push(default)
namespace agentslock {

/// Whether a text is well-formed UTF-8 (Unicode 15, table 3-7): no overlong form, no surrogate, nothing past
/// U+10FFFF. The empty text is.
/// Linear, no allocation, safe from any thread.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
