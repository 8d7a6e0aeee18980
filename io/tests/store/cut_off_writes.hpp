// What is true of every server's documents when the connection of a write is cut off, or another writer comes between: the
// write says of itself what happened.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/document_store.hpp"
#include "support/bytes_in.hpp"
#include "support/relay.hpp"

namespace agentslock::testing {

/// `Server` is made once for each test:
///
///     relay before;                                  // between our writers and the server
///     documents direct;                              // past the relay
///     documents ours() const;                        // through the relay, patient for a second or two
///     static constexpr std::string_view swap_text;   // what the request of a write holds, and no other
///     static constexpr std::string_view first_text;  // that of the first write of a document
template <class Server>
class cut_off_writes : public ::testing::Test {
 protected:
  cut_off_writes() { put("old"); }

  void put(std::string_view bytes) const {
    const auto done = server.direct.put(key, bytes);
    EXPECT_TRUE(done) << done.error().message();
  }
  /// Writes "new" over what was read just before.
  [[nodiscard]] result<> write(std::string_view to = key) const {
    const auto store = server.ours().document(to);
    const auto now = store->read();
    EXPECT_TRUE(now) << now.error().message();
    if (!now) return now.error();
    const std::string_view pieces[] = {"new"};
    return store->store_if(*now->revision, pieces);
  }
  void expect_bytes(std::string_view bytes) const { EXPECT_EQ(bytes_in(server.direct, key), bytes); }
  /// That a write is refused in this way, and that these bytes stand there.
  void expect_refused(const result<>& done, errc code, std::string_view bytes) const {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), code) << done.error().message();
    expect_bytes(bytes);
  }
  void cut_off(cut_at where) { server.before.cut_off(where, Server::swap_text); }

  static constexpr std::string_view key = "cut/a";
  Server server;
};

template <class Server>
using CutOffWrites = cut_off_writes<Server>;
TYPED_TEST_SUITE_P(CutOffWrites);

TYPED_TEST_P(CutOffWrites, ASilentNetworkIsAskedAboutByAnotherConnection) {
  relay& before = this->server.before;
  for (const cut_at where : {cut_at::before_commit, cut_at::after_commit}) {
    this->put("old");
    const int cuts = before.cuts();
    before.silence(where, TypeParam::swap_text);
    const auto done = this->write();
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(before.cuts(), cuts + 1);
    this->expect_bytes("new");
  }
}

TYPED_TEST_P(CutOffWrites, AnotherWriterThatCameFirstIsAConflict) {
  this->server.before.at_the_cut([&] { this->put("theirs"); });
  this->cut_off(cut_at::before_commit);
  this->expect_refused(this->write(), errc::conflict, "theirs");
}

TYPED_TEST_P(CutOffWrites, AServerThatDoesNotComeBackIsUncertain) {
  for (const cut_at where : {cut_at::before_commit, cut_at::after_commit}) {
    TypeParam fresh;
    this->put("old");
    const auto store = fresh.ours().document(this->key);
    const auto now = store->read();
    ASSERT_TRUE(now) << now.error().message();
    fresh.before.refuse_afterwards();
    fresh.before.cut_off(where, TypeParam::swap_text);
    const std::string_view pieces[] = {"new"};
    this->expect_refused(store->store_if(*now->revision, pieces), errc::outcome_uncertain,
                         where == cut_at::before_commit ? "old" : "new");
  }
}

TYPED_TEST_P(CutOffWrites, TheSameOnceMoreMayBeCutOffToo) {
  relay& before = this->server.before;
  before.at_the_cut([&] {
    if (before.cuts() == 1) this->cut_off(cut_at::before_commit);
  });
  this->cut_off(cut_at::before_commit);
  const auto done = this->write();
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(before.cuts(), 2);
  this->expect_bytes("new");
}

TYPED_TEST_P(CutOffWrites, AnotherWriterBeforeTheSameOnceMoreIsAConflict) {
  relay& before = this->server.before;
  before.at_the_cut([&] { before.call_before(TypeParam::swap_text, [&] { this->put("theirs"); }); });
  this->cut_off(cut_at::before_commit);
  this->expect_refused(this->write(), errc::conflict, "theirs");
}

TYPED_TEST_P(CutOffWrites, AWriteOverWhateverIsThereIsMadeAnewAsOftenAsAnotherIsFirst) {
  relay& before = this->server.before;
  const auto ours = this->server.ours();
  int others = 0;
  int others_max = 1;
  const std::function<void()> be_first = [&] {
    this->put("theirs" + std::to_string(++others));
    if (others < others_max) before.call_before(TypeParam::swap_text, be_first);
  };
  before.call_before(TypeParam::swap_text, be_first);
  const auto done = ours.put(this->key, "ours");
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(others, 1);
  this->expect_bytes("ours");

  others = 0;
  others_max = 20;
  before.call_before(TypeParam::swap_text, be_first);
  this->expect_refused(ours.put(this->key, "ours again"), errc::conflict, "theirs20");
  EXPECT_EQ(others, others_max);
}

TYPED_TEST_P(CutOffWrites, AFirstWriteIsSettledToo) {
  relay& before = this->server.before;
  for (const cut_at where : {cut_at::before_commit, cut_at::in_commit, cut_at::after_commit}) {
    const std::string first = "cut/first" + std::to_string(static_cast<int>(where));
    const auto gone = this->server.direct.remove(first);
    ASSERT_TRUE(gone) << gone.error().message();
    before.cut_off(where, TypeParam::first_text);
    const auto done = this->write(first);
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(bytes_in(this->server.direct, first), "new");
  }
  EXPECT_EQ(before.cuts(), 3);
}

REGISTER_TYPED_TEST_SUITE_P(CutOffWrites, ASilentNetworkIsAskedAboutByAnotherConnection,
                            AnotherWriterThatCameFirstIsAConflict, AServerThatDoesNotComeBackIsUncertain,
                            TheSameOnceMoreMayBeCutOffToo, AnotherWriterBeforeTheSameOnceMoreIsAConflict,
                            AWriteOverWhateverIsThereIsMadeAnewAsOftenAsAnotherIsFirst,
                            AFirstWriteIsSettledToo);

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
