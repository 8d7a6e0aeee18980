// A machine in memory on which a document is locked.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/sidecar_lock.hpp"
#include "memory_platform.hpp"
#include "places_on_disk.hpp"

namespace agentslock::testing {

inline constexpr const char* path = "/project/.agentsrc.lock";
inline constexpr const char* sidecar = "/project/.agentsrc.lock.lock";

/// A machine with one process of ours, and time that passes only when somebody waits.
class sidecar_fixture : public ::testing::Test {
 protected:
  sidecar_fixture() { disk.put_directory(directory); }

  /// A sidecar that somebody else made so long ago.
  void put_sidecar(std::chrono::nanoseconds age, std::optional<queue_mark> mark = std::nullopt) {
    disk.put_file(sidecar, to_text({77, disk.clock.wall - age, "theirs", std::move(mark)}));
  }
  /// Something else in the place of a sidecar, so old by its time of modification.
  void put_text(std::string_view text, std::chrono::nanoseconds age) {
    disk.clock.wall -= age;
    disk.put_file(sidecar, text);
    disk.clock.wall += age;
  }
  [[nodiscard]] queue_mark own_queue() const {
    return {"boot-1", {memory_disk::device, disk.number_of(directory)}, 1};
  }
  [[nodiscard]] std::optional<sidecar_identity> holder() const {
    const auto text = disk.text_of(sidecar);
    return text ? parse_identity(*text) : std::nullopt;
  }
  [[nodiscard]] std::chrono::nanoseconds waited() const { return disk.clock.boot - sim_clock().boot; }

  memory_disk disk;
  call_hook nothing;
  memory_process process{disk, nothing, 10};
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
