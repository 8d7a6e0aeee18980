/// A lockfile that is kept, and loaded again only when its document has changed: what a backend asks before each query.
///
///     cached_lockfile gate(store);                        // once
///     const auto file = gate.current();                   // before each query
///     if (!file) return file.error();                     // nobody can say: no query
///     const gate_answer answer = may_query(**file, {"comp", "summary"}, fall_through::refused);
///
/// Whether it has changed is told by one look at the file (stat): its device and inode, its size, and both of its times. A writer
/// of ours and the Go tool put another file in its place; a program that writes into the file moves its times. Only where a
/// file is so young that a second write might leave the same times, under two seconds by the later of them, its bytes are
/// compared too, until it is older. So no change is missed that was made before the question, but for one that leaves the
/// inode, the size and both times as they were: by a file system that keeps its own wrong clock, as one over a network may.
///
/// An answer is no lock: the document may change right after it, as after any load.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/kernel/lifetime.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// For one thread at a time; each thread, and each process, has its own. Holds the document's text as long as it lives.
class cached_lockfile {
 public:
  explicit cached_lockfile(lockfile_store store) : store_(std::move(store)) {}

  /// The lockfile that the document says now; of a document that is missing, an empty one. Lives until the next call.
  /// Errors: those of lockfile_store::load. An error is never answered by what was loaded before: the next call looks again.
  /// Costs one system call and no allocation when nothing has changed; while the file is young, reading it besides; a load
  /// when it has changed.
  [[nodiscard]] result<const lockfile*> current() AGENTSLOCK_LIFETIMEBOUND;

  /// How often the document was loaded.
  [[nodiscard]] std::size_t loads() const noexcept { return loads_; }

 private:
  lockfile_store store_;
  std::optional<loaded_lockfile> loaded_;
  std::size_t loads_ = 0;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
