// Reading a file whole, and telling later whether it is still that file; private to the io layer.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "agentslock/io/detail/text_arrival.hpp"
#include "agentslock/io/error.hpp"
#include "agentslock/io/host.hpp"
#include "agentslock/io/text_buffer.hpp"
#include "agentslock/kernel/function_ref.hpp"

namespace agentslock {

/// A file as it was read.
struct read_file {
  text_buffer text;
  /// Nothing when there was no file.
  std::optional<file_status> status;
  wall_time read_at;

  /// Whether the file was written so recently that a later write might leave the same times: then only its bytes
  /// tell it from another.
  [[nodiscard]] bool too_young_to_tell() const noexcept {
    return status && read_at - status->modified < std::chrono::seconds(2);
  }
};

/// Whether a file of so many bytes is read; the error when it is not.
using size_rule = function_ref<result<>(std::uint64_t size_bytes)>;

/// Reads a whole file; a missing one is no error. Links are followed. A file that changes while it is read is
/// read again, and one that can't be had now is waited for (not_now.hpp).
/// Errors: the rule's, before anything is read; not_a_file, access_denied, out_of_memory, io_failed (also for a file that
/// keeps changing).
/// A large file is read by a thread of ours, where one is to be had and there is a second processor, and shown to `early`
/// meanwhile: once for each time that it is read. Which of the texts that it was shown is the one that is returned, their
/// owners say; any other was read from a file that changed.
[[nodiscard]] result<read_file> read_whole_file(platform on, const std::string& path, size_rule check_size,
                                                std::optional<early_reader> early = std::nullopt);

/// Whether the file at the path is still the one that was read: by what the system says of it, and by its bytes
/// when it was too young to tell. Those are compared piece by piece, without a second copy of them.
[[nodiscard]] result<bool> is_unchanged(platform on, const std::string& path, const read_file& as_read);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
