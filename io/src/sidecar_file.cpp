#include "sidecar_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "agentslock/io/atomic_write.hpp"
#include "system_error.hpp"

namespace agentslock {
namespace {

constexpr std::string_view aside_infix = ".stale-";
constexpr unsigned readable_by_all = 0644;

/// Removes a name that only we know. It may have become a folder that an old Go writer left.
void discard(platform on, const std::string& name) {
  const auto gone = uninterrupted([&] { return on.files.unlink(name); });
  if (gone || (!is(gone.error(), EISDIR) && !is(gone.error(), EPERM))) return;
  (void)uninterrupted([&] { return on.files.unlink(name + "/holder"); });
  (void)on.files.remove_folder(name);
}

/// Reads at most one byte more than an identity may have.
sys_result<std::string> read_some(file_system& files, int file) {
  std::array<char, sidecar_identity::size_bytes_max + 1> bytes;
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto got = uninterrupted([&] { return files.read(file, std::span(bytes).subspan(filled)); });
    if (!got) return got.error();
    if (*got == 0) break;
    filled += *got;
  }
  return std::string(bytes.data(), filled);
}

/// Creates a file with an identity in it. Removes it again when that fails.
sys_result<> create_with(platform on, const std::string& name, const sidecar_identity& identity) {
  auto file = open_at(on.files, name, open_how::create_new, readable_by_all);
  if (!file) return file.error();
  const std::string text = to_text(identity);
  const auto write = [&]() -> sys_result<> {
    // Whatever the umask: a sidecar that another user can't read looks dead to the Go writer.
    if (const auto done =
            uninterrupted([&] { return on.files.set_mode(file->descriptor(), readable_by_all); });
        !done) {
      return done.error();
    }
    for (std::string_view rest = text; !rest.empty();) {
      const std::array pieces{rest};
      const auto written = uninterrupted([&] { return on.files.write(file->descriptor(), pieces); });
      if (!written) return written.error();
      if (*written == 0) return boost::system::error_code(EIO, boost::system::system_category());
      rest.remove_prefix(*written);
    }
    return {};
  };
  auto written = write();
  file->close();
  if (!written) discard(on, name);
  return written;
}

bool means_no_hard_links(boost::system::error_code cause) {
  return is(cause, EPERM) || is(cause, EOPNOTSUPP) || is(cause, ENOSYS) || is(cause, EMLINK) ||
         is(cause, EXDEV);
}

}  // namespace

sys_result<occupant> look_at(platform on, const std::string& name) {
  occupant found;
  const auto status = uninterrupted([&] { return on.files.link_status_at(name); });
  if (!status) {
    if (!is(status.error(), ENOENT)) return status.error();
    found.absent = true;
    return found;
  }
  found.status = *status;
  if (status->kind == file_kind::link || status->kind == file_kind::other) return found;

  const bool folder = status->kind == file_kind::folder;
  const auto file = open_at(on.files, folder ? name + "/holder" : name, open_how::read_no_link);
  if (!file) {
    if (is(file.error(), EACCES) || is(file.error(), EPERM)) {
      found.readable = false;
      return found;
    }
    // Gone, or something else by now; in a folder: no holder file. The next look tells.
    if (folder && is(file.error(), ENOENT)) return found;
    if (is(file.error(), ENOENT)) {
      found.absent = true;
      return found;
    }
    if (is(file.error(), ELOOP) || is(file.error(), ENXIO) || is(file.error(), ENOTDIR)) return found;
    return file.error();
  }
  // What was opened may be another file than what was looked at: the open one counts.
  const auto opened = on.files.status_of(file->descriptor());
  if (!opened) return opened.error();
  if (!folder) found.status = *opened;
  if (opened->kind != file_kind::regular) return found;
  auto text = read_some(on.files, file->descriptor());
  if (!text) return text.error();
  found.text = std::move(*text);
  found.identity = parse_identity(found.text);
  return found;
}

occupant_age age_of(const occupant& who, wall_time now, const lock_options& times) {
  const auto by_file = now - who.status.modified;
  if (!who.readable) return {by_file, times.stale};
  if (!who.identity) return {by_file, times.garbled};
  const auto by_itself = now - who.identity->acquired;
  const bool from_the_future = by_itself < std::chrono::nanoseconds(0);
  return {from_the_future ? by_file : by_itself, times.stale};
}

sys_result<claim_outcome> claim_by_link(platform on, const std::string& name,
                                        const sidecar_identity& identity) {
  const std::string sibling = unique_name(on.machine, name + std::string(aside_infix));
  if (const auto made = create_with(on, sibling, identity); !made) return made.error();
  const auto linked = on.files.link(sibling, name);
  // Two links of one file: were the sibling kept, renaming the one onto the other would do nothing.
  discard(on, sibling);
  if (linked) return claim_outcome::claimed;
  if (is(linked.error(), EEXIST)) return claim_outcome::occupied;
  if (means_no_hard_links(linked.error())) return claim_outcome::no_hard_links;
  return linked.error();
}

sys_result<claim_outcome> claim_by_creation(platform on, const std::string& name,
                                            const sidecar_identity& identity) {
  const auto made = create_with(on, name, identity);
  if (!made) {
    if (is(made.error(), EEXIST)) return claim_outcome::occupied;
    return made.error();
  }
  const auto now_there = look_at(on, name);
  if (!now_there) return now_there.error();
  return now_there->identity == identity ? claim_outcome::claimed : claim_outcome::occupied;
}

sys_result<removal> take_away(platform on, const std::string& name,
                              function_ref<bool(const occupant&)> is_expected) {
  const std::string aside = unique_name(on.machine, name + std::string(aside_infix));
  if (const auto moved = on.files.rename(name, aside); !moved) {
    if (is(moved.error(), ENOENT)) return removal::was_absent;
    return moved.error();
  }
  const auto moved_object = look_at(on, aside);
  if (moved_object && is_expected(*moved_object)) {
    discard(on, aside);
    return removal::removed;
  }
  // Somebody else's. Back to its name, unless that has been claimed in the meantime: then its holder has lost it, and
  // finds out when it looks.
  const bool is_folder = moved_object && moved_object->status.kind == file_kind::folder;
  const auto back = is_folder ? on.files.rename(aside, name) : on.files.link(aside, name);
  if (!is_folder || !back) discard(on, aside);
  return removal::was_another;
}

namespace {

/// Whether the writer of a temporary file is alive: it holds the file's lock.
bool writer_lives(platform on, const std::string& temporary) {
  const auto file = open_at(on.files, temporary, open_how::read_no_link);
  if (!file) return true;
  const auto locked = on.files.lock(file->descriptor(), std::chrono::nanoseconds(0));
  return locked && *locked == lock_answer::not_held;
}

}  // namespace

void sweep_leftovers(platform on, const std::string& document, std::chrono::nanoseconds older_than) {
  const std::string folder = folder_of(document);
  const std::string name_of_document(name_of(document));
  const std::string aside = name_of_document + std::string(sidecar_suffix) + std::string(aside_infix);
  const std::string temporary = name_of_document + std::string(atomic_write::temporary_infix);
  const auto names = on.files.list(folder);
  if (!names) return;
  for (const std::string& name : *names) {
    const bool is_temporary = name.starts_with(temporary);
    if (!is_temporary && !name.starts_with(aside)) continue;
    const std::string path = folder + "/" + name;
    const auto status = on.files.link_status_at(path);
    if (!status || on.machine.now() - status->changed <= older_than) continue;
    if (is_temporary && (status->kind != file_kind::regular || writer_lives(on, path))) continue;
    discard(on, path);
  }
}

}  // namespace agentslock
