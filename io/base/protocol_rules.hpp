// The rules of the writing and locking protocol, by name; private to the io layer.
//
// A test that finds nothing proves little unless it is seen to find something. So the tests are also built against
// a variant of this library, compiled with AGENTSLOCK_TEST_SWITCHES, in which a test can take any one rule out; the
// crash checker and the schedule explorer must then find the violation. In the library that is shipped `keeps` is
// constant and the switches do not exist.
#pragma once

#include <cstdint>

namespace agentslock {

enum class protocol_rule : std::uint8_t {
  /// The new file is synced before it is renamed into place.
  sync_file,
  /// The folder is synced after the rename.
  sync_folder,
  /// The claim publishes a whole identity at once, by link.
  claim_by_link,
  /// Ours wait in the queue before they claim.
  enter_queue,
  /// A claim is made in the folder whose queue is held, wherever the path leads by now.
  claim_at_queue,
  /// A sidecar that was moved aside to be reclaimed is checked, and put back when it is not the stale one.
  verify_reclaimed,
  /// A sidecar that was moved aside at release is checked, and put back when it is not ours.
  verify_released,
  /// Only a sidecar that is old enough is reclaimed.
  wait_until_stale,
  /// A sidecar is taken over at once only by who holds the queue that it is marked with.
  takeover_needs_queue,
  /// A holder gives up instead of writing when its lease is over.
  lease,
  /// Right before the rename the writer checks that the sidecar carries its token.
  look_at_sidecar_before,
  /// Right before the rename the writer checks that the document is the one that it read.
  look_at_document_before,
  /// After the rename the writer looks again at both.
  look_after,
  /// That look also tells whether the sidecar was moved aside and put back since the one before.
  notice_put_back,
  /// A release looks before it moves the sidecar aside.
  look_at_release,
};

inline constexpr int protocol_rule_count = 15;

#ifdef AGENTSLOCK_TEST_SWITCHES
[[nodiscard]] bool keeps(protocol_rule rule) noexcept;
/// Takes a rule out, or puts all in again.
void take_out(protocol_rule rule) noexcept;
void keep_all_rules() noexcept;
#else
[[nodiscard]] constexpr bool keeps(protocol_rule) noexcept {
  return true;
}
#endif

}  // namespace agentslock
