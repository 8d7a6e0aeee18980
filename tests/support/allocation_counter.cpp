#include "allocation_counter.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count{0};

/// Which allocation of this thread fails; none while negative.
thread_local long left = -1;
thread_local bool goes_on = false;
thread_local bool failed = false;

void count_one() {
  count.fetch_add(1, std::memory_order_relaxed);
  if (left < 0 || left-- > 0) return;
  failed = true;
  if (goes_on) left = 0;
  throw std::bad_alloc();
}

void* counted(std::size_t size) {
  count_one();
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

void* counted(std::size_t size, std::align_val_t alignment) {
  count_one();
  const auto unit = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, alignment);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace agentslock::testing {

std::size_t allocations() noexcept {
  return count.load(std::memory_order_relaxed);
}

allocation_failure::allocation_failure(long at, bool from_then_on) noexcept {
  failed = false;
  goes_on = from_then_on;
  left = at;
}

void allocation_failure::end() noexcept {
  left = -1;
}

bool allocation_failure::happened() const noexcept {
  return failed;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
