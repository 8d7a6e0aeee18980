#include "start_program.hpp"

#include <fcntl.h>
#include <paths.h>
#include <spawn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <new>
#include <system_error>
#include <vector>

#include "environment.hpp"

namespace agentslock {
namespace {

template <class T>
using started = boost::system::result<T, start_fault>;

start_fault fault_of(const std::string& what, int number) {
  const bool passing = number == EAGAIN || number == ENOMEM || number == EMFILE || number == ENFILE;
  return {passing, what + ": " + std::generic_category().message(number)};
}

/// The same open file under a number past the standard streams, whose places it may not have when they are filled.
started<descriptor> past_standard_streams(descriptor one) {
  if (one.number() > STDERR_FILENO) return one;
  descriptor moved(::fcntl(one.number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!moved) return fault_of("no descriptor for the program's streams", errno);
  return moved;
}

/// A file in memory that holds the input and is read from its beginning.
started<descriptor> file_with(std::string_view input) {
  constexpr unsigned not_executable = 8;  // MFD_NOEXEC_SEAL, without which a hardened system refuses
  int number = ::memfd_create("agentslock-input", MFD_CLOEXEC | not_executable);
  if (number < 0 && errno == EINVAL) number = ::memfd_create("agentslock-input", MFD_CLOEXEC);
  descriptor file(number);
  if (!file) return fault_of("no file in memory for the program's input", errno);
  for (std::size_t done = 0; done < input.size();) {
    const ssize_t wrote =
        ::pwrite(file.number(), input.data() + done, input.size() - done, static_cast<off_t>(done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return fault_of("could not write the program's input into memory", errno);
    done += static_cast<std::size_t>(wrote);
  }
  return past_standard_streams(std::move(file));
}

struct pipe_ends {
  descriptor ours;
  descriptor its;
};

started<pipe_ends> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fault_of("no pipe for the program's output", errno);
  pipe_ends made{descriptor(ends[0]), descriptor(ends[1])};
  // The flag belongs to this end alone: the program's blocks.
  if (::fcntl(made.ours.number(), F_SETFL, O_NONBLOCK) != 0)
    return fault_of("no pipe for the program's output", errno);
  auto moved = past_standard_streams(std::move(made.its));
  if (!moved) return moved.error();
  made.its = std::move(*moved);
  return made;
}

/// What posix_spawn is to do in the new process. Every call fails for want of memory alone.
class spawn_orders {
 public:
  spawn_orders() {
    check(::posix_spawn_file_actions_init(&actions_));
    if (const int failed = ::posix_spawnattr_init(&attributes_); failed != 0) {
      ::posix_spawn_file_actions_destroy(&actions_);
      check(failed);
    }
  }
  spawn_orders(const spawn_orders&) = delete;
  spawn_orders& operator=(const spawn_orders&) = delete;
  ~spawn_orders() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  void change_directory(const std::string& directory) {
    check(::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str()));
  }
  /// These three streams, and no other descriptor.
  void set_streams(int input, int output, int errors) {
    check(::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO));
    check(::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO));
    check(::posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO));
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1));
  }
  /// No signal blocked or ignored, and a session of its own, hence a process group that it can't leave.
  void set_apart() {
    sigset_t signals;
    ::sigemptyset(&signals);
    check(::posix_spawnattr_setsigmask(&attributes_, &signals));
    ::sigfillset(&signals);
    check(::posix_spawnattr_setsigdefault(&attributes_, &signals));
    constexpr auto flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    check(::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags)));
  }

  [[nodiscard]] const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

 private:
  static void check(int failed) {
    if (failed != 0) throw std::bad_alloc();
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// For a C interface that takes texts that may be written to, and leaves them as they are.
char* as_argument(const std::string& text) {
  return const_cast<char*>(text.c_str());
}

}  // namespace

started<started_program> start_program(const program_call& call) {
  if (call.command.find('\0') != std::string::npos)
    return start_fault{false, "the command line holds a NUL, at which the system would cut it off"};
  if (call.directory.find('\0') != std::string::npos)
    return start_fault{false, "the directory's name holds a NUL, at which the system would cut it off"};
  auto input = file_with(call.input);
  if (!input) return input.error();
  auto output = make_pipe();
  if (!output) return output.error();
  auto errors = make_pipe();
  if (!errors) return errors.error();

  spawn_orders orders;
  if (!call.directory.empty()) orders.change_directory(call.directory);
  orders.set_streams(input->number(), output->its.number(), errors->its.number());
  orders.set_apart();

  const std::vector<std::string> variables = environment_with(call.environment);
  std::vector<char*> environment;
  environment.reserve(variables.size() + 1);
  for (const std::string& one : variables)
    environment.push_back(as_argument(one));
  environment.push_back(nullptr);
  // The two dashes: a command line that begins with one is no option of the shell.
  const std::array<std::string, 4> words{"sh", "-c", "--", call.command};
  const std::array<char*, 5> arguments{as_argument(words[0]), as_argument(words[1]), as_argument(words[2]),
                                       as_argument(words[3]), nullptr};

  pid_t process = -1;
  const int failed = ::posix_spawn(&process, _PATH_BSHELL, orders.actions(), orders.attributes(),
                                   arguments.data(), environment.data());
  if (failed != 0) {
    const std::string where = call.directory.empty() ? "" : " in " + call.directory;
    return fault_of(std::string("could not start " _PATH_BSHELL) + where, failed);
  }
  return started_program{process_group(process), std::move(output->ours), std::move(errors->ours)};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
