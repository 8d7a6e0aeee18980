// Every way of asking a store to read or to write, for what all of them must refuse.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "store_fixture.hpp"

namespace agentslock::testing {

inline constexpr auto activate_new = [](lockfile& file) { return activate(file, "new"); };

/// A way of asking for a write, or of reading.
struct store_attempt {
  const char* name;
  std::function<result<>(const lockfile_store&)> run;
};

[[nodiscard]] inline std::vector<store_attempt> every_attempt() {
  return {
      {"read",
       [](const lockfile_store& store) -> result<> {
         auto document = store.read();
         if (!document) return document.error();
         return {};
       }},
      {"load",
       [](const lockfile_store& store) -> result<> {
         auto loaded = store.load();
         if (!loaded) return loaded.error();
         return {};
       }},
      {"update", [](const lockfile_store& store) { return store.update(activate_new); }},
      {"save_over", [](const lockfile_store& store) { return store.save_over(lockfile()); }},
      {"edit",
       [](const lockfile_store& store) {
         return store.edit([](document_edit& edit) { return activate_new(edit.adapters); });
       }},
      {"flush",
       [](const lockfile_store& store) {
         staged_changes changes;
         EXPECT_TRUE(changes.set_section("s", "1"));
         return store.flush(changes);
       }},
  };
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
