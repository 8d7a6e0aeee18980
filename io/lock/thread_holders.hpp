// Which thread of this process holds which queue; private to the io layer.
#pragma once

#include <compare>
#include <map>
#include <mutex>
#include <thread>

#include "agentslock/io/host.hpp"

namespace agentslock {

/// What each thread of this process holds, so that a thread does not wait for itself.
class thread_holders {
 public:
  struct key {
    const host* machine;
    int process;
    file_id directory;
    friend auto operator<=>(const key&, const key&) = default;
  };

  [[nodiscard]] static bool this_thread_holds(const key& what) {
    const std::scoped_lock lock(mutex());
    const auto found = all().find(what);
    return found != all().end() && found->second == std::this_thread::get_id();
  }
  static void add(const key& what) {
    const std::scoped_lock lock(mutex());
    all().insert_or_assign(what, std::this_thread::get_id());
  }
  static void remove(const key& what) {
    const std::scoped_lock lock(mutex());
    all().erase(what);
  }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static std::map<key, std::thread::id>& all() {
    static std::map<key, std::thread::id> one;
    return one;
  }
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
