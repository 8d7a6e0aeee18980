// A document and its views in one database, at one moment, whatever dies in between.
#include "agentslock/io/postgres_moment.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agentslock/io/postgres_presence.hpp"
#include "support/adapters_world.hpp"
#include "support/child_process.hpp"
#include "support/postgres_documents_fixture.hpp"
#include "support/postgres_relay.hpp"
#include "support/strange_postgres.hpp"

namespace agentslock::testing {
namespace {

constexpr view_key the_view{"comp", "v"};
constexpr std::string_view key = "moment";

using caller_connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

caller_connection connect(const std::string& to) {
  return {PQconnectdb(to.c_str()), PQfinish};
}

bool run(const caller_connection& connection, const char* sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> done(PQexec(connection.get(), sql), PQclear);
  const ExecStatusType status = PQresultStatus(done.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/// Builds the view anew and records it, in one transaction. What is wrong, or nothing.
std::string build_and_record(const std::string& to) {
  const caller_connection connection = connect(to);
  for (const char* sql : {"BEGIN", "DROP TABLE comp.v", "CREATE TABLE comp.v (a int, b text)",
                          "INSERT INTO comp.v SELECT n, 'built' FROM generate_series(1, 100) n"}) {
    if (!run(connection, sql)) return sql;
  }
  const auto documents = postgres_documents::within(connection.get());
  if (!documents) return documents.error().message();
  postgres_views_within views(connection.get());
  const auto digest = views.find(the_view);
  if (!digest) return digest.error().message();
  const auto recorded = lockfile_store(documents->document(key)).update([&](lockfile& file) -> result<> {
    return file.mark_view_rebuilt(the_view, **digest, schemas_not_known, at(1));
  });
  if (!recorded) return recorded.error().message();
  return run(connection, "COMMIT") ? "" : "COMMIT";
}

class one_moment : public ::testing::Test {
 protected:
  one_moment() {
    EXPECT_TRUE(documents.init());
    server.run("CREATE SCHEMA IF NOT EXISTS comp");
    make_old();
  }
  ~one_moment() override { server.run("DROP SCHEMA comp CASCADE"); }

  /// An old table, and a document that says that it must be rebuilt.
  void make_old() const {
    server.run("DROP TABLE IF EXISTS comp.v; CREATE TABLE comp.v (a int)");
    const auto old = postgres_presence(server.connection()).find(the_view);
    ASSERT_TRUE(documents.put(key, "{}"));
    const auto made = lockfile_store(documents.document(key)).update([&](lockfile& file) -> result<> {
      if (auto done = file.register_view(the_view, **old, {}, at(0)); !done) return error(done.why());
      // As a pass does that finds the view absent.
      struct nothing_to_say final : reconcile_visitor {
      } quiet;
      const auto done = file.reconcile([](view_key) { return std::optional(presence{}); }, quiet, at(0));
      return done ? result<>() : error(done.why());
    });
    ASSERT_TRUE(made) << made.error().message();
  }

  struct found {
    view_state state;
    bool is_as_recorded;
    std::string rows;
  };
  [[nodiscard]] found look() const {
    const auto loaded = lockfile_store(documents.document(key)).load();
    EXPECT_TRUE(loaded) << loaded.error().message();
    const view& entry = *loaded->file().find_view(the_view);
    const auto stored = postgres_presence(server.connection()).find(the_view);
    EXPECT_TRUE(stored) << stored.error().message();
    return {entry.status.state(), *stored && **stored == std::string_view(entry.view_digest),
            server.ask("SELECT count(*) FROM comp.v")};
  }

  postgres_server& server = shared_postgres_server();
  const postgres_documents documents{server.connection()};
};
using OneMoment = one_moment;

TEST_F(OneMoment, WhatIsBuiltIsRecordedWithIt) {
  EXPECT_EQ(look().state, view_state::pending_rebuild);
  EXPECT_EQ(build_and_record(server.connection()), "");
  const found now = look();
  EXPECT_EQ(now.state, view_state::ready);
  EXPECT_TRUE(now.is_as_recorded);
  EXPECT_EQ(now.rows, "100");
}

TEST_F(OneMoment, ViewsWithinATransactionAreItsOwn) {
  const caller_connection connection = connect(server.connection());
  postgres_views_within views(connection.get());
  EXPECT_EQ(views.find(the_view).error().code(), errc::invalid_argument);
  ASSERT_TRUE(run(connection, "BEGIN; SET LOCAL search_path = comp, public; ALTER TABLE comp.v ADD c text"));
  const auto inside = views.find(the_view);
  ASSERT_TRUE(inside) << inside.error().message();
  const auto outside_before = PQtransactionStatus(connection.get());
  EXPECT_EQ(outside_before, PQTRANS_INTRANS);
  EXPECT_TRUE(run(connection, "SELECT c FROM v"));  // the search path is as it was
  ASSERT_TRUE(run(connection, "COMMIT"));
  EXPECT_EQ(*inside, *postgres_presence(server.connection()).find(the_view));
}

TEST_F(OneMoment, TheSearchPathIsAsBeforeAfterAnErrorToo) {
  const caller_connection connection = connect(server.connection());
  postgres_views_within views(connection.get());
  const auto search_path = [&] {
    const std::unique_ptr<PGresult, decltype(&PQclear)> path(PQexec(connection.get(), "SHOW search_path"),
                                                             PQclear);
    return PQntuples(path.get()) == 1 ? std::string(PQgetvalue(path.get(), 0, 0)) : "(failed)";
  };
  ASSERT_TRUE(
      run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL search_path = comp; SELECT 1"));
  EXPECT_EQ(views.find({"comp", std::string(64, 'x')}).error().code(), errc::name_too_long);
  EXPECT_EQ(search_path(), "comp");
  // The snapshot has the table, and the catalog's functions know it no more.
  server.run("DROP TABLE comp.v");
  const auto gone = views.find(the_view);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code(), errc::store_busy) << gone.error().message();
  EXPECT_NE(gone.error().message().find("goes on being changed"), std::string::npos);
  EXPECT_EQ(search_path(), "comp");
}

TEST_F(OneMoment, ASchemaThatIsDroppedAfterTheSnapshotIsNotAbsent) {
  server.run("CREATE SCHEMA other");
  const caller_connection connection = connect(server.connection());
  postgres_views_within views(connection.get());
  ASSERT_TRUE(run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1"));
  server.run("DROP SCHEMA other");
  EXPECT_EQ(views.find({"other", "v"}).error().code(), errc::store_busy);
  ASSERT_TRUE(run(connection, "ROLLBACK; BEGIN"));
  const auto answer = views.find({"other", "v"});
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_FALSE(answer->has_value());
}

TEST_F(OneMoment, InAnotherEncodingTheServerIsNotAskedForNames) {
  const caller_connection connection = connect(server.connection());
  ASSERT_TRUE(run(connection, "BEGIN"));
  postgres_views_within views(connection.get());
  for (const char* encoding : {"LATIN1", "SQL_ASCII", "UTF8"}) {
    ASSERT_EQ(PQsetClientEncoding(connection.get(), encoding), 0);
    const auto answer = views.find(the_view);
    EXPECT_EQ(answer.has_value(), std::string_view(encoding) != "LATIN1");
    if (answer) continue;
    EXPECT_EQ(answer.error().code(), errc::invalid_argument);
    EXPECT_NE(answer.error().message().find("LATIN1"), std::string::npos) << answer.error().message();
  }
}

TEST_F(OneMoment, ANameThatIsNotUtf8IsAnError) {
  const postgres_database raw("SQL_ASCII");
  raw.run(
      "CREATE SCHEMA comp; CREATE TYPE comp.\"\xE4\" AS ENUM (); CREATE TABLE comp.named (\"\xE4\" int); "
      "CREATE TABLE comp.typed (a comp.\"\xE4\"); CREATE TABLE comp.v (a int)");
  const caller_connection connection = connect(raw.connection());
  ASSERT_TRUE(run(connection, "BEGIN"));
  postgres_views_within views(connection.get());
  for (const char* view : {"named", "typed"}) {
    const auto answer = views.find({"comp", view});
    ASSERT_FALSE(answer) << view;
    EXPECT_EQ(answer.error().code(), errc::store_corrupt) << answer.error().message();
    EXPECT_NE(answer.error().message().find("not UTF-8"), std::string::npos) << answer.error().message();
  }
  EXPECT_TRUE(views.find(the_view));
}

TEST_F(OneMoment, TheViewsAloneAreAMomentToo) {
  const postgres_moment moment(server.connection(), key);
  const auto first = moment.views().find(the_view);
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(*first, *postgres_presence(server.connection()).find(the_view));
  EXPECT_EQ(moment.views().find({"comp", std::string(64, 'x')}).error().code(), errc::name_too_long);
  // The document's next read is the next moment.
  server.run("ALTER TABLE comp.v ADD later int");
  EXPECT_EQ(*moment.views().find(the_view), *first);
  ASSERT_TRUE(moment.document()->read());
  const auto later = moment.views().find(the_view);
  EXPECT_NE(*later, *first);
  // A pass ends its moment.
  ASSERT_TRUE(reconcile_at_one_moment(moment, reconcile_mode::check));
  server.run("ALTER TABLE comp.v ADD latest int");
  EXPECT_NE(*moment.views().find(the_view), *later);
}

TEST_F(OneMoment, WhereThereIsNoServerNothingIsSaidOfEither) {
  const postgres_moment moment("host=/nowhere", key);
  const auto read = moment.document()->read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::store_unreachable) << read.error().message();
  EXPECT_EQ(moment.views().find(the_view).error().code(), errc::store_unreachable);
}

TEST_F(OneMoment, AServerThatBeginsNoTransactionIsReadAtNoMoment) {
  constexpr std::string_view begun("BEGIN", 6);
  const strange_postgres each_statement_alone(postgres_message('C', begun));
  const postgres_moment moment(each_statement_alone.connection(), key);
  const auto read = moment.document()->read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), errc::invalid_argument) << read.error().message();
  EXPECT_NE(read.error().message().find("in no transaction"), std::string::npos) << read.error().message();
}

TEST_F(OneMoment, ALimitThatTheServerDoesNotTakeIsToldEachTime) {
  postgres_documents_options options;
  options.limits.statement = std::chrono::hours(24 * 30);  // more milliseconds than it counts
  const postgres_moment moment(server.connection(), key, options);
  for (int time = 1; time <= 2; ++time) {
    const auto read = moment.document()->read();
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), errc::store_unreachable);
    EXPECT_NE(read.error().message().find("SQLSTATE 22023"), std::string::npos) << read.error().message();
  }
}

