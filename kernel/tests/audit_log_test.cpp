#include "agentslock/kernel/audit_log.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace agentslock {
namespace {

std::vector<std::string> numbers(std::size_t count) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i)
    texts.push_back(std::to_string(i));
  return texts;
}

TEST(AuditLog, KeepsTheLastTwentyOldestFirst) {
  const auto names = numbers(45);
  audit_log log;
  for (std::size_t i = 0; i < names.size(); ++i) {
    log.append({"", "", "", names[i]});
    const std::size_t expected = std::min(i + 1, audit_log::entries_max);
    ASSERT_EQ(log.entries().size(), expected);
    for (std::size_t k = 0; k < expected; ++k) {
      ASSERT_EQ(log.entries()[k].trigger, names[i + 1 - expected + k]);
    }
  }
}

TEST(AuditLog, ALongerLogOfADocumentStaysUntilTheNextTransition) {
  const auto names = numbers(46);
  std::vector<audit_entry> recorded;
  for (std::size_t i = 0; i < 45; ++i)
    recorded.push_back({"", "", "", names[i]});
  audit_log log;
  log.restore(recorded);
  EXPECT_EQ(log.entries().size(), 45U);
  log.append({"", "", "", names[45]});
  ASSERT_EQ(log.entries().size(), audit_log::entries_max);
  EXPECT_EQ(log.entries().front().trigger, "26");
  EXPECT_EQ(log.entries().back().trigger, "45");
}

TEST(AuditLog, EqualMeansEntryByEntry) {
  audit_log a;
  audit_log b;
  EXPECT_EQ(a, b);
  a.append({"t", "f", "g", "x"});
  EXPECT_NE(a, b);
  b.append({"t", "f", "g", "x"});
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
