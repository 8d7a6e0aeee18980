#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "agentslock/io/presence.hpp"
#include "without_signals.hpp"

namespace agentslock {
namespace {

/// The views of one adapter that follow one another in what is asked for.
struct question {
  std::string_view adapter;
  std::size_t begin;
  std::size_t end;
};

std::vector<question> questions_in(std::span<const view_key> keys) {
  std::vector<question> all;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (all.empty() || all.back().adapter != keys[i].adapter) all.push_back({keys[i].adapter, i, i});
    all.back().end = i + 1;
  }
  return all;
}

/// What the threads share. Each takes the next adapter. None is taken any more once one has failed: all before that one
/// have been taken, so that the first failure in order comes to be known.
class asking {
 public:
  asking(presence_source& source, std::span<const view_key> keys)
      : source_(source), keys_(keys), questions_(questions_in(keys)), answers_(keys.size()) {}

  [[nodiscard]] std::size_t adapters() const noexcept { return questions_.size(); }

  void work() {
    try {
      for (std::size_t i = next_++; i < questions_.size(); i = next_++) {
        if (auto failed = ask(i)) fail(i, std::move(*failed));
      }
    } catch (...) {
      const std::scoped_lock one_at_a_time(mutex_);
      if (!thrown_) thrown_ = std::current_exception();
      next_ = questions_.size();
    }
  }

  /// Asks once more, in this thread alone, from the adapter on that failed beside others, if that may have been for want of
  /// something. Precondition: no other thread works any more.
  void work_alone_again() {
    if (!failure_ || failure_->code() != errc::store_unreachable) return;
    failure_.reset();
    next_ = failed_;
    work();
  }

  /// Precondition: no thread works any more.
  [[nodiscard]] result<std::vector<stored_view>> finish() {
    if (thrown_) std::rethrow_exception(thrown_);
    if (failure_) return std::move(*failure_);
    return std::move(answers_);
  }

 private:
  [[nodiscard]] std::optional<error> ask(std::size_t number) {
    const question& one = questions_[number];
    std::vector<std::string_view> views;
    views.reserve(one.end - one.begin);
    for (std::size_t i = one.begin; i < one.end; ++i)
      views.push_back(keys_[i].view);
    auto found = source_.find_views(one.adapter, views);
    if (!found) return found.error();
    if (found->size() != views.size()) {
      return error(errc::invalid_argument, "a presence source answered for " + std::to_string(found->size()) +
                                               " of " + std::to_string(views.size()) + " views");
    }
    std::ranges::move(*found, answers_.begin() + static_cast<std::ptrdiff_t>(one.begin));
    return std::nullopt;
  }

  void fail(std::size_t number, error why) {
    const std::scoped_lock one_at_a_time(mutex_);
    next_ = questions_.size();
    if (failure_ && failed_ < number) return;
    failed_ = number;
    failure_ = std::move(why);
  }

  presence_source& source_;
  std::span<const view_key> keys_;
  std::vector<question> questions_;
  /// Each thread writes those of its adapters.
  std::vector<stored_view> answers_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::optional<error> failure_;
  std::size_t failed_ = 0;
  std::exception_ptr thrown_;
};

}  // namespace

result<std::vector<stored_view>> presence_source::find_views(std::string_view adapter,
                                                             std::span<const std::string_view> views) {
  std::vector<stored_view> all;
  all.reserve(views.size());
  for (const std::string_view view : views) {
    auto one = find({adapter, view});
    if (!one) return one.error();
    all.push_back(std::move(*one));
  }
  return all;
}

result<std::vector<stored_view>> find_all(presence_source& source, std::span<const view_key> keys) {
  asking all(source, keys);
  std::vector<std::jthread> others;
  try {
    const without_signals in_the_others;
    for (std::size_t i = 1; i < std::min(source.adapters_at_once(), all.adapters()); ++i)
      others.emplace_back([&all] { all.work(); });
  } catch (const std::system_error&) {
    // No thread is to be had: those that there are do it.
  }
  all.work();
  if (!others.empty()) {
    others.clear();
    all.work_alone_again();
  }
  return all.finish();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
