// The disk's flocks.
#include "memory_disk.hpp"

namespace agentslock::testing {

sys_result<lock_answer> memory_disk::try_lock(int file) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inode& node = inodes_.at(of->node);
  if (node.lock && *node.lock != of->id) return lock_answer::not_held;
  node.lock = of->id;
  return lock_answer::held;
}

sys_result<> memory_disk::unlock(int file) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inode& node = inodes_.at(of->node);
  if (node.lock == of->id) node.lock.reset();
  return {};
}

bool memory_disk::is_locked_by_another(int file) const {
  const opening* of = opened(file);
  if (of == nullptr) return false;
  const auto& lock = inodes_.at(of->node).lock;
  return lock && *lock != of->id;
}

std::optional<int> memory_disk::lock_holder(inode_number number) const {
  const auto node = inodes_.find(number);
  if (node == inodes_.end() || !node->second.lock) return std::nullopt;
  for (const auto& [file, of] : openings_) {
    if (of.id == *node->second.lock) return of.process;
  }
  return std::nullopt;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
