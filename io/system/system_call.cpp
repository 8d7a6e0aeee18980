#include "system_call.hpp"

#include <cerrno>

#include "path.hpp"

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
      return "it or its directory may be immutable (lsattr shows it, chattr -i ends it), or belong to "
             "somebody "
             "else in a "
             "directory that is sticky";
    case EBUSY:
    case EXDEV:
      return "something may be mounted on that very file, as in containers, so that it can't be replaced: "
             "mount "
             "its directory instead";
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

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
