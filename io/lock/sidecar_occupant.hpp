// What stands in the place of a sidecar, and what that means. Private to the io layer.
//
// Whatever has the name is looked at, and never trusted: it may be a live holder's, what a killed or torn claim left, or a
// file of the user's that only happens to be called so. Only the first two are ever moved.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/host.hpp"
#include "agentslock/io/sidecar_lock.hpp"

namespace agentslock {

/// What stood at a sidecar's name when it was looked at.
struct occupant {
  enum class kind : std::uint8_t {
    absent,
    /// A holder's sidecar, or the directory with a holder in it that an old release of the Go tool uses.
    identity,
    /// What a claim left that was cut off.
    remains,
    /// A small file that we may not read: perhaps another user's sidecar.
    unreadable,
    /// No lock. It is never moved or removed.
    foreign,
  };
  kind what = kind::absent;
  file_status status;
  /// The whole text, as far as it was read; of a directory, that of the holder file inside.
  std::string text;
  /// Of kind identity.
  std::optional<sidecar_identity> identity;

  [[nodiscard]] bool is_absent() const noexcept { return what == kind::absent; }
  /// Whether it is the same occupant: the same object, saying the same.
  [[nodiscard]] bool is_same_as(const occupant& other) const {
    return !is_absent() && !other.is_absent() && status.id == other.status.id && text == other.text;
  }
  [[nodiscard]] bool carries(std::string_view token) const { return identity && identity->token == token; }
};

/// Looks at the name without following symlinks and without trusting what is there: a pipe, a huge or a binary file,
/// a directory. Errors are those of the system.
[[nodiscard]] sys_result<occupant> occupant_of(platform on, const std::string& name);

/// How long an occupant has been there, and after how long it may be reclaimed.
struct occupant_age {
  std::chrono::nanoseconds age;
  std::chrono::nanoseconds limit;
  [[nodiscard]] bool over() const noexcept { return age > limit; }
};
/// By what it says itself, else by its file's time. One whose file is dated in the future is as old as it has been
/// watched for.
[[nodiscard]] occupant_age age_of(const occupant& who, wall_time now, const lock_options& times,
                                  std::chrono::nanoseconds watched = std::chrono::nanoseconds(0));

/// The error about something that is no lock in the place of one.
[[nodiscard]] error not_a_lock(const std::string& name, const occupant& who);

/// Whether the number of a holder's process is certain to mean that process here: it is of this boot and of this namespace
/// of process ids.
[[nodiscard]] bool means_something_here(host& machine, const sidecar_identity& who);

/// How a holder is called: by its number where that means something here. The Go tool's sidecars do not say.
[[nodiscard]] std::string name_of_holder(host& machine, const sidecar_identity& who);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
