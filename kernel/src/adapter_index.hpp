// The adapters of a lockfile, for many lookups.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/entries.hpp"

namespace agentslock {

/// What one looks at stands side by side here, where the texts of a lockfile may be parts of a document of any size, and a lookup in it
/// waits for memory a dozen times.
class adapter_index {
 public:
  explicit adapter_index(const adapter_map& adapters)
      : guesses_(std::bit_ceil(places_for_each * adapters.size())) {
    std::size_t bytes = 0;
    for (const auto& [name, entry] : adapters)
      bytes += name.size() + entry.schema_digest.size();
    texts_.reserve(bytes);
    rows_.reserve(adapters.size());
    for (const auto& [name, entry] : adapters) {
      const std::size_t at = place(name);
      guesses_[guesses_[at] == 0 ? at : beside(at)] = static_cast<std::uint32_t>(rows_.size());
      rows_.push_back({kept(name), kept(entry.schema_digest)});
    }
  }
  adapter_index(const adapter_index&) = delete;  // the rows point into the texts
  adapter_index& operator=(const adapter_index&) = delete;

  struct row {
    std::string_view name;
    std::string_view schema_digest;
  };

  /// The adapter of that name, or null. A look at a guess or two, mostly; logarithmic where they were wrong, as for names that somebody
  /// chose to have one place. Precondition: there is an adapter.
  [[nodiscard]] const row* find(std::string_view name) const noexcept {
    const std::size_t at = place(name);
    for (const std::size_t one : {at, beside(at)}) {
      const row& guess = rows_[guesses_[one]];
      if (guess.name == name) return &guess;
    }
    const auto found = std::ranges::lower_bound(rows_, name, {}, &row::name);
    return found == rows_.end() || found->name != name ? nullptr : &*found;
  }

 private:
  static constexpr std::size_t places_for_each = 4;

  [[nodiscard]] std::size_t place(std::string_view name) const noexcept {
    return std::hash<std::string_view>()(name) & (guesses_.size() - 1);
  }

  /// Where a row is looked for whose place another one has.
  [[nodiscard]] static std::size_t beside(std::size_t place) noexcept { return place ^ 1; }

  /// Precondition: there is room for it.
  std::string_view kept(std::string_view text) {
    const std::size_t at = texts_.size();
    texts_.append(text);
    return std::string_view(texts_).substr(at);
  }

  std::string texts_;
  /// By place, a row that belongs there or beside it, or row 0. As many as a power of two.
  std::vector<std::uint32_t> guesses_;
  /// In byte order of names.
  std::vector<row> rows_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
