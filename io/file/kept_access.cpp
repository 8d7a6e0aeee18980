#include "kept_access.hpp"

#include <cstddef>
#include <optional>

namespace agentslock {
namespace {

constexpr unsigned all_rights = 07;

/// What stands in the list, from linux/posix_acl_xattr.h: a version, then entries of a tag, permissions and an id, all with
/// the lowest byte first.
enum tag : unsigned {
  owner = 0x01,
  user = 0x02,
  group = 0x04,
  named_group = 0x08,
  mask = 0x10,
  others = 0x20
};
constexpr std::size_t head_bytes = 4;
constexpr std::size_t entry_bytes = 8;
constexpr unsigned version = 2;

unsigned byte_at(const std::string& list, std::size_t at) {
  return static_cast<unsigned char>(list[at]);
}

/// What the classes of users may do, with the mask applied.
struct classes {
  unsigned owner;
  unsigned group;
  unsigned others;
  /// A list that names nobody has none.
  std::optional<unsigned> mask = std::nullopt;
  /// What every user, and every group, that the list names may do.
  unsigned every_named_user = all_rights;
  unsigned every_named_group = all_rights;
};

bool is_understood(const std::string& list) {
  return list.size() >= head_bytes && (list.size() - head_bytes) % entry_bytes == 0 &&
         byte_at(list, 0) == version;
}

classes classes_of(const file_access& file) {
  classes may{file.mode >> 6 & all_rights, file.mode >> 3 & all_rights, file.mode & all_rights};
  const std::string& list = file.access_list;
  if (list.empty()) return may;
  for (std::size_t at = head_bytes; at < list.size(); at += entry_bytes) {
    if (byte_at(list, at) == tag::mask) may.mask = byte_at(list, at + 2);
  }
  const unsigned mask = may.mask.value_or(all_rights);
  for (std::size_t at = head_bytes; at < list.size(); at += entry_bytes) {
    const unsigned given = byte_at(list, at + 2);
    switch (byte_at(list, at)) {
      case tag::user:
        may.every_named_user &= given & mask;
        break;
      case tag::group:
        may.group = given & mask;
        break;
      case tag::named_group:
        may.every_named_group &= given & mask;
        break;
      default:
        break;
    }
  }
  return may;
}

/// The list with other permissions for those whom it does not name; the group's only when there are others.
std::string list_with(std::string list, std::optional<unsigned> group, unsigned mask, unsigned others) {
  for (std::size_t at = head_bytes; at < list.size(); at += entry_bytes) {
    const unsigned of = byte_at(list, at);
    char& given = list[at + 2];
    if (of == tag::group && group) given = static_cast<char>(*group);
    if (of == tag::mask) given = static_cast<char>(mask);
    if (of == tag::others) given = static_cast<char>(others);
  }
  return list;
}

}  // namespace

file_access access_to_keep(const file_access& old, taken_over taken) {
  const bool has_list = !old.access_list.empty();
  if (taken.owner && taken.group && (taken.access_list || !has_list)) return old;
  const unsigned rest = old.mode & ~(permission_bits | set_id_bits);
  // A list that is not understood may deny anything to anybody.
  if (has_list && !is_understood(old.access_list)) return {rest | (old.mode & 0700U), {}};

  const classes may = classes_of(old);
  const bool keeps_list = has_list && taken.access_list;
  unsigned group = may.group;
  unsigned others = may.others;
  if (!taken.group) {
    group &= may.others & may.every_named_group;
    others &= may.group;
  }
  if (!keeps_list) {
    group &= may.every_named_user;
    others &= may.every_named_user & may.every_named_group;
  }
  const unsigned old_owner = taken.owner ? all_rights : may.owner;
  group &= old_owner;
  others &= old_owner;
  if (!keeps_list) return {rest | may.owner << 6 | group << 3 | others, {}};

  const unsigned mask = may.mask.value_or(group) & old_owner;
  const bool group_changes = !taken.group || !may.mask;
  return {rest | may.owner << 6 | mask << 3 | others,
          list_with(old.access_list, group_changes ? std::optional(group) : std::nullopt, mask, others)};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
