#include "faults.hpp"

#include <cerrno>

namespace agentslock::testing {

std::vector<int> errors_that_fit(call_kind kind) {
  switch (kind) {
    case call_kind::open:
    case call_kind::open_directory:
      return {EIO, EACCES, EMFILE, ENFILE, ENOMEM, EINTR, ESTALE};
    case call_kind::create:
      return {EIO, ENOSPC, EACCES, EROFS, EMFILE, ENOMEM, EINTR, ESTALE};
    case call_kind::create_nameless:
      return {EIO, ENOSPC, EACCES, EROFS, EMFILE, ENOMEM, EINTR, ESTALE, EOPNOTSUPP, EISDIR};
    case call_kind::read:
      return {EIO, EINTR, ESTALE};
    case call_kind::write:
      return {EIO, ENOSPC, EINTR, ESTALE};
    case call_kind::sync_file:
    case call_kind::sync_directory:
      return {EIO, ENOSPC, EINTR, ESTALE, EINVAL};
    case call_kind::close:
      return {EIO, EINTR};
    case call_kind::status_of:
      return {EIO, ESTALE};
    case call_kind::status_at:
    case call_kind::symlink_status_at:
    case call_kind::read_symlink:
      return {EIO, EACCES, ESTALE};
    case call_kind::list:
      return {EIO, EACCES, EMFILE, ESTALE};
    case call_kind::rename:
      return {EIO, ENOSPC, EACCES, EROFS, ENOMEM, ESTALE};
    case call_kind::rename_new:
      return {EIO, ENOSPC, EINVAL, ENOSYS};
    case call_kind::hard_link:
    case call_kind::hard_link_open:
      return {EIO, ENOSPC, EACCES, EROFS, ENOMEM, ESTALE, ENOENT, EPERM, EOPNOTSUPP, EMLINK};
    case call_kind::unlink:
    case call_kind::remove_directory:
      return {EIO, EACCES, EROFS, ESTALE};
    case call_kind::make_directory:
      return {EIO, ENOSPC, EACCES, EROFS, ESTALE};
    case call_kind::set_mode:
    case call_kind::set_owner:
      return {EIO, EPERM, EACCES, EROFS, EOPNOTSUPP, EINTR, ESTALE};
    case call_kind::copy_attributes:
    case call_kind::access_list:
    case call_kind::set_access_list:
      return {EIO, ENOSPC, EACCES};
    case call_kind::lock:
      return {EIO, EINTR, ENOLCK, ENOMEM, EOPNOTSUPP};
    case call_kind::unlock:
    case call_kind::place_of:
      return {EIO};
    case call_kind::sleep:
      return {};
  }
  return {};
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
