// A cluster of three whose members are killed under load: nothing that was acknowledged is lost, and nothing is said to have been
// written, or not to, that was not so.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/etcd_documents_fixture.hpp"
#include "support/exploring.hpp"

namespace agentslock::testing {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// What writers were told of the entries that they wanted to write.
struct told {
  std::mutex mutex;
  std::set<std::string> written;
  std::set<std::string> not_written;
  std::set<std::string> uncertain;
  std::string wrong;

  std::size_t acknowledged() {
    const std::scoped_lock lock(mutex);
    return written.size();
  }
};

/// Activates one adapter after another, each of a name of its own, until it is told to end.
void write_on(int writer, const etcd_access& access, told& all, const std::atomic<bool>& is_over) {
  store_options how;
  how.lock.wait = 20s;
  const lockfile_store store(etcd_documents(access).document("load"), how);
  for (int number = 0; !is_over; ++number) {
    const std::string name = "a" + std::to_string(writer) + "-" + std::to_string(number);
    const auto done = store.update(
        [&](lockfile& file) -> result<> { return file.activate(name, "sha256:1", "sha256:2", timestamp()); });
    const std::scoped_lock lock(all.mutex);
    if (done) {
      all.written.insert(name);
    } else if (done.error().code() == errc::outcome_uncertain) {
      all.uncertain.insert(name);
    } else if (done.error().code() == errc::store_unreachable || done.error().code() == errc::conflict ||
               done.error().code() == errc::lock_timeout) {
      all.not_written.insert(name);
    } else {
      all.wrong = done.error().message();
    }
  }
}

/// Waits until so many more are acknowledged. Whether they came in time.
bool wait_for_more(told& all, std::size_t more) {
  const auto wanted = all.acknowledged() + more;
  const auto deadline = clock::now() + 120s;
  while (all.acknowledged() < wanted) {
    if (clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

void expect_what_was_told(const etcd_documents& documents, const told& all) {
  const auto loaded = lockfile_store(documents.document("load")).load();
  ASSERT_TRUE(loaded) << loaded.error().message();
  std::set<std::string> there;
  for (const auto& one : loaded->file().adapters())
    there.insert(std::string(one.first));
  for (const std::string& name : all.written)
    EXPECT_TRUE(there.contains(name)) << name << " was acknowledged, and is not there";
  for (const std::string& name : all.not_written)
    EXPECT_FALSE(there.contains(name)) << name << " was said not to be written, and is there";
  for (const std::string& name : there)
    EXPECT_TRUE(all.written.contains(name) || all.uncertain.contains(name)) << name;
  EXPECT_EQ(all.wrong, "");
}

TEST(EtcdCluster, GoesOnWhileMembersAreKilledUnderLoad) {
  etcd_cluster cluster({3, false, false, {}});
  const etcd_documents documents(cluster.access());
  const int rounds = how_far() == exploring::large ? 30 : 1;
  const std::size_t between = how_far() == exploring::large ? 100 : 20;
  told all;
  std::atomic<bool> is_over{false};
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([&, writer] { write_on(writer, cluster.access(), all, is_over); });
  bool goes_on = wait_for_more(all, between);
  for (int round = 0; round < rounds && goes_on; ++round) {
    // One that follows, and the one that leads.
    for (const bool leads : {false, true}) {
      const std::size_t leader = cluster.leader();
      const std::size_t killed = leads ? leader : (leader + 1) % 3;
      cluster.kill(killed);
      goes_on = goes_on && wait_for_more(all, between);
      cluster.start(killed);
      cluster.wait_until_ready();
    }
  }
  is_over = true;
  for (std::thread& one : writers)
    one.join();
  EXPECT_TRUE(goes_on);
  expect_what_was_told(documents, all);
  std::printf("[ MEASURED ] %zu acknowledged, %zu uncertain, %zu said not to be written; %d members killed\n",
              all.written.size(), all.uncertain.size(), all.not_written.size(), rounds * 2);
}

TEST(EtcdCluster, WithoutMostOfItsMembersSaysSoInTimeAndNothingIsAcknowledged) {
  etcd_cluster cluster({3, false, false, {}});
  etcd_access access = cluster.access();
  access.limits.answer = 1500ms;
  etcd_documents_options options;
  options.wait = 500ms;
  const etcd_documents documents(access, options);
  ASSERT_TRUE(documents.put("a", "old"));
  const auto store = documents.document("a");
  const auto now = store->read();
  ASSERT_TRUE(now) << now.error().message();
  cluster.kill(0);
  cluster.kill(2);

  const auto begin = clock::now();
  // The member that is left has the document, and could say so: what it has may be stale.
  for (const error& why :
       {store->read().error(), store->is_current(*now->revision).error(), documents.list("a").error()})
    EXPECT_EQ(why.code(), errc::store_unreachable) << why.message();
  const std::string_view pieces[] = {"new"};
  const auto done = store->store_if(*now->revision, pieces);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain) << done.error().message();
  // Many times what is allowed: a machine may be busy.
  EXPECT_LT(clock::now() - begin, 60s);

  cluster.start(0);
  cluster.start(2);
  cluster.wait_until_ready();
  const std::string after = bytes_in(documents, "a");
  EXPECT_TRUE(after == "old" || after == "new") << after;
  const auto next = documents.put("a", "next");
  EXPECT_TRUE(next) << next.error().message();
}

TEST(EtcdCluster, AMemberThatIsSilentIsPassedOver) {
  etcd_cluster cluster({3, false, false, {}});
  etcd_access access = cluster.access();
  access.limits.answer = 6s;
  const etcd_documents documents(access);
  ASSERT_TRUE(documents.put("a", "old"));
  cluster.stop(0);
  EXPECT_EQ(bytes_in(documents, "a"), "old");
  const auto done = documents.put("a", "new");
  EXPECT_TRUE(done) << done.error().message();
  cluster.go_on(0);
  EXPECT_EQ(bytes_in(documents, "a"), "new");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
