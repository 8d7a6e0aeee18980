// A database of a test's own, and what the source says about the views in it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/postgres_presence.hpp"
#include "postgres_database.hpp"

namespace agentslock::testing {

class postgres_views : public ::testing::Test {
 protected:
  [[nodiscard]] result<stored_view> find(std::string_view adapter, std::string_view view,
                                         std::string_view user = postgres_server::owner) const {
    return postgres_presence(database.connection(user)).find({adapter, view});
  }
  void expect_error(const result<stored_view>& answer, errc code, int cause,
                    const std::vector<std::string>& words) const {
    ASSERT_FALSE(answer) << words.front() << ": " << answer->value_or("absent");
    EXPECT_EQ(answer.error().code(), code) << answer.error().message();
    EXPECT_EQ(answer.error().cause().value(), cause) << answer.error().message();
    for (const std::string& word : words)
      EXPECT_NE(answer.error().message().find(word), std::string::npos)
          << word << ": " << answer.error().message();
  }

  postgres_database database;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