TEST_F(OneMoment, AConnectionThatWasKeptMayGoAtAnyMessageOfTheNextMoment) {
  postgres_relay relay(server);
  const postgres_moment moment(relay.connection(), key);
  for (const char* text : {"ROLLBACK", "BEGIN TRANSACTION"}) {
    ASSERT_TRUE(moment.document()->read());
    relay.cut_off(cut_at::before_commit, text);
    const auto again = moment.document()->read();
    EXPECT_TRUE(again) << text << ": " << again.error().message();
  }
  EXPECT_EQ(relay.cuts(), 2);
  relay.refuse_afterwards();
  relay.cut_off(cut_at::before_commit, "BEGIN TRANSACTION");
  const auto gone = moment.document()->read();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code(), errc::store_unreachable) << gone.error().message();
}

TEST_F(OneMoment, AViewThatIsMadeAnewAfterTheSnapshotIsLookedAtInTheNextOne) {
  ASSERT_EQ(build_and_record(server.connection()), "");
  postgres_relay relay(server);
  const postgres_moment moment(relay.connection(), key);
  int made = 0;
  int made_max = 1;
  const std::function<void()> make_anew = [&] {
    server.run("DROP TABLE comp.v; CREATE TABLE comp.v (a int, b text)");
    if (++made < made_max) relay.call_before("place AS MATERIALIZED", make_anew);
  };
  relay.call_before("place AS MATERIALIZED", make_anew);
  const auto pass = reconcile_at_one_moment(moment, reconcile_mode::check);
  ASSERT_TRUE(pass) << pass.error().message();
  EXPECT_TRUE(pass->changes.empty());
  EXPECT_EQ(made, 1);
  // Five times, and no more.
  made = 0;
  made_max = 7;
  relay.call_before("place AS MATERIALIZED", make_anew);
  const auto busy = reconcile_at_one_moment(moment, reconcile_mode::check);
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code(), errc::store_busy) << busy.error().message();
  EXPECT_EQ(made, 5);
  // What somebody asked before a pass is none of its business.
  made = made_max = 0;
  relay.call_before("place AS MATERIALIZED", [] {});
  ASSERT_TRUE(moment.document()->read());
  server.run("DROP TABLE comp.v; CREATE TABLE comp.v (a int, b text)");
  EXPECT_EQ(moment.views().find(the_view).error().code(), errc::store_busy);
  const auto after = reconcile_at_one_moment(moment, reconcile_mode::check);
  ASSERT_TRUE(after) << after.error().message();
  EXPECT_TRUE(after->changes.empty());
}

