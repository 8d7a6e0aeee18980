#include "script_presence.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace agentslock::cli {
namespace {

/// What is told of a view: its digest, or nothing when it is absent.
using told = std::optional<std::string>;
using told_views = std::map<owned_key, told>;

result<told> digest_of(const script_value& value) {
  if (value.is_null()) return told();
  auto text = value.text();
  if (!text) return text.error();
  return told(std::move(*text));
}

result<> add(told_views& all, owned_key key, told digest) {
  const auto [at, is_new] = all.emplace(std::move(key), std::move(digest));
  if (is_new) return {};
  return error(errc::invalid_argument, fmt::format("\"presence\" tells {} twice", to_string(at->first)));
}

result<> add_joined(told_views& all, std::string_view name, told digest, const lockfile& file) {
  std::size_t slash = name.find('/');
  if (slash == name.npos) {
    return error(
        errc::invalid_argument,
        fmt::format("\"presence\" names no view by \"{}\": give {{ADAPTER: {{VIEW: digest}}}}", name));
  }
  std::optional<view_key> meant;
  for (; slash != name.npos; slash = name.find('/', slash + 1)) {
    const view_key key{name.substr(0, slash), name.substr(slash + 1)};
    if (file.find_view(key) == nullptr) continue;
    if (meant) {
      return error(
          errc::invalid_argument,
          fmt::format("\"presence\" may mean several views by \"{}\": give {{ADAPTER: {{VIEW: digest}}}}",
                      name));
    }
    meant = key;
  }
  if (!meant) return {};  // no view of ours, so that nobody asks
  return add(all, *meant, std::move(digest));
}

}  // namespace

result<store_contents> read_presence(const member_map& members, const lockfile& file) {
  told_views all;
  for (const auto& [name, value] : members) {
    if (!value.is_object()) {
      auto digest = digest_of(value);
      if (!digest) return digest.error();
      if (auto added = add_joined(all, name, std::move(*digest), file); !added) return added.error();
      continue;
    }
    const auto views = value.members();
    if (!views) return views.error();
    for (const auto& [view, item] : *views) {
      auto digest = digest_of(item);
      if (!digest) return digest.error();
      if (auto added = add(all, {name, view}, std::move(*digest)); !added) return added.error();
    }
  }
  store_contents held;
  for (auto& [key, digest] : all) {
    if (digest) held.digests.emplace(key, std::move(*digest));
  }
  return held;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
