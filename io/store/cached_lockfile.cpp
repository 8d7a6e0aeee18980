#include "agentslock/io/cached_lockfile.hpp"

namespace agentslock {

result<const lockfile*> cached_lockfile::current() {
  if (loaded_) {
    const auto same = store_.is_current(*loaded_);
    if (!same) return same.error();
    if (*same) return &std::as_const(*loaded_).file();
  }
  // What was loaded is given up first, so that two documents are never in memory at once.
  loaded_.reset();
  ++loads_;
  auto fresh = store_.load();
  if (!fresh) return fresh.error();
  return &std::as_const(loaded_.emplace(std::move(*fresh))).file();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
