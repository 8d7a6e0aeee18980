// System calls that fail, on a machine in memory.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "memory_platform.hpp"

namespace agentslock::testing {

/// The errors that a call can meet.
[[nodiscard]] std::vector<int> errors_that_fit(call_kind kind);

/// A call, counted from 0, and the error with which it is to fail.
struct fault {
  std::size_t call;
  int error;
};

/// Makes calls fail, in their order. Writes are done in halves, so that there are several.
class failing final : public call_hook {
 public:
  explicit failing(std::span<const fault> faults) : faults_(faults) {}

  sys_result<> before(const system_call& call) override {
    calls.push_back(call.kind);
    if (happened == faults_.size() || calls.size() - 1 != faults_[happened].call) return {};
    return boost::system::error_code(faults_[happened++].error, boost::system::system_category());
  }
  std::size_t bytes_written_at_once(std::size_t wanted) override { return (wanted + 1) / 2; }

  /// All calls that were made, and how many of the faults happened.
  std::vector<call_kind> calls;
  std::size_t happened = 0;

 private:
  std::span<const fault> faults_;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
