#include "sweep_shard.hpp"

#include <charconv>

namespace agentslock::cli {
namespace {

/// FNV-1a of 64 bits, then mixed as MurmurHash3 ends, as the lowest bits of the former know only the lowest of each byte.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  hash = (hash ^ hash >> 33U) * 0xff51afd7ed558ccdU;
  hash = (hash ^ hash >> 33U) * 0xc4ceb9fe1a85ec53U;
  return hash ^ hash >> 33U;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

bool sweep_shard::holds(std::string_view path) const noexcept {
  return hash_of(path) % count == index - 1;
}

std::optional<sweep_shard> parse_shard(std::string_view text) {
  constexpr std::uint64_t count_max = 1'000'000;
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto index = number_in(text.substr(0, slash));
  const auto count = number_in(text.substr(slash + 1));
  if (!index || !count || *index < 1 || *index > *count || *count > count_max) return std::nullopt;
  return sweep_shard{*index, *count};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
