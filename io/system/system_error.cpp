#include "system_error.hpp"

#include <atomic>
#include <cerrno>
#include <filesystem>

#include "agentslock/io/detail/json_text.hpp"

namespace agentslock {
namespace {

errc code_for(boost::system::error_code cause) noexcept {
  switch (cause.value()) {
    case EACCES:
    case EPERM:
    case EROFS:
      return errc::access_denied;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return errc::no_space;
    case EISDIR:
    case ENOTDIR:
    case ELOOP:
      return errc::not_a_file;
    case ENOMEM:
      return errc::out_of_memory;
    case ENAMETOOLONG:
      return errc::name_too_long;
    default:
      return errc::io_failed;
  }
}

enum class following : std::uint8_t { allowed, denied };

/// Whether a symlink may be followed by what the kernel's protected_symlinks asks.
sys_result<following> may_follow(platform on, const std::string& symlink, const std::string& folder) {
  constexpr unsigned sticky_and_written_by_all = 01002;
  const auto there = uninterrupted([&] { return on.files.link_status_at(symlink); });
  if (!there) return there.error();
  if (there->owner == on.machine.user_id()) return following::allowed;
  const auto around = uninterrupted([&] { return on.files.status_at(folder); });
  if (!around) return around.error();
  const bool shared = (around->mode & sticky_and_written_by_all) == sticky_and_written_by_all;
  return !shared || around->owner == there->owner ? following::allowed : following::denied;
}

std::string about_length(std::string_view path) {
  constexpr std::size_t longest_path = 4095;
  if (path.size() > longest_path) {
    return "the path has " + std::to_string(path.size()) + " bytes, and the system takes " +
           std::to_string(longest_path);
  }
  return "its last part has " + std::to_string(name_of(path).size()) +
         " bytes. A document's name may have about 200: its lock and its temporary file, whose names are "
         "longer, "
         "stand beside it, and file systems mostly take 255";
}

/// What is behind an error, or what to do about it, where the system's own words do not say that.
std::string advice(boost::system::error_code cause, std::string_view path) {
  switch (cause.value()) {
    case ENOSPC:
      return "make room on its disk and try again";
    case EDQUOT:
      return "the quota of its owner, group or project is used up";
    case EFBIG:
      return "it would be larger than its file system, or the limit of this process (ulimit -f), allows";
    case EPERM:
      return "it or its folder may be immutable (lsattr shows it, chattr -i ends it), or belong to somebody "
             "else in a "
             "folder that is sticky";
    case EBUSY:
    case EXDEV:
      return "something may be mounted on that very file, as in containers, so that it can't be replaced: "
             "mount "
             "its folder instead";
    case EAGAIN:
      return "another program, like a file server, holds a lease on it and did not give it back in time; try "
             "again";
    case ENAMETOOLONG:
      return about_length(path);
    default:
      return {};
  }
}

}  // namespace

error system_failure(std::string_view what, std::string_view path, boost::system::error_code cause) {
  std::string message("could not ");
  message.append(what).append(" ").append(path).append(": ").append(cause.message());
  if (const std::string more = advice(cause, path); !more.empty()) message.append("; ").append(more);
  return {code_for(cause), std::move(message), cause};
}

sys_result<open_file> open_at(file_system& files, const std::string& path, open_how how, unsigned mode) {
  const auto descriptor = uninterrupted([&] { return files.open(path, how, mode); });
  if (!descriptor) return descriptor.error();
  return open_file(files, *descriptor);
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string_view name_of(std::string_view path) noexcept {
  return path.substr(path.rfind('/') + 1);
}

result<> check_path(std::string_view path) {
  if (path.find('\0') == std::string_view::npos) return {};
  return error(errc::invalid_argument, "the path " + quote(path) + " holds a NUL character");
}

std::string clean_path(std::string_view path) {
  std::string clean = std::filesystem::path(path).lexically_normal().native();
  while (clean.size() > 1 && clean.back() == '/')
    clean.pop_back();
  if (clean.starts_with("//")) clean.erase(0, clean.find_first_not_of('/') - 1);
  return clean.empty() ? "." : clean;
}

result<std::string> follow_symlinks(platform on, std::string path) {
  constexpr int symlinks_max = 40;
  const auto failed = [&](boost::system::error_code cause) {
    return system_failure("follow the symlink", path, cause);
  };
  for (int i = 0; i < symlinks_max; ++i) {
    auto target = uninterrupted([&] { return on.files.read_link(path); });
    if (!target) {
      // EINVAL: something that is no symlink; ENOENT: nothing, where a symlink may point to.
      if (is(target.error(), EINVAL) || is(target.error(), ENOENT)) return path;
      return failed(target.error());
    }
    const std::string folder = folder_of(path);
    const auto allowed = may_follow(on, path, folder);
    if (!allowed) return failed(allowed.error());
    if (*allowed == following::denied) {
      return error(errc::access_denied,
                   path +
                       " is another user's symlink, in a directory that all may write: it is not followed. "
                       "Name the file that it points to",
                   boost::system::error_code(EACCES, boost::system::system_category()));
    }
    path = target->starts_with('/') ? *target : folder + "/" + *target;
  }
  return failed(boost::system::error_code(ELOOP, boost::system::system_category()));
}

std::string unique_name(host& machine, std::string_view stem) {
  static std::atomic<unsigned> sequence{0};
  std::string name(stem);
  name.append(std::to_string(machine.process_id()));
  name.append("-").append(std::to_string(machine.now().time_since_epoch().count()));
  name.append("-").append(std::to_string(sequence.fetch_add(1, std::memory_order_relaxed)));
  return name;
}

}  // namespace agentslock
