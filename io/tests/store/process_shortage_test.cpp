// Real processes that lack something: a thread, a descriptor, the right to write or to read. None of them gets past the lock.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <system_error>
#include <thread>

#include "support/child_process.hpp"
#include "support/document_processes.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

class ProcessShortage : public document_processes {};

/// Whether this process can start one more thread.
bool can_start_a_thread() {
  try {
    std::thread([] {}).join();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

TEST_F(ProcessShortage, AWriterThatCanStartNoThreadIsKeptOutAllTheSame) {
  directory.let_all_in(0777);
  const auto child = holder();
  EXPECT_EQ(as_nobody([&]() -> std::string {
              const rlimit none{0, 0};
              if (::setrlimit(RLIMIT_NPROC, &none) != 0) return "the limit could not be set";
              if (can_start_a_thread()) return "a thread can be started here";
              const auto lock = acquire(path, std::chrono::milliseconds(50));
              if (lock) return "it took the lock that another process holds";
              return lock.error().code() == errc::lock_timeout ? "" : lock.error().message();
            }),
            "");
  child->tell();
  ASSERT_TRUE(child->wait());
  EXPECT_EQ(as_nobody([&]() -> std::string {
              const rlimit none{0, 0};
              if (::setrlimit(RLIMIT_NPROC, &none) != 0) return "the limit could not be set";
              const auto lock = acquire(path);
              if (!lock) return lock.error().message();
              return lock->has_queue() ? "" : "it went on without the queue";
            }),
            "");
  child->tell();
  EXPECT_EQ(child->result(), "");
}

TEST_F(ProcessShortage, AWriterThatHasNoDescriptorLeftIsKeptOutAllTheSame) {
  const auto child = holder();
  const temporary_directory another;
  EXPECT_EQ(in_child([&]() -> std::string {
              // UndefinedBehaviorSanitizer opens a pipe for each type that it meets first.
              if (!acquire(another / "doc")) return "another document can't be locked";
              if (acquire(path, std::chrono::milliseconds(50))) return "it is not held";
              // One for the directory, none for the helper's copy of it.
              const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
              ::close(next);
              const rlimit one_more{static_cast<rlim_t>(next) + 1, static_cast<rlim_t>(next) + 1};
              if (::setrlimit(RLIMIT_NOFILE, &one_more) != 0) return "the limit could not be set";
              const auto lock = acquire(path, std::chrono::milliseconds(50));
              if (lock) return "it took the lock that another process holds";
              return lock.error().code() == errc::lock_timeout ? "" : lock.error().message();
            }),
            "");
  child->tell();
  ASSERT_TRUE(child->wait());
  child->tell();
  EXPECT_EQ(child->result(), "");
}

TEST_F(ProcessShortage, ADeniedDirectoryFailsAtOnceWithItsCause) {
  directory.let_all_in(0755);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (may_write_in(directory.path())) return "access is not denied here";
              const auto lock = acquire(path, std::chrono::hours(1));
              if (lock) return "the lock was taken in a directory that may not be written";
              if (lock.error().code() != errc::access_denied) return lock.error().message();
              return lock.error().cause().value() == EACCES ? "" : "another cause";
            }),
            "");
}

TEST_F(ProcessShortage, ADirectoryThatMayNotBeReadHasNoQueueButALock) {
  directory.let_all_in(0333);
  EXPECT_EQ(as_nobody([&]() -> std::string {
              if (may_read(directory.path())) return "access is not denied here";
              auto lock = acquire(path);
              if (!lock) return lock.error().message();
              if (lock->has_queue()) return "it says that it has the queue";
              lock->release();
              return {};
            }),
            "");
  EXPECT_TRUE(names_in(directory.path()).empty());
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
