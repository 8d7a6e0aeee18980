// The laws of document stores, one table for all of them.
#include "agentslock/io/document_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "store/document_store_kinds.hpp"
#include "support/store_fixture.hpp"

namespace agentslock::testing {
namespace {

using pieces = std::vector<std::string_view>;

/// Reads, and writes over what was read.
result<> put(const document_store& store, std::string_view bytes) {
  const auto now = store.read();
  if (!now) return now.error();
  return store.store_if(*now->revision, pieces{bytes});
}

std::optional<std::string> bytes_in(const document_store& store) {
  const auto now = store.read();
  EXPECT_TRUE(now) << now.error().message();
  if (!now || !now->exists) return std::nullopt;
  return std::string(now->text.view());
}

bool is_overtaken(const result<>& done) {
  return !done && (done.error().code() == errc::conflict || done.error().code() == errc::lock_lost);
}

class document_stores : public ::testing::TestWithParam<document_store_kind> {};
using DocumentStores = document_stores;

TEST_P(DocumentStores, NoDocumentIsARevisionToo) {
  const auto place = GetParam().make();
  const auto store = place->ours();
  const auto none = store->read();
  ASSERT_TRUE(none) << none.error().message();
  EXPECT_FALSE(none->exists);
  EXPECT_EQ(none->text.view(), "");
  ASSERT_NE(none->revision, nullptr);
  EXPECT_TRUE(*store->is_current(*none->revision));
  const auto done = store->store_if(*none->revision, pieces{"first"});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(bytes_in(*store), "first");
  EXPECT_FALSE(*store->is_current(*none->revision));
  EXPECT_TRUE(is_overtaken(store->store_if(*none->revision, pieces{"second"})));
  EXPECT_EQ(bytes_in(*place->theirs()), "first");
}

TEST_P(DocumentStores, BytesComeOutAsTheyWentIn) {
  const auto place = GetParam().make();
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte)
    all_bytes += static_cast<char>(byte);
  const std::string large(3'000'000, 'x');
  for (const std::string& bytes : {all_bytes, std::string(), std::string("\0", 1), std::string("\\x00\r\n"),
                                   std::string("\xEF\xBB\xBF{}"), large}) {
    const auto done = put(*place->ours(), bytes);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_TRUE(bytes_in(*place->theirs()) == bytes) << bytes.size();
  }
}

TEST_P(DocumentStores, PiecesAreOneDocument) {
  const auto place = GetParam().make();
  const auto now = place->ours()->read();
  ASSERT_TRUE(place->ours()->store_if(*now->revision, pieces{"a", "", std::string_view("\0b", 2), "c"}));
  EXPECT_EQ(bytes_in(*place->theirs()), std::string("a\0bc", 4));
}

TEST_P(DocumentStores, NothingIsWrittenOverAnother) {
  const auto place = GetParam().make();
  ASSERT_TRUE(put(*place->ours(), "old"));
  const auto read = place->ours()->read();
  ASSERT_TRUE(*place->ours()->is_current(*read->revision));
  ASSERT_TRUE(put(*place->theirs(), "theirs"));
  EXPECT_FALSE(*place->ours()->is_current(*read->revision));
  EXPECT_TRUE(is_overtaken(place->ours()->store_if(*read->revision, pieces{"ours"})));
  EXPECT_EQ(bytes_in(*place->ours()), "theirs");
}

TEST_P(DocumentStores, TheSameBytesAgainAreAnotherRevision) {
  const auto place = GetParam().make();
  ASSERT_TRUE(put(*place->ours(), "old"));
  const auto read = place->ours()->read();
  ASSERT_TRUE(put(*place->theirs(), "between"));
  ASSERT_TRUE(put(*place->theirs(), "old"));
  EXPECT_FALSE(*place->ours()->is_current(*read->revision));
  EXPECT_TRUE(is_overtaken(place->ours()->store_if(*read->revision, pieces{"ours"})));
  EXPECT_EQ(bytes_in(*place->ours()), "old");
}

TEST_P(DocumentStores, ATurnReadsAndWritesOnce) {
  const auto place = GetParam().make();
  ASSERT_TRUE(put(*place->ours(), "old"));
  const auto store = place->ours();
  {
    const auto turn = store->take_turn();
    ASSERT_TRUE(turn) << turn.error().message();
    const auto read = (*turn)->read();
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text.view(), "old");
    EXPECT_TRUE(*(*turn)->is_current(*read->revision));
    ASSERT_TRUE((*turn)->store_if(*read->revision, pieces{"new"}));
  }
  EXPECT_EQ(bytes_in(*place->theirs()), "new");
  { const auto unused = store->take_turn(); }
  ASSERT_TRUE(put(*place->theirs(), "after a turn that wrote nothing"));
}