/// A document that is read, and right after it something happens.
class then_happens final : public document_store {
 public:
  then_happens(std::shared_ptr<const document_store> of, std::function<void()> call)
      : of_(std::move(of)), call_(std::move(call)) {}
  const std::string& name() const noexcept override { return of_->name(); }
  bool takes_turns() const noexcept override { return of_->takes_turns(); }
  result<stored_document> read() const override {
    auto done = of_->read();
    call_();
    return done;
  }
  result<bool> is_current(document_revision& as_read) const override { return of_->is_current(as_read); }
  result<std::unique_ptr<document_turn>> take_turn() const override { return of_->take_turn(); }

 private:
  std::shared_ptr<const document_store> of_;
  std::function<void()> call_;
};

TEST_F(OneMoment, APassSeesTheDocumentAndTheViewsOfOneSnapshot) {
  ASSERT_EQ(build_and_record(server.connection()), "");
  int columns = 0;
  const auto change_both = [&] {
    const caller_connection connection = connect(server.connection());
    const std::string add = "BEGIN; ALTER TABLE comp.v ADD c" + std::to_string(++columns) + " int";
    ASSERT_TRUE(run(connection, add.c_str()));
    postgres_views_within views(connection.get());
    const auto digest = views.find(the_view);
    ASSERT_TRUE(digest) << digest.error().message();
    const auto within = postgres_documents::within(connection.get());
    const auto done = lockfile_store(within->document(key)).update([&](lockfile& file) -> result<> {
      struct nothing_to_say final : reconcile_visitor {
      } quiet;
      const auto away = file.reconcile([](view_key) { return std::optional(presence{}); }, quiet, at(2));
      if (!away) return error(away.why());
      return file.mark_view_rebuilt(the_view, **digest, schemas_not_known, at(2));
    });
    ASSERT_TRUE(done) << done.error().message();
    ASSERT_TRUE(run(connection, "COMMIT"));
  };
  // One after the other, a view that was fine at each moment seems to be another than was recorded.
  postgres_presence apart(server.connection());
  const lockfile_store parted(std::make_shared<then_happens>(documents.document(key), change_both));
  EXPECT_EQ(reconcile_document(parted, apart, reconcile_mode::check)->changes.size(), 1U);

  const postgres_moment moment(server.connection(), key);
  const lockfile_store at_once(std::make_shared<then_happens>(moment.document(), change_both));
  const auto pass = reconcile_document(at_once, moment.views(), reconcile_mode::check);
  ASSERT_TRUE(pass) << pass.error().message();
  EXPECT_TRUE(pass->changes.empty());
  // The next one sees what is there by then.
  server.run("ALTER TABLE comp.v ADD unrecorded int");
  const auto next = reconcile_at_one_moment(moment, reconcile_mode::write);
  ASSERT_TRUE(next) << next.error().message();
  EXPECT_EQ(next->changes.size(), 1U);
  EXPECT_TRUE(next->written);
  EXPECT_EQ(look().state, view_state::pending_rebuild);
}

