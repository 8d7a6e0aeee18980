// A disk in memory that knows what would survive a power cut.
//
// It has files, directories, links, hard links, advisory locks and several processes with open files. Everything that is
// done to it goes into effect at once, as a running system sees it; what is durable lags behind until a file or a
// directory is synced. `after_power_cut` turns it into what a machine may find after the power came back.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/file_system.hpp"

namespace agentslock::testing {

/// The time of a simulated machine.
struct sim_clock {
  wall_time wall{std::chrono::seconds(1'800'000'000)};
  std::chrono::nanoseconds boot{std::chrono::hours(1)};

  void pass(std::chrono::nanoseconds time) {
    wall += time;
    boot += time;
  }
};

/// What a call of the system that fails gives.
[[nodiscard]] inline boost::system::error_code fails_with(int number) {
  return {number, boost::system::system_category()};
}

class memory_disk {
 public:
  using inode_number = std::uint64_t;
  static constexpr std::uint64_t device = 7;

  /// A change to one name of one directory; nothing means that the name goes.
  struct name_change {
    inode_number directory;
    std::string name;
    std::optional<inode_number> to;
  };
  /// A change to names that is made as one: a rename is one with two names.
  using name_operation = std::vector<name_change>;

  struct inode {
    file_kind kind = file_kind::regular;
    unsigned mode = 0644;
    unsigned owner = 0;
    unsigned group = 0;
    std::uint64_t hard_links = 0;
    wall_time modified;
    wall_time changed;
    /// How often it was changed: of a file no two changes have the same time, however fast they follow each other.
    std::int64_t changes = 0;
    /// A file's bytes, or a symlink's target.
    std::string data;
    /// The bytes that a power cut leaves; nothing has been synced when there is none.
    std::optional<std::string> durable_data;
    std::map<std::string, inode_number> names;
    std::map<std::string, inode_number> durable_names;
    std::map<std::string, std::string> attributes;
    std::string access_list;
    /// Which opening holds the advisory lock.
    std::optional<std::uint64_t> lock;

    [[nodiscard]] bool is_synced() const { return durable_data == data; }
  };

  struct opening {
    std::uint64_t id;
    int process;
    inode_number node;
    std::size_t position = 0;
    bool writable = false;
  };

  memory_disk();

  sim_clock clock;
  /// Whether directories can be opened and locked: the queue needs that.
  bool directories_can_be_locked = true;
  bool has_hard_links = true;
  bool has_nameless_files = true;
  /// Whether a rename can be told to leave a name alone that something has.
  bool has_rename_new = true;
  /// Permission bits that every new file gets, whatever is asked for.
  unsigned mode_forced = 0;
  bool is_remote = false;

  // The system calls, for one process each. What they answer is what POSIX says.
  sys_result<int> open(int process, const std::string& path, open_how how, unsigned mode);
  sys_result<std::size_t> read(int file, std::span<char> into);
  sys_result<std::size_t> write(int file, std::span<const std::string_view> pieces);
  sys_result<> sync(int file);
  sys_result<> close(int file);
  sys_result<file_status> status_of(int file);
  sys_result<file_status> status_at(const std::string& path, bool follow);
  sys_result<std::string> read_symlink(const std::string& path);
  sys_result<std::vector<std::string>> list(const std::string& directory);
  sys_result<> rename(const std::string& from, const std::string& to);
  sys_result<> rename_new(const std::string& from, const std::string& to);
  sys_result<> hard_link(const std::string& from, const std::string& to);
  sys_result<> hard_link_open(int file, std::optional<int> directory, const std::string& to);
  sys_result<> unlink(const std::string& path);
  sys_result<> remove_directory(const std::string& path);
  sys_result<> make_directory(int process, const std::string& path);
  sys_result<> set_mode(int file, unsigned mode);
  sys_result<> set_owner(int file, unsigned owner, unsigned group);
  sys_result<> copy_attributes(int from, int to);
  /// Takes the advisory lock if it is free.
  sys_result<lock_answer> try_lock(int file);
  sys_result<> unlock(int file);
  sys_result<std::string> access_list(int file) const;
  sys_result<> set_access_list(int file, const std::string& list);
  /// Whether the lock of what is open here is held by another opening.
  [[nodiscard]] bool is_locked_by_another(int file) const;
  /// Which process holds the lock of this inode.
  [[nodiscard]] std::optional<int> lock_holder(inode_number node) const;

  /// Ends a process: its open files are closed, its locks dropped.
  void end_process(int process);

  // For tests, without a process.
  void put_file(const std::string& path, std::string_view text);
  /// Puts other bytes into a file without a trace in its times: two writes within one step of a coarse clock.
  void put_bytes_unseen(const std::string& path, std::string_view text);
  void put_directory(const std::string& path);
  void put_symlink(const std::string& path, const std::string& target);
  /// Gives what is there, a symlink itself, an owner, and a mode.
  void give(const std::string& path, unsigned owner, unsigned mode);
  [[nodiscard]] std::optional<std::string> text_of(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> names_in(const std::string& directory) const;
  [[nodiscard]] const inode* find(const std::string& path, bool follow = true) const;
  [[nodiscard]] inode_number number_of(const std::string& path) const;
  [[nodiscard]] std::size_t open_files() const noexcept { return openings_.size(); }
  /// Everything that is there is on the disk.
  void make_all_durable();

  /// What is not durable: changes to names, in order, and files with other bytes than the disk has.
  [[nodiscard]] const std::vector<name_operation>& unsynced_names() const noexcept { return unsynced_names_; }
  [[nodiscard]] std::vector<inode_number> unsynced_files() const;
  /// What a machine may find after a power cut: the durable state, plus those name operations whose bit is set,
  /// and for each unsynced file the bytes that are given. Nobody has anything open, nothing is locked.
  [[nodiscard]] memory_disk after_power_cut(std::uint64_t operations_kept,
                                            const std::map<inode_number, std::string>& bytes) const;

  /// Numbers that differ between two runs that did the same in another order would spoil the comparison of states, so
  /// inodes are numbered by the process that made them.
  [[nodiscard]] const std::map<inode_number, inode>& inodes() const noexcept { return inodes_; }

 private:
  struct place {
    inode_number directory;
    std::string name;
    std::optional<inode_number> node;
  };
  [[nodiscard]] sys_result<place> walk(const std::string& path, bool follow, int depth = 0) const;
  [[nodiscard]] inode_number make_inode(int process, file_kind kind, unsigned mode);
  void change_names(name_operation changes);
  void drop_hard_link(inode_number node);
  void note_change(inode& node) const;
  [[nodiscard]] opening* opened(int file);
  [[nodiscard]] const opening* opened(int file) const;
  [[nodiscard]] file_status status_from(inode_number number) const;

  std::map<inode_number, inode> inodes_;
  std::map<int, opening> openings_;
  std::map<int, inode_number> next_inode_;
  std::uint64_t next_opening_ = 1;
  std::vector<name_operation> unsynced_names_;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
