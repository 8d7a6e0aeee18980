// What a command is given to read: a file, a device, a pipe or standard input, and never more than a document may have.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// The bytes of an input.
class input_text {
 public:
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }

 private:
  friend result<input_text> read_input(const std::string& path);
  struct freeing {
    void operator()(char* bytes) const noexcept { std::free(bytes); }
  };
  /// Makes room for so many bytes. Moving a large block copies nothing: the system moves its pages.
  void reserve(std::size_t capacity);

  std::unique_ptr<char, freeing> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// The bytes of a file that was named on the command line; "-" is standard input. Waits for a pipe as long as it is open.
/// Refused as soon as more than a document's bytes are seen: a file before any of it is read.
/// Error: invalid_argument. Linear; holds the bytes once.
[[nodiscard]] result<input_text> read_input(const std::string& path);

/// The digest of the same bytes, none of which is kept. Errors: as read_input.
[[nodiscard]] result<std::string> digest_of_input(const std::string& path);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
