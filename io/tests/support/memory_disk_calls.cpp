// The system calls of the disk in memory.
#include <algorithm>
#include <cerrno>

#include "memory_disk.hpp"

namespace agentslock::testing {
namespace {

constexpr unsigned lowest_descriptor = 3;

}  // namespace

sys_result<int> memory_disk::open(int process, const std::string& path, open_how how, unsigned mode) {
  const auto where = walk(path, how != open_how::read_no_symlink && how != open_how::create_new);
  if (!where) return where.error();
  std::optional<inode_number> node = where->node;
  if (how == open_how::nameless) {
    if (!node) return fails_with(ENOENT);
    if (inodes_.at(*node).kind != file_kind::directory) return fails_with(ENOTDIR);
    if (!has_nameless_files) return fails_with(EOPNOTSUPP);
    node = make_inode(process, file_kind::regular, mode & ~022U);
  }
  if (how == open_how::create_new) {
    if (node) return fails_with(EEXIST);
    node = make_inode(process, file_kind::regular, (mode & ~022U) | mode_forced);
    change_names({{where->directory, where->name, node}});
  }
  if (!node) return fails_with(ENOENT);
  const file_kind kind = inodes_.at(*node).kind;
  if (kind == file_kind::symlink) return fails_with(ELOOP);
  if (how == open_how::directory && kind != file_kind::directory) return fails_with(ENOTDIR);
  if (how == open_how::directory && !directories_can_be_locked) return fails_with(EACCES);
  int file = static_cast<int>(lowest_descriptor);
  while (openings_.contains(file))
    ++file;
  const bool writable = how == open_how::create_new || how == open_how::nameless;
  openings_.emplace(file, opening{next_opening_++, process, *node, 0, writable});
  return file;
}

sys_result<std::size_t> memory_disk::read(int file, std::span<char> into) {
  opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  const inode& node = inodes_.at(of->node);
  if (node.kind == file_kind::directory) return fails_with(EISDIR);
  const std::size_t left = node.data.size() - std::min(of->position, node.data.size());
  const std::size_t count = std::min(left, into.size());
  std::copy_n(node.data.data() + of->position, count, into.data());
  of->position += count;
  return count;
}

sys_result<std::size_t> memory_disk::write(int file, std::span<const std::string_view> pieces) {
  opening* of = opened(file);
  if (of == nullptr || !of->writable) return fails_with(EBADF);
  inode& node = inodes_.at(of->node);
  std::size_t written = 0;
  for (std::string_view piece : pieces) {
    node.data.resize(std::max(node.data.size(), of->position + piece.size()));
    std::ranges::copy(piece, node.data.begin() + static_cast<std::ptrdiff_t>(of->position));
    of->position += piece.size();
    written += piece.size();
  }
  node.modified = clock.wall;
  note_change(node);
  return written;
}

sys_result<> memory_disk::sync(int file) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inode& node = inodes_.at(of->node);
  if (node.kind != file_kind::directory) {
    node.durable_data = node.data;
    return {};
  }
  // Syncing a directory makes its own names durable, and no other's.
  std::vector<name_operation> left;
  for (name_operation& operation : unsynced_names_) {
    name_operation elsewhere;
    for (name_change& change : operation) {
      if (change.directory != of->node) {
        elsewhere.push_back(std::move(change));
      } else if (change.to) {
        node.durable_names[change.name] = *change.to;
      } else {
        node.durable_names.erase(change.name);
      }
    }
    if (!elsewhere.empty()) left.push_back(std::move(elsewhere));
  }
  unsynced_names_ = std::move(left);
  return {};
}

sys_result<> memory_disk::close(int file) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inode& node = inodes_.at(of->node);
  if (node.lock == of->id) node.lock.reset();
  openings_.erase(file);
  return {};
}

sys_result<file_status> memory_disk::status_of(int file) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  return status_from(of->node);
}

sys_result<file_status> memory_disk::status_at(const std::string& path, bool follow) {
  const auto where = walk(path, follow);
  if (!where) return where.error();
  if (!where->node) return fails_with(ENOENT);
  return status_from(*where->node);
}

sys_result<std::string> memory_disk::read_symlink(const std::string& path) {
  const auto where = walk(path, false);
  if (!where) return where.error();
  if (!where->node) return fails_with(ENOENT);
  const inode& node = inodes_.at(*where->node);
  if (node.kind != file_kind::symlink) return fails_with(EINVAL);
  return node.data;
}

sys_result<std::vector<std::string>> memory_disk::list(const std::string& directory) {
  const auto where = walk(directory, true);
  if (!where) return where.error();
  if (!where->node) return fails_with(ENOENT);
  std::vector<std::string> names;
  for (const auto& [name, node] : inodes_.at(*where->node).names)
    names.push_back(name);
  return names;
}

