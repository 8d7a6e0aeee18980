/// Times as the lock document spells them: RFC 3339, UTC, whole seconds, `Z`.
///
/// The kernel never reads a clock. Whoever calls it passes the time; this turns that time into the document's
/// text and a text back into a time.
#pragma once

#include <array>
#include <optional>
#include <string_view>

// GCC's <chrono> brings streams and locales, a third of what the kernel's headers cost to compile. Its own core has all that
// a point in time needs.
#if defined(__GLIBCXX__) && __has_include(<bits/chrono.h>)
#include <bits/chrono.h>
#else
#include <chrono>
#endif

#pragma GCC visibility push(default)
namespace agentslock {

/// A point in time, in whole seconds.
using timestamp = std::chrono::sys_seconds;

/// A time as text: exactly "YYYY-MM-DDTHH:MM:SSZ".
class rfc3339_text {
 public:
  static constexpr std::size_t size = 20;
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters_.data(), size}; }

 private:
  friend std::optional<rfc3339_text> format_rfc3339(timestamp) noexcept;
  std::array<char, size> characters_{};
};

/// Spells a time. Nothing when its year is not between 0000 and 9999, which RFC 3339 can't spell.
/// Constant time, no allocation, safe from any thread.
[[nodiscard]] std::optional<rfc3339_text> format_rfc3339(timestamp time) noexcept;

/// Reads a time: upper-case `T` and `Z`, any offset, a fraction of a second, which is dropped.
/// Nothing when the text is not such a time; a time whose year leaves 0000 to 9999 by its offset is returned,
/// and format_rfc3339 refuses it.
/// Linear, no allocation, safe from any thread.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text) noexcept;

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
