#include "fiber.hpp"

#include <cstdint>

#if defined(__SANITIZE_ADDRESS__)
#define AGENTSLOCK_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define AGENTSLOCK_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef AGENTSLOCK_ADDRESS_SANITIZER
#include <sanitizer/common_interface_defs.h>
#endif

namespace agentslock::testing {
namespace {

constexpr std::size_t stack_size_bytes = 512 * 1024;

}  // namespace

void fiber::before_switch([[maybe_unused]] void** keep_fake_stack, [[maybe_unused]] const void* bottom,
                          [[maybe_unused]] std::size_t size) const {
#ifdef AGENTSLOCK_ADDRESS_SANITIZER
  __sanitizer_start_switch_fiber(keep_fake_stack, bottom, size);
#endif
}

void fiber::after_switch([[maybe_unused]] void* fake_stack, [[maybe_unused]] const void** bottom,
                         [[maybe_unused]] std::size_t* size) const {
#ifdef AGENTSLOCK_ADDRESS_SANITIZER
  __sanitizer_finish_switch_fiber(fake_stack, bottom, size);
#endif
}

void fiber::start(std::function<void()> work) {
  work_ = std::move(work);
  if (stack_.empty()) stack_.resize(stack_size_bytes);
  started_ = finished_ = false;
  getcontext(&context_);
  context_.uc_stack.ss_sp = stack_.data();
  context_.uc_stack.ss_size = stack_.size();
  context_.uc_link = nullptr;
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  makecontext(&context_, reinterpret_cast<void (*)()>(&fiber::enter), 2, static_cast<unsigned>(self >> 32),
              static_cast<unsigned>(self));
}

void fiber::enter(unsigned high, unsigned low) {
  reinterpret_cast<fiber*>(static_cast<std::uintptr_t>(high) << 32 | low)->run();
}

void fiber::run() {
  after_switch(nullptr, &resumers_bottom_, &resumers_size_);
  work_();
  finished_ = true;
  // Null: this stack's sanitizer state is done with.
  before_switch(nullptr, resumers_bottom_, resumers_size_);
  swapcontext(&context_, &resumer_);
}

void fiber::resume() {
  started_ = true;
  before_switch(&resumers_fake_stack_, stack_.data(), stack_.size());
  swapcontext(&resumer_, &context_);
  after_switch(resumers_fake_stack_, nullptr, nullptr);
}

void fiber::yield() {
  before_switch(&own_fake_stack_, resumers_bottom_, resumers_size_);
  swapcontext(&context_, &resumer_);
  after_switch(own_fake_stack_, &resumers_bottom_, &resumers_size_);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
