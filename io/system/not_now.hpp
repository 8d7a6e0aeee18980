// Calls that can't be answered now; private to the io layer.
#pragma once

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

#include "agentslock/io/host.hpp"
#include "system_call.hpp"

namespace agentslock {

/// How long we wait for another program to give way. A file server that is asked to give a lease back does so within
/// milliseconds; one that does not has 45 s by default, which is more than a writer may hold the lock.
inline constexpr std::chrono::seconds not_now_max{5};

/// Calls until the answer is something else than "not now" (EAGAIN) or an interruption; gives up in the end, with EAGAIN.
/// An open file of ours never waits by itself, so this is what opening a file says on which Samba or the kernel's NFS
/// server holds a lease, and what some FUSE file systems say at any time.
template <class Call>
[[nodiscard]] auto when_possible(host& machine, Call&& call) {
  constexpr std::chrono::milliseconds between_tries{10};
  std::optional<std::chrono::nanoseconds> deadline;
  for (;;) {
    auto answer = uninterrupted(call);
    if (answer.has_value() || !is(answer.error(), EAGAIN)) return answer;
    const auto now = machine.boot_time();
    if (!deadline) deadline = now + not_now_max;
    if (now >= *deadline) return answer;
    machine.sleep_for(between_tries);
  }
}

/// Opens a file that closes itself, as soon as that is possible.
[[nodiscard]] inline sys_result<open_file> open_when_possible(platform on, const std::string& path,
                                                              open_how how) {
  return when_possible(on.machine, [&] { return open_at(on.files, path, how); });
}

/// Reads until the buffer is full or the file ends. Returns the bytes read.
[[nodiscard]] inline sys_result<std::size_t> read_when_possible(platform on, int file, std::span<char> into) {
  return read_to_end(into, [&](std::span<char> rest) {
    return when_possible(on.machine, [&] { return on.files.read(file, rest); });
  });
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
