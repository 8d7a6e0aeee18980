#include "suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace agentslock::cli {
namespace {

constexpr std::size_t compared_bytes_max = 64;

/// How many characters must be left out, put in, replaced or swapped with the next to make one text the other.
std::size_t distance(std::string_view a, std::string_view b) {
  // Three rows of the table of all beginnings: the one in work and the two before it.
  using row = std::array<std::size_t, compared_bytes_max + 1>;
  std::array<row, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j)
    rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row& now = rows[i % 3];
    const row& above = rows[(i - 1) % 3];
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({above[j] + 1, now[j - 1] + 1, replaced});
      const bool is_swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swapped) now[j] = std::min(now[j], rows[(i - 2) % 3][j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.empty() || name.size() > compared_bytes_max) return std::nullopt;
  std::size_t best = std::min(std::max<std::size_t>((name.size() + 1) / 3, 1), name.size() - 1) + 1;
  std::optional<std::string_view> found;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() + best <= name.size() || name.size() + best <= candidate.size()) continue;
    if (candidate.size() > compared_bytes_max) continue;
    if (const std::size_t far = distance(name, candidate); far < best) {
      best = far;
      found = candidate;
    }
  }
  return found;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  const auto near = nearest(name, candidates);
  return near ? fmt::format("; did you mean {}?", *near) : std::string();
}

error unknown_adapter(const lockfile& file, std::string_view adapter, const std::string& document) {
  return error(
      refusal{refusal_code::unknown_adapter, fmt::format("adapter {} is not in {}{}", adapter, document,
                                                         did_you_mean(adapter, file.adapter_names()))});
}

result<> check_known(const lockfile& file, view_key key, const std::string& document) {
  const adapter* const owner = file.find_adapter(key.adapter);
  if (owner == nullptr) return unknown_adapter(file, key.adapter, document);
  if (key.view.empty() || owner->views.contains(key.view)) return {};
  std::vector<std::string_view> names;
  for (const auto& [name, entry] : owner->views)
    names.push_back(name);
  return error(refusal{refusal_code::unknown_view, fmt::format("view {} is not in {}{}", to_string(key),
                                                               document, did_you_mean(key.view, names))});
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
