#include "agentslock/io/atomic_write.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "directory_sync.hpp"
#include "protocol_rules.hpp"
#include "system_error.hpp"

namespace agentslock {
namespace {

constexpr unsigned mode_of_new_file = 0666;  // less the umask
constexpr unsigned mode_until_known = 0600;
constexpr unsigned set_id_bits = 06000;
constexpr unsigned unchanged_owner = static_cast<unsigned>(-1);

sys_result<> write_all(file_system& files, int file, std::vector<std::string_view> pieces) {
  auto next = pieces.begin();
  while (next != pieces.end()) {
    const auto written = uninterrupted([&] { return files.write(file, {next, pieces.end()}); });
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
  std::string temporary = unique_name(on.machine, path + std::string(temporary_infix));
  const auto replaced = uninterrupted([&] { return on.files.link_status_at(path); });
  const unsigned mode = replaced ? mode_until_known : mode_of_new_file;
  auto file = open_at(on.files, temporary, open_how::create_new, mode);
  if (!file) return system_failure("create a file beside", path, file.error());

  atomic_write write(on, std::move(path), std::move(temporary), wanted);
  write.file_ = std::move(*file);
  // While it is locked, other writers know that its writer lives. Where there are no such locks, its age must do.
  (void)on.files.lock(write.file_.descriptor(), std::chrono::nanoseconds(0));
  if (const auto done = write.fill(pieces); !done) return done.error();
  return write;
}

result<> atomic_write::fill(std::span<const std::string_view> pieces) {
  const int file = file_.descriptor();
  std::vector<std::string_view> to_write(pieces.begin(), pieces.end());
  std::erase_if(to_write, [](std::string_view piece) { return piece.empty(); });
  if (const auto done = write_all(on_.files, file, std::move(to_write)); !done) {
    return system_failure("write the new", path_, done.error());
  }
  if (const auto done = keep_mode_and_owner(); !done) return done;
  if (wanted_ == durability::synced && keeps(protocol_rule::sync_file)) {
    if (const auto done = sync_where_possible(on_.files, file); !done) {
      return system_failure("sync the new", path_, done.error());
    }
  }
  const auto status = on_.files.status_of(file);
  if (!status) return system_failure("look at the new", path_, status.error());
  id_ = status->id;
  return {};
}

result<> atomic_write::keep_mode_and_owner() {
  const auto old_file = open_at(on_.files, path_, open_how::read_no_link);
  const auto old = old_file ? on_.files.status_of(old_file->descriptor())
                            : uninterrupted([&] { return on_.files.link_status_at(path_); });
  if (!old) {
    if (is(old.error(), ENOENT)) return {};
    return system_failure("look at", path_, old.error());
  }
  const int file = file_.descriptor();
  const auto mine = on_.files.status_of(file);
  if (!mine) return system_failure("look at the new", path_, mine.error());

  // The owner first: changing it clears the set-id bits, which no foreign owner should get either.
  bool owner_kept = mine->owner == old->owner && mine->group == old->group;
  if (!owner_kept) owner_kept = on_.files.set_owner(file, old->owner, old->group).has_value();
  if (!owner_kept) (void)on_.files.set_owner(file, unchanged_owner, old->group);
  if (old_file) (void)on_.files.copy_attributes(old_file->descriptor(), file);
  const unsigned mode = owner_kept ? old->mode : old->mode & ~set_id_bits;
  if (const auto done = uninterrupted([&] { return on_.files.set_mode(file, mode); }); !done) {
    return system_failure("keep the mode of", path_, done.error());
  }
  return {};
}

atomic_write::atomic_write(atomic_write&& other) noexcept
    : on_(other.on_),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      wanted_(other.wanted_),
      file_(std::move(other.file_)),
      id_(other.id_) {}

atomic_write::~atomic_write() {
  if (!temporary_.empty()) (void)uninterrupted([&] { return on_.files.unlink(temporary_); });
}

result<> atomic_write::publish() {
  if (const auto done = on_.files.rename(temporary_, path_); !done) {
    return system_failure("put the new file in place of", path_, done.error());
  }
  temporary_.clear();
  file_.close();
  if (wanted_ == durability::unsynced || !keeps(protocol_rule::sync_folder)) return {};

  const auto synced = sync_directory(on_.files, folder_of(path_));
  if (synced) return {};
  return error(errc::not_durable,
               path_ + " was written, but its folder could not be synced (" + synced.error().message() +
                   "): a power cut may bring the old document back",
               synced.error());
}

}  // namespace agentslock
