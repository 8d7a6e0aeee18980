// Writes whose connection is cut off: what they say of themselves is what happened.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/postgres_documents_fixture.hpp"
#include "support/postgres_relay.hpp"

namespace agentslock::testing {
namespace {

using pieces = std::vector<std::string_view>;

constexpr std::string_view swap_text = "UPDATE agentslock.document";

class cut_off_write : public ::testing::Test {
 protected:
  cut_off_write() {
    EXPECT_TRUE(direct.init());
    EXPECT_TRUE(direct.put("cut/a", "old"));
    options.limits.statement = std::chrono::milliseconds(500);
    options.limits.silence = std::chrono::milliseconds(500);
    options.wait = std::chrono::milliseconds(1500);
  }
  [[nodiscard]] result<> write(std::string_view key = "cut/a") const {
    const postgres_documents ours(relay.connection(), options);
    const auto store = ours.document(key);
    const auto now = store->read();
    EXPECT_TRUE(now) << now.error().message();
    if (!now) return now.error();
    return store->store_if(*now->revision, pieces{"new"});
  }

  postgres_relay relay{shared_postgres_server()};
  const postgres_documents direct{shared_postgres_server().connection()};
  postgres_documents_options options;
};
using CutOffWrite = cut_off_write;

TEST_F(CutOffWrite, ASilentNetworkIsAskedAboutByAnotherConnection) {
  for (const cut_at where : {cut_at::before_commit, cut_at::after_commit}) {
    ASSERT_TRUE(direct.put("cut/a", "old"));
    const int cuts = relay.cuts();
    relay.silence(where, swap_text);
    const auto done = write();
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(relay.cuts(), cuts + 1);
    EXPECT_EQ(bytes_in(direct, "cut/a"), "new");
  }
}

TEST_F(CutOffWrite, AnotherWriterThatCameFirstIsAConflict) {
  relay.at_the_cut([&] { EXPECT_TRUE(direct.put("cut/a", "theirs")); });
  relay.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST_F(CutOffWrite, WhatOthersHaveWrittenOverIsUncertain) {
  relay.at_the_cut([&] { EXPECT_TRUE(direct.put("cut/a", "theirs")); });
  relay.cut_off(cut_at::after_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST_F(CutOffWrite, AServerThatDoesNotComeBackIsUncertain) {
  for (const cut_at where : {cut_at::before_commit, cut_at::after_commit}) {
    ASSERT_TRUE(direct.put("cut/a", "old"));
    postgres_relay fresh(shared_postgres_server());
    fresh.refuse_afterwards();
    fresh.cut_off(where, swap_text);
    const postgres_documents ours(fresh.connection(), options);
    const auto store = ours.document("cut/a");
    const auto now = store->read();
    const auto done = store->store_if(*now->revision, pieces{"new"});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
    EXPECT_EQ(bytes_in(direct, "cut/a"), where == cut_at::before_commit ? "old" : "new");
  }
}

TEST_F(CutOffWrite, TheSameOnceMoreMayBeCutOffToo) {
  relay.at_the_cut([&] {
    if (relay.cuts() == 1) relay.cut_off(cut_at::before_commit, swap_text);
  });
  relay.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(relay.cuts(), 2);
  EXPECT_EQ(bytes_in(direct, "cut/a"), "new");
}

TEST_F(CutOffWrite, AnotherWriterBeforeTheSameOnceMoreIsAConflict) {
  relay.at_the_cut(
      [&] { relay.call_before(swap_text, [&] { EXPECT_TRUE(direct.put("cut/a", "theirs")); }); });
  relay.cut_off(cut_at::before_commit, swap_text);
  const auto done = write();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict) << done.error().message();
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs");
}

TEST_F(CutOffWrite, ATableThatCanNotBeAskedAnyMoreIsUncertain) {
  const auto& server = shared_postgres_server();
  const auto rename = [&](const char* from, const char* to) {
    server.run(std::string("ALTER TABLE agentslock.") + from + " RENAME TO " + to);
  };
  const auto take_away = [&] { rename("document", "away"); };
  const std::function<void()> at_the_cut[] = {take_away, [&] { relay.call_before(swap_text, take_away); }};
  for (const auto& call : at_the_cut) {
    relay.at_the_cut(call);
    relay.cut_off(cut_at::before_commit, swap_text);
    const auto done = write();
    rename("away", "document");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
    EXPECT_EQ(bytes_in(direct, "cut/a"), "old");
  }
}

TEST_F(CutOffWrite, ARowThatAnotherSessionHoldsTooLongIsUncertain) {
  options.wait = std::chrono::milliseconds(200);
  const std::unique_ptr<PGconn, decltype(&PQfinish)> holder(
      PQconnectdb(shared_postgres_server().connection().c_str()), PQfinish);
  const auto hold = [&] {
    PQclear(PQexec(holder.get(), "BEGIN; UPDATE agentslock.document SET changed_at = changed_at"));
  };
  const std::function<void()> at_the_cut[] = {hold, [&] { relay.call_before(swap_text, hold); }};
  for (const auto& call : at_the_cut) {
    relay.at_the_cut(call);
    relay.cut_off(cut_at::before_commit, swap_text);
    const auto done = write();
    PQclear(PQexec(holder.get(), "ROLLBACK"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
    EXPECT_EQ(bytes_in(direct, "cut/a"), "old");
  }
}

TEST_F(CutOffWrite, ASilentNetworkIsToldByARead) {
  relay.silence(cut_at::before_commit, "SELECT revision");
  const auto read = postgres_documents(relay.connection(), options).document("cut/a")->read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::store_unreachable);
  EXPECT_NE(read.error().message().find("silent for too long"), std::string::npos) << read.error().message();
}

TEST_F(CutOffWrite, AWriteOverWhateverIsThereIsMadeAnewAsOftenAsAnotherIsFirst) {
  const postgres_documents ours(relay.connection(), options);
  int others = 0;
  int others_max = 1;
  const std::function<void()> be_first = [&] {
    EXPECT_TRUE(direct.put("cut/a", "theirs" + std::to_string(++others)));
    if (others < others_max) relay.call_before(swap_text, be_first);
  };
  relay.call_before(swap_text, be_first);
  const auto done = ours.put("cut/a", "ours");
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(others, 1);
  EXPECT_EQ(bytes_in(direct, "cut/a"), "ours");

  others = 0;
  others_max = 20;
  relay.call_before(swap_text, be_first);
  const auto never = ours.put("cut/a", "ours again");
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code(), errc::conflict) << never.error().message();
  EXPECT_EQ(others, others_max);
  EXPECT_EQ(bytes_in(direct, "cut/a"), "theirs20");
}

TEST_F(CutOffWrite, AFirstWriteIsSettledToo) {
  for (const cut_at where : {cut_at::before_commit, cut_at::in_commit, cut_at::after_commit}) {
    const std::string key = "cut/first" + std::to_string(static_cast<int>(where));
    relay.cut_off(where, "INSERT INTO agentslock.document");
    const auto done = write(key);
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(bytes_in(direct, key), "new");
  }
  EXPECT_EQ(relay.cuts(), 3);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
