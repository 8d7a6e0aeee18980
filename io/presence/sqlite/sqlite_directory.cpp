#include "sqlite_directory.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/sqlite_presence.hpp"
#include "sqlite_file_system.hpp"

namespace agentslock {
namespace {

boost::system::error_code system_cause(int number) {
  return {number, boost::system::system_category()};
}

}  // namespace

sqlite_place::sqlite_place(std::string_view directory, std::string_view adapter)
    : directory_(directory),
      adapter_(quote(adapter)),
      path_(directory_ + "/" + sqlite_file_name(adapter)),
      where_("the store " + path_ + " of the adapter " + adapter_) {}

result<> sqlite_place::check_directory() const {
  struct stat raw;
  if (directory_.find('\0') != directory_.npos) return directory_failure(ENOENT);
  if (::stat(directory_.c_str(), &raw) != 0) return directory_failure(errno);
  if (!S_ISDIR(raw.st_mode)) return directory_failure(ENOTDIR);
  return {};
}

result<std::optional<file_stamp>> sqlite_place::look() const {
  const auto since_1970 = [](timespec time) {
    return std::chrono::nanoseconds(std::chrono::seconds(time.tv_sec)) +
           std::chrono::nanoseconds(time.tv_nsec);
  };
  const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
  struct stat raw;
  if (::stat(path_.c_str(), &raw) != 0) {
    if (errno != ENOENT) return failed_look(errno);
    if (!kind_of_no_file(path_).empty()) {
      return error(errc::store_unreachable,
                   "could not read " + where_ +
                       ": it is a symlink to what is not there; mount or restore that, "
                       "or remove the symlink");
    }
    if (const auto others = check_not_empty(); !others) return others.error();
    return std::optional<file_stamp>();
  }
  if (!S_ISREG(raw.st_mode)) {
    return error(errc::store_corrupt, where_ + " is " + std::string(kind_of_no_file(path_)) +
                                          ", and no file: move it away, and build the database");
  }
  const auto changed = since_1970(raw.st_ctim);
  const bool is_at_rest = std::chrono::abs(now - changed) > stamp_step_max;
  return std::optional(
      file_stamp{raw.st_dev, raw.st_ino, raw.st_size, since_1970(raw.st_mtim), changed, is_at_rest});
}

/// A directory without any database is an error. So is one that can't be listed: it may be any.
result<> sqlite_place::check_not_empty() const {
  const std::unique_ptr<DIR, int (*)(DIR*)> list(::opendir(directory_.c_str()), ::closedir);
  if (list == nullptr) return directory_failure(errno);
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(list.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name.starts_with(sqlite_file_prefix) && name.ends_with(sqlite_file_suffix)) return {};
  }
  if (errno != 0) return directory_failure(errno);
  return error(errc::store_empty,
               "the store's directory " + directory_ +
                   " holds no kg_*.db at all, not only none for the adapter " + adapter_ +
                   ": it is more likely the wrong directory than an empty store. Name the right "
                   "one with the databases, or build one of them first");
}

error sqlite_place::directory_failure(int number) const {
  const boost::system::error_code cause = system_cause(number);
  return {errc::store_unreachable,
          "could not read the store's directory " + directory_ + " for the adapter " + adapter_ + ": " +
              cause.message() + "; name the one with the databases",
          cause};
}

error sqlite_place::failed_look(int number) const {
  if (number == ENAMETOOLONG) return name_too_long(number);
  const boost::system::error_code cause = system_cause(number);
  return {errc::store_unreachable, "could not read " + where_ + ": " + cause.message(), cause};
}

error sqlite_place::name_too_long(int number) const {
  const std::size_t size = path_.size() - directory_.size() - 1;
  const long most = ::pathconf(directory_.c_str(), _PC_NAME_MAX);
  std::string message("the adapter " + adapter_ + " has no file in the store " + directory_ + ": ");
  if (most < 0 || size > static_cast<std::size_t>(most)) {
    message += "the name " + path_.substr(directory_.size() + 1) +
               " of its database, with kg_ and .db and percent "
               "signs for other characters, has " +
               std::to_string(size) + " bytes, and the file system takes " +
               (most < 0 ? "fewer" : "at most " + std::to_string(most)) + "; give the adapter a shorter name";
  } else {
    message += "the path " + path_ + " has " + std::to_string(path_.size()) +
               " bytes, which is more than the system takes; give a shorter path";
  }
  return {errc::name_too_long, message, system_cause(number)};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
