// The machine itself, where the kernel refuses what it is asked and where /proc is another one or none at all.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/host.hpp"
#include "support/child_process.hpp"
#include "support/refused_calls.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

host& machine = system_host();

bool is_token(const std::string& text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

file_id id_at(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? file_id{found.st_dev, found.st_ino} : file_id{};
}

class SystemHostRefused : public with_refused_calls {};

TEST_F(SystemHostRefused, TokensDifferThoughTheKernelGivesNoRandomBytes) {
  for (const int error : {ENOSYS, EPERM}) {
    EXPECT_EQ(in_child([&]() -> std::string {
                if (auto wrong = refuse({{SYS_getrandom, error}}); !wrong.empty()) return wrong;
                const std::string one = machine.random_token();
                const std::string other = machine.random_token();
                if (!is_token(one) || !is_token(other)) return one + " or " + other + " is no token";
                return one != other ? "" : "the same twice: " + one;
              }),
              "")
        << error;
  }
}

class SystemHostAnswered : public with_answered_calls {};

TEST_F(SystemHostAnswered, AnInterruptionMakesNoTokenWithoutChance) {
  EXPECT_EQ(in_child([]() -> std::string {
              std::atomic<int> calls = 0;
              const answered_calls bytes(SYS_getrandom, std::nullopt, [&](const auto&) -> std::optional<int> {
                if (calls++ < 2) return EINTR;
                return std::nullopt;
              });
              if (!bytes.wrong().empty()) return bytes.wrong();
              const std::string one = machine.random_token();
              if (calls != 3) return "nothing was interrupted";
              const std::string other = machine.random_token();
              if (!is_token(one) || !is_token(other)) return one + " or " + other + " is no token";
              // Without chance all begin with the process's number.
              return one.substr(0, 8) != other.substr(0, 8) ? "" : "no chance was taken";
            }),
            "");
}

TEST_F(SystemHostRefused, ANamespaceThatMayNotBeLookedAtIsNotKnown) {
  EXPECT_EQ(in_child([]() -> std::string {
              if (auto wrong = refuse({{SYS_newfstatat, EACCES}}); !wrong.empty()) return wrong;
              return machine.pid_namespace() == 0 ? "" : "it is known";
            }),
            "");
}

/// Puts an empty directory in the place of /proc, for this process alone. What is wrong, or nothing.
std::string without_proc() {
  const auto wrong = [] {
    return std::string("nothing can be mounted on /proc here: ") + std::strerror(errno);
  };
  if (const uid_t user = ::geteuid(); user == 0) {
    if (::unshare(CLONE_NEWNS) != 0) return wrong();
  } else {
    const gid_t group = ::getegid();
    if (::unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0) return wrong();
    // Who has no numbers in the new namespace can make no files in it.
    std::ofstream("/proc/self/uid_map") << user << " " << user << " 1";
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/gid_map") << group << " " << group << " 1";
  }
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("none", "/proc", "tmpfs", 0, nullptr) != 0 || ::mkdir("/proc/1", 0755) != 0 ||
      ::rmdir("/proc/1") != 0) {
    return wrong();
  }
  return {};
}

/// A machine whose /proc is the test's own; passed over where no process may have one.
class SystemHostProc : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto tried = with_own_proc([]() -> std::string {
      put_stat(::getpid(), "x");
      return bytes_of("/proc/" + std::to_string(::getpid()) + "/stat") == "x"
                 ? ""
                 : "an emulator has its own /proc";
    });
    if (!tried.empty()) GTEST_SKIP() << tried;
  }

  /// Runs work in a child process that finds an empty /proc. What is wrong, or nothing.
  [[nodiscard]] static std::string with_own_proc(const std::function<std::string()>& run) {
    return in_child([&] {
      if (auto wrong = without_proc(); !wrong.empty()) return wrong;
      return run();
    });
  }

  /// Makes /proc say that this process has that number.
  static void put_self(int process) { (void)::symlink(std::to_string(process).c_str(), "/proc/self"); }
  static void put_locks(std::string_view lines) { std::ofstream("/proc/locks") << lines; }
  /// What /proc says about a process.
  static void put_stat(int process, std::string_view line) {
    const std::string directory = directory_of(process);
    (void)::mkdir(directory.c_str(), 0755);
    std::ofstream(directory + "/stat") << line;
  }
  /// Makes /proc say that a process has those files open.
  static void put_open_files(int process, const std::vector<std::string>& files) {
    const std::string directory = directory_of(process);
    (void)::mkdir(directory.c_str(), 0755);
    (void)::mkdir((directory + "/fd").c_str(), 0755);
    for (std::size_t i = 0; i < files.size(); ++i)
      (void)::symlink(files[i].c_str(), (directory + "/fd/" + std::to_string(i)).c_str());
  }
  /// A line of the kernel's list of locks.
  static std::string line_of(int process, file_id file, unsigned minor_off_by = 0) {
    char place[80];
    std::snprintf(place, sizeof place, "%02x:%02x:%llu", major(file.device),
                  minor(file.device) + minor_off_by, static_cast<unsigned long long>(file.inode));
    return "1: FLOCK  ADVISORY  WRITE " + std::to_string(process) + " " + place + " 0 EOF\n";
  }

  static constexpr int other = 4242;

 private:
  static std::string directory_of(int process) { return "/proc/" + std::to_string(process); }
};

