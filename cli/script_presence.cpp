#include "script_presence.hpp"

#include <fmt/format.h>

#include <utility>

namespace agentslock::cli {
namespace {

result<std::optional<std::string>> digest_of(const script_value& value) {
  if (value.is_null()) return std::optional<std::string>();
  auto text = value.text();
  if (!text) return text.error();
  return std::optional(std::move(*text));
}

}  // namespace

result<script_presence> script_presence::read(const std::map<std::string, script_value, std::less<>>& members,
                                              const lockfile& file) {
  script_presence all;
  for (const auto& [name, value] : members) {
    if (!value.is_object()) {
      auto digest = digest_of(value);
      if (!digest) return digest.error();
      if (auto added = all.add_joined(name, std::move(*digest), file); !added) return added.error();
      continue;
    }
    const auto views = value.members();
    if (!views) return views.error();
    for (const auto& [view, told] : *views) {
      auto digest = digest_of(told);
      if (!digest) return digest.error();
      if (auto added = all.add(name, view, std::move(*digest)); !added) return added.error();
    }
  }
  return all;
}

presence script_presence::find(view_key key) const {
  const auto views = adapters_.find(key.adapter);
  if (views == adapters_.end()) return {};
  const auto view = views->second.find(key.view);
  return view == views->second.end() || !view->second ? presence{} : presence{true, *view->second};
}

result<> script_presence::add(std::string adapter, std::string view, told digest) {
  const auto [at, is_new] = adapters_[adapter].emplace(view, std::move(digest));
  if (is_new) return {};
  return error(errc::invalid_argument, fmt::format("\"presence\" tells {}/{} twice", adapter, view));
}

result<> script_presence::add_joined(const std::string& name, told digest, const lockfile& file) {
  std::size_t slash = name.find('/');
  if (slash == name.npos) {
    return error(
        errc::invalid_argument,
        fmt::format("\"presence\" names no view by \"{}\": give {{ADAPTER: {{VIEW: digest}}}}", name));
  }
  std::optional<std::size_t> meant;
  for (; slash != name.npos; slash = name.find('/', slash + 1)) {
    const std::string_view whole = name;
    if (file.find_view({whole.substr(0, slash), whole.substr(slash + 1)}) == nullptr) continue;
    if (meant) {
      return error(
          errc::invalid_argument,
          fmt::format("\"presence\" may mean several views by \"{}\": give {{ADAPTER: {{VIEW: digest}}}}",
                      name));
    }
    meant = slash;
  }
  if (!meant) return {};  // no view of ours, so that nobody asks
  return add(name.substr(0, *meant), name.substr(*meant + 1), std::move(digest));
}

}  // namespace agentslock::cli
