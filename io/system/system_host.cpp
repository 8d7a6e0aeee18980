#include <dirent.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

#include "agentslock/io/host.hpp"
#include "hex.hpp"

namespace agentslock {
namespace {

std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

class real_host final : public host {
 public:
  wall_time now() override { return wall_time(read_clock(CLOCK_REALTIME)); }
  std::chrono::nanoseconds boot_time() override { return read_clock(CLOCK_BOOTTIME); }
  void sleep_for(std::chrono::nanoseconds time) override { std::this_thread::sleep_for(time); }
  int process_id() override { return ::getpid(); }

  unsigned user_id() override { return ::geteuid(); }

  std::uint64_t pid_namespace() override {
    struct stat found;
    return ::stat("/proc/self/ns/pid", &found) == 0 ? found.st_ino : 0;
  }

  bool is_self_or_ancestor(int process) override {
    constexpr int generations_max = 1000;  // however the list is made
    int ancestor = ::getpid();
    for (int i = 0; i < generations_max && ancestor > 0; ++i) {
      if (ancestor == process) return true;
      ancestor = parent_of(ancestor);
    }
    return false;
  }

  std::string boot_id() override {
    // No process outlives a boot. What could not be read for a shortage may be read the next time.
    static std::mutex mutex;
    static std::string id;
    const std::scoped_lock lock(mutex);
    if (id.empty()) {
      std::ifstream file("/proc/sys/kernel/random/boot_id");
      std::getline(file, id);
    }
    return id;
  }

  std::string random_token() override {
    std::array<unsigned char, 16> bytes{};
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const ssize_t got = ::getrandom(bytes.data() + filled, bytes.size() - filled, 0);
      if (got > 0) {
        filled += static_cast<std::size_t>(got);
      } else if (errno != EINTR) {  // a kernel without getrandom, or one that may not be asked
        return token_without_chance();
      }
    }
    std::string token;
    append_hex(token, bytes);
    return token;
  }

  std::optional<int> lock_holder(file_id file) override {
    // Where /proc belongs to another namespace, its numbers mean other processes here.
    if (!proc_is_ours()) return std::nullopt;
    // A line a lock: "1: FLOCK  ADVISORY  WRITE 4242 fe:01:12345 0 EOF"; a waiter's begins with "1: ->".
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
      int process = 0;
      unsigned major_number = 0;
      unsigned minor_number = 0;
      unsigned long inode = 0;
      const int fields = std::sscanf(line.c_str(), "%*d: FLOCK %*s %*s %d %x:%x:%lu", &process, &major_number,
                                     &minor_number, &inode);
      if (fields != 4 || inode != file.inode || process <= 0) continue;
      const bool same_device = major_number == major(file.device) && minor_number == minor(file.device);
      // On some file systems, btrfs among them, the list has another device than stat tells.
      if (same_device || has_open(process, file)) return process;
    }
    return std::nullopt;
  }

 private:
  /// Who started a process; 0 when that can't be found out.
  static int parent_of(int process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    std::getline(file, line);
    // "4242 (name) S 1 …", and the name may hold anything.
    const std::size_t name_end = line.rfind(')');
    int parent = 0;
    if (name_end == std::string::npos || std::sscanf(line.c_str() + name_end, ") %*c %d", &parent) != 1)
      return 0;
    return parent;
  }

  static bool proc_is_ours() {
    std::array<char, 32> target{};
    const ssize_t size = ::readlink("/proc/self", target.data(), target.size());
    return size > 0 &&
           std::string_view(target.data(), static_cast<std::size_t>(size)) == std::to_string(::getpid());
  }

  /// Whether a process has a file open, as far as we may look.
  static bool has_open(int process, file_id file) {
    const std::string directory = "/proc/" + std::to_string(process) + "/fd";
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), ::closedir);
    if (!stream) return false;
    while (const dirent* entry = ::readdir(stream.get())) {
      struct stat found;
      const std::string path = directory + "/" + static_cast<const char*>(entry->d_name);
      if (::stat(path.c_str(), &found) == 0 && found.st_dev == file.device && found.st_ino == file.inode)
        return true;
    }
    return false;
  }

  /// 32 digits that no other call gives: of the process, the time and a number.
  static std::string token_without_chance() {
    static std::atomic<std::uint32_t> sequence{0};
    std::array<char, 33> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x%016llx%08x", static_cast<unsigned>(::getpid()),
                  static_cast<unsigned long long>(read_clock(CLOCK_REALTIME).count()),
                  static_cast<unsigned>(sequence.fetch_add(1)));
    return digits.data();
  }
};

}  // namespace

host& system_host() noexcept {
  static real_host machine;
  return machine;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