TEST_F(SystemHostProc, WhereItIsMissingNothingIsKnownButOurselves) {
  EXPECT_EQ(with_own_proc([]() -> std::string {
              if (machine.pid_namespace() != 0) return "the namespace is known";
              if (!machine.is_self_or_ancestor(::getpid())) return "we do not know ourselves";
              if (machine.is_self_or_ancestor(::getppid())) return "who started us is known";
              put_locks(line_of(other, id_at("/")));
              return machine.lock_holder(id_at("/")) ? "a holder is known" : "";
            }),
            "");
}

TEST_F(SystemHostProc, OfAnotherNamespaceNamesNoHolder) {
  EXPECT_EQ(with_own_proc([]() -> std::string {
              put_self(::getpid() + 1);
              put_locks(line_of(other, id_at("/")));
              return machine.lock_holder(id_at("/")) ? "a holder is known" : "";
            }),
            "");
}

TEST_F(SystemHostProc, NamesTheHolderOfThatVeryFile) {
  EXPECT_EQ(with_own_proc([]() -> std::string {
              put_self(::getpid());
              const file_id file = id_at("/");
              const file_id beside{file.device, file.inode + 1};
              // Of other kinds and of other files; a waiter; cut short; of processes that have no number here.
              const std::string others =
                  "1: POSIX  ADVISORY  WRITE 1 00:01:1 0 EOF\n\n1: FLOCK  ADVISORY  WRITE 7\n"
                  "1: -> " +
                  line_of(7, file).substr(3) + line_of(7, beside) + line_of(0, file) + line_of(-1, file);
              put_locks(others);
              if (machine.lock_holder(file)) return "a holder is known that is none";
              put_locks(others + line_of(other, file) + line_of(7, file));
              const auto holder = machine.lock_holder(file);
              return holder == other ? "" : "the holder is " + std::to_string(holder.value_or(0));
            }),
            "");
}

TEST_F(SystemHostProc, NamesAHolderWithThatFileOpenWhereTheListHasAnotherDevice) {
  const temporary_directory directory;
  const std::string path = directory.make_file("file", "");
  const std::string beside = directory.make_file("beside", "");
  EXPECT_EQ(with_own_proc([&]() -> std::string {
              put_self(::getpid());
              const file_id file = id_at(path);
              put_locks(line_of(other, file, 1));
              if (machine.lock_holder(file)) return "a process is the holder whose files are not known";
              // What has gone, what lies on another device, and another file of this one.
              std::vector<std::string> open{"/gone", "/proc/locks", beside};
              put_open_files(other, open);
              if (machine.lock_holder(file)) return "a process is the holder that has other files open";
              // One that has the number of a file on the other device.
              const file_id alike{file.device, id_at("/proc/locks").inode};
              put_locks(line_of(other, alike, 1));
              if (machine.lock_holder(alike)) return "another device's file was taken for that one";
              put_locks(line_of(other, file, 1) + line_of(other + 1, file, 1));
              put_open_files(other + 1, {path});
              const auto holder = machine.lock_holder(file);
              return holder == other + 1 ? "" : "the holder is " + std::to_string(holder.value_or(0));
            }),
            "");
}

TEST_F(SystemHostProc, TellsWhoStartedUsWhateverTheNamesAre) {
  EXPECT_EQ(with_own_proc([]() -> std::string {
              const std::string own = std::to_string(::getpid());
              put_stat(::getpid(), own + " (a) S 9 (b) R 4242 7 7\n");
              put_stat(other, "4242 () R 4243 7 7\n");
              if (!machine.is_self_or_ancestor(other)) return "who started us is not known";
              if (!machine.is_self_or_ancestor(other + 1)) return "who started that is not known";
              return machine.is_self_or_ancestor(9) ? "a number in a name was taken for a process" : "";
            }),
            "");
}

TEST_F(SystemHostProc, EndsAListOfAncestorsThatIsBroken) {
  EXPECT_EQ(with_own_proc([]() -> std::string {
              put_stat(::getpid(), std::to_string(::getpid()) + " (test)\n");
              if (machine.is_self_or_ancestor(other)) return "an ancestor was made up";
              put_stat(::getpid(), std::to_string(::getpid()) + " (test) S 4242 7 7\n");
              put_stat(other, "4242 (its own parent) S 4242 7 7\n");
              if (!machine.is_self_or_ancestor(other)) return "who started us is not known";
              return machine.is_self_or_ancestor(other + 1) ? "an ancestor was made up" : "";
            }),
            "");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
