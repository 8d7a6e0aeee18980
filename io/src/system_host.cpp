#include <sys/random.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <random>
#include <thread>

#include "agentslock/io/host.hpp"

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

  std::string boot_id() override {
    // No process outlives a boot.
    static const std::string id = [] {
      std::string read;
      std::ifstream file("/proc/sys/kernel/random/boot_id");
      std::getline(file, read);
      return read;
    }();
    return id;
  }

  std::string random_token() override {
    std::array<unsigned char, 16> bytes{};
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const ssize_t got = ::getrandom(bytes.data() + filled, bytes.size() - filled, 0);
      if (got > 0) {
        filled += static_cast<std::size_t>(got);
      } else if (errno != EINTR) {  // a kernel without getrandom
        std::random_device device;
        for (; filled < bytes.size(); ++filled)
          bytes[filled] = static_cast<unsigned char>(device());
      }
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string token;
    for (unsigned char byte : bytes) {
      token += digits[byte >> 4];
      token += digits[byte & 15];
    }
    return token;
  }

  std::optional<int> lock_holder(file_id file) override {
    // A line a lock: "1: FLOCK  ADVISORY  WRITE 4242 fe:01:12345 0 EOF"; a waiter's begins with "1: ->".
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
      int process = 0;
      unsigned major_number = 0;
      unsigned minor_number = 0;
      unsigned long inode = 0;
      const int fields = std::sscanf(line.c_str(), "%*d: FLOCK %*s %*s %d %x:%x:%lu", &process, &major_number,
                                     &minor_number, &inode);
      if (fields == 4 && inode == file.inode && major_number == major(file.device) &&
          minor_number == minor(file.device) && process > 0) {
        return process;
      }
    }
    return std::nullopt;
  }
};

}  // namespace

host& system_host() noexcept {
  static real_host machine;
  return machine;
}

}  // namespace agentslock
