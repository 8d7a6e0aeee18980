// Asking a source for views of many adapters: in which order, in which threads, and what of several failures is told.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <functional>
#include <latch>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/presence.hpp"
#include "support/child_process.hpp"

namespace agentslock {
namespace {

using names = std::vector<std::string>;

/// A source that answers for an adapter's views at once, with "ADAPTER/VIEW" as their digests.
class fake_store final : public presence_source {
 public:
  explicit fake_store(std::size_t at_once) : at_once_(at_once) {}

  result<stored_view> find(view_key) override { throw std::logic_error("it answers for several at once"); }
  result<std::vector<stored_view>> find_views(std::string_view adapter,
                                              std::span<const std::string_view> views) override {
    std::string call(adapter);
    std::vector<stored_view> answers;
    for (const std::string_view view : views) {
      call.append(" ").append(view);
      answers.emplace_back(std::string(adapter) + "/" + std::string(view));
    }
    {
      const std::scoped_lock one_at_a_time(mutex_);
      calls.push_back(call);
    }
    if (when_asked) {
      if (auto failed = when_asked(std::string(adapter))) return *failed;
    }
    if (forgets_one) answers.pop_back();
    return answers;
  }
  std::size_t adapters_at_once() const noexcept override { return at_once_; }

  [[nodiscard]] std::ptrdiff_t asked(const std::string& adapter) const {
    return std::ranges::count_if(calls,
                                 [&](const std::string& call) { return call.starts_with(adapter + " "); });
  }

  std::function<std::optional<error>(const std::string&)> when_asked;
  bool forgets_one = false;
  names calls;

