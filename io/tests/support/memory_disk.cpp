#include "memory_disk.hpp"

#include <algorithm>
#include <cerrno>

namespace agentslock::testing {
namespace {

constexpr memory_disk::inode_number root = 1;
constexpr unsigned lowest_descriptor = 3;

boost::system::error_code fails_with(int number) {
  return {number, boost::system::system_category()};
}

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

sys_result<lock_answer> memory_disk::try_lock(int file) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inode& node = inodes_.at(of->node);
  if (node.lock && *node.lock != of->id) return lock_answer::not_held;
  node.lock = of->id;
  return lock_answer::held;
}

sys_result<> memory_disk::unlock(int file) {
  const opening* of = opened(file);
  if (of == nullptr) return fails_with(EBADF);
  inode& node = inodes_.at(of->node);
  if (node.lock == of->id) node.lock.reset();
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

bool memory_disk::is_locked_by_another(int file) const {
  const opening* of = opened(file);
  if (of == nullptr) return false;
  const auto& lock = inodes_.at(of->node).lock;
  return lock && *lock != of->id;
}

std::optional<int> memory_disk::lock_holder(inode_number number) const {
  const auto node = inodes_.find(number);
  if (node == inodes_.end() || !node->second.lock) return std::nullopt;
  for (const auto& [file, of] : openings_) {
    if (of.id == *node->second.lock) return of.process;
  }
  return std::nullopt;
}

void memory_disk::end_process(int process) {
  std::vector<int> files;
  for (const auto& [file, of] : openings_) {
    if (of.process == process) files.push_back(file);
  }
  for (int file : files)
    (void)close(file);
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
