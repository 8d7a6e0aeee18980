// One sidecar file: looking at it, claiming its name, taking it away. Private to the io layer.
//
// The name is only ever given by link (or exclusive creation) and only ever taken away by a rename to a name that
// nobody uses, after which the renamed object is checked. It is never unlinked in place: between a look and an unlink
// it could have become somebody else's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/host.hpp"
#include "agentslock/io/sidecar_identity.hpp"
#include "agentslock/io/sidecar_lock.hpp"
#include "agentslock/kernel/function_ref.hpp"

namespace agentslock {

/// What a document's path is followed by in its sidecar's.
inline constexpr std::string_view sidecar_suffix = ".lock";

/// What stood at a sidecar's name when it was looked at.
struct occupant {
  /// Nothing was there.
  bool absent = false;
  file_status status;
  /// Whether we were let in to read it.
  bool readable = true;
  /// The whole text, as far as it was read; of a folder, that of the holder file inside.
  std::string text;
  std::optional<sidecar_identity> identity;

  /// Whether it is the same occupant: the same object, saying the same.
  [[nodiscard]] bool is_same_as(const occupant& other) const {
    return !absent && !other.absent && status.id == other.status.id && text == other.text;
  }
};

/// Looks at the name without following links and without trusting what is there: a pipe, a huge or a binary file,
/// a folder. Errors are those of the system.
[[nodiscard]] sys_result<occupant> look_at(platform on, const std::string& name);

/// How long an occupant has been there, and after how long it may be reclaimed.
struct occupant_age {
  std::chrono::nanoseconds age;
  std::chrono::nanoseconds limit;
  [[nodiscard]] bool over() const noexcept { return age > limit; }
};
[[nodiscard]] occupant_age age_of(const occupant& who, wall_time now, const lock_options& times);

/// How a claim went.
enum class claim_outcome : std::uint8_t { claimed, occupied, no_hard_links };

/// Claims the name for an identity by linking a file that already says it.
[[nodiscard]] sys_result<claim_outcome> claim_by_link(platform on, const std::string& name,
                                                      const sidecar_identity& identity);
/// Claims the name where there are no hard links: created alone, written, read back.
[[nodiscard]] sys_result<claim_outcome> claim_by_creation(platform on, const std::string& name,
                                                          const sidecar_identity& identity);

/// What became of an occupant that was to be taken away.
enum class removal : std::uint8_t {
  /// It is gone.
  removed,
  /// Nothing was there any more.
  was_absent,
  /// Something else was there, and was put back.
  was_another,
};

/// Moves whatever has the name aside, asks whether it is the expected occupant and removes it; puts it back
/// otherwise, unless the name has been taken meanwhile.
[[nodiscard]] sys_result<removal> take_away(platform on, const std::string& name,
                                            function_ref<bool(const occupant&)> is_expected);

/// Removes what killed processes left beside a document and has not changed for that long: siblings of its sidecar, and
/// temporary files that nobody has locked.
void sweep_leftovers(platform on, const std::string& document, std::chrono::nanoseconds older_than);

}  // namespace agentslock
