#include "agentslock/io/sqlite_listing.hpp"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "agentslock/io/sqlite_presence.hpp"
#include "sqlite_steady.hpp"

namespace agentslock {
namespace {

/// The tables that are nobody's views: the engine's own, and those in which a virtual table keeps what it holds.
bool is_kept_for_another(const stored_schema& schema, std::string_view name) {
  if (name.starts_with("sqlite_")) return true;
  for (std::size_t end = name.find('_'); end != name.npos; end = name.find('_', end + 1)) {
    const auto owner = schema.find(name.substr(0, end));
    if (owner != schema.end() && owner->second == sqlite_expansion::kind::virtual_table) return true;
  }
  return false;
}

result<std::vector<std::string>> names_in(sqlite_reading& database) {
  const auto schema = database.schema();
  if (!schema) return schema.error();
  std::vector<std::string> names;
  for (const auto& [name, kind] : *schema) {
    if (!is_kept_for_another(*schema, name)) names.push_back(name);
  }
  return names;
}

}  // namespace

std::optional<std::string> adapter_of_sqlite_file(std::string_view file_name) {
  if (!file_name.starts_with(sqlite_file_prefix) || !file_name.ends_with(sqlite_file_suffix) ||
      file_name.size() < sqlite_file_prefix.size() + sqlite_file_suffix.size()) {
    return std::nullopt;
  }
  std::string_view encoded = file_name.substr(sqlite_file_prefix.size());
  encoded.remove_suffix(sqlite_file_suffix.size());
  std::string name;
  for (std::size_t at = 0; at < encoded.size(); ++at) {
    if (encoded[at] != '%') {
      name += encoded[at];
      continue;
    }
    if (at + 2 >= encoded.size()) return std::nullopt;
    const std::size_t high = percent_digits.find(encoded[at + 1]);
    const std::size_t low = percent_digits.find(encoded[at + 2]);
    if (high == percent_digits.npos || low == percent_digits.npos) return std::nullopt;
    name += static_cast<char>(high << 4 | low);
    at += 2;
  }
  // One adapter has one file: what could have been spelt otherwise belongs to none.
  if (sqlite_file_name(name) != file_name) return std::nullopt;
  return name;
}

result<std::vector<std::string>> sqlite_listing::adapters() {
  std::vector<std::string> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> list(
      directory_.find('\0') == directory_.npos ? ::opendir(directory_.c_str()) : nullptr, ::closedir);
  int failed = list == nullptr ? errno : 0;
  while (list != nullptr) {
    errno = 0;
    const dirent* const entry = ::readdir(list.get());
    if (entry == nullptr) {
      failed = errno;
      break;
    }
    if (auto name = adapter_of_sqlite_file(entry->d_name)) found.push_back(std::move(*name));
  }
  if (failed != 0) {
    const boost::system::error_code cause(failed, boost::system::system_category());
    return error(errc::store_unreachable,
                 "could not list the store's directory " + directory_ + ": " + cause.message() +
                     "; name the one with the databases",
                 cause);
  }
  std::ranges::sort(found);
  return found;
}

result<std::vector<std::string>> sqlite_listing::views(std::string_view adapter) {
  auto names = read_steadily(sqlite_place(directory_, adapter), std::vector<std::string>(), names_in);
  if (!names && names.error().code() == errc::store_empty) return std::vector<std::string>();
  return names;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
