#include "agentslock/io/atomic_write.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "directory_sync.hpp"
#include "kept_access.hpp"
#include "not_now.hpp"
#include "old_file.hpp"
#include "path.hpp"
#include "system_call.hpp"

namespace agentslock {
namespace {

constexpr unsigned mode_of_new_file = 0666;  // less the umask
constexpr unsigned mode_until_known = 0600;

sys_result<> write_all(platform on, int file, std::vector<std::string_view> pieces) {
  auto next = pieces.begin();
  while (next != pieces.end()) {
    const auto written = when_possible(on.machine, [&] {
      return on.files.write(file, {next, pieces.end()});
    });
    if (!written) return written.error();
    if (*written == 0) return boost::system::error_code(EIO, boost::system::system_category());
    for (std::size_t left = *written; left > 0;) {
      const std::size_t of_this = std::min(left, next->size());
      next->remove_prefix(of_this);
      left -= of_this;
      if (next->empty()) ++next;
    }
  }
  return {};
}

}  // namespace

result<atomic_write> atomic_write::stage(platform on, std::string path,
                                         std::span<const std::string_view> pieces, durability wanted) {
  auto old = old_file::find(on, path);
  if (!old) return old.error();
  std::string temporary = unique_name(on.machine, path + std::string(temporary_infix));
  atomic_write write(on, std::move(path), std::move(temporary), wanted);
  if (const auto done = write.create(*old); !done) return done.error();
  if (const auto done = write.fill(pieces); !done) return done.error();
  return write;
}

result<> atomic_write::create(const std::optional<old_file>& old) {
  if (const auto made = create_with(old ? mode_until_known : mode_of_new_file); !made || !old) return made;
  auto given = old->give_to(on_.files, file_.descriptor());
  if (!given) return given.error();
  mode_ = given->mode;
  if (!given->make_again) return {};
  // Where a mode can't be set, it can still be asked for when the file is made.
  file_.close();
  (void)uninterrupted([&] { return on_.files.unlink(temporary_); });
  if (const auto made = create_with(mode_ & permission_bits); !made) return made;
  given = old->give_to(on_.files, file_.descriptor());
  if (!given) return given.error();
  return {};
}

result<> atomic_write::create_with(unsigned mode) {
  auto file = open_at(on_.files, temporary_, open_how::create_new, mode);
  if (!file) {
    temporary_.clear();
    return system_failure("create a file beside", path_, file.error());
  }
  file_ = std::move(*file);
  // While it is locked, other writers know that its writer lives. Where there are no such locks, its age must do.
  (void)on_.files.lock(file_.descriptor(), std::chrono::nanoseconds(0));
  return {};
}

result<> atomic_write::fill(std::span<const std::string_view> pieces) {
  const int file = file_.descriptor();
  std::vector<std::string_view> to_write(pieces.begin(), pieces.end());
  std::erase_if(to_write, [](std::string_view piece) { return piece.empty(); });
  if (const auto done = write_all(on_, file, std::move(to_write)); !done) {
    return system_failure("write the new", path_, done.error());
  }
  // Writing takes the set-id bits off.
  if ((mode_ & set_id_bits) != 0) (void)uninterrupted([&] { return on_.files.set_mode(file, mode_); });
  if (wanted_ == durability::synced) {
    if (const auto done = sync_where_possible(on_.files, file); !done) {
      return system_failure("sync the new", path_, done.error());
    }
  }
  const auto status = on_.files.status_of(file);
  if (!status) return system_failure("look at the new", path_, status.error());
  id_ = status->id;
  return {};
}

atomic_write::atomic_write(atomic_write&& other) noexcept
    : on_(other.on_),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      wanted_(other.wanted_),
      file_(std::move(other.file_)),
      mode_(other.mode_),
      id_(other.id_) {}

atomic_write::~atomic_write() {
  if (!temporary_.empty()) (void)uninterrupted([&] { return on_.files.unlink(temporary_); });
}

result<> atomic_write::publish() {
  // What may fail for want of memory comes before the rename.
  const std::string directory = directory_of(path_);
  if (const auto done = on_.files.rename(temporary_, path_); !done) {
    return system_failure("put the new file in place of", path_, done.error());
  }
  temporary_.clear();
  file_.close();
  if (wanted_ == durability::unsynced) return {};

  const auto synced = sync_directory(on_.files, directory);
  if (synced) return {};
  return error(errc::not_durable,
               path_ + " was written, but its directory could not be synced (" + synced.error().message() +
                   "): a power cut may bring the old document back",
               synced.error());
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
