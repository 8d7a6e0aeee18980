/// What a store holds besides what is asked for: the question that orphans are found by.
///
/// It is another question than a presence source's, which is asked by a pass: nothing is decided by what stands here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/error.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// A store that can list what it holds. An object is for one thread at a time.
class store_listing {
 public:
  virtual ~store_listing() = default;
  /// The adapters that have a place in the store, in byte order, whether or not anything is in it.
  /// Errors: store_unreachable. Nothing is changed in the store.
  [[nodiscard]] virtual result<std::vector<std::string>> adapters() = 0;
  /// The names of all tables and views that the store holds for an adapter, in byte order, without those that the engine
  /// keeps for itself. Empty when the adapter has no place in the store.
  /// Errors: as presence_source::find, without store_empty. Nothing is changed in the store.
  [[nodiscard]] virtual result<std::vector<std::string>> views(std::string_view adapter) = 0;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
