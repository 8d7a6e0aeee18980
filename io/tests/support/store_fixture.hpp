// A store on a file in a directory of its own, and the smallest change.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "adapters_world.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "temporary_directory.hpp"

namespace agentslock::testing {

inline const std::string entry_of_a =
    "\"a\": {\n      \"source_digest\": \"s\",\n      \"schema_digest\": \"d\",\n"
    "      \"activated_at\": \"2026-07-01T12:00:00Z\"\n    }";
/// The document that activating `a` makes.
inline const std::string document_with_a =
    "{\n  \"adapters\": {\n    " + entry_of_a + "\n  },\n  \"lock_version\": 1\n}\n";
/// What an activated adapter says, in a document of one tight line.
inline const std::string activated_entry =
    "{\"source_digest\":\"s\",\"schema_digest\":\"d\",\"activated_at\":\"2026-07-01T12:00:00Z\"}";

/// Activates an adapter, always at the same time.
inline result<> activate(lockfile& file, std::string_view name) {
  if (auto done = file.activate(name, "s", "d", at(0)); !done) return error(done.why());
  return {};
}

class store_fixture : public ::testing::Test {
 protected:
  void put(std::string_view text, mode_t mode = 0644) { (void)directory.make_file("lock", text, mode); }
  [[nodiscard]] std::string text() const { return bytes_of(path).value_or("(no file)"); }
  void expect_only_the_document() const {
    EXPECT_EQ(names_in(directory.path()), (std::vector<std::string>{"lock"}));
  }

  temporary_directory directory;
  const std::string path = directory / "lock";
  const lockfile_store store{path};
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
