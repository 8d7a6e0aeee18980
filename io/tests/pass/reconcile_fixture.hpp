// A document and a store that agree, for the tests of reconciling.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>

#include "agentslock/io/lockfile_store.hpp"
#include "support/adapters_world.hpp"
#include "support/temporary_directory.hpp"
#include "support/told_store.hpp"

namespace agentslock::testing {

/// A document with the views a, b and c of comp, ready, and a store that holds them.
class reconcile_fixture : public ::testing::Test {
 protected:
  reconcile_fixture() {
    EXPECT_TRUE(store.update([&](lockfile& file) -> result<> {
      for (const char* name : {"a", "b", "c"})
        register_view(file, name, "sha256:" + std::string(name));
      return {};
    }));
    for (const char* name : {"a", "b", "c"})
      views.digests["comp/" + std::string(name)] = "sha256:" + std::string(name);
  }

  static void register_view(lockfile& file, const std::string& name, const std::string& digest) {
    const dependency on_crg[] = {{"crg", "sha256:d0", ""}};
    const auto done = file.register_view({"comp", name}, digest, on_crg, at(0));
    EXPECT_TRUE(done) << (done ? "" : done.why().message);
  }
  /// What another program does to the document.
  void change(const std::function<void(lockfile&)>& by) {
    const auto done = store.update([&](lockfile& file) -> result<> {
      by(file);
      return {};
    });
    EXPECT_TRUE(done) << done.error().message();
  }
  [[nodiscard]] view_state state(std::string_view view) const {
    return store.load()->file().state({"comp", view});
  }

  temporary_directory directory;
  const lockfile_store store{directory / "lock"};
  told_store views;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
