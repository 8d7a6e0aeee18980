#include "agentslock/kernel/entries.hpp"

#include <algorithm>

namespace agentslock {

std::string to_string(view_key key) {
  std::string text;
  text.reserve(key.adapter.size() + 1 + key.view.size());
  return text.append(key.adapter).append("/").append(key.view);
}

bool view::reads_from(std::string_view adapter) const noexcept {
  return std::ranges::any_of(depends_on, [&](const dependency& item) { return item.adapter == adapter; });
}

bool view::recorded_schema(std::string_view adapter, std::string_view schema_digest) const noexcept {
  return reads_from(adapter) && std::ranges::all_of(depends_on, [&](const dependency& item) {
           return item.adapter != adapter || item.schema_digest == schema_digest;
         });
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
