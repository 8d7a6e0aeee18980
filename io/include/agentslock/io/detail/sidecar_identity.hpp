/// What stands in a sidecar lock: who holds it. The text, and nothing about files.
///
/// One item a line: process id, time of acquisition in nanoseconds since 1970, random hexadecimal token. A holder of
/// ours that has the queue adds lines, which the Go tool ignores: the boot, the queue's directory, and the namespace in
/// which its process id means something.
///
///     4242
///     1782907200000000000
///     9f86d081884c7d659a2feaa0c55ad015
///     boot 6a1f…
///     gate 65024 1048577
///     pids 4026531836
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/file_system.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The mark of a holder that has the queue: valid for one boot, and for one directory.
struct queue_mark {
  std::string boot_id;
  file_id directory;
  /// The namespace of the process id; 0 when it is not known.
  std::uint64_t pid_namespace = 0;

  friend bool operator==(const queue_mark&, const queue_mark&) = default;
};

struct sidecar_identity {
  /// How much of a sidecar is read. A longer one is no identity.
  static constexpr std::size_t size_bytes_max = 4096;

  std::int64_t process = 0;
  wall_time acquired;
  /// Empty in a directory that an old Go tool left.
  std::string token;
  std::optional<queue_mark> mark;

  friend bool operator==(const sidecar_identity&, const sidecar_identity&) = default;
};

/// The text of a sidecar.
[[nodiscard]] std::string to_text(const sidecar_identity& identity);

/// Reads a sidecar's text: nothing when it is no identity. A process id and a time of acquisition make one; further
/// lines that are not understood are passed over.
/// Total, linear, no more than size_bytes_max is looked at.
[[nodiscard]] std::optional<sidecar_identity> parse_identity(std::string_view text);

/// What a text in the place of a sidecar is.
enum class sidecar_text : std::uint8_t {
  /// The whole of an identity's first two lines, at least.
  identity,
  /// What a claim may leave that was cut off: nothing, the first bytes of an identity, either of them followed by NULs,
  /// or NULs alone, as a power cut leaves them.
  remains,
  /// Anything else: no lock, and perhaps somebody's file.
  foreign,
};

/// Tells which. A text that is longer than size_bytes_max is foreign.
/// Total, linear.
[[nodiscard]] sidecar_text kind_of(std::string_view text);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
