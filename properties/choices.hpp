// Small choices inside of rc::gen::exec, each of which shrinks towards the first or the lowest.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace agentslock::properties {

/// A number from 0 up to, not including, the bound; at every size, since the bounds say how large a value may get.
[[nodiscard]] inline std::size_t below(std::size_t bound) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, bound));
}

/// True once in so many times.
[[nodiscard]] inline bool rarely(std::size_t one_in) {
  return below(one_in) == one_in - 1;
}

/// One of several; the first is the plainest.
template <class T>
[[nodiscard]] T one_of(const std::vector<T>& all) {
  return all[below(all.size())];
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
