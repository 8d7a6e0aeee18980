// A document with views of comp that read from crg, and a store of views in memory.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/presence.hpp"
#include "agentslock/io/view_work.hpp"
#include "support/adapters_world.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {

class lifecycle_fixture : public ::testing::Test {
 protected:
  lifecycle_fixture() {
    change([](lockfile& file) {
      EXPECT_TRUE(file.activate("crg", "sha256:s", "sha256:d0", at(0)));
      const dependency on_crg[] = {{"crg", "sha256:d0", "1"}};
      for (const char* name : {"a", "b"})
        EXPECT_TRUE(file.register_view({"comp", name}, "sha256:old", on_crg, at(0)));
    });
    held = {{"comp/a", "sha256:old"}, {"comp/b", "sha256:old"}};
  }

  /// What another program does.
  void change(const std::function<void(lockfile&)>& by) {
    const auto done = store.update([&](lockfile& file) -> result<> {
      by(file);
      return {};
    });
    EXPECT_TRUE(done) << done.error().message();
  }
  /// crg gets another schema without a cutover, and every view that reads from it awaits a verdict.
  void bump(const std::string& digest = "sha256:d1") {
    change([&](lockfile& file) {
      EXPECT_TRUE(file.mark_dependee_bumped("crg", at(1), {digest, "2"}));
      EXPECT_TRUE(file.activate("crg", "sha256:s", digest, at(1)));
    });
  }

  [[nodiscard]] lockfile now() const { return store.load()->file(); }
  [[nodiscard]] std::string status(std::string_view view) const {
    return std::string(now().find_view({"comp", view})->status.text());
  }
  [[nodiscard]] std::string recorded(std::string_view view) const {
    const lockfile file = now();
    const dependency& item = file.find_view({"comp", view})->depends_on.front();
    return std::string(item.schema_digest) + "@" + std::string(item.version);
  }

  static validator_answer passes(const view_facts&, const std::stop_token&) {
    return {program_verdict::passed, {}, {}};
  }
  static validator_answer fails(const view_facts&, const std::stop_token&) {
    return {program_verdict::failed, "owner_id is gone", {}};
  }
  /// A builder that leaves the view in the store.
  [[nodiscard]] function_builder builds(const std::string& digest = "sha256:new") {
    return function_builder([this, digest](const view_facts& of, const std::stop_token&) -> builder_answer {
      built.push_back(of.adapter + "/" + of.view);
      held[built.back()] = digest;
      return {program_verdict::passed, {}};
    });
  }

  temporary_directory directory;
  const lockfile_store store{directory / "lock"};
  std::map<std::string, std::string> held;
  function_presence views{[this](view_key key) -> result<stored_view> {
    const auto found = held.find(to_string(key));
    return found == held.end() ? stored_view() : stored_view(found->second);
  }};
  std::vector<std::string> built;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
