#include "old_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "not_now.hpp"
#include "system_call.hpp"

namespace agentslock {
namespace {

constexpr unsigned of_the_owner = 0700;
constexpr unsigned rights = 06777;
constexpr unsigned rights_of_others = 06077;
constexpr unsigned unchanged = static_cast<unsigned>(-1);

/// Whether an error says that a call is not there or is denied, not that it went wrong.
bool is_refused(boost::system::error_code why) {
  constexpr std::array reasons{EPERM, EACCES, EROFS, EINVAL, ENOSYS, EOPNOTSUPP};
  return std::ranges::find(reasons, why.value()) != reasons.end();
}

}  // namespace

result<std::optional<old_file>> old_file::find(platform on, const std::string& path) {
  file_system& files = on.files;
  using found = result<std::optional<old_file>>;
  const auto fails = [&](boost::system::error_code why) -> found {
    if (is(why, ENOENT)) return found(std::nullopt);
    return system_failure("look at", path, why);
  };
  const auto there = uninterrupted([&] { return files.symlink_status_at(path); });
  if (!there) return fails(there.error());
  if (there->kind != file_kind::regular) return found(std::nullopt);
  auto file = open_when_possible(on, path, open_how::read_no_symlink);
  if (!file && (is(file.error(), EACCES) || is(file.error(), EPERM))) {
    // Its list is not known, so it may deny anything to anybody.
    return found(old_file(path, std::nullopt, *there, {there->mode & of_the_owner, {}}));
  }
  if (!file) return fails(file.error());
  const auto status = files.status_of(file->descriptor());
  if (!status) return fails(status.error());
  auto list = files.access_list(file->descriptor());
  if (!list) return fails(list.error());
  return found(old_file(path, std::move(*file), *status, {status->mode, std::move(*list)}));
}

result<old_file::given_mode> old_file::give_to(file_system& files, int file) const {
  const auto made = files.status_of(file);
  if (!made) return system_failure("look at the new", path_, made.error());
  // The list that the new file has inherited must not stand when the mode opens it.
  const auto inherited = files.access_list(file);
  if (!inherited) return system_failure("look at the new", path_, inherited.error());
  if (!inherited->empty()) {
    if (const auto done = files.set_access_list(file, {}); !done) {
      return system_failure("keep the access list of", path_, done.error());
    }
  }
  auto taken = give_users(files, file, *made);
  if (!taken) return taken.error();
  if (file_) (void)files.copy_attributes(file_->descriptor(), file);

  file_access wanted = access_to_keep(access_, *taken);
  if (!wanted.access_list.empty()) {
    const auto set = files.set_access_list(file, wanted.access_list);
    if (!set && !is_refused(set.error())) {
      return system_failure("keep the access list of", path_, set.error());
    }
    taken->access_list = set.has_value();
    wanted = access_to_keep(access_, *taken);
  }
  const auto given = give_mode(files, file, wanted.mode);
  if (!given) return given.error();
  // Made with that mode, it must not for a moment be open to a group or a list that it is going to lose.
  const bool is_safe = inherited->empty() && made->owner == status_.owner && made->group == status_.group;
  return given_mode{wanted.mode, !*given && is_safe};
}

result<taken_over> old_file::give_users(file_system& files, int file, const file_status& made) const {
  if (made.owner == status_.owner && made.group == status_.group) return taken_over{};
  // The group first: who has given the file away may change nothing more.
  if (made.group != status_.group) (void)files.set_owner(file, unchanged, status_.group);
  if (made.owner != status_.owner) (void)files.set_owner(file, status_.owner, unchanged);
  // Some file systems say yes and do nothing.
  const auto now = files.status_of(file);
  if (!now) return system_failure("look at the new", path_, now.error());
  return taken_over{now->owner == status_.owner, now->group == status_.group, true};
}

result<bool> old_file::give_mode(file_system& files, int file, unsigned mode) const {
  sys_result<> set;
  auto now = files.status_of(file);
  if (now && now->mode != mode) {
    set = uninterrupted([&] { return files.set_mode(file, mode); });
    if (!set && !is_refused(set.error())) return system_failure("keep the mode of", path_, set.error());
    now = files.status_of(file);
  }
  if (!now) return system_failure("look at the new", path_, now.error());
  if ((now->mode & ~mode & rights_of_others) != 0) {
    return error(
        errc::access_denied,
        "could not keep the mode of " + path_ +
            ": the file system opens new files to more users than the old one, and lets nobody shut them",
        set ? boost::system::error_code() : set.error());
  }
  return result<bool>((mode & rights) == (now->mode & rights));
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
