#include "git_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "agentslock/io/lock_document.hpp"
#include "streams.hpp"

namespace agentslock::cli {
namespace {

/// A descriptor that is closed when it goes.
class descriptor {
 public:
  explicit descriptor(int file) noexcept : file_(file) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }
  [[nodiscard]] int get() const noexcept { return file_; }
  void close() noexcept {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }

 private:
  int file_;
};

error failure(int number) {
  const boost::system::error_code cause(number, boost::system::system_category());
  return {errc::io_failed,
          number == ENOENT ? std::string("there is no git to run: install it, or name two files")
                           : fmt::format("could not run git: {}", cause.message()),
          cause};
}

/// What stands in a file, up to so many bytes, and on one line.
std::string beginning_of(int file) {
  std::array<char, 1000> block;
  const auto got = ::pread(file, block.data(), block.size(), 0);
  std::string text(block.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  text.erase(text.find_last_not_of('\n') + 1);
  for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos;)
    text.replace(at, 1, "; ");
  return text;
}

/// Our environment for a git that must find no configuration, and no repository but the one that it is told.
std::vector<std::string> environment_without_git() {
  std::vector<std::string> variables{"GIT_CONFIG_NOSYSTEM=1",         "GIT_CONFIG_GLOBAL=/dev/null",
                                     "GIT_AUTHOR_NAME=agentslock",    "GIT_AUTHOR_EMAIL=agentslock",
                                     "GIT_COMMITTER_NAME=agentslock", "GIT_COMMITTER_EMAIL=agentslock"};
  for (char** one = environ; *one != nullptr; ++one) {
    if (!std::string_view(*one).starts_with("GIT_")) variables.emplace_back(*one);
  }
  return variables;
}

/// Starts git with these streams. Its signals are as if it had been started from a shell.
result<pid_t> start(std::vector<std::string> words, int out, int errors, git_settings settings) {
  posix_spawn_file_actions_t streams;
  posix_spawnattr_t how;
  ::posix_spawn_file_actions_init(&streams);
  ::posix_spawnattr_init(&how);
  ::posix_spawn_file_actions_addopen(&streams, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&streams, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&streams, errors, STDERR_FILENO);
  sigset_t ignored_by_us;
  sigemptyset(&ignored_by_us);
  sigaddset(&ignored_by_us, SIGPIPE);
  sigaddset(&ignored_by_us, SIGXFSZ);
  ::posix_spawnattr_setsigdefault(&how, &ignored_by_us);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::vector<std::string> own = environment_without_git();
  std::vector<char*> variables;
  for (std::string& variable : own)
    variables.push_back(variable.data());
  variables.push_back(nullptr);
  pid_t process = 0;
  const int failed = ::posix_spawnp(&process, "git", &streams, &how, arguments.data(),
                                    settings == git_settings::none ? variables.data() : environ);
  ::posix_spawnattr_destroy(&how);
  ::posix_spawn_file_actions_destroy(&streams);
  if (failed != 0) return failure(failed);
  return process;
}

/// All that comes out of a pipe.
result<std::string> read_all(int pipe) {
  std::string text;
  std::array<char, 1 << 16> block;
  for (;;) {
    const auto got = read_some(pipe, block);
    if (!got) return failure(got.error().value());
    if (*got == 0) return text;
    text.append(block.data(), *got);
    if (text.size() > document_size_bytes_max)
      return error(errc::too_large,
                   fmt::format("it is larger than {}, which is no lock document", document_size_max_text));
  }
}

/// A text as a file without a name, which git finds by the number of our process.
class unnamed_file {
 public:
  explicit unnamed_file(std::string_view text) : file_(::memfd_create("a version", MFD_CLOEXEC)) {
    is_whole_ = file_.get() >= 0 && write_all(file_.get(), text);
  }
  [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }
  [[nodiscard]] std::string path() const { return fmt::format("/proc/{}/fd/{}", ::getpid(), file_.get()); }

 private:
  descriptor file_;
  bool is_whole_ = false;
};

}  // namespace

result<git_answer> run_git(const std::vector<std::string>& arguments, const std::string& directory,
                           git_settings settings) {
  std::vector<std::string> words{"git"};
  if (!directory.empty()) words.insert(words.end(), {"-C", directory});
  words.insert(words.end(), arguments.begin(), arguments.end());
  const descriptor errors(::memfd_create("git's errors", MFD_CLOEXEC));
  std::array<int, 2> ends{-1, -1};
  if (errors.get() < 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) return failure(errno);
  descriptor reader(ends[0]);
  descriptor writer(ends[1]);
  const auto process = start(std::move(words), writer.get(), errors.get(), settings);
  if (!process) return process.error();
  writer.close();
  auto text = read_all(reader.get());
  // One that goes on writing ends by that.
  reader.close();
  int status = 0;
  while (::waitpid(*process, &status, 0) < 0) {
    if (errno != EINTR) return failure(errno);
  }
  if (!text) return text.error();
  return git_answer{WIFEXITED(status) ? WEXITSTATUS(status) : -1, std::move(*text),
                    beginning_of(errors.get())};
}

result<merged_lines> merge_lines_by_git(const document_versions& versions, std::size_t mark_size,
                                        const std::string& style) {
  // It says how many conflicts are left, up to this; more is an error.
  constexpr int conflicts_max = 127;
  const unnamed_file base(versions.base);
  const unnamed_file ours(versions.ours);
  const unnamed_file theirs(versions.theirs);
  if (!base.is_whole() || !ours.is_whole() || !theirs.is_whole()) return failure(errno);
  std::vector<std::string> words;
  if (!style.empty()) words = {"-c", "merge.conflictStyle=" + style};
  words.insert(words.end(), {"merge-file", "-p", "-q", fmt::format("--marker-size={}", mark_size), "-L",
                             "ours", "-L", "base", "-L", "theirs", ours.path(), base.path(), theirs.path()});
  auto merged = run_git(words);
  if (!merged) return merged.error();
  if (merged->status < 0 || merged->status > conflicts_max) {
    return error(errc::io_failed,
                 fmt::format("git merge-file could not merge the lines: {}", merged->errors));
  }
  return merged_lines{std::move(merged->output), merged->status == 0};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
