#include "agentslock/kernel/function_ref.hpp"

#include <gtest/gtest.h>

#include <array>

#include "allocation_counter.hpp"

namespace agentslock {
namespace {

int call(function_ref<int(int)> function, int argument) {
  return function(argument);
}

TEST(FunctionRef, CallsWhatItRefersToAndAllocatesNothing) {
  std::array<int, 64> large{};
  large[5] = 37;
  int calls = 0;
  auto callable = [&calls, large](int i) {
    ++calls;
    return large[static_cast<std::size_t>(i)] + 5;
  };
  int answer = 0;
  EXPECT_EQ(testing::allocations_of([&] { answer = call(callable, 5); }), 0U);
  EXPECT_EQ(answer, 42);
  EXPECT_EQ(calls, 1);
}

TEST(FunctionRef, ACopyRefersToTheSameCallable) {
  int calls = 0;
  auto callable = [&](int i) { return calls += i; };
  const function_ref<int(int)> first = callable;
  const function_ref<int(int)> second = first;
  first(1);
  second(2);
  EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