sys_result<> memory_disk::rename(const std::string& from, const std::string& to) {
  const auto source = walk(from, false);
  if (!source) return source.error();
  if (!source->node) return fails_with(ENOENT);
  const auto target = walk(to, false);
  if (!target) return target.error();
  if (target->node == source->node) return {};  // two names of one file: POSIX does nothing and says yes
  if (target->node && inodes_.at(*target->node).kind == file_kind::directory) {
    if (inodes_.at(*source->node).kind != file_kind::directory) return fails_with(EISDIR);
    if (!inodes_.at(*target->node).names.empty()) return fails_with(ENOTEMPTY);
  } else if (target->node && inodes_.at(*source->node).kind == file_kind::directory) {
    return fails_with(ENOTDIR);
  }
  change_names(
      {{source->directory, source->name, std::nullopt}, {target->directory, target->name, source->node}});
  return {};
}

sys_result<> memory_disk::hard_link(const std::string& from, const std::string& to) {
  const auto source = walk(from, false);
  if (!source) return source.error();
  if (!source->node) return fails_with(ENOENT);
  const auto target = walk(to, false);
  if (!target) return target.error();
  if (target->node) return fails_with(EEXIST);
  if (!has_hard_links || inodes_.at(*source->node).kind == file_kind::directory) return fails_with(EPERM);
  change_names({{target->directory, target->name, source->node}});
  return {};
}

sys_result<> memory_disk::rename_new(const std::string& from, const std::string& to) {
  if (!has_rename_new) return fails_with(EINVAL);
  const auto source = walk(from, false);
  if (!source) return source.error();
  if (!source->node) return fails_with(ENOENT);
  const auto target = walk(to, false);
  if (!target) return target.error();
  if (target->node) return fails_with(EEXIST);
  return rename(from, to);
}

sys_result<> memory_disk::hard_link_open(int file, std::optional<int> directory, const std::string& to) {
  const opening* of = opened(file);
  const opening* in = directory ? opened(*directory) : nullptr;
  if (of == nullptr || (directory && in == nullptr)) return fails_with(EBADF);
  sys_result<place> target =
      directory ? sys_result<place>(place{in->node, to, std::nullopt}) : walk(to, false);
  if (!target) return target.error();
  if (directory) {
    const auto& names = inodes_.at(in->node).names;
    if (const auto found = names.find(to); found != names.end()) target->node = found->second;
  }
  if (target->node) return fails_with(EEXIST);
  if (!has_hard_links) return fails_with(EPERM);
  change_names({{target->directory, target->name, of->node}});
  return {};
}

sys_result<> memory_disk::unlink(const std::string& path) {
  const auto where = walk(path, false);
  if (!where) return where.error();
  if (!where->node) return fails_with(ENOENT);
  if (inodes_.at(*where->node).kind == file_kind::directory) return fails_with(EISDIR);
  change_names({{where->directory, where->name, std::nullopt}});
  return {};
}

sys_result<> memory_disk::remove_directory(const std::string& path) {
  const auto where = walk(path, false);
  if (!where) return where.error();
  if (!where->node) return fails_with(ENOENT);
  if (inodes_.at(*where->node).kind != file_kind::directory) return fails_with(ENOTDIR);
  if (!inodes_.at(*where->node).names.empty()) return fails_with(ENOTEMPTY);
  change_names({{where->directory, where->name, std::nullopt}});
  return {};
}

sys_result<> memory_disk::make_directory(int process, const std::string& path) {
  const auto where = walk(path, false);
  if (!where) return where.error();
  if (where->node) return fails_with(EEXIST);
  change_names({{where->directory, where->name, make_inode(process, file_kind::directory, 0755)}});
  return {};
}

sys_result<> memory_disk::set_mode(int file, unsigned mode) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inodes_.at(of->node).mode = mode;
  note_change(inodes_.at(of->node));
  return {};
}

sys_result<> memory_disk::set_owner(int file, unsigned owner, unsigned group) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inode& node = inodes_.at(of->node);
  if (owner != static_cast<unsigned>(-1)) node.owner = owner;
  if (group != static_cast<unsigned>(-1)) node.group = group;
  note_change(node);
  return {};
}

sys_result<> memory_disk::copy_attributes(int from, int to) {
  const opening* source = opened(from);
  const opening* target = opened(to);
  if (source == nullptr || target == nullptr) return fails_with(EBADF);
  inodes_.at(target->node).attributes = inodes_.at(source->node).attributes;
  note_change(inodes_.at(target->node));
  return {};
}

sys_result<std::string> memory_disk::access_list(int file) const {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  return inodes_.at(of->node).access_list;
}

sys_result<> memory_disk::set_access_list(int file, const std::string& list) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inodes_.at(of->node).access_list = list;
  note_change(inodes_.at(of->node));
  return {};
}

void memory_disk::end_process(int process) {
  std::vector<int> files;
  for (const auto& [file, of] : openings_) {
    if (of.process == process) files.push_back(file);
  }
  for (int file : files)
    (void)close(file);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
