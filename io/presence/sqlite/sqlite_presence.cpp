#include "agentslock/io/sqlite_presence.hpp"

#include <utility>

#include "sqlite_steady.hpp"

namespace agentslock {

std::string sqlite_file_name(std::string_view adapter) {
  return std::string(sqlite_file_prefix).append(percent_encode(adapter)).append(sqlite_file_suffix);
}

result<stored_view> sqlite_presence::find(view_key key) {
  auto found = find_views(key.adapter, {&key.view, 1});
  if (!found) return found.error();
  return std::move(found->front());
}

result<std::vector<stored_view>> sqlite_presence::find_views(std::string_view adapter,
                                                             std::span<const std::string_view> views) {
  const auto read = [&](sqlite_reading& database) { return database.find(views); };
  return read_steadily(sqlite_place(directory_, adapter), std::vector<stored_view>(views.size()), read);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
