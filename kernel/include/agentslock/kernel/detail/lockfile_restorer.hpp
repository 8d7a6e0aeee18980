/// How a codec makes a lockfile out of a document. Nobody else needs it.
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <string_view>
#include <utility>

#include "agentslock/kernel/lockfile.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Builds a lockfile from what a document records, unchecked: for codecs only.
/// This is the one way besides registration and rebuild by which a `ready` gets into a lockfile: because a
/// document says so. Reconcile it before believing it.
class lockfile_restorer {
 public:
  /// `borrowed` keeps the texts alive that are added without keep(); the lockfile holds on to it.
  /// `memory_bytes` is how much the entries will take, as far as one knows: taken at once with the first of them, and what is not used is
  /// not touched.
  explicit lockfile_restorer(std::shared_ptr<const void> borrowed = nullptr, std::size_t memory_bytes = 0);

  /// Copies a text into the lockfile.
  [[nodiscard]] std::string_view keep(std::string_view text) AGENTSLOCK_LIFETIMEBOUND;
  /// Where vectors of entries are to be allocated.
  [[nodiscard]] std::pmr::memory_resource* memory() const noexcept AGENTSLOCK_LIFETIMEBOUND;

  /// Adds an entry; null when the name is there already.
  [[nodiscard]] adapter* add_adapter(std::string_view name) AGENTSLOCK_LIFETIMEBOUND;
  [[nodiscard]] view* add_view(adapter& owner AGENTSLOCK_LIFETIMEBOUND, std::string_view name);

  /// The lockfile; the restorer is done.
  [[nodiscard]] lockfile finish() && { return std::move(file_); }

 private:
  lockfile file_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
