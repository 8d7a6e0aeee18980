// What stands in a document that does not live in a file.
#pragma once

#include <string>
#include <string_view>

namespace agentslock::testing {

/// The bytes of one of a server's documents; "(none)" where there is none, and the error where it can't be read.
template <class Documents>
[[nodiscard]] std::string bytes_in(const Documents& documents, std::string_view key) {
  const auto now = documents.document(key)->read();
  if (!now) return "error: " + now.error().message();
  return now->exists ? std::string(now->text.view()) : "(none)";
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
