#include "memory_platform.hpp"

namespace agentslock::testing {

std::string_view name(call_kind kind) noexcept {
  switch (kind) {
    case call_kind::open:
      return "open";
    case call_kind::create:
      return "create";
    case call_kind::create_nameless:
      return "create without a name";
    case call_kind::open_directory:
      return "open directory";
    case call_kind::read:
      return "read";
    case call_kind::write:
      return "write";
    case call_kind::sync_file:
      return "sync file";
    case call_kind::sync_directory:
      return "sync directory";
    case call_kind::close:
      return "close";
    case call_kind::status_of:
      return "fstat";
    case call_kind::status_at:
      return "stat";
    case call_kind::symlink_status_at:
      return "lstat";
    case call_kind::read_symlink:
      return "readlink";
    case call_kind::list:
      return "list";
    case call_kind::rename:
      return "rename";
    case call_kind::rename_new:
      return "rename to a free name";
    case call_kind::hard_link:
      return "link";
    case call_kind::hard_link_open:
      return "link an open file to";
    case call_kind::unlink:
      return "unlink";
    case call_kind::remove_directory:
      return "rmdir";
    case call_kind::make_directory:
      return "mkdir";
    case call_kind::set_mode:
      return "chmod";
    case call_kind::set_owner:
      return "chown";
    case call_kind::copy_attributes:
      return "copy attributes";
    case call_kind::lock:
      return "flock";
    case call_kind::unlock:
      return "unlock";
    case call_kind::place_of:
      return "statfs";
    case call_kind::sleep:
      return "sleep";
    case call_kind::access_list:
      return "read access list";
    case call_kind::set_access_list:
      return "set access list";
  }
  return "?";
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
