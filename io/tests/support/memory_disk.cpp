#include "memory_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace agentslock::testing {
namespace {

constexpr memory_disk::inode_number root = 1;

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

memory_disk::memory_disk() {
  inode directory;
  directory.kind = file_kind::directory;
  directory.mode = 0755;
  directory.hard_links = 1;
  inodes_.emplace(root, directory);
}

sys_result<memory_disk::place> memory_disk::walk(const std::string& path, bool follow, int depth) const {
  constexpr int links_max = 40;
  if (depth > links_max) return fails_with(ELOOP);
  const auto parts = parts_of(path);
  inode_number directory = root;
  std::vector<inode_number> above;
  std::string so_far;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    const inode& here = inodes_.at(directory);
    if (here.kind != file_kind::directory) return fails_with(ENOTDIR);
    const bool last = i + 1 == parts.size();
    if (part == ".") continue;
    if (part == "..") {
      if (!above.empty()) directory = above.back(), above.pop_back();
      so_far += "/..";
      continue;
    }
    const auto found = here.names.find(part);
    if (found == here.names.end()) {
      if (!last) return fails_with(ENOENT);
      return place{directory, part, std::nullopt};
    }
    const inode& node = inodes_.at(found->second);
    if (node.kind == file_kind::symlink && (!last || follow)) {
      std::string target = node.data.starts_with('/') ? node.data : so_far + "/" + node.data;
      for (std::size_t rest = i + 1; rest < parts.size(); ++rest)
        target += "/" + parts[rest];
      return walk(target, follow, depth + 1);
    }
    if (last) return place{directory, part, found->second};
    above.push_back(directory);
    directory = found->second;
    so_far += "/" + part;
  }
  return place{directory, ".", directory};
}

memory_disk::inode_number memory_disk::make_inode(int process, file_kind kind, unsigned mode) {
  constexpr inode_number per_process = 100'000;
  const inode_number number = static_cast<inode_number>(process + 2) * per_process + next_inode_[process]++;
  inode node;
  node.kind = kind;
  node.mode = mode;
  node.modified = node.changed = clock.wall;
  inodes_.emplace(number, std::move(node));
  return number;
}

void memory_disk::change_names(name_operation changes) {
  for (const name_change& change : changes) {
    inode& directory = inodes_.at(change.directory);
    const auto old = directory.names.find(change.name);
    const bool replaces = old != directory.names.end();
    const inode_number replaced = replaces ? old->second : inode_number{0};
    if (change.to) {
      ++inodes_.at(*change.to).hard_links;
      note_change(inodes_.at(*change.to));
      directory.names[change.name] = *change.to;
    } else {
      directory.names.erase(change.name);
    }
    directory.modified = clock.wall;
    note_change(directory);
    if (replaces) drop_hard_link(replaced);
  }
  unsynced_names_.push_back(std::move(changes));
}

void memory_disk::drop_hard_link(inode_number node) {
  inode& dropped = inodes_.at(node);
  --dropped.hard_links;
  note_change(dropped);
}

void memory_disk::note_change(inode& node) const {
  node.changed = clock.wall;
  // A directory's changes depend on the order in which its files are changed, which nobody asks for.
  if (node.kind == file_kind::regular) node.changed += std::chrono::nanoseconds(++node.changes);
}

memory_disk::opening* memory_disk::opened(int file) {
  const auto found = openings_.find(file);
  return found == openings_.end() ? nullptr : &found->second;
}
const memory_disk::opening* memory_disk::opened(int file) const {
  const auto found = openings_.find(file);
  return found == openings_.end() ? nullptr : &found->second;
}

file_status memory_disk::status_from(inode_number number) const {
  const inode& node = inodes_.at(number);
  file_status status;
  status.id = {device, number};
  status.kind = node.kind;
  status.mode = node.mode;
  status.owner = node.owner;
  status.group = node.group;
  status.size_bytes = node.data.size();
  status.hard_links = node.hard_links;
  status.modified = node.modified;
  status.changed = node.changed;
  return status;
}

void memory_disk::put_directory(const std::string& path) {
  if (find(path) == nullptr) (void)make_directory(-1, path);
  make_all_durable();
}

void memory_disk::put_file(const std::string& path, std::string_view text) {
  const auto where = walk(path, false).value();
  const inode_number node = make_inode(-1, file_kind::regular, 0644);
  inodes_.at(node).data = text;
  change_names({{where.directory, where.name, node}});
  make_all_durable();
}

void memory_disk::put_bytes_unseen(const std::string& path, std::string_view text) {
  inodes_.at(number_of(path)).data = text;
  make_all_durable();
}

void memory_disk::put_symlink(const std::string& path, const std::string& target) {
  const auto where = walk(path, false).value();
  const inode_number node = make_inode(-1, file_kind::symlink, 0777);
  inodes_.at(node).data = target;
  change_names({{where.directory, where.name, node}});
  make_all_durable();
}

void memory_disk::give(const std::string& path, unsigned owner, unsigned mode) {
  inode& node = inodes_.at(*walk(path, false).value().node);
  node.owner = owner;
  node.mode = mode;
}

const memory_disk::inode* memory_disk::find(const std::string& path, bool follow) const {
  const auto where = walk(path, follow);
  return where && where->node ? &inodes_.at(*where->node) : nullptr;
}

memory_disk::inode_number memory_disk::number_of(const std::string& path) const {
  const auto where = walk(path, true);
  return where && where->node ? *where->node : 0;
}

std::optional<std::string> memory_disk::text_of(const std::string& path) const {
  const inode* node = find(path);
  return node == nullptr ? std::nullopt : std::optional(node->data);
}

std::vector<std::string> memory_disk::names_in(const std::string& directory) const {
  std::vector<std::string> names;
  if (const inode* node = find(directory)) {
    for (const auto& [name, number] : node->names)
      names.push_back(name);
  }
  return names;
}

void memory_disk::make_all_durable() {
  for (auto& [number, node] : inodes_) {
    node.durable_data = node.data;
    node.durable_names = node.names;
  }
  unsynced_names_.clear();
}

std::vector<memory_disk::inode_number> memory_disk::unsynced_files() const {
  std::vector<inode_number> files;
  for (const auto& [number, node] : inodes_) {
    if (node.kind == file_kind::regular && !node.is_synced()) files.push_back(number);
  }
  return files;
}

memory_disk memory_disk::after_power_cut(std::uint64_t operations_kept,
                                         const std::map<inode_number, std::string>& bytes) const {
  memory_disk found = *this;
  found.openings_.clear();
  found.unsynced_names_.clear();
  for (auto& [number, node] : found.inodes_) {
    node.lock.reset();
    node.names = node.durable_names;
    if (const auto given = bytes.find(number); given != bytes.end()) {
      node.data = given->second;
    } else if (node.durable_data) {
      node.data = *node.durable_data;
    }
  }
  for (std::size_t i = 0; i < unsynced_names_.size(); ++i) {
    if ((operations_kept >> i & 1U) == 0) continue;
    for (const name_change& change : unsynced_names_[i]) {
      auto& names = found.inodes_.at(change.directory).names;
      if (change.to) {
        names[change.name] = *change.to;
      } else {
        names.erase(change.name);
      }
    }
  }
  found.make_all_durable();
  return found;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
