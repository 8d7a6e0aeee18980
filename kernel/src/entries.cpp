#include "agentslock/kernel/entries.hpp"

#include <algorithm>
#include "kernel_bugs.hpp"

namespace agentslock {

std::string to_string(view_key key) {
  std::string text;
  text.reserve(key.adapter.size() + 1 + key.view.size());
  return text.append(key.adapter).append("/").append(key.view);
}

bool view::reads_from(std::string_view adapter) const noexcept {
  if (has_bug(kernel_bug::only_first_dependency_counts))
    return !depends_on.empty() && depends_on[0].adapter == adapter;
  return std::ranges::any_of(depends_on, [&](const dependency& item) { return item.adapter == adapter; });
}

bool view::recorded_schema(std::string_view adapter, std::string_view schema_digest) const noexcept {
  if (has_bug(kernel_bug::one_record_is_enough))
    return std::ranges::find(depends_on, schema_digest, &dependency::schema_digest) != depends_on.end();
  return reads_from(adapter) && std::ranges::all_of(depends_on, [&](const dependency& item) {
           return item.adapter != adapter || item.schema_digest == schema_digest;
         });
}

}  // namespace agentslock
