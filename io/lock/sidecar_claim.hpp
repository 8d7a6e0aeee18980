// One sidecar of ours: how its name is claimed, looked at and let go. Private to the io layer.
#pragma once

#include <chrono>
#include <string>

#include "agentslock/io/error.hpp"
#include "agentslock/io/sidecar_lock.hpp"
#include "directory_queue.hpp"
#include "sidecar_file.hpp"

namespace agentslock {

/// In what a claim is made, and what is found out about the file system on the way.
struct claim_setting {
  platform on;
  const lock_options& options;
  const directory_queue& queue;
  /// The document as it was named, for messages; and where it leads.
  const std::string& document;
  const std::string& leads_to;
  /// By CLOCK_BOOTTIME.
  std::chrono::nanoseconds deadline;
  bool has_nameless_files = true;
  int link_failures = 0;

  [[nodiscard]] std::chrono::nanoseconds time_left() const;
};

/// A name that carries our token.
class sidecar_claim {
 public:
  /// Claims a name; waits for whoever has it, takes over what a dead holder of ours left, reclaims what is stale.
  /// `may_hold` is told true right before the name may become ours, and false when it did not.
  /// Errors, with nothing claimed: lock_timeout, which names the holder; not_a_lock; lock_lost, when another holder's
  /// sidecar was moved aside for the stale one and could not be put back; those of the system.
  [[nodiscard]] static result<sidecar_claim> make(claim_setting& in, std::string name,
                                                  function_ref<void(bool)> may_hold);

  /// Whether the name still carries our token: its ctime. Errors: lock_lost; those of the system.
  [[nodiscard]] result<wall_time> still_held(platform on, const std::string& document) const;

  /// Lets the name go, unless it is somebody else's by now. What can't be taken away now is taken over by the next of
  /// ours, or grows stale. Says whether another holder's sidecar lost its place by it.
  [[nodiscard]] bool displaces_another_when_released(platform on) const;

  /// The path that this is the sidecar of.
  [[nodiscard]] std::string document() const { return name_.substr(0, name_.size() - sidecar_suffix.size()); }

 private:
  sidecar_claim(std::string name, std::string token) : name_(std::move(name)), token_(std::move(token)) {}

  std::string name_;
  std::string token_;
};

/// The error of a lock that is not held any more.
[[nodiscard]] error lock_was_lost(const std::string& document, std::string_view why);
/// The error of a document that was written while another program had its lock, or the document itself.
[[nodiscard]] error outcome_is_uncertain(const std::string& document);

/// Why it is lost when somebody else's sidecar has lost its place.
inline constexpr std::string_view another_was_displaced =
    "another holder's was moved aside, and its place was claimed before it could be put back";

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
