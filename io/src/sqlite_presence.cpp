#include "agentslock/io/sqlite_presence.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "sqlite_reading.hpp"

namespace agentslock {
namespace {

/// The clock that stamps files advances every 10 ms at the latest.
constexpr std::chrono::milliseconds stamp_step_max(20);

error failed_look(const std::string& path, int number) {
  const boost::system::error_code cause(number, boost::system::system_category());
  if (number == ENAMETOOLONG) {
    return {errc::name_too_long, "the file system takes no name as long as " + path + "; give a shorter one",
            cause};
  }
  return {errc::store_unreachable, "could not read the store " + path + ": " + cause.message(), cause};
}

/// A file as it stands from outside.
struct file_stamp {
  dev_t device;
  ino_t inode;
  off_t size_bytes;
  std::chrono::nanoseconds modified;
  std::chrono::nanoseconds changed;
  /// Whether the last change is so long past that the next one can't have the same time.
  bool is_at_rest;

  friend bool operator==(const file_stamp&, const file_stamp&) = default;
};

/// Nothing when there is no file.
result<std::optional<file_stamp>> look_at(const std::string& path) {
  const auto since_1970 = [](timespec time) {
    return std::chrono::nanoseconds(std::chrono::seconds(time.tv_sec)) +
           std::chrono::nanoseconds(time.tv_nsec);
  };
  const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
  struct stat raw;
  if (::stat(path.c_str(), &raw) != 0) {
    if (errno == ENOENT) return std::optional<file_stamp>();
    return failed_look(path, errno);
  }
  if (!S_ISREG(raw.st_mode)) {
    return error(errc::store_corrupt,
                 "the store " + path + " is no file: move it away, and build the database");
  }
  const auto changed = since_1970(raw.st_ctim);
  const bool is_at_rest = std::chrono::abs(now - changed) > stamp_step_max;
  return std::optional(
      file_stamp{raw.st_dev, raw.st_ino, raw.st_size, since_1970(raw.st_mtim), changed, is_at_rest});
}

result<> check_folder(const std::string& folder) {
  const auto unusable = [&](int number) {
    const boost::system::error_code cause(number, boost::system::system_category());
    return error(errc::store_unreachable,
                 "could not read the store's folder " + folder + ": " + cause.message() +
                     "; name the one with the databases",
                 cause);
  };
  struct stat raw;
  if (folder.find('\0') != folder.npos) return unusable(ENOENT);
  if (::stat(folder.c_str(), &raw) != 0) return unusable(errno);
  if (!S_ISDIR(raw.st_mode)) return unusable(ENOTDIR);
  return {};
}

}  // namespace

std::string sqlite_file_name(std::string_view adapter) {
  return "kg_" + percent_encode(adapter) + ".db";
}

/// What the database held whose schema was last read.
///
/// It need not be read again while SQLite's number of the schema stays: whoever changes the schema changes the number.
/// That goes for one and the same file. Another file, or other bytes copied into this one, have another stamp, if the
/// file was at rest when it was stamped.
class sqlite_presence::memory {
 public:
  result<stored_view> ask(sqlite_reading& database, const std::string& path, const file_stamp& stamp,
                          std::string_view view) {
    const auto version = database.begin();
    if (!version) return version.error();
    state now{path, stamp, *version};
    if (now == read_ && stamp.is_at_rest) {
      if (auto known = find(view)) return known;  // what went wrong then may go well now
    }
    auto views = database.all_digests();
    if (!views) return views.error();
    read_ = std::move(now);
    views_ = std::move(*views);
    return find(view);
  }
  void forget() { read_.reset(); }

 private:
  struct state {
    std::string path;
    file_stamp stamp;
    int schema_version;

    friend bool operator==(const state&, const state&) = default;
  };

  [[nodiscard]] result<stored_view> find(std::string_view view) const {
    const auto found = views_.find(view);
    if (found == views_.end()) return stored_view();
    if (!found->second) return found->second.error();
    return stored_view(*found->second);
  }

  std::optional<state> read_;
  digests views_;
};

sqlite_presence::sqlite_presence(std::string folder)
    : folder_(std::move(folder)), memory_(std::make_unique<memory>()) {}
sqlite_presence::sqlite_presence(sqlite_presence&&) noexcept = default;
sqlite_presence& sqlite_presence::operator=(sqlite_presence&&) noexcept = default;
sqlite_presence::~sqlite_presence() = default;

result<stored_view> sqlite_presence::find(view_key key) {
  if (const auto usable = check_folder(folder_); !usable) return usable.error();
  const std::string path = folder_ + "/" + sqlite_file_name(key.adapter);
  constexpr int tries_max = 10;
  for (int tries = 1; tries <= tries_max; ++tries) {
    if (tries > 1) {
      memory_->forget();
      std::this_thread::sleep_for(stamp_step_max);
    }
    const auto stamp = look_at(path);
    if (!stamp) return stamp.error();
    if (!*stamp) return stored_view();
    sqlite_reading database(path);
    auto answer = memory_->ask(database, path, **stamp, key.view);
    // A writer that comes or goes may have been in the way for a moment.
    if (!answer && answer.error().code() == errc::store_unreachable && tries < tries_max) continue;
    if (!database.is_unlocked()) return answer;
    // What was read without locks holds if nobody wrote meanwhile, neither to the file nor to a log.
    const auto now = look_at(path);
    if (!now) return now.error();
    if (*now == *stamp && (*stamp)->is_at_rest && !database.has_log()) return answer;
  }
  return error(errc::store_busy, "the store " + path + " keeps changing while it is read; try again");
}

}  // namespace agentslock
