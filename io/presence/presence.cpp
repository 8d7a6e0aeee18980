#include "agentslock/io/presence.hpp"

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/digest.hpp"

namespace agentslock {

std::string schema_digest(std::span<const column> columns) {
  std::string text;
  constexpr std::size_t usual_bytes_a_column = 48;
  text.reserve(usual_bytes_a_column * (columns.size() + 1));
  text += "agentslock-view-schema-1\n";
  for (const column& one : columns) {
    text.append("[").append(quote(one.name)).append(",").append(quote(one.declared_type));
    text.append(one.not_null ? ",1," : ",0,").append(std::to_string(one.primary_key_position)).append("]\n");
  }
  return digest(text);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