/// Kills the one or the other at each message that goes to the server, and looks at what is there then.
class killed_at_each_message : public one_moment, public ::testing::WithParamInterface<bool> {};
using KilledAtEachMessage = killed_at_each_message;

TEST_P(KilledAtEachMessage, TheRecordAndTheTablesAgree) {
  const bool kills_the_server = GetParam();
  postgres_relay relay(server);
  std::atomic<pid_t> builder{0};
  std::atomic<int> kills{0};
  relay.at_the_cut([&] {
    if (kills_the_server) {
      server.kill();
      ++kills;
      return;
    }
    while (builder == 0)
      ::usleep(1000);
    ::kill(builder, SIGKILL);
    siginfo_t about{};
    (void)::waitid(P_PID, static_cast<id_t>(builder), &about, WEXITED | WNOWAIT);
    ++kills;
  });
  int recorded = 0;
  int undone = 0;
  for (std::size_t message = 0;; ++message) {
    make_old();
    const int cuts = relay.cuts();
    builder = 0;
    relay.cut_off(message % 2 == 0 ? cut_at::before_commit : cut_at::after_commit, "", message / 2);
    child_process child([&](const child_process::parent&) { return build_and_record(relay.connection()); });
    builder = child.process_id();
    const std::string wrong = child.result();
    const bool was_cut = relay.cuts() != cuts;
    while (kills != relay.cuts())
      ::usleep(1000);
    if (was_cut && kills_the_server) server.start();
    const found now = look();
    if (now.state == view_state::ready) {
      EXPECT_TRUE(now.is_as_recorded) << "after message " << message;
      EXPECT_EQ(now.rows, "100");
      ++recorded;
    } else {
      EXPECT_EQ(now.state, view_state::pending_rebuild);
      EXPECT_TRUE(now.is_as_recorded) << "after message " << message;
      EXPECT_EQ(now.rows, "0");
      EXPECT_NE(wrong, "") << "after message " << message;
      ++undone;
    }
    if (!was_cut) {
      EXPECT_EQ(wrong, "");
      break;
    }
  }
  // After the commit: when its answer does not come, and with nothing cut off.
  EXPECT_EQ(recorded, 2);
  EXPECT_GT(undone, 20);
}

INSTANTIATE_TEST_SUITE_P(OneMoment, KilledAtEachMessage, ::testing::Bool(),
                         [](const auto& one) { return one.param ? "TheServer" : "TheClient"; });

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
