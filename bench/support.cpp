#include "support.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

#include "document_generator.hpp"

namespace agentslock::bench {
namespace {

/// Measuring what went wrong would be of no use.
template <class Number>
Number checked(Number answer, const char* what) {
  if (answer >= 0) return answer;
  std::perror(what);
  std::abort();
}

int open_new(const std::string& path) {
  return checked(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), path.c_str());
}

void write_all(int file, std::span<const char> text) {
  while (!text.empty()) {
    text = text.subspan(static_cast<std::size_t>(checked(::write(file, text.data(), text.size()), "write")));
  }
}

}  // namespace

const std::string& work_directory() {
  static const std::string directory = [] {
    boost::filesystem::create_directories(AGENTSLOCK_BENCH_DIRECTORY);
    return std::string(AGENTSLOCK_BENCH_DIRECTORY);
  }();
  return directory;
}

std::string installed(const std::string& program) {
  const boost::filesystem::path from(program);
  const boost::filesystem::path copy = boost::filesystem::path(work_directory()) / from.filename();
  boost::filesystem::copy_file(from, copy, boost::filesystem::copy_options::overwrite_existing);
  return copy.string();
}

const std::string& document(std::size_t views) {
  static std::map<std::size_t, std::string> made;
  std::string& text = made[views];
  if (text.empty()) text = make_document(views);
  return text;
}

void put_file(const std::string& path, std::string_view text) {
  const int file = open_new(path);
  write_all(file, text);
  timespec now;
  checked(::clock_gettime(CLOCK_REALTIME, &now), "clock_gettime");
  now.tv_sec -= 10;
  const timespec times[] = {now, now};
  checked(::futimens(file, times), "futimens");
  checked(::close(file), "close");
}

void give_back_memory() {
  ::malloc_trim(0);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

process_cost run_process(std::vector<std::string> command) {
  std::vector<char*> arguments;
  for (std::string& word : command)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int ended = 0;
  rusage used{};
  const double clock = time_of([&] {
    if (::posix_spawn(&child, arguments[0], &files, nullptr, arguments.data(), environ) != 0) child = -1;
    checked(child, arguments[0]);
    checked(::wait4(child, &ended, 0, &used), "wait4");
  });
  ::posix_spawn_file_actions_destroy(&files);
  if (ended != 0) std::abort();
  const auto nanoseconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_usec) * 1e3;
  };
  return {clock, nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime)};
}

bytes read_file(const std::string& path) {
  const int file = checked(::open(path.c_str(), O_RDONLY | O_CLOEXEC), path.c_str());
  struct stat status;
  checked(::fstat(file, &status), "fstat");
  bytes all{std::make_unique_for_overwrite<char[]>(static_cast<std::size_t>(status.st_size)),
            static_cast<std::size_t>(status.st_size)};
  for (std::size_t filled = 0; filled < all.size;) {
    filled +=
        static_cast<std::size_t>(checked(::read(file, all.data.get() + filled, all.size - filled), "read"));
  }
  checked(::close(file), "close");
  return all;
}

void write_and_rename(const std::string& path, std::span<const char> text, wait_for_disk wait) {
  const std::string temporary = path + ".tmp";
  const int file = open_new(temporary);
  write_all(file, text);
  if (wait == wait_for_disk::yes) checked(::fsync(file), "fsync");
  checked(::close(file), "close");
  checked(::rename(temporary.c_str(), path.c_str()), "rename");
  if (wait == wait_for_disk::no) return;
  const int directory = checked(::open(work_directory().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open");
  checked(::fsync(directory), "fsync");
  checked(::close(directory), "close");
}

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
