#include "sidecar_file.hpp"

#include <array>
#include <cerrno>

#include "path.hpp"
#include "system_call.hpp"

namespace agentslock {
namespace {

constexpr unsigned readable_by_all = 0644;

/// Writes an identity into a new file, which all may read whatever the umask: a sidecar that another user can't read looks
/// dead to the Go tool. A file system that can't change modes will do, if all may read the file as it is.
sys_result<> write_identity(platform on, int file, const sidecar_identity& identity) {
  const auto opened_up = uninterrupted([&] { return on.files.set_mode(file, readable_by_all); });
  if (!opened_up) {
    const auto status = on.files.status_of(file);
    if (!status || (status->mode & 0444U) != 0444U) return opened_up.error();
  }
  const std::string text = to_text(identity);
  for (std::string_view rest = text; !rest.empty();) {
    const std::array pieces{rest};
    const auto written = uninterrupted([&] { return on.files.write(file, pieces); });
    if (!written) return written.error();
    if (*written == 0) return boost::system::error_code(EIO, boost::system::system_category());
    rest.remove_prefix(*written);
  }
  return {};
}

bool means_no_hard_links(boost::system::error_code cause) {
  return is(cause, EPERM) || is(cause, EOPNOTSUPP) || is(cause, ENOSYS) || is(cause, EMLINK) ||
         is(cause, EXDEV) || is(cause, EINVAL);
}

/// Of opening one: an old kernel takes the directory for what is to be opened.
bool means_no_nameless_files(boost::system::error_code cause) {
  return is(cause, EOPNOTSUPP) || is(cause, EISDIR) || is(cause, EINVAL) || is(cause, ENOSYS);
}

/// Gives an object that was moved aside its name back, whatever the file system has to offer for that.
removal put_back(platform on, const std::string& aside, const std::string& name, bool is_directory) {
  if (!is_directory) {
    const auto linked = on.files.hard_link(aside, name);
    if (linked) {
      discard(on, aside);
      return removal::was_another;
    }
    if (is(linked.error(), EEXIST)) return removal::displaced_another;
  }
  const auto moved = on.files.rename_new(aside, name);
  if (moved) return removal::was_another;
  if (!is(moved.error(), EINVAL) && !is(moved.error(), ENOSYS) && !is(moved.error(), EOPNOTSUPP)) {
    return removal::displaced_another;
  }
  // A name that is free now may be claimed before the rename; there is nothing better here.
  const auto there = on.files.symlink_status_at(name);
  if (there || !is(there.error(), ENOENT)) return removal::displaced_another;
  return on.files.rename(aside, name) ? removal::was_another : removal::displaced_another;
}

}  // namespace

void discard(platform on, const std::string& name) {
  const auto gone = uninterrupted([&] { return on.files.unlink(name); });
  if (gone || (!is(gone.error(), EISDIR) && !is(gone.error(), EPERM))) return;
  (void)uninterrupted([&] { return on.files.unlink(name + "/holder"); });
  (void)on.files.remove_directory(name);
}

sys_result<claim_outcome> claim_by_nameless_file(platform on, const std::string& name,
                                                 std::optional<int> directory,
                                                 const sidecar_identity& identity) {
  const auto file = open_at(on.files, directory_of(name), open_how::nameless, readable_by_all);
  if (!file) {
    if (means_no_nameless_files(file.error())) return claim_outcome::no_nameless_files;
    return file.error();
  }
  if (const auto written = write_identity(on, file->descriptor(), identity); !written) return written.error();
  const std::string to = directory ? std::string(name_of(name)) : name;
  const auto linked = on.files.hard_link_open(file->descriptor(), directory, to);
  if (linked) return claim_outcome::claimed;
  if (is(linked.error(), EEXIST)) return claim_outcome::occupied;
  // It is linked by its name in /proc, which may not be there; and whether there are hard links, the other way tells.
  const bool try_with_a_name = means_no_hard_links(linked.error()) || is(linked.error(), ENOENT) ||
                               is(linked.error(), EACCES) || is(linked.error(), ELOOP);
  if (try_with_a_name) return claim_outcome::no_nameless_files;
  return linked.error();
}

sys_result<claim_outcome> claim_by_hard_link(platform on, const std::string& name,
                                             std::optional<file_id> directory,
                                             const sidecar_identity& identity) {
  const std::string sibling = unique_name(on.machine, name + std::string(aside_infix));
  auto file = open_at(on.files, sibling, open_how::create_new, readable_by_all);
  if (!file) return file.error();
  const auto written = write_identity(on, file->descriptor(), identity);
  file->close();
  if (!written) {
    discard(on, sibling);
    return written.error();
  }
  if (directory) {
    // Looked at after the file was made: had it been made in another directory, this would be that one; if it is replaced
    // from now on, the file is not there any more to be linked.
    const auto there = uninterrupted([&] { return on.files.status_at(directory_of(name)); });
    if (!there || there->id != *directory) {
      discard(on, sibling);
      return there || is(there.error(), ENOENT) ? sys_result<claim_outcome>(claim_outcome::elsewhere)
                                                : sys_result<claim_outcome>(there.error());
    }
  }
  const auto linked = on.files.hard_link(sibling, name);
  // Two links of one file: were the sibling kept, renaming the one onto the other would do nothing.
  discard(on, sibling);
  if (linked) return claim_outcome::claimed;
  if (is(linked.error(), EEXIST)) return claim_outcome::occupied;
  if (is(linked.error(), ENOENT)) return claim_outcome::swept;
  if (means_no_hard_links(linked.error())) return claim_outcome::no_hard_links;
  return linked.error();
}

sys_result<claim_outcome> claim_by_creation(platform on, const std::string& name,
                                            const sidecar_identity& identity) {
  auto file = open_at(on.files, name, open_how::create_new, readable_by_all);
  if (!file) {
    if (is(file.error(), EEXIST)) return claim_outcome::occupied;
    return file.error();
  }
  const auto created = on.files.status_of(file->descriptor());
  const auto written =
      created ? write_identity(on, file->descriptor(), identity) : sys_result<>(created.error());
  file->close();
  if (!written) {
    // Others may have taken it away for the remains of a claim meanwhile, and have claimed the name; by a file with the same
    // number, too, since ours is closed.
    const std::string meant = to_text(identity);
    (void)take_away(on, name, [&](const occupant& moved) {
      return created && moved.status.id == created->id && meant.starts_with(moved.text);
    });
    return written.error();
  }
  const auto now_there = occupant_of(on, name);
  if (!now_there) {
    (void)take_away(on, name, [&](const occupant& moved) { return moved.identity == identity; });
    return now_there.error();
  }
  return now_there->identity == identity ? claim_outcome::claimed : claim_outcome::occupied;
}

sys_result<removal> take_away(platform on, const std::string& name,
                              function_ref<bool(const occupant&)> is_expected) {
  const std::string aside = unique_name(on.machine, name + std::string(aside_infix));
  if (const auto moved = on.files.rename(name, aside); !moved) {
    if (is(moved.error(), ENOENT)) return removal::removed;
    return moved.error();
  }
  const auto moved_object = occupant_of(on, aside);
  // A Go tool's release sweeps what stands aside, whatever it is.
  if (moved_object && moved_object->is_absent()) return removal::removed;
  if (moved_object && is_expected(*moved_object)) {
    discard(on, aside);
    return removal::removed;
  }
  const bool is_directory = moved_object && moved_object->status.kind == file_kind::directory;
  return put_back(on, aside, name, is_directory);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
