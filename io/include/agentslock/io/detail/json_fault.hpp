/// What may be wrong with a JSON text, and where: what every reader of one returns.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// How deep a document may be nested, the document itself included.
inline constexpr std::size_t json_depth_max = 2000;
/// The stack that a thread needs to read, change and write a document of that depth, in an optimised build: Boost.JSON's
/// parser calls itself once a level. Threads mostly have 8 MiB; with musl, or in a pool that saves memory, they may have
/// 128 KiB, which such a document overflows. A document of 100 levels is content with 64 KiB.
inline constexpr std::size_t json_stack_bytes = std::size_t{512} * 1024;

/// A part of a text: from the first byte to the one past the last.
struct text_span {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
  [[nodiscard]] std::string_view in(std::string_view text) const noexcept {
    return text.substr(begin, end - begin);
  }
  friend bool operator==(text_span, text_span) = default;
};

/// What is wrong with a text, and where.
struct json_fault {
  errc code;
  std::size_t offset;
  std::string what;
};

/// What reading a JSON text gives: a value, or what is wrong with the text.
template <class T>
using json_result = boost::system::result<T, json_fault>;

/// A fault as an error that names file, line and column.
[[nodiscard]] error to_error(const json_fault& fault, std::string_view text, std::string_view path);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
