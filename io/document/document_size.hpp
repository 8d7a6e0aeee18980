// How large a document may be, and the words for one that is larger; private to the io layer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/io/lock_document.hpp"

namespace agentslock {

/// Refuses a document that is larger than what is read.
[[nodiscard]] inline result<> check_size_of_read(std::uint64_t size_bytes, std::string_view path) {
  if (size_bytes <= document_size_bytes_max) return {};
  return error(errc::too_large, std::string(path) + " is larger than " + std::string(document_size_max_text) +
                                    ", which is no lock document");
}

/// Refuses to make a document of what could not be read again.
[[nodiscard]] inline result<> check_size_of_written(std::uint64_t size_bytes, std::string_view path) {
  if (size_bytes <= document_size_bytes_max) return {};
  return error(errc::too_large, "with this change " + std::string(path) + " would be larger than " +
                                    std::string(document_size_max_text) +
                                    ", and nobody could read it again; it was left as it is");
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