TEST_P(DocumentStores, ARevisionOfAnotherKindIsRefused) {
  class foreign final : public document_revision {};
  const auto place = GetParam().make();
  foreign one;
  EXPECT_EQ(place->ours()->is_current(one).error().code(), errc::invalid_argument);
  EXPECT_EQ(place->ours()->store_if(one, pieces{"x"}).error().code(), errc::invalid_argument);
  const auto turn = place->ours();
  EXPECT_EQ((*turn->take_turn())->is_current(one).error().code(), errc::invalid_argument);
  EXPECT_EQ(bytes_in(*place->ours()), std::nullopt);
}

TEST_P(DocumentStores, NoUpdateOfALockfileIsLost) {
  constexpr int writers = 4;
  constexpr int updates = 12;
  const auto place = GetParam().make();
  std::vector<std::thread> threads;
  std::vector<std::string> faults(writers);
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      store_options options;
      options.lock.wait = std::chrono::minutes(2);
      const lockfile_store store(writer % 2 == 0 ? place->ours() : place->theirs(), options);
      for (int number = 0; number < updates; ++number) {
        const auto name = std::to_string(writer) + "-" + std::to_string(number);
        const auto done = store.update([&](lockfile& file) -> result<> { return activate(file, name); });
        if (!done) faults[static_cast<std::size_t>(writer)] = done.error().message();
      }
    });
  }
  for (std::thread& one : threads)
    one.join();
  EXPECT_EQ(faults, std::vector<std::string>(writers));
  const auto loaded = lockfile_store(place->ours()).load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->file().adapters().size(), std::size_t{writers * updates});
}

TEST_P(DocumentStores, ALockfileIsLoadedSavedAndFoundChanged) {
  const auto place = GetParam().make();
  const lockfile_store ours(place->ours());
  const lockfile_store theirs(place->theirs());
  auto loaded = ours.load();
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_FALSE(loaded->existed());
  EXPECT_TRUE(*ours.is_current(*loaded));
  ASSERT_TRUE(activate(loaded->file(), "a"));
  ASSERT_TRUE(ours.save(*loaded));
  auto again = ours.load();
  EXPECT_EQ(again->text().view(), document_with_a);
  EXPECT_TRUE(*ours.is_current(*again));
  ASSERT_TRUE(theirs.update([](lockfile& file) -> result<> { return activate(file, "b"); }));
  EXPECT_FALSE(*ours.is_current(*again));
  ASSERT_TRUE(activate(again->file(), "c"));
  EXPECT_EQ(ours.save(*again).error().code(), errc::conflict);
  staged_changes sections;
  ASSERT_TRUE(sections.set_section("units", "[1]"));
  ASSERT_TRUE(theirs.flush(sections));
  EXPECT_EQ(ours.load()->file().adapters().size(), 2U);
}

TEST_P(DocumentStores, AWriteThatIsCutOffIsToldAsItIs) {
  const auto& answers = GetParam().answers;
  for (const cut_at where : {cut_at::before_commit, cut_at::in_commit, cut_at::after_commit}) {
    for (int round = 0; round < 2; ++round) {
      const auto place = GetParam().make_cut_off(where, "old");
      const auto store = place->ours();
      const auto read = store->read();
      ASSERT_TRUE(read) << read.error().message();
      const auto done = store->store_if(*read->revision, pieces{"new"});
      const std::optional<errc> code = done ? std::nullopt : std::optional(done.error().code());
      EXPECT_EQ(code, answers[static_cast<std::size_t>(where)])
          << static_cast<int>(where) << ": " << (done ? "" : done.error().message());
      const auto now = bytes_in(*place->theirs());
      if (!code || code == errc::not_durable) {
        EXPECT_EQ(now, "new");
      } else if (code == errc::outcome_uncertain) {
        EXPECT_TRUE(now == "old" || now == "new") << *now;
      } else {
        EXPECT_EQ(now, "old");
      }
      // What came after is as before.
      const auto next = put(*store, "next");
      EXPECT_TRUE(next) << next.error().message();
      EXPECT_EQ(bytes_in(*place->theirs()), "next");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, DocumentStores, ::testing::ValuesIn(document_store_kinds()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
