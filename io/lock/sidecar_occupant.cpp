#include "sidecar_occupant.hpp"

#include <array>
#include <cerrno>
#include <chrono>

#include "system_call.hpp"

namespace agentslock {
namespace {

/// Reads at most one byte more than an identity may have.
sys_result<std::string> read_some(file_system& files, int file) {
  std::array<char, sidecar_identity::size_bytes_max + 1> bytes;
  const auto size = read_to_end(
      bytes, [&](std::span<char> rest) { return uninterrupted([&] { return files.read(file, rest); }); });
  if (!size) return size.error();
  return std::string(bytes.data(), *size);
}

/// Says what the text of an occupant makes of it.
void judge(occupant& found) {
  switch (kind_of(found.text)) {
    case sidecar_text::identity:
      found.what = occupant::kind::identity;
      found.identity = parse_identity(found.text);
      break;
    case sidecar_text::remains:
      found.what = occupant::kind::remains;
      break;
    case sidecar_text::foreign:
      found.what = occupant::kind::foreign;
      break;
  }
}

/// Looks into a directory: that of an old release of the Go tool has a holder file in it, or nothing yet.
sys_result<> look_into(platform on, const std::string& name, occupant& found) {
  const auto names = on.files.list(name);
  if (!names) {
    if (is(names.error(), EACCES) || is(names.error(), EPERM)) {
      found.what = occupant::kind::unreadable;
      return {};
    }
    if (is(names.error(), ENOENT) || is(names.error(), ENOTDIR)) return {};  // gone: absent
    return names.error();
  }
  if (names->empty()) {
    found.what = occupant::kind::remains;
    return {};
  }
  found.what = occupant::kind::foreign;
  if (names->size() != 1 || names->front() != "holder") return {};
  const auto file = open_at(on.files, name + "/holder", open_how::read_no_symlink);
  if (!file) {
    if (is(file.error(), EACCES) || is(file.error(), EPERM)) {
      found.what = occupant::kind::unreadable;
      return {};
    }
    if (is(file.error(), ENOENT)) found.what = occupant::kind::remains;
    if (is(file.error(), ENOENT) || is(file.error(), ELOOP) || is(file.error(), ENXIO) ||
        is(file.error(), ENOTDIR)) {
      return {};
    }
    return file.error();
  }
  const auto opened = on.files.status_of(file->descriptor());
  if (!opened) return opened.error();
  if (opened->kind != file_kind::regular) return {};
  auto text = read_some(on.files, file->descriptor());
  if (!text) return text.error();
  found.text = std::move(*text);
  judge(found);
  return {};
}

/// Looks into a file.
sys_result<> read_into(platform on, const std::string& name, occupant& found) {
  const auto file = open_at(on.files, name, open_how::read_no_symlink);
  if (!file) {
    if (is(file.error(), EACCES) || is(file.error(), EPERM)) {
      const bool small = found.status.size_bytes <= sidecar_identity::size_bytes_max;
      found.what = small ? occupant::kind::unreadable : occupant::kind::foreign;
      return {};
    }
    if (is(file.error(), ENOENT)) return {};  // gone: absent
    // Another thing by now, which the next look tells.
    if (is(file.error(), ELOOP) || is(file.error(), ENXIO) || is(file.error(), ENOTDIR)) {
      found.what = occupant::kind::foreign;
      return {};
    }
    return file.error();
  }
  // What was opened may be another file than what was looked at: the open one counts.
  const auto opened = on.files.status_of(file->descriptor());
  if (!opened) return opened.error();
  found.status = *opened;
  if (opened->kind != file_kind::regular) {
    found.what = occupant::kind::foreign;
    return {};
  }
  auto text = read_some(on.files, file->descriptor());
  if (!text) return text.error();
  found.text = std::move(*text);
  judge(found);
  return {};
}

}  // namespace

sys_result<occupant> occupant_of(platform on, const std::string& name) {
  occupant found;
  const auto status = uninterrupted([&] { return on.files.symlink_status_at(name); });
  if (!status) {
    if (!is(status.error(), ENOENT)) return status.error();
    return found;
  }
  found.status = *status;
  sys_result<> looked;
  switch (status->kind) {
    case file_kind::regular:
      looked = read_into(on, name, found);
      break;
    case file_kind::directory:
      looked = look_into(on, name, found);
      break;
    case file_kind::symlink:
    case file_kind::other:
      found.what = occupant::kind::foreign;
      break;
  }
  if (!looked) return looked.error();
  return found;
}

occupant_age age_of(const occupant& who, wall_time now, const lock_options& times,
                    std::chrono::nanoseconds watched) {
  const bool remains = who.what == occupant::kind::remains;
  const auto limit = remains ? times.garbled : times.stale;
  if (who.identity) {
    const auto by_itself = now - who.identity->acquired;
    if (by_itself >= std::chrono::nanoseconds(0)) return {by_itself, limit};
  }
  const auto by_file = now - who.status.modified;
  const bool from_the_future = by_file < std::chrono::nanoseconds(0);
  return {from_the_future && watched > std::chrono::nanoseconds(0) ? watched : by_file, limit};
}

error not_a_lock(const std::string& name, const occupant& who) {
  std::string_view what = "a file that is no lock";
  if (who.status.kind == file_kind::directory) what = "a directory that is no lock";
  if (who.status.kind == file_kind::symlink) what = "a symlink, which is no lock";
  if (who.status.kind == file_kind::other) what = "a device, a pipe or a socket, which is no lock";
  return {errc::not_a_lock, name + " is " + std::string(what) +
                                ", and stands where the document's lock would: move it away, or name "
                                "another document"};
}

bool means_something_here(host& machine, const sidecar_identity& who) {
  return who.mark && who.mark->pid_namespace != 0 && who.mark->pid_namespace == machine.pid_namespace() &&
         who.mark->boot_id == machine.boot_id();
}

std::string name_of_holder(host& machine, const sidecar_identity& who) {
  const std::string number = std::to_string(who.process);
  if (means_something_here(machine, who)) return "process " + number;
  const bool elsewhere = who.mark && who.mark->pid_namespace != 0 && who.mark->boot_id == machine.boot_id();
  return elsewhere ? "a process in another container" : "a holder that calls itself process " + number;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
