#include "memory_platform.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <type_traits>

namespace agentslock::testing {
namespace {

boost::system::error_code process_has_ended() {
  return {EIO, boost::system::system_category()};
}

std::string what_is_known(const sys_result<>& answer) {
  return answer ? "done" : "error " + std::to_string(answer.error().value());
}
std::string what_is_known(const file_status& status) {
  return std::to_string(status.id.inode) + " " + std::to_string(static_cast<int>(status.kind)) + " " +
         std::to_string(status.size_bytes) + " " + std::to_string(status.hard_links) + " " +
         std::to_string(status.modified.time_since_epoch().count()) + " " +
         std::to_string(status.changed.time_since_epoch().count());
}
std::string what_is_known(const std::string& text) {
  return text;
}
std::string what_is_known(std::size_t count) {
  return std::to_string(count);
}
std::string what_is_known(int) {
  return "opened";
}
std::string what_is_known(lock_answer answer) {
  return answer == lock_answer::held ? "held" : "not held";
}
std::string what_is_known(file_place place) {
  return place == file_place::local ? "local" : "remote";
}
// Only leftovers are looked for in a list, and those are told apart by their age.
std::string what_is_known(const std::vector<std::string>& names) {
  return std::to_string(names.size());
}

}  // namespace

void call_hook::wait_for_lock(int, int, std::chrono::nanoseconds until_boot_time) {
  // Alone on the machine: whoever holds the lock will not let go.
  disk->clock.pass(until_boot_time - disk->clock.boot);
}
void call_hook::sleep(int, std::chrono::nanoseconds time) {
  disk->clock.pass(time);
}

void memory_process::end() {
  ended_ = true;
  disk_.end_process(process_);
}

sys_result<> memory_process::ask(call_kind kind, const std::string& path, const std::string& second) {
  if (ended_) return process_has_ended();
  auto allowed = hook_.before({kind, process_, path, second});
  if (ended_) return process_has_ended();
  if (!allowed) hook_.observed(process_, what_is_known(allowed));
  return allowed;
}

template <class Answer>
Answer memory_process::note(Answer answer) {
  if constexpr (std::is_same_v<Answer, sys_result<>>) {
    hook_.observed(process_, what_is_known(answer));
  } else {
    hook_.observed(process_,
                   answer ? what_is_known(*answer) : "error " + std::to_string(answer.error().value()));
  }
  return answer;
}

sys_result<int> memory_process::open(const std::string& path, open_how how, unsigned mode) {
  const call_kind kind = how == open_how::create_new  ? call_kind::create
                         : how == open_how::nameless  ? call_kind::create_nameless
                         : how == open_how::directory ? call_kind::open_directory
                                                      : call_kind::open;
  if (const auto asked = ask(kind, path); !asked) return asked.error();
  auto file = note(disk_.open(process_, path, how, mode));
  if (file) opened_as_[*file] = path;
  return file;
}

sys_result<std::size_t> memory_process::read(int file, std::span<char> into) {
  if (const auto asked = ask(call_kind::read, opened_as_[file]); !asked) return asked.error();
  largest_read = std::max(largest_read, into.size());
  auto count = disk_.read(file, into);
  // What was read is what is known now.
  if (count) hook_.observed(process_, std::string_view(into.data(), *count));
  return count;
}

sys_result<std::size_t> memory_process::write(int file, std::span<const std::string_view> pieces) {
  if (const auto asked = ask(call_kind::write, opened_as_[file]); !asked) return asked.error();
  std::size_t left = 0;
  for (std::string_view piece : pieces)
    left += piece.size();
  left = hook_.bytes_written_at_once(left);
  std::vector<std::string_view> now;
  for (std::string_view piece : pieces) {
    now.push_back(piece.substr(0, left));
    left -= now.back().size();
  }
  return note(disk_.write(file, now));
}

sys_result<> memory_process::sync(int file) {
  const auto status = disk_.status_of(file);
  const bool directory = status && status->kind == file_kind::directory;
  if (const auto asked = ask(directory ? call_kind::sync_directory : call_kind::sync_file, opened_as_[file]);
      !asked) {
    return asked.error();
  }
  return note(disk_.sync(file));
}

sys_result<> memory_process::close(int file) {
  if (ended_) return {};
  const auto asked = ask(call_kind::close, opened_as_[file]);
  if (ended_) return {};
  (void)disk_.close(file);  // POSIX leaves open what a failed close did; Linux closes
  opened_as_.erase(file);
  return asked;
}

sys_result<file_status> memory_process::status_of(int file) {
  if (const auto asked = ask(call_kind::status_of, opened_as_[file]); !asked) return asked.error();
  return note(disk_.status_of(file));
}
sys_result<file_status> memory_process::status_at(const std::string& path) {
  if (const auto asked = ask(call_kind::status_at, path); !asked) return asked.error();
  return note(disk_.status_at(path, true));
}
sys_result<file_status> memory_process::symlink_status_at(const std::string& path) {
  if (const auto asked = ask(call_kind::symlink_status_at, path); !asked) return asked.error();
  return note(disk_.status_at(path, false));
}
sys_result<std::string> memory_process::read_symlink(const std::string& path) {
  if (const auto asked = ask(call_kind::read_symlink, path); !asked) return asked.error();
  return note(disk_.read_symlink(path));
}
sys_result<std::vector<std::string>> memory_process::list(const std::string& directory) {
  if (const auto asked = ask(call_kind::list, directory); !asked) return asked.error();
  return note(disk_.list(directory));
}
sys_result<> memory_process::rename(const std::string& from, const std::string& to) {
  if (const auto asked = ask(call_kind::rename, from, to); !asked) return asked.error();
  return note(disk_.rename(from, to));
}
sys_result<> memory_process::hard_link(const std::string& from, const std::string& to) {
  if (const auto asked = ask(call_kind::hard_link, from, to); !asked) return asked.error();
  return note(disk_.hard_link(from, to));
}
sys_result<> memory_process::rename_new(const std::string& from, const std::string& to) {
  if (const auto asked = ask(call_kind::rename_new, from, to); !asked) return asked.error();
  return note(disk_.rename_new(from, to));
}
sys_result<> memory_process::hard_link_open(int file, std::optional<int> directory, const std::string& to) {
  const std::string where = directory ? opened_as_[*directory] + "/" + to : to;
  if (const auto asked = ask(call_kind::hard_link_open, opened_as_[file], where); !asked)
    return asked.error();
  return note(disk_.hard_link_open(file, directory, to));
}
sys_result<> memory_process::unlink(const std::string& path) {
  if (const auto asked = ask(call_kind::unlink, path); !asked) return asked.error();
  return note(disk_.unlink(path));
}
sys_result<> memory_process::remove_directory(const std::string& path) {
  if (const auto asked = ask(call_kind::remove_directory, path); !asked) return asked.error();
  return note(disk_.remove_directory(path));
}
sys_result<> memory_process::make_directory(const std::string& path) {
  if (const auto asked = ask(call_kind::make_directory, path); !asked) return asked.error();
  return note(disk_.make_directory(process_, path));
}
sys_result<> memory_process::set_mode(int file, unsigned mode) {
  if (const auto asked = ask(call_kind::set_mode, opened_as_[file]); !asked) return asked.error();
  return note(disk_.set_mode(file, mode));
}
sys_result<> memory_process::set_owner(int file, unsigned owner, unsigned group) {
  if (const auto asked = ask(call_kind::set_owner, opened_as_[file]); !asked) return asked.error();
  return note(disk_.set_owner(file, owner, group));
}
sys_result<> memory_process::copy_attributes(int from, int to) {
  if (const auto asked = ask(call_kind::copy_attributes, opened_as_[from], opened_as_[to]); !asked) {
    return asked.error();
  }
  return note(disk_.copy_attributes(from, to));
}

sys_result<lock_answer> memory_process::lock(int file, std::chrono::nanoseconds wait) {
  const auto until = disk_.clock.boot + wait;
  for (;;) {
    if (!ended_ && wait.count() > 0) hook_.wants_lock(process_, file, until);
    if (const auto asked = ask(call_kind::lock, opened_as_[file]); !asked) return asked.error();
    if (!has_advisory_locks) return boost::system::error_code(EOPNOTSUPP, boost::system::system_category());
    const auto answer = disk_.try_lock(file);
    if (!answer || *answer == lock_answer::held || disk_.clock.boot >= until) return note(answer);
    hook_.wait_for_lock(process_, file, until);
    if (ended_) return process_has_ended();
  }
}

sys_result<> memory_process::unlock(int file) {
  if (const auto asked = ask(call_kind::unlock, opened_as_[file]); !asked) return asked.error();
  return note(disk_.unlock(file));
}

sys_result<file_place> memory_process::place_of(int file) {
  if (const auto asked = ask(call_kind::place_of, opened_as_[file]); !asked) return asked.error();
  return note(sys_result<file_place>(disk_.is_remote ? file_place::remote : file_place::local));
}

sys_result<std::string> memory_process::access_list(int file) {
  if (const auto asked = ask(call_kind::access_list, opened_as_[file]); !asked) return asked.error();
  return note(disk_.access_list(file));
}
sys_result<> memory_process::set_access_list(int file, const std::string& list) {
  if (const auto asked = ask(call_kind::set_access_list, opened_as_[file]); !asked) return asked.error();
  return note(disk_.set_access_list(file, list));
}

wall_time memory_process::now() {
  if (!ended_) hook_.observed(process_, std::to_string(disk_.clock.wall.time_since_epoch().count()));
  return disk_.clock.wall;
}

std::chrono::nanoseconds memory_process::boot_time() {
  // Every deadline of a process that has ended is over.
  if (ended_) return disk_.clock.boot + std::chrono::hours(1'000'000);
  hook_.observed(process_, std::to_string(disk_.clock.boot.count()));
  return disk_.clock.boot;
}

void memory_process::sleep_for(std::chrono::nanoseconds time) {
  if (ended_) return;
  if (!ask(call_kind::sleep, "")) return;
  hook_.sleep(process_, time);
}

std::string memory_process::random_token() {
  return "token-" + std::to_string(process_) + "-" + std::to_string(++tokens_);
}

std::optional<int> memory_process::lock_holder(file_id file) {
  if (sees_no_locks) return std::nullopt;
  return disk_.lock_holder(file.inode);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
