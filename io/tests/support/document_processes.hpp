// Real processes that lock one document on the real file system.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "agentslock/io/sidecar_lock.hpp"
#include "child_process.hpp"
#include "temporary_directory.hpp"

namespace agentslock::testing {

[[nodiscard]] inline result<sidecar_lock> acquire(const std::string& path,
                                                  std::chrono::milliseconds wait = std::chrono::seconds(5)) {
  lock_options options;
  options.wait = wait;
  return sidecar_lock::acquire(platform::system(), path, options);
}

class document_processes : public ::testing::Test {
 protected:
  temporary_directory directory;
  const std::string path = directory / ".agentsrc.lock";

  /// A child that takes the lock, says so, holds it until it is told, and lets it go.
  [[nodiscard]] std::unique_ptr<child_process> holder() const {
    auto child = std::make_unique<child_process>([this](const child_process::parent& test) -> std::string {
      auto lock = acquire(path);
      if (!lock) return lock.error().message();
      test.tell();
      test.wait();
      lock->release();
      test.tell();
      test.wait();
      return {};
    });
    EXPECT_TRUE(child->wait());
    return child;
  }
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
