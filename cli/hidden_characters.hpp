// Characters that do not show what they are.
#pragma once

namespace agentslock::cli {

/// Whether a character could make a text look like another one: a control character, one that reorders or formats text, one
/// that shows nothing or only space, or one that has no meaning of its own (private use, no character at all). The
/// space itself is none.
/// Constant time; no allocation.
[[nodiscard]] bool is_hidden(char32_t c) noexcept;

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
