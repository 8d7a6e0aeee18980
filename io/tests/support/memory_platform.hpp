// A process on a simulated machine: the io layer's file system and host over a memory_disk.
//
// Every call first asks a hook, which may make it fail (fault injection), let another process go first (the schedule
// explorer), or end the process. A process that has ended goes on running, so that its objects are destroyed in order,
// but nothing that it does has any effect any more, and no wait of it takes time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "agentslock/io/host.hpp"
#include "memory_disk.hpp"

namespace agentslock::testing {

enum class call_kind : std::uint8_t {
  open,
  create,
  create_nameless,
  open_directory,
  read,
  write,
  sync_file,
  sync_directory,
  close,
  status_of,
  status_at,
  symlink_status_at,
  read_symlink,
  list,
  rename,
  rename_new,
  hard_link,
  hard_link_open,
  unlink,
  remove_directory,
  make_directory,
  set_mode,
  set_owner,
  copy_attributes,
  lock,
  unlock,
  place_of,
  sleep,
  access_list,
  set_access_list,
};

[[nodiscard]] std::string_view name(call_kind kind) noexcept;

/// A call that is about to be made.
struct system_call {
  call_kind kind;
  int process;
  /// The path, or the first of two; of an open file, what it was opened as.
  std::string path;
  std::string second_path;
};

/// Is asked before each call. An error is what the call then answers, without having been made.
class call_hook {
 public:
  virtual ~call_hook() = default;
  virtual sys_result<> before(const system_call&) { return {}; }
  /// How much of a write is done at once.
  virtual std::size_t bytes_written_at_once(std::size_t wanted) { return wanted; }
  /// Is told that a process is going to ask for a lock, and until when it would wait.
  virtual void wants_lock(int /*process*/, int /*file*/, std::chrono::nanoseconds /*until_boot_time*/) {}
  /// Waits until the lock of an open file may be free, or the time is over.
  virtual void wait_for_lock(int process, int file, std::chrono::nanoseconds until_boot_time);
  virtual void sleep(int process, std::chrono::nanoseconds time);
  /// Is told what a process came to know, so that its state can be compared.
  virtual void observed(int /*process*/, std::string_view /*what*/) {}

  memory_disk* disk = nullptr;
};

/// One process.
class memory_process final : public file_system, public host {
 public:
  memory_process(memory_disk& disk, call_hook& hook, int process)
      : disk_(disk), hook_(hook), process_(process) {
    hook_.disk = &disk;
  }

  [[nodiscard]] platform on() noexcept { return {*this, *this}; }
  /// Ends it, as kill -9 does.
  void end();
  [[nodiscard]] bool has_ended() const noexcept { return ended_; }
  /// Tells the hook what the process came to know by other ways than its calls.
  void learn(std::string_view what) { hook_.observed(process_, what); }

  sys_result<int> open(const std::string& path, open_how how, unsigned mode) override;
  sys_result<std::size_t> read(int file, std::span<char> into) override;
  sys_result<std::size_t> write(int file, std::span<const std::string_view> pieces) override;
  sys_result<> sync(int file) override;
  sys_result<> close(int file) override;
  sys_result<file_status> status_of(int file) override;
  sys_result<file_status> status_at(const std::string& path) override;
  sys_result<file_status> symlink_status_at(const std::string& path) override;
  sys_result<std::string> read_symlink(const std::string& path) override;
  sys_result<std::vector<std::string>> list(const std::string& directory) override;
  sys_result<> rename(const std::string& from, const std::string& to) override;
  sys_result<> rename_new(const std::string& from, const std::string& to) override;
  sys_result<> hard_link(const std::string& from, const std::string& to) override;
  sys_result<> hard_link_open(int file, std::optional<int> directory, const std::string& to) override;
  sys_result<> unlink(const std::string& path) override;
  sys_result<> remove_directory(const std::string& path) override;
  sys_result<> make_directory(const std::string& path) override;
  sys_result<> set_mode(int file, unsigned mode) override;
  sys_result<> set_owner(int file, unsigned owner, unsigned group) override;
  sys_result<> copy_attributes(int from, int to) override;
  sys_result<lock_answer> lock(int file, std::chrono::nanoseconds wait) override;
  sys_result<> unlock(int file) override;
  sys_result<file_place> place_of(int file) override;
  sys_result<std::string> access_list(int file) override;
  sys_result<> set_access_list(int file, const std::string& list) override;

  wall_time now() override;
  std::chrono::nanoseconds boot_time() override;
  void sleep_for(std::chrono::nanoseconds time) override;
  int process_id() override { return process_; }
  unsigned user_id() override { return user; }
  std::uint64_t pid_namespace() override { return pids; }
  bool is_self_or_ancestor(int process) override { return process == process_ || process == parent; }
  std::string boot_id() override { return boot_id_; }
  std::string random_token() override;
  std::optional<int> lock_holder(file_id file) override;

  /// Whether the system has advisory locks for it; without them there is no queue.
  bool has_advisory_locks = true;
  /// Whether the kernel's list of locks hides from it what others hold.
  bool sees_no_locks = false;
  /// Makes it a child that was forked from what it was: another process with the same open files.
  void become_child(int process) { process_ = process; }
  /// Whose rights it has.
  unsigned user = 0;
  /// The namespace of its number, and the process that started it.
  std::uint64_t pids = 1;
  int parent = 1;
  /// How many bytes it had room for when it read most at once.
  std::size_t largest_read = 0;
  /// After a reboot it is another one.
  void set_boot_id(std::string id) { boot_id_ = std::move(id); }

 private:
  [[nodiscard]] sys_result<> ask(call_kind kind, const std::string& path, const std::string& second = {});
  template <class Answer>
  Answer note(Answer answer);

  memory_disk& disk_;
  call_hook& hook_;
  int process_;
  bool ended_ = false;
  std::string boot_id_ = "boot-1";
  int tokens_ = 0;
  std::map<int, std::string> opened_as_;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
