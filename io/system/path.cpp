#include "path.hpp"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <filesystem>

#include "agentslock/io/detail/json_text.hpp"
#include "system_call.hpp"

namespace agentslock {
namespace {

enum class following : std::uint8_t { allowed, denied };

/// Whether a symlink may be followed by what the kernel's protected_symlinks asks.
sys_result<following> may_follow(platform on, const std::string& symlink, const std::string& directory) {
  constexpr unsigned sticky_and_written_by_all = 01002;
  const auto there = uninterrupted([&] { return on.files.symlink_status_at(symlink); });
  if (!there) return there.error();
  if (there->owner == on.machine.user_id()) return following::allowed;
  const auto around = uninterrupted([&] { return on.files.status_at(directory); });
  if (!around) return around.error();
  const bool shared = (around->mode & sticky_and_written_by_all) == sticky_and_written_by_all;
  return !shared || around->owner == there->owner ? following::allowed : following::denied;
}

}  // namespace

std::string directory_of(std::string_view path) {
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
  return clean.empty() ? "." : clean;
}

result<std::string> follow_symlinks(platform on, std::string path) {
  constexpr int symlinks_max = 40;
  const auto failed = [&](boost::system::error_code cause) {
    return system_failure("follow the symlink", path, cause);
  };
  for (int i = 0; i < symlinks_max; ++i) {
    auto target = uninterrupted([&] { return on.files.read_symlink(path); });
    if (!target) {
      // EINVAL: something that is no symlink; ENOENT: nothing, where a symlink may point to.
      if (is(target.error(), EINVAL) || is(target.error(), ENOENT)) return path;
      return failed(target.error());
    }
    const std::string directory = directory_of(path);
    const auto allowed = may_follow(on, path, directory);
    if (!allowed) return failed(allowed.error());
    if (*allowed == following::denied) {
      return error(errc::access_denied,
                   path +
                       " is another user's symlink, in a directory that all may write: it is not followed. "
                       "Name the file that it points to",
                   boost::system::error_code(EACCES, boost::system::system_category()));
    }
    path = target->starts_with('/') ? *target : directory + "/" + *target;
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
// SPDX-License-Identifier: Apache-2.0
