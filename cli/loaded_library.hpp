// A shared library that is loaded when it is needed.
#pragma once

#include <dlfcn.h>

#include <cstdlib>

namespace agentslock::cli {

/// Loads it when it is first asked for; it stays. Safe from any thread.
class loaded_library {
 public:
  explicit loaded_library(const char* file_name) : handle_(::dlopen(file_name, RTLD_NOW | RTLD_LOCAL)) {}

  [[nodiscard]] bool is_there() const noexcept { return handle_ != nullptr; }
  /// A function of it. Precondition: it is there. One that it lacks ends the process: the library is older than the headers
  /// that we were built with.
  template <class Function>
  [[nodiscard]] Function* find(const char* name) const {
    void* const found = handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
    if (found == nullptr) std::abort();
    return reinterpret_cast<Function*>(found);
  }

 private:
  void* handle_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
