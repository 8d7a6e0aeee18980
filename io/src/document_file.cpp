#include "document_file.hpp"

#include <cerrno>
#include <memory>

#include "document_size.hpp"
#include "system_error.hpp"

namespace agentslock {
namespace {

error not_a_regular_file(const std::string& path, file_kind kind) {
  return {errc::not_a_file,
          path + (kind == file_kind::folder ? " is a folder" : " is a device, a pipe or a socket") +
              ", and should be the lock document"};
}

/// Reads until the end of the file or of the buffer. Returns the bytes read.
sys_result<std::size_t> read_to_end(file_system& files, int file, std::span<char> into) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const auto got = uninterrupted([&] { return files.read(file, into.subspan(filled)); });
    if (!got) return got.error();
    if (*got == 0) break;
    filled += *got;
  }
  return filled;
}

}  // namespace

result<read_file> read_whole_file(platform on, const std::string& path) {
  constexpr int tries_max = 10;
  for (int i = 0; i < tries_max; ++i) {
    read_file whole;
    whole.read_at = on.machine.now();
    const auto file = open_at(on.files, path, open_how::read);
    if (!file) {
      if (is(file.error(), ENOENT)) return whole;
      return system_failure("open", path, file.error());
    }
    const auto before = on.files.status_of(file->descriptor());
    if (!before) return system_failure("look at", path, before.error());
    if (before->kind != file_kind::regular) return not_a_regular_file(path, before->kind);
    if (const auto fits = check_size_of_read(before->size_bytes, path); !fits) return fits.error();
    // One byte more than it should have, to see that it has not.
    const auto capacity = static_cast<std::size_t>(before->size_bytes) + 1;
    auto bytes = std::make_shared_for_overwrite<char[]>(capacity);
    const auto size = read_to_end(on.files, file->descriptor(), {bytes.get(), capacity});
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
  const auto again = read_whole_file(on, path);
  if (!again) return again.error();
  return result<bool>(again->status && again->text.view() == as_read.text.view());
}

}  // namespace agentslock
