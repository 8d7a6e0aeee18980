// What a call did, as C reads it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agentslock/io/cutover_document.hpp"
#include "agentslock/io/recover_document.hpp"
#include "border.hpp"

/// Holds what the C++ functions returned, so that making an item needs no memory.
struct agentslock_report {
  agentslock::reconciled pass;
  agentslock::validated verdicts;
  agentslock::rebuilt builds;
  agentslock::cut_over cut;
  std::vector<agentslock::missed_bump> missed;
  std::vector<agentslock::owned_key> blockers;
  std::vector<agentslock::owned_key> candidates;
  bool written = false;

  /// How long a list is, and one of its items. Precondition of item: the index is in the list.
  [[nodiscard]] std::size_t count(std::int32_t list) const noexcept;
  [[nodiscard]] agentslock_item item(std::int32_t list, std::size_t index) const noexcept;
};

namespace agentslock::c {

/// A report that is handed out when all has gone well, if the caller wants one. Made before the work, so that what has been done
/// can't fail to be told.
class promised_report {
 public:
  explicit promised_report(agentslock_report** out)
      : out_(out), report_(std::make_unique<agentslock_report>()) {}

  [[nodiscard]] agentslock_report* operator->() const noexcept { return report_.get(); }
  void hand_out() noexcept {
    if (out_ != nullptr) *out_ = report_.release();
  }

 private:
  agentslock_report** out_;
  std::unique_ptr<agentslock_report> report_;
};

/// A function that may hand out a report: `work` fills it, and returns a result<>.
template <class Work>
agentslock_code reported(agentslock_report** out, agentslock_error** why, const Work& work) noexcept {
  if (out != nullptr) *out = nullptr;
  return guarded(why, [&]() -> result<> {
    promised_report report(out);
    result<> done = work(report);
    if (done) report.hand_out();
    return done;
  });
}

[[nodiscard]] inline std::int32_t number_of(program_verdict verdict) noexcept {
  switch (verdict) {
    case program_verdict::passed:
      return AGENTSLOCK_PASSED;
    case program_verdict::failed:
      return AGENTSLOCK_FAILED;
    case program_verdict::could_not_tell:
      break;
  }
  return AGENTSLOCK_COULD_NOT_TELL;
}

}  // namespace agentslock::c
// SPDX-License-Identifier: Apache-2.0
