// Reading the document's file; private to the io layer.
#pragma once

#include <optional>
#include <string>

#include "agentslock/io/error.hpp"
#include "agentslock/io/host.hpp"
#include "agentslock/io/text_buffer.hpp"

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

/// Reads a whole file; a missing one is no error. Links are followed. A file that changes while it is read is
/// read again, and one that can't be had now is waited for (not_now.hpp).
/// Errors: not_a_file, too_large, access_denied, out_of_memory, io_failed (also for a file that keeps changing).
[[nodiscard]] result<read_file> read_whole_file(platform on, const std::string& path);

/// Whether the file at the path is still the one that was read: by what the system says of it, and by its bytes
/// when it was too young to tell. Those are compared piece by piece, without a second copy of them.
[[nodiscard]] result<bool> is_unchanged(platform on, const std::string& path, const read_file& as_read);

}  // namespace agentslock