 private:
  std::size_t at_once_;
  std::mutex mutex_;
};

names texts(const std::vector<stored_view>& answers) {
  names all;
  for (const stored_view& one : answers)
    all.push_back(one.value_or("absent"));
  return all;
}

std::vector<view_key> keys_of(std::span<const std::string> adapters) {
  std::vector<view_key> keys;
  for (const std::string& adapter : adapters)
    keys.insert(keys.end(), {{adapter, "v"}, {adapter, "w"}});
  return keys;
}

const names four{"a", "b", "c", "d"};

TEST(FindAll, ASourceThatOnlyFindsIsAskedInOrderInThisThreadUpToTheFirstError) {
  names asked;
  const auto here = std::this_thread::get_id();
  function_presence source([&](view_key key) -> result<stored_view> {
    EXPECT_EQ(std::this_thread::get_id(), here);
    asked.push_back(to_string(key));
    if (asked.back() == "b/w") return error(errc::store_unreachable, "no");
    return key.view == "v" ? stored_view() : stored_view("digest");
  });
  EXPECT_EQ(find_all(source, keys_of(four)).error().message(), "no");
  EXPECT_EQ(asked, (names{"a/v", "a/w", "b/v", "b/w"}));
  asked.clear();
  const auto answers = find_all(source, keys_of(names{"c", "a"}));
  ASSERT_TRUE(answers);
  EXPECT_EQ(texts(*answers), (names{"absent", "digest", "absent", "digest"}));
  EXPECT_EQ(asked, (names{"c/v", "c/w", "a/v", "a/w"}));
  EXPECT_TRUE(find_all(source, {})->empty());
}

TEST(FindAll, EachAdapterIsAskedOnceAndTheAnswersAreInTheOrderOfTheKeys) {
  names many;
  for (int i = 0; i < 200; ++i)
    many.push_back("adapter-" + std::to_string(i));
  for (const std::size_t at_once : {1U, 2U, 3U, 16U}) {
    fake_store source(at_once);
    const auto keys = keys_of(many);
    const auto answers = find_all(source, keys);
    ASSERT_TRUE(answers);
    ASSERT_EQ(answers->size(), keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i)
      EXPECT_EQ((*answers)[i], to_string(keys[i]));
    EXPECT_EQ(source.calls.size(), many.size());
    for (const std::string& adapter : many)
      EXPECT_EQ(source.asked(adapter), 1) << adapter;
  }
}

TEST(FindAll, AdaptersAreAskedSideBySideAndNoMoreThanTheSourceAllows) {
  fake_store source(3);
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  std::latch all_are_in(3);
  source.when_asked = [&](const std::string& adapter) -> std::optional<error> {
    const int now = ++at_once;
    int before = most;
    while (before < now && !most.compare_exchange_weak(before, now)) {
    }
    // Nobody goes on before three are there.
    if (adapter != "d") all_are_in.arrive_and_wait();
    --at_once;
    return {};
  };
  ASSERT_TRUE(find_all(source, keys_of(four)));
  EXPECT_EQ(most, 3);
}

TEST(FindAll, ASignalIsGivenToNoThreadThatWasStartedForAnAdapter) {
  fake_store source(2);
  const auto here = std::this_thread::get_id();
  std::latch both(2);
  source.when_asked = [&](const std::string& adapter) -> std::optional<error> {
    if (adapter <= "b") both.arrive_and_wait();
    sigset_t blocked;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    const bool is_ours = std::this_thread::get_id() == here;
    for (const int signal : {SIGTERM, SIGINT, SIGALRM, SIGUSR1})
      EXPECT_EQ(::sigismember(&blocked, signal), is_ours ? 0 : 1) << signal;
    return {};
  };
  ASSERT_TRUE(find_all(source, keys_of(four)));
}

TEST(FindAll, OfSeveralFailuresTheFirstInOrderIsTold) {
  fake_store source(2);
  std::latch b_has_failed(1);
  source.when_asked = [&](const std::string& adapter) -> std::optional<error> {
    if (adapter == "b") b_has_failed.count_down();
    if (adapter == "a") b_has_failed.wait();
    return error(errc::store_corrupt, adapter);
  };
  const auto answers = find_all(source, keys_of(four));
  ASSERT_FALSE(answers);
  EXPECT_EQ(answers.error().message(), "a");
  EXPECT_EQ(source.asked("a"), 1) << "what is damaged is not asked again";
}

/// Counts down when the thread that has it ends.
struct at_end_of_thread {
  std::latch* ended = nullptr;
  at_end_of_thread() = default;
  at_end_of_thread(const at_end_of_thread&) = delete;
  at_end_of_thread& operator=(const at_end_of_thread&) = delete;
  ~at_end_of_thread() {
    if (ended != nullptr) ended->count_down();
  }
};

TEST(FindAll, AFailureThatIsKnownIsNotReplacedByALaterOneInOrder) {
  // The other thread fails and ends; only then this one fails, at an adapter behind that one. Which of them gets the first
  // adapter is not known before: if it is this one, it goes on with the third.
  fake_store source(2);
  const auto here = std::this_thread::get_id();
  std::latch both(2);
  std::latch this_one_is_behind(1);
  std::latch other_has_ended(1);
  std::string first_to_fail;
  source.when_asked = [&](const std::string& adapter) -> std::optional<error> {
    if (adapter <= "b") both.arrive_and_wait();
    if (std::this_thread::get_id() == here) {
      if (adapter == "a") return {};
      this_one_is_behind.count_down();
      other_has_ended.wait();
    } else {
      static thread_local at_end_of_thread end;
      end.ended = &other_has_ended;
      this_one_is_behind.wait();
      first_to_fail = adapter;
    }
    return error(errc::store_corrupt, adapter);
  };
  const auto answers = find_all(source, keys_of(four));
  ASSERT_FALSE(answers);
  EXPECT_EQ(answers.error().message(), first_to_fail);
  EXPECT_LE(first_to_fail, "b");
}

TEST(FindAll, WhoWasShortOfSomethingBesideOthersIsAskedAgainAlone) {
  for (const bool passes : {true, false}) {
    fake_store source(2);
    std::latch both(2);
    std::atomic<bool> failed_once{false};
    source.when_asked = [&](const std::string& adapter) -> std::optional<error> {
      if (adapter == "a" || (adapter == "b" && !failed_once)) both.arrive_and_wait();
      if (adapter != "b" || (failed_once.exchange(true) && passes)) return {};
      return error(errc::store_unreachable, "too many open files");
    };
    const auto answers = find_all(source, keys_of(four));
    EXPECT_EQ(source.asked("a"), 1);
    EXPECT_EQ(source.asked("b"), 2);
    if (passes) {
      ASSERT_TRUE(answers) << answers.error().message();
      EXPECT_EQ(texts(*answers), (names{"a/v", "a/w", "b/v", "b/w", "c/v", "c/w", "d/v", "d/w"}));
    } else {
      ASSERT_FALSE(answers);
      EXPECT_EQ(answers.error().message(), "too many open files");
    }
  }
}

TEST(FindAll, WhatASourceThrowsIsThrownOnFromEveryThread) {
  for (const std::string throwing : {"a", "b"}) {
    fake_store source(2);
    std::latch both(2);
    source.when_asked = [&](const std::string& adapter) -> std::optional<error> {
      if (adapter <= "b") both.arrive_and_wait();
      if (adapter == throwing) throw std::runtime_error("thrown");
      return {};
    };
    EXPECT_THROW((void)find_all(source, keys_of(four)), std::runtime_error) << throwing;
  }
}

TEST(FindAll, OfWhatTwoThreadsThrowOneIsThrownOn) {
  fake_store source(2);
  std::latch both(2);
  source.when_asked = [&](const std::string& adapter) -> std::optional<error> {
    both.arrive_and_wait();
    throw std::runtime_error(adapter);
  };
  try {
    (void)find_all(source, keys_of(four));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& thrown) {
    const std::string what = thrown.what();
    EXPECT_TRUE(what == "a" || what == "b") << what;
  }
  EXPECT_EQ(source.calls.size(), 2U) << "the others are not asked any more";
}

TEST(FindAll, ASourceThatAnswersForFewerViewsIsAnErrorAndNoneIsAbsent) {
  fake_store source(1);
  source.forgets_one = true;
  const auto answers = find_all(source, keys_of(four));
  ASSERT_FALSE(answers);
  EXPECT_EQ(answers.error().code(), errc::invalid_argument) << answers.error().message();
}

TEST(FindAll, NoSignalIsDeliveredToTheOtherThreads) {
  fake_store source(4);
  const auto here = std::this_thread::get_id();
  std::latch all_are_in(4);
  source.when_asked = [&](const std::string&) -> std::optional<error> {
    all_are_in.arrive_and_wait();
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    EXPECT_EQ(sigismember(&blocked, SIGTERM), std::this_thread::get_id() == here ? 0 : 1);
    return {};
  };
  EXPECT_TRUE(find_all(source, keys_of(four)));
}

TEST(FindAll, WhereNoThreadCanBeHadAllIsAskedInThisOne) {
  EXPECT_EQ(testing::as_nobody([]() -> std::string {
              const rlimit none{0, 0};
              if (::setrlimit(RLIMIT_NPROC, &none) != 0) return "no limit";
              fake_store source(4);
              const auto here = std::this_thread::get_id();
              bool elsewhere = false;
              source.when_asked = [&](const std::string&) -> std::optional<error> {
                elsewhere = elsewhere || std::this_thread::get_id() != here;
                return {};
              };
              const auto answers = find_all(source, keys_of(four));
              if (!answers) return answers.error().message();
              return answers->size() == 8 && !elsewhere ? "" : "there was a thread";
            }),
            "");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
