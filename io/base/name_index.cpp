#include "name_index.hpp"

#include <algorithm>

#include "keyed_hash.hpp"

namespace agentslock {

bool name_index::add(std::string_view name) {
  if (slots_.empty()) {
    if (std::ranges::find(names_, name, &hashed_name::name) != names_.end()) return false;
    names_.push_back({0, name});
    if (names_.size() > few) make_slots();
    return true;
  }
  const hashed_name added{keyed_hash(own_hash_key(), name), name};
  const std::size_t slot = slot_of(added);
  if (slots_[slot] != free_slot) return false;
  names_.push_back(added);
  slots_[slot] = static_cast<std::uint32_t>(names_.size());
  if (2 * names_.size() > slots_.size()) make_slots();
  return true;
}

std::optional<std::size_t> name_index::find(std::string_view name) const noexcept {
  if (slots_.empty()) {
    const auto found = std::ranges::find(names_, name, &hashed_name::name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
  }
  const std::uint32_t number = slots_[slot_of({keyed_hash(own_hash_key(), name), name})];
  if (number == free_slot) return std::nullopt;
  return number - 1;
}

std::size_t name_index::slot_of(const hashed_name& wanted) const noexcept {
  const std::size_t last = slots_.size() - 1;
  std::size_t slot = wanted.hash & last;
  for (; slots_[slot] != free_slot; slot = (slot + 1) & last) {
    const hashed_name& there = names_[slots_[slot] - 1];
    if (there.hash == wanted.hash && there.name == wanted.name) break;
  }
  return slot;
}

void name_index::make_slots() {
  const bool first = slots_.empty();
  slots_.assign(std::max<std::size_t>(4 * few, 2 * slots_.size()), free_slot);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    hashed_name& one = names_[i];
    if (first) one.hash = keyed_hash(own_hash_key(), one.name);
    slots_[slot_of(one)] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
