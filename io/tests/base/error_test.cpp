#include "agentslock/io/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>
#include <utility>

#include "support/printers.hpp"

namespace agentslock {
namespace {

TEST(Errc, EveryCodeHasItsRow) {
  const auto table = errc_table();
  ASSERT_EQ(table.size(), static_cast<std::size_t>(errc::invalid_argument) + 1);
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(table[i].code, static_cast<errc>(i));
    EXPECT_EQ(name(table[i].code), table[i].name);
    EXPECT_FALSE(table[i].name.empty());
    EXPECT_FALSE(table[i].meaning.empty()) << table[i].name;
    EXPECT_FALSE(table[i].on_disk.empty()) << table[i].name;
    names.insert(table[i].name);
  }
  EXPECT_EQ(names.size(), table.size()) << "each has a name of its own";
}

TEST(Errc, TheContractsNamesAreThere) {
  EXPECT_EQ(name(errc::conflict), "conflict");
  EXPECT_EQ(name(errc::lock_timeout), "lock_timeout");
  EXPECT_EQ(name(errc::lock_lost), "lock_lost");
  EXPECT_EQ(name(errc::outcome_uncertain), "outcome_uncertain");
  EXPECT_EQ(name(errc::not_durable), "not_durable");
}

TEST(Errc, OnlyWhereTheContractSaysSoMayTheFileBeAnother) {
  const std::set<errc> may_be_another{errc::conflict, errc::lock_lost, errc::outcome_uncertain,
                                      errc::not_durable};
  for (const errc_row& row : errc_table()) {
    EXPECT_EQ(row.on_disk != "as it was", may_be_another.contains(row.code)) << row.name;
  }
}

TEST(PositionOf, CountsLinesAndCharactersFromOne) {
  struct row {
    std::string_view text;
    std::size_t offset;
    text_position at;
  };
  const row table[] = {
      {"", 0, {1, 1}},
      {"abc", 0, {1, 1}},
      {"abc", 2, {1, 3}},
      {"abc", 3, {1, 4}},
      {"abc", 99, {1, 4}},
      {"a\nb", 1, {1, 2}},
      {"a\nb", 2, {2, 1}},
      {"a\nb\n", 4, {3, 1}},
      {"\n\n\n", 2, {3, 1}},
      {"a\r\nb", 3, {2, 1}},
      {"é€\U0001F600x", 2, {1, 2}},
      {"é€\U0001F600x", 5, {1, 3}},
      {"é€\U0001F600x", 9, {1, 4}},
      {"é\né\nx", 6, {3, 1}},
      {"é\nébc", 6, {2, 3}},
      // What is no UTF-8 has a position all the same.
      {"\xFF\xFEx", 2, {1, 3}},
  };
  for (const row& one : table)
    EXPECT_EQ(position_of(one.text, one.offset), one.at) << one.text << one.offset;
}

TEST(Error, SaysWhatItWasMadeOf) {
  const error plain(errc::conflict, "what, where, what to do");
  EXPECT_EQ(plain.code(), errc::conflict);
  EXPECT_EQ(plain.message(), "what, where, what to do");
  EXPECT_FALSE(plain.cause());
  EXPECT_EQ(plain.refused_as(), std::nullopt);
  EXPECT_EQ(plain.position(), std::nullopt);

  const error caused(errc::no_space, "full", {ENOSPC, boost::system::system_category()});
  EXPECT_EQ(caused.cause().value(), ENOSPC);

  const error refused(refusal{refusal_code::unknown_view, "no such view"});
  EXPECT_EQ(refused.code(), errc::refused);
  EXPECT_EQ(refused.message(), "no such view");
  EXPECT_EQ(refused.refused_as(), refusal_code::unknown_view);

  const error placed = error(errc::not_json, "bad").at({3, 7});
  EXPECT_EQ(placed.position(), (text_position{3, 7}));
  EXPECT_EQ(placed.message(), "bad");
}

TEST(Result, ThrowsOnlyForACallerWhoAsksForTheValue) {
  const result<int> good = 7;
  EXPECT_EQ(good.value(), 7);
  const result<int> bad = error(errc::lock_timeout, "locked");
  EXPECT_FALSE(bad);
  try {
    (void)bad.value();
    FAIL() << "value() of a failure throws";
  } catch (const error_exception& thrown) {
    EXPECT_STREQ(thrown.what(), "locked");
    EXPECT_EQ(thrown.why().code(), errc::lock_timeout);
  }
  const result<> nothing = error(errc::no_space, "full");
  EXPECT_THROW(nothing.value(), error_exception);
}

TEST(Result, IsWhatAnOutcomeOfTheKernelSays) {
  const auto result_of = [](outcome<int> done) -> result<int> { return done; };
  EXPECT_EQ(result_of(7).value(), 7);
  const auto no = result_of(refusal{refusal_code::empty_name, "the name is empty"});
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().refused_as(), refusal_code::empty_name);
  EXPECT_EQ(no.error().message(), "the name is empty");

  const outcome<int> kept = 7;
  const result<> without_value = kept;
  EXPECT_TRUE(without_value);
  static_assert(!std::is_convertible_v<outcome<int>, result<long>>);
  static_assert(!std::is_convertible_v<outcome<int>, error>);
  static_assert(!std::is_convertible_v<outcome<int>, int>);
  static_assert(!std::is_convertible_v<outcome<>, bool>);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
