#include "sidecar_place.hpp"

#include <cerrno>
#include <string_view>

#include "agentslock/io/sidecar_lock.hpp"
#include "directory_sync.hpp"
#include "path.hpp"
#include "sidecar_file.hpp"
#include "system_call.hpp"

namespace agentslock {

sys_result<> make_directories(file_system& files, const std::string& directory) {
  const auto status = uninterrupted([&] { return files.status_at(directory); });
  if (status) return {};
  if (!is(status.error(), ENOENT)) return status.error();
  const std::string parent = directory_of(directory);
  if (parent != directory) {
    if (const auto made = make_directories(files, parent); !made) return made.error();
  }
  const auto made = files.make_directory(directory);
  if (!made && !is(made.error(), EEXIST)) return made.error();
  const auto synced = sync_directory(files, parent);
  if (!synced && is(synced.error(), EACCES)) return {};  // one that may not be opened can't be synced
  return synced;
}

result<> check_place(const std::string& document) {
  // The longest of the names that are put beside it: ".lock.stale-", a process, a time and a number.
  constexpr std::size_t name_bytes_max = 255;
  constexpr std::size_t added_bytes_max = 12 + 10 + 1 + 20 + 1 + 10;
  constexpr std::size_t path_bytes_max = 4095;  // longer ones the system refuses as a whole
  const std::string_view name = name_of(document);
  if (document.size() <= path_bytes_max && name.size() + added_bytes_max > name_bytes_max) {
    return error(errc::name_too_long,
                 "the name of " + document + " has " + std::to_string(name.size()) + " bytes; at most " +
                     std::to_string(name_bytes_max - added_bytes_max) +
                     " leave room for the names of the lock and the temporary files beside it");
  }
  const std::string sidecar = document + std::string(sidecar_suffix);
  if (name_of(sidecar) != usual_document_name) return {};
  return error(errc::invalid_argument, "the lock of " + document + " would be " + sidecar +
                                           ", which is how a lock document is called. Was " + sidecar +
                                           " meant?");
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
