// The standard streams, whatever they are: missing, full, closed at the other end, or set not to block.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

/// Makes the process fit for its streams. To be called before anything is opened or any thread is started.
/// A missing standard descriptor is taken by one that can be neither read nor written: else the next file that is opened,
/// the document perhaps, would be taken for it. SIGPIPE and SIGXFSZ are ignored, so that a closed pipe and a file that
/// may not grow are errors as any other, and nothing is left behind.
/// False: a missing descriptor could not be taken.
[[nodiscard]] bool prepare_streams() noexcept;

/// Writes a text to a stream, and waits where the stream says "not now".
/// Error: that of the write that failed.
[[nodiscard]] sys_result<> write_all(int file, std::string_view text);

/// Reads some bytes from a stream, and waits where it says "not now"; 0 at its end.
[[nodiscard]] sys_result<std::size_t> read_some(int file, std::span<char> into);

/// What keeps standard output from being written; success when all that was written has arrived where the system can
/// tell. A file system that writes late, as NFS, tells it only now.
[[nodiscard]] sys_result<> finish_output();

/// Says on standard error that standard output could not be written. Returns the exit status that this is.
int fail_to_write(boost::system::error_code why);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
