#include "agentslock/io/reconcile_document.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "agentslock/kernel/reconcile_table.hpp"

namespace agentslock {
namespace {

/// Keeps what the kernel's pass finds beyond the lockfile's life.
class collector final : public reconcile_visitor {
 public:
  explicit collector(reconciled& into) : into_(into) {}
  void changed(const state_change& one) override {
    into_.changes.push_back({owned(one.key), std::string(one.from), one.to, std::string(one.reason)});
  }
  void validation_due(view_key key) override { into_.validation_due.push_back(owned(key)); }
  void gate_shut(view_key key) override { into_.gates_shut.push_back(owned(key)); }
  void every_digest_differs(std::string_view adapter) override {
    into_.every_digest_differs.emplace_back(adapter);
  }

 private:
  reconciled& into_;
};

/// How the store and one reading of the document compare: of each view that the store was asked about what was seen, in order. No digest
/// is kept: as long as the entry is as it was, it is held against the same one.
class presence_facts {
 public:
  presence_facts() = default;
  /// Preconditions: a pass on a lockfile that is equal to this one asked about as many views as `seen` has.
  presence_facts(lockfile as_asked, std::vector<observation> seen)
      : as_asked_(std::move(as_asked)), seen_(std::move(seen)) {
    keys_.reserve(seen_.size());
    for (const auto& [adapter_name, owner] : as_asked_.adapters()) {
      for (const auto& [view_name, entry] : owner.views) {
        if (needs_presence(entry.status.state()) && as_asked_.missed_record(entry) == nullptr)
          keys_.push_back({adapter_name, view_name});
      }
    }
  }

  /// The answer for a view of another reading; nothing when it must be asked for: it was not, or the entry has changed since.
  [[nodiscard]] std::optional<presence> answer(view_key key, const lockfile& now) {
    const auto found = find(key);
    if (found == keys_.end()) return std::nullopt;
    const view& entry = *now.find_view(key);
    if (!(*as_asked_.find_view(key) == entry)) return std::nullopt;
    switch (seen_[static_cast<std::size_t>(found - keys_.begin())]) {
      case observation::consistent:
        return presence{true, entry.view_digest};
      case observation::digest_differs:
        return presence{true, {}};
      case observation::absent:
        break;
    }
    return presence{};
  }

 private:
  /// Whoever asks in order finds each key behind the one before.
  [[nodiscard]] std::vector<view_key>::const_iterator find(view_key key) {
    auto found = keys_.cbegin() + next_;
    if (found == keys_.cend() || *found != key) {
      found = std::ranges::lower_bound(std::as_const(keys_), key);
      if (found == keys_.cend() || *found != key) return keys_.cend();
    }
    next_ = found - keys_.cbegin() + 1;
    return found;
  }

  lockfile as_asked_;
  std::vector<observation> seen_;
  /// In byte order of adapters, then views: the order in which a pass asks.
  std::vector<view_key> keys_;
  std::ptrdiff_t next_ = 0;
};

/// Answers a pass by what is known already, and asks the store for the rest.
class presence_gatherer {
 public:
  presence_gatherer(const lockfile& file, presence_facts& known, presence_source& views)
      : file_(file), known_(known), views_(views) {}

  /// As presence_of_many.
  std::optional<std::vector<presence>> operator()(const presence_questions& asked) {
    std::vector<presence> answers(asked.keys.size());
    std::vector<view_key> unknown;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < asked.keys.size(); ++i) {
      if (const auto old = known_.answer(asked.keys[i], file_)) {
        answers[i] = *old;
        continue;
      }
      unknown.push_back(asked.keys[i]);
      places.push_back(i);
    }
    auto told = find_all(views_, unknown);
    if (!told) {
      failure_ = told.error();
      return std::nullopt;
    }
    told_ = std::move(*told);
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (const stored_view& one = told_[i]) answers[places[i]] = {true, *one};
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
      seen_.push_back(answers[i].present ? compare_digests(asked.recorded[i], answers[i].digest)
                                         : observation::absent);
    }
    return answers;
  }

  /// Why a question had no answer, if one had none.
  [[nodiscard]] const std::optional<error>& failure() const noexcept { return failure_; }
  /// Of each view that was asked about, in order.
  [[nodiscard]] std::vector<observation>& seen() noexcept { return seen_; }

