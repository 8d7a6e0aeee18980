// Who was in the way of a wait that is over, as far as it can be told from here. Private to the io layer.
#pragma once

#include <chrono>
#include <string>

#include "agentslock/io/error.hpp"
#include "agentslock/io/host.hpp"
#include "agentslock/io/sidecar_lock.hpp"
#include "directory_queue.hpp"
#include "sidecar_occupant.hpp"

namespace agentslock {

/// Who holds the queue of a directory: by the kernel's list of locks, else by what the sidecar says. A process is named only
/// where its number means something here.
[[nodiscard]] std::string holder_of_queue(platform on, file_id directory, const std::string& sidecar);

/// Who holds a sidecar, and for how long.
[[nodiscard]] std::string holder_of_sidecar(platform on, const occupant& who, const lock_options& times);

/// The error of a wait that is over: lock_timeout.
[[nodiscard]] error timed_out(const std::string& path, const std::string& holder,
                              const lock_options& options);

[[nodiscard]] std::string in_seconds(std::chrono::nanoseconds time);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
