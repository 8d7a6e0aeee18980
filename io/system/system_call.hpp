// Failed system calls as errors, calls that are tried again, and reading to the end; private to the io layer.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/io/host.hpp"

namespace agentslock {

/// A failed system call as an error: "could not WHAT PATH: reason", and what to do about it where that is known.
[[nodiscard]] error system_failure(std::string_view what, std::string_view path,
                                   boost::system::error_code cause);

[[nodiscard]] inline bool is(boost::system::error_code code, int number) noexcept {
  return code.value() == number;
}

/// Calls until the answer is something else than "interrupted by a signal".
template <class Call>
[[nodiscard]] auto uninterrupted(Call&& call) {
  for (;;) {
    auto answer = call();
    if (answer.has_value() || !is(answer.error(), EINTR)) return answer;
  }
}

/// Reads until the buffer is full or the file ends. `read` reads once, as file_system::read does. Returns the bytes read.
template <class Read>
[[nodiscard]] sys_result<std::size_t> read_to_end(std::span<char> into, Read&& read) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const auto got = read(into.subspan(filled));
    if (!got) return got.error();
    if (*got == 0) break;
    filled += *got;
  }
  return filled;
}

/// Opens a file that closes itself.
[[nodiscard]] sys_result<open_file> open_at(file_system& files, const std::string& path, open_how how,
                                            unsigned mode = 0);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
