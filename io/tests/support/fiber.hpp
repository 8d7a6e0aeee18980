// Code that can be stopped in the middle and gone on with later, on one thread.
#pragma once

#include <ucontext.h>

#include <functional>
#include <memory>
#include <vector>

namespace agentslock::testing {

/// One strand of code with a stack of its own. The work runs when it is resumed, until it yields or ends.
/// Not copyable; must have finished before it is destroyed, for its stack is not unwound.
class fiber {
 public:
  fiber() = default;
  fiber(const fiber&) = delete;
  fiber& operator=(const fiber&) = delete;

  void start(std::function<void()> work);
  void resume();
  /// Called by the work: stops here until it is resumed.
  void yield();
  [[nodiscard]] bool has_started() const noexcept { return started_; }
  [[nodiscard]] bool has_finished() const noexcept { return finished_; }

 private:
  static void enter(unsigned high, unsigned low);
  void run();
  /// Tells AddressSanitizer that the stack changes.
  void before_switch(void** keep_fake_stack, const void* bottom, std::size_t size) const;
  void after_switch(void* fake_stack, const void** bottom, std::size_t* size) const;

  std::function<void()> work_;
  std::vector<char> stack_;
  ucontext_t context_{};
  ucontext_t resumer_{};
  void* own_fake_stack_ = nullptr;
  void* resumers_fake_stack_ = nullptr;
  const void* resumers_bottom_ = nullptr;
  std::size_t resumers_size_ = 0;
  bool started_ = false;
  bool finished_ = false;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
