#include "directory_sync.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "system_call.hpp"

namespace agentslock {
namespace {

/// What fsync says where there is none. EINVAL and EROFS are documented for what can't be synced; network and FUSE
/// file systems also say the others of directories.
constexpr std::array no_such_call{EINVAL, EROFS, ENOSYS, EOPNOTSUPP, EBADF};

}  // namespace

sys_result<> sync_where_possible(file_system& files, int file) {
  auto synced = uninterrupted([&] { return files.sync(file); });
  if (!synced && std::ranges::find(no_such_call, synced.error().value()) != no_such_call.end()) return {};
  return synced;
}

sys_result<> sync_directory(file_system& files, const std::string& directory) {
  const auto opened = open_at(files, directory, open_how::directory);
  if (!opened) return opened.error();
  return sync_where_possible(files, opened->descriptor());
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
