// What a merge takes where both sides say something: which log leads, whose digest and records, and what time it ends at.

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "agentslock/kernel/merge.hpp"

namespace agentslock {
namespace {

constexpr std::string_view one = "2026-07-01T12:00:01Z";
constexpr std::string_view two = "2026-07-01T12:00:02Z";

view with_status(std::string_view status) {
  view entry;
  entry.status = recorded_status(status);
  return entry;
}

view with_log(std::initializer_list<audit_entry> items) {
  view entry = with_status("pending-rebuild");
  for (const audit_entry& item : items)
    entry.state_history.append(item);
  return entry;
}

/// The triggers of the joined log, in order. Both orders of the sides must give the same.
std::vector<std::string_view> joined(const view& ours, const view& theirs) {
  const auto triggers = [](const merged_view& merged) {
    EXPECT_EQ(merged.rule, merge_rule::joined);
    std::vector<std::string_view> all;
    for (const audit_entry& item : merged.history.entries())
      all.push_back(item.trigger);
    return all;
  };
  const auto all = triggers(merge_views(nullptr, &ours, &theirs));
  EXPECT_EQ(triggers(merge_views(nullptr, &theirs, &ours)), all);
  return all;
}

using names = std::vector<std::string_view>;

TEST(MergeChoices, ItemsOfOneTimeAreOrderedByTheirBytes) {
  EXPECT_EQ(
      joined(with_log({{one, "a", "pending-rebuild", "x"}}), with_log({{one, "b", "pending-rebuild", "w"}})),
      (names{"x", "w"}));
  EXPECT_EQ(joined(with_log({{one, "a", "c", "x"}}), with_log({{one, "a", "pending-rebuild", "w"}})),
            (names{"x", "w"}));
  EXPECT_EQ(
      joined(with_log({{one, "a", "pending-rebuild", "w"}}), with_log({{one, "a", "pending-rebuild", "x"}})),
      (names{"w", "x"}));
}

TEST(MergeChoices, AnEmptyLogAddsNothing) {
  const view some = with_log({{one, "", "pending-rebuild", "x"}});
  EXPECT_EQ(joined(some, with_log({})), (names{"x"}));
}

TEST(MergeChoices, TheCommonPartStandsOnceWhereverItBegins) {
  const audit_entry first{one, "", "ready", "first"};
  const audit_entry second{two, "ready", "ready", "second"};
  const audit_entry last{two, "ready", "pending-rebuild", "last"};
  // One log has dropped the first item; the other, longer one leads.
  EXPECT_EQ(joined(with_log({first, second, last}), with_log({second, last, last})),
            (names{"first", "second", "last", "last"}));
  // Their logs are of different lengths, either way.
  EXPECT_EQ(joined(with_log({first, second, second, last}), with_log({second, last})),
            (names{"first", "second", "second", "last"}));
}

TEST(MergeChoices, TheCommonPartIsFoundThoughTheItemsBeforeItAreOfItsTime) {
  // By their bytes the second item comes before the first.
  const audit_entry first{one, "ready", "pending-recompat-check", "first"};
  const audit_entry second{one, "pending-recompat-check", "pending-rebuild", "second"};
  const audit_entry last{two, "pending-rebuild", "pending-rebuild", "last"};
  EXPECT_EQ(joined(with_log({first, second}), with_log({second, last})), (names{"first", "second", "last"}));
}

TEST(MergeChoices, WhereBothOrdersWouldDoTheEarlierBeginningLeads) {
  const audit_entry a{one, "", "ready", "a"};
  const audit_entry b{two, "ready", "pending-rebuild", "b"};
  // a b and b a have one item in common, either way.
  EXPECT_EQ(joined(with_log({a, b}), with_log({b, a})), (names{"a", "b", "a", merge_trigger}));
}

TEST(MergeChoices, WhoIsCalledOursDoesNotMatterThoughOneItemStandsInALogTwice) {
  const auto item = [](std::string_view trigger) {
    return audit_entry{one, "pending-rebuild", "pending-rebuild", trigger};
  };
  // x q begins one and ends the other, and so does x p: that both begin with x does not say who leads.
  EXPECT_EQ(joined(with_log({item("x"), item("p"), item("x"), item("q")}),
                   with_log({item("x"), item("q"), item("x"), item("p")})),
            (names{"x", "p", "x", "q", "x", "p"}));
  // After the common part, g h, both come to an n, and what follows there is not in order.
  EXPECT_EQ(joined(with_log({item("g"), item("h"), item("m"), item("n"), item("a")}),
                   with_log({item("g"), item("h"), item("n"), item("z")})),
            (names{"g", "h", "m", "n", "a", "n", "z"}));
}

TEST(MergeChoices, WithoutAnyTimeALogEndsWhenTimeBegan) {
  view ours = with_status("pending-rebuild");
  view theirs = with_status("ready");
  for (const auto& merged : {merge_views(nullptr, &ours, &theirs), merge_views(nullptr, &theirs, &ours)}) {
    ASSERT_EQ(merged.history.entries().size(), 1U);
    EXPECT_EQ(merged.history.entries()[0],
              (audit_entry{"1970-01-01T00:00:00Z", "", "pending-rebuild", merge_trigger}));
  }
}

TEST(MergeChoices, OfTwoTextsThatAreNoStatusTheGreaterIsTaken) {
  const view a = with_status("a");
  const view b = with_status("b");
  EXPECT_EQ(merge_views(nullptr, &a, &b).status.text(), "b");
  EXPECT_EQ(merge_views(nullptr, &b, &a).status.text(), "b");
}

/// Whose digest a merge takes, in both orders of the sides.
std::string_view digest_of(const view* base, const view& ours, const view& theirs) {
  const auto taken = merge_views(base, &ours, &theirs).view_digest;
  EXPECT_EQ(merge_views(base, &theirs, &ours).view_digest, taken);
  return taken;
}

TEST(MergeChoices, TheDigestIsThatOfTheSideThatAloneChangedIt) {
  view base = with_status("ready");
  base.view_digest = "v0";
  view ours = base;
  ours.view_digest = "v1";
  view theirs = base;
  theirs.last_validation_at = one;
  EXPECT_EQ(digest_of(&base, ours, theirs), "v1");
}

TEST(MergeChoices, OfTwoNewDigestsThatOfTheLaterRebuildIsTaken) {
  view early = with_status("ready");
  early.view_digest = "z";
  early.last_rebuilt_at = one;
  view late = with_status("ready");
  late.view_digest = "a";
  late.last_rebuilt_at = two;
  EXPECT_EQ(digest_of(nullptr, early, late), "a");
  const view base = with_status("ready");
  EXPECT_EQ(digest_of(&base, early, late), "a");
  // Rebuilt at one time: the greater.
  late.last_rebuilt_at = one;
  EXPECT_EQ(digest_of(nullptr, early, late), "z");
}

/// The version of the first record that a merge takes, in both orders of the sides.
std::string_view record_of(const view* base, const view& ours, const view& theirs) {
  const auto taken = merge_views(base, &ours, &theirs).depends_on;
  EXPECT_TRUE(std::ranges::equal(merge_views(base, &theirs, &ours).depends_on, taken));
  return taken.empty() ? "none" : taken.front().version;
}

view that_reads(dependency record) {
  view entry = with_status("ready");
  entry.depends_on.push_back(record);
  return entry;
}

TEST(MergeChoices, TheRecordsAreThoseOfTheSideThatAloneChangedThem) {
  const view base = that_reads({"a", "d", "0"});
  const view ours = that_reads({"a", "e", "1"});
  view theirs = base;
  theirs.last_validation_at = one;
  EXPECT_EQ(record_of(&base, ours, theirs), "1");
}

TEST(MergeChoices, OfTwoNewRecordsThoseThatWereJudgedLaterAreTaken) {
  view ours = that_reads({"a", "d", "ours"});
  view theirs = that_reads({"a", "e", "theirs"});
  ours.last_validation_at = two;
  theirs.last_validation_at = one;
  EXPECT_EQ(record_of(nullptr, ours, theirs), "ours");
  const view base = that_reads({"a", "c", "base"});
  EXPECT_EQ(record_of(&base, ours, theirs), "ours");
  // Judged at one time: those of the later rebuild.
  theirs.last_validation_at = two;
  theirs.last_rebuilt_at = one;
  ours.last_rebuilt_at = two;
  EXPECT_EQ(record_of(nullptr, ours, theirs), "ours");
  theirs.last_rebuilt_at = "2026-07-01T12:00:03Z";
  EXPECT_EQ(record_of(nullptr, ours, theirs), "theirs");
}

TEST(MergeChoices, OfRecordsOfOneTimeTheGreaterAreTaken) {
  EXPECT_EQ(record_of(nullptr, that_reads({"a", "z", "less"}), that_reads({"b", "d", "more"})), "more");
  EXPECT_EQ(record_of(nullptr, that_reads({"a", "d", "less"}), that_reads({"a", "e", "more"})), "more");
  EXPECT_EQ(record_of(nullptr, that_reads({"a", "d", "1"}), that_reads({"a", "d", "2"})), "2");
}

TEST(MergeChoices, AnEntryThatIsHeldBackKeepsWhatItSays) {
  view entry = that_reads({"a", "d", "1"});
  entry.view_digest = "v";
  entry.last_rebuilt_at = one;
  entry.last_validation_at = two;
  const view base = with_status("pending-rebuild");
  for (const auto& held : {merge_views(&base, &entry, nullptr), merge_views(&base, nullptr, &entry)}) {
    EXPECT_EQ(held.as_it_is, nullptr);
    EXPECT_EQ(held.status.text(), "pending-rebuild");
    EXPECT_EQ(held.view_digest, "v");
    EXPECT_TRUE(std::ranges::equal(held.depends_on, entry.depends_on));
    EXPECT_EQ(held.last_rebuilt_at, one);
    EXPECT_EQ(held.last_validation_at, two);
    ASSERT_EQ(held.history.entries().size(), 1U);
    EXPECT_EQ(held.history.entries()[0], (audit_entry{two, "", "pending-rebuild", merge_trigger}));
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
