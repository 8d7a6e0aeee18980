#include "agentslock/io/etcd_documents.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/etcd_documents_fixture.hpp"

namespace agentslock::testing {
namespace {

using pieces = std::vector<std::string_view>;

class etcd_documents_test : public ::testing::Test {
 protected:
  const etcd_cluster& cluster = shared_etcd_cluster();
  const etcd_documents documents{cluster.access()};
};
using EtcdDocuments = etcd_documents_test;

TEST_F(EtcdDocuments, WhatEtcdctlPutsAndRemovesIsSeenAndNotWrittenOver) {
  (void)cluster.ask("/v3/kv/put", put_request("plain/a", "theirs"));
  const auto store = documents.document("plain/a");
  const auto first = store->read();
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(first->text.view(), "theirs");
  ASSERT_TRUE(store->store_if(*first->revision, pieces{"ours"}));
  // And what is put here is what etcdctl gets, with nothing around it.
  const std::string got = cluster.ask("/v3/kv/range", R"({"key": ")" + to_base64("plain/a") + R"("})");
  EXPECT_NE(got.find(to_base64("ours")), std::string::npos) << got;
  const auto second = store->read();
  (void)cluster.ask("/v3/kv/put", put_request("plain/a", "ours"));
  EXPECT_FALSE(*store->is_current(*second->revision));
  EXPECT_EQ(store->store_if(*second->revision, pieces{"lost"}).error().code(), errc::conflict);
  const auto third = store->read();
  (void)cluster.ask("/v3/kv/deleterange", R"({"key": ")" + to_base64("plain/a") + R"("})");
  EXPECT_FALSE(*store->is_current(*third->revision));
  EXPECT_EQ(store->store_if(*third->revision, pieces{"lost"}).error().code(), errc::conflict);
  EXPECT_EQ(bytes_in(documents, "plain/a"), "(none)");
}

TEST_F(EtcdDocuments, ARevisionIsNeverUsedTwice) {
  ASSERT_TRUE(documents.put("again/a", "one"));
  const auto store = documents.document("again/a");
  const auto first = store->read();
  EXPECT_TRUE(*documents.remove("again/a"));
  EXPECT_FALSE(*documents.remove("again/a"));
  EXPECT_TRUE(documents.list("again/")->empty());
  const auto removed = store->read();
  EXPECT_FALSE(removed->exists);
  ASSERT_TRUE(documents.put("again/a", "one"));
  for (const auto* old : {&first, &removed}) {
    EXPECT_FALSE(*store->is_current(*(*old)->revision));
    EXPECT_EQ(store->store_if(*(*old)->revision, pieces{"two"}).error().code(), errc::conflict);
  }
  // A cluster that is restored from an older copy counts again from there: the token tells the revisions apart.
  const auto lost = store->read();
  (void)cluster.ask("/v3/kv/put", put_request(std::string_view("again/a\0", 8), std::string(32, '0')));
  EXPECT_FALSE(*store->is_current(*lost->revision));
  EXPECT_EQ(store->store_if(*lost->revision, pieces{"two"}).error().code(), errc::conflict);
  EXPECT_EQ(bytes_in(documents, "again/a"), "one");
}

TEST_F(EtcdDocuments, AreListedByTheBeginningOfTheirKeys) {
  for (const char* key : {"list/b/2", "list/b/10", "list/B", "list/b%", "list/b", "list/\xC3\xA4"})
    ASSERT_TRUE(documents.put(key, "xxx"));
  ASSERT_TRUE(documents.put("list/b", "again"));
  ASSERT_TRUE(*documents.remove("list/B"));
  const auto keys = [&](std::string_view prefix) {
    std::vector<std::string> all;
    const auto listed = documents.list(prefix);
    EXPECT_TRUE(listed) << listed.error().message();
    if (listed) {
      for (const auto& one : *listed) {
        EXPECT_EQ(one.version, one.key == "list/b" ? 2 : 1);
        EXPECT_GT(one.revision, 1);
        all.push_back(one.key);
      }
    }
    return all;
  };
  using names = std::vector<std::string>;
  EXPECT_EQ(keys("list/"), (names{"list/b", "list/b%", "list/b/10", "list/b/2", "list/\xC3\xA4"}));
  EXPECT_EQ(keys("list/b/"), (names{"list/b/10", "list/b/2"}));
  EXPECT_EQ(keys("list/\xC3\xA4"), (names{"list/\xC3\xA4"}));
  EXPECT_TRUE(keys("list/no such").empty());
  EXPECT_EQ(documents.list("list/\xFF").error().code(), errc::invalid_argument);
}

TEST_F(EtcdDocuments, AListIsAskedForInPagesAndIsOfOneMoment) {
  // As many puts as a transaction takes, at once.
  constexpr int puts_at_once = 100;
  constexpr int keys = 2300;
  for (int first = 0; first < keys; first += puts_at_once) {
    std::string puts;
    for (int number = first; number < first + puts_at_once; ++number) {
      const std::string key = "pages/" + std::to_string(100'000 + number);
      puts += (puts.empty() ? "" : ",") + (R"({"request_put": )" + put_request(key, "x") + "}");
    }
    (void)cluster.ask("/v3/kv/txn", R"({"success": [)" + puts + "]}");
  }
  const auto all = documents.list("pages/");
  ASSERT_TRUE(all) << all.error().message();
  ASSERT_EQ(all->size(), std::size_t{keys});
  for (int number = 0; number < keys; ++number)
    EXPECT_EQ((*all)[static_cast<std::size_t>(number)].key, "pages/" + std::to_string(100'000 + number));
  EXPECT_GT(documents.list()->size(), all->size());
}

TEST_F(EtcdDocuments, AKeyIsAnyTextAndNothingElse) {
  const std::string longest(etcd_key_size_bytes_max, 'k');
  for (const std::string& key :
       {std::string("it's \"quoted\" \\"), std::string(" "), std::string("\xC3\xA4/\n"), longest}) {
    ASSERT_TRUE(documents.put(key, key)) << key;
    EXPECT_EQ(bytes_in(documents, key), key);
    EXPECT_EQ(documents.document(key)->name(), "etcd:" + key);
  }
  EXPECT_EQ(documents.put("", "x").error().code(), errc::invalid_argument);
  EXPECT_EQ(documents.put(std::string_view("a\0b", 3), "x").error().code(), errc::invalid_argument);
  EXPECT_EQ(documents.put("\xFF", "x").error().code(), errc::invalid_argument);
  EXPECT_EQ(documents.put(longest + "k", "x").error().code(), errc::name_too_long);
  EXPECT_EQ(documents.document("")->read().error().code(), errc::invalid_argument);
  const auto known = documents.document(longest)->read();
  ASSERT_TRUE(known);
  EXPECT_EQ(documents.document("")->is_current(*known->revision).error().code(), errc::invalid_argument);
  EXPECT_EQ(documents.document("")->store_if(*known->revision, pieces{"x"}).error().code(),
            errc::invalid_argument);
  const lockfile_store store(documents.document("\xFF"));
  EXPECT_EQ(store.update([](lockfile&) -> result<> { return {}; }).error().code(), errc::invalid_argument);
}

TEST_F(EtcdDocuments, WhatIsTooLargeIsToldWithItsSize) {
  const etcd_cluster usual;
  const etcd_documents there(usual.access());
  ASSERT_TRUE(there.put("a", "old"));
  // The largest that is taken, and the first that is not.
  EXPECT_TRUE(there.put("b", std::string(etcd_request_size_bytes_usual - 1000, 'x')));
  struct {
    std::size_t size;
    std::size_t limit;
  } const cases[] = {{etcd_request_size_bytes_usual, etcd_request_size_bytes_usual},
                     {3'000'000, etcd_request_size_bytes_usual},
                     {etcd_document_size_bytes_max + 1, etcd_document_size_bytes_max}};
  for (const auto& one : cases) {
    const auto done = there.put("a", std::string(one.size, 'x'));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::too_large) << done.error().message();
    EXPECT_TRUE(says(done.error(), std::to_string(one.size)) && says(done.error(), std::to_string(one.limit)))
        << done.error().message();
    EXPECT_EQ(bytes_in(there, "a"), "old");
  }
  const auto store = there.document("a");
  const std::string half(etcd_document_size_bytes_max / 2 + 1, 'x');
  EXPECT_EQ(store->store_if(*store->read()->revision, pieces{half, half}).error().code(), errc::too_large);
  // What we take is refused by the cluster, by its own limit.
  const std::string exactly_half(etcd_document_size_bytes_max / 2, 'x');
  const auto largest = store->store_if(*store->read()->revision, pieces{exactly_half, exactly_half});
  ASSERT_FALSE(largest);
  EXPECT_TRUE(says(largest.error(), std::to_string(etcd_request_size_bytes_usual)))
      << largest.error().message();
}

TEST_F(EtcdDocuments, ARemovalThatIsTooLargeARequestIsTold) {
  // It names the key four times.
  const etcd_cluster small({1, false, false, {"--max-request-bytes=3000"}});
  const etcd_documents there(small.access());
  const std::string longest(etcd_key_size_bytes_max, 'k');
  (void)small.ask("/v3/kv/put", put_request(longest, "x"));
  const auto done = there.remove(longest);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::too_large) << done.error().message();
  EXPECT_TRUE(says(done.error(), "larger than the cluster takes")) << done.error().message();
  EXPECT_EQ(bytes_in(there, longest), "x");
}

TEST_F(EtcdDocuments, ADatabaseThatHasReachedItsQuotaSaysSo) {
  const etcd_cluster small({1, false, false, {"--quota-backend-bytes=1000000"}});
  const etcd_documents there(small.access());
  const std::string some(200'000, 'x');
  result<> done;
  int written = 0;
  for (; written < 50 && (done = there.put("a" + std::to_string(written), some)); ++written) {
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::no_space) << done.error().message();
  EXPECT_EQ(bytes_in(there, "a" + std::to_string(written)), "(none)");
  EXPECT_TRUE(bytes_in(there, "a0") == some);
  const auto removed = there.remove("a0");
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code(), errc::no_space) << removed.error().message();
  EXPECT_TRUE(bytes_in(there, "a0") == some);
}

TEST_F(EtcdDocuments, AMemberThatWasKilledAndIsBackIsAskedAgain) {
  etcd_cluster one;
  const etcd_documents there(one.access());
  ASSERT_TRUE(there.put("a", "one"));
  const auto now = there.document("a")->read();
  one.kill(0);
  EXPECT_EQ(there.document("a")->read().error().code(), errc::store_unreachable);
  // Nobody was there to take it: it is known not to be written.
  const auto not_sent = there.document("a")->store_if(*now->revision, pieces{"lost"});
  ASSERT_FALSE(not_sent);
  EXPECT_EQ(not_sent.error().code(), errc::store_unreachable) << not_sent.error().message();
  one.start(0);
  one.wait_until_ready();
  EXPECT_TRUE(*there.document("a")->is_current(*now->revision));
  const auto done = there.document("a")->store_if(*now->revision, pieces{"two"});
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(bytes_in(there, "a"), "two");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
