#include "whole_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <thread>

#include "not_now.hpp"
#include "shared_reading.hpp"
#include "system_call.hpp"

namespace agentslock {
namespace {

error not_a_regular_file(const std::string& path, file_kind kind) {
  return {errc::not_a_file,
          path + (kind == file_kind::directory ? " is a directory" : " is a device, a pipe or a socket") +
              ", and should be the lock document"};
}

/// Smaller files are read before a thread has started.
constexpr std::size_t shown_bytes_min = std::size_t{1} << 20;

/// Reads as read_when_possible, and shows what has arrived meanwhile.
sys_result<std::size_t> read_and_show(platform on, int file, const std::shared_ptr<char[]>& bytes,
                                      std::size_t capacity, early_reader early) {
  const auto reading = shared_reading::begin(on, file, bytes, capacity);
  try {
    early(text_buffer(bytes, capacity - 1), *reading);
  } catch (...) {
    reading->stop();
    throw;
  }
  return reading->finish();
}

enum class comparison : std::uint8_t { same, other };

/// Whether the file holds these bytes, and is the one that was looked at, before and after. It is read piece by piece:
/// a second copy of a large document takes more time than reading it, and as much memory.
sys_result<comparison> holds(platform on, const std::string& path, std::string_view bytes,
                             const file_status& as_read) {
  constexpr std::size_t compared_bytes = std::size_t{1} << 17;
  const auto file = open_when_possible(on, path, open_how::read);
  if (!file) return file.error();
  const auto look = [&]() -> sys_result<comparison> {
    const auto now = on.files.status_of(file->descriptor());
    if (!now) return now.error();
    return as_read.same_version(*now) ? comparison::same : comparison::other;
  };
  if (const auto before = look(); !before || *before == comparison::other) return before;
  const std::size_t capacity = std::min(compared_bytes, bytes.size() + 1);
  const auto buffer = std::make_unique_for_overwrite<char[]>(capacity);
  for (;;) {
    const auto got = read_when_possible(on, file->descriptor(), {buffer.get(), capacity});
    if (!got) return got.error();
    if (!bytes.starts_with(std::string_view(buffer.get(), *got))) return comparison::other;
    bytes.remove_prefix(*got);
    if (*got < capacity) break;
  }
  if (!bytes.empty()) return comparison::other;
  return look();
}

}  // namespace

result<read_file> read_whole_file(platform on, const std::string& path, size_rule check_size,
                                  std::optional<early_reader> early) {
  constexpr int tries_max = 10;
  for (int i = 0; i < tries_max; ++i) {
    read_file whole;
    whole.read_at = on.machine.now();
    const auto file = open_when_possible(on, path, open_how::read);
    if (!file) {
      if (is(file.error(), ENOENT)) return whole;
      return system_failure("open", path, file.error());
    }
    const auto before = on.files.status_of(file->descriptor());
    if (!before) return system_failure("look at", path, before.error());
    if (before->kind != file_kind::regular) return not_a_regular_file(path, before->kind);
    if (const auto fits = check_size(before->size_bytes); !fits) return fits.error();
    // One byte more than it should have, to see that it has not.
    const auto capacity = static_cast<std::size_t>(before->size_bytes) + 1;
    auto bytes = std::make_shared_for_overwrite<char[]>(capacity);
    const auto size = early && capacity > shown_bytes_min && std::thread::hardware_concurrency() > 1
                          ? read_and_show(on, file->descriptor(), bytes, capacity, *early)
                          : read_when_possible(on, file->descriptor(), {bytes.get(), capacity});
    // Over NFS a file that another machine replaces while it is read is gone.
    if (!size && is(size.error(), ESTALE)) continue;
    if (!size) return system_failure("read", path, size.error());
    const auto after = on.files.status_of(file->descriptor());
    if (!after) return system_failure("look at", path, after.error());
    if (*size != before->size_bytes || !before->same_version(*after)) continue;  // somebody writes into it
    whole.text = text_buffer(std::move(bytes), *size);
    whole.status = *after;
    return whole;
  }
  return error(errc::io_failed, path + " keeps changing while it is read: some program writes into it");
}

result<bool> is_unchanged(platform on, const std::string& path, const read_file& as_read) {
  const auto now = uninterrupted([&] { return on.files.status_at(path); });
  if (!now) {
    if (is(now.error(), ENOENT)) return result<bool>(!as_read.status);
    return system_failure("look at", path, now.error());
  }
  if (!as_read.status || !as_read.status->same_version(*now)) return result<bool>(false);
  if (!as_read.too_young_to_tell()) return result<bool>(true);
  const auto found = holds(on, path, as_read.text.view(), *as_read.status);
  if (found) return result<bool>(*found == comparison::same);
  if (is(found.error(), ENOENT) || is(found.error(), ESTALE)) return result<bool>(false);
  return system_failure("read", path, found.error());
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