 private:
  const lockfile& file_;
  presence_facts& known_;
  presence_source& views_;
  /// What the answers to the last question borrow from.
  std::vector<stored_view> told_;
  std::vector<observation> seen_;
  std::optional<error> failure_;
};

/// Runs the kernel's pass. Nothing when a question had no answer.
result<std::optional<reconciled>> run(lockfile& file, presence_of_many ask, timestamp now) {
  reconciled found;
  collector keep(found);
  auto pass = file.whole_pass(ask, keep, now);
  if (!pass) {
    if (pass.why().code == refusal_code::presence_unknown) return std::optional<reconciled>();
    return error(pass.why());
  }
  for (const missed_bump& one : pass->missed) {
    found.changes.push_back({{one.adapter, one.view},
                             std::string(spelling(view_status::ready)),
                             view_status::pending_recompat_check,
                             std::string(dependee_schema_changed),
                             reconciled::change_kind::missed_bump,
                             one.dependee});
  }
  if (!pass->missed.empty()) std::ranges::sort(found.changes, {}, &reconciled::change::key);
  found.missing_dependees = std::move(pass->missing);
  found.by_state = pass->counts.by_state;
  found.views = std::accumulate(found.by_state.begin(), found.by_state.end(), std::size_t{0});
  return std::optional(std::move(found));
}

/// Writes what was found by the answers that still hold, into a document that has changed since it was loaded.
/// Nothing when some answer must be asked for again.
result<std::optional<reconciled>> run_on_changed(const lockfile_store& store, presence_facts& facts) {
  std::optional<reconciled> done;
  bool must_ask_again = false;
  const auto written = store.update([&](lockfile& file) -> result<> {
    const auto ask = [&](const presence_questions& asked) -> std::optional<std::vector<presence>> {
      std::vector<presence> answers;
      answers.reserve(asked.keys.size());
      for (const view_key key : asked.keys) {
        const auto one = facts.answer(key, file);
        if (!one) return std::nullopt;
        answers.push_back(*one);
      }
      return answers;
    };
    auto found = run(file, ask, store.now());
    if (!found) return found.error();
    must_ask_again = !found->has_value();
    if (must_ask_again) return error(errc::conflict, "views changed while the store was asked");
    done = std::move(*found);
    return {};
  });
  if (must_ask_again) return std::optional<reconciled>();
  if (!written) return written.error();
  return done;
}

}  // namespace

result<reconciled> reconcile_document(const lockfile_store& store, presence_source& views,
                                      reconcile_mode mode) {
  constexpr int rounds_max = 3;
  presence_facts facts;
  for (int round = 0; round < rounds_max; ++round) {
    auto loaded = store.load();
    if (!loaded) return loaded.error();
    const text_buffer as_asked = loaded->text();
    presence_gatherer gather(loaded->file(), facts, views);
    auto found = run(loaded->file(), gather, store.now());
    if (gather.failure()) return *gather.failure();
    if (!found) return found.error();
    (*found)->existed = loaded->existed();
    if (mode == reconcile_mode::check) (*found)->as_read = as_asked;
    if (mode == reconcile_mode::check || (*found)->changes.empty()) return std::move(**found);

    const auto saved = store.save(*loaded);
    if (saved) {
      (*found)->written = true;
      return std::move(**found);
    }
    if (saved.error().code() != errc::conflict) return saved.error();
    auto then = lock_document::parse(as_asked, store.path(), version_rule::any);
    if (!then) return then.error();
    facts = presence_facts(std::move(then->adapters), std::move(gather.seen()));
    auto done = run_on_changed(store, facts);
    if (!done) return done.error();
    if (*done) {
      (*done)->existed = true;
      (*done)->written = !(*done)->changes.empty();
      return std::move(**done);
    }
  }
  return error(errc::conflict,
               "the views in " + store.path() +
                   " keep being changed by other programs while the store is asked; try again");
}

result<reconciled> check_without_store(const lockfile_store& store) {
  auto loaded = store.load();
  if (!loaded) return loaded.error();
  const auto as_recorded = [](const presence_questions& asked) {
    std::vector<presence> answers;
    answers.reserve(asked.keys.size());
    for (const std::string_view digest : asked.recorded)
      answers.push_back({true, digest});
    return std::optional(std::move(answers));
  };
  auto found = run(loaded->file(), as_recorded, store.now());
  if (!found) return found.error();
  (*found)->existed = loaded->existed();
  (*found)->as_read = loaded->text();
  return std::move(**found);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
