// Writes whose connection is cut off: what they say of themselves is what happened.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "store/cut_off_writes.hpp"
#include "support/postgres_documents_fixture.hpp"
#include "support/postgres_relay.hpp"

namespace agentslock::testing {
namespace {

/// The documents of the test program's server, with a relay before it.
struct cut_off_postgres {
  cut_off_postgres() {
    EXPECT_TRUE(direct.init());
    options.limits.statement = std::chrono::milliseconds(500);
    options.limits.silence = std::chrono::milliseconds(500);
    options.wait = std::chrono::milliseconds(1500);
  }
  [[nodiscard]] postgres_documents ours() const { return postgres_documents(before.connection(), options); }

  static constexpr std::string_view swap_text = "UPDATE agentslock.document";
  static constexpr std::string_view first_text = "INSERT INTO agentslock.document";

  postgres_relay before{shared_postgres_server()};
  const postgres_documents direct{shared_postgres_server().connection()};
  postgres_documents_options options;
};
constexpr std::string_view swap_text = cut_off_postgres::swap_text;
using PostgresCutOffWrite = cut_off_writes<cut_off_postgres>;

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, CutOffWrites, cut_off_postgres);

TEST_F(PostgresCutOffWrite, WhatOthersHaveWrittenOverIsUncertain) {
  server.before.at_the_cut([&] { put("theirs"); });
  cut_off(cut_at::after_commit);
  expect_refused(write(), errc::outcome_uncertain, "theirs");
}

TEST_F(PostgresCutOffWrite, ATableThatCanNotBeAskedAnyMoreIsUncertain) {
  const auto rename = [&](const char* from, const char* to) {
    shared_postgres_server().run(std::string("ALTER TABLE agentslock.") + from + " RENAME TO " + to);
  };
  const auto take_away = [&] { rename("document", "away"); };
  const std::function<void()> at_the_cut[] = {take_away,
                                              [&] { server.before.call_before(swap_text, take_away); }};
  for (const auto& call : at_the_cut) {
    server.before.at_the_cut(call);
    cut_off(cut_at::before_commit);
    const auto done = write();
    rename("away", "document");
    expect_refused(done, errc::outcome_uncertain, "old");
  }
}

TEST_F(PostgresCutOffWrite, ARowThatAnotherSessionHoldsTooLongIsUncertain) {
  server.options.wait = std::chrono::milliseconds(200);
  const std::unique_ptr<PGconn, decltype(&PQfinish)> holder(
      PQconnectdb(shared_postgres_server().connection().c_str()), PQfinish);
  const auto hold = [&] {
    PQclear(PQexec(holder.get(), "BEGIN; UPDATE agentslock.document SET changed_at = changed_at"));
  };
  const std::function<void()> at_the_cut[] = {hold, [&] { server.before.call_before(swap_text, hold); }};
  for (const auto& call : at_the_cut) {
    server.before.at_the_cut(call);
    cut_off(cut_at::before_commit);
    const auto done = write();
    PQclear(PQexec(holder.get(), "ROLLBACK"));
    expect_refused(done, errc::outcome_uncertain, "old");
  }
}

TEST_F(PostgresCutOffWrite, ASilentNetworkIsToldByARead) {
  server.before.silence(cut_at::before_commit, "SELECT revision");
  const auto read = server.ours().document(key)->read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::store_unreachable);
  EXPECT_NE(read.error().message().find("silent for too long"), std::string::npos) << read.error().message();
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
