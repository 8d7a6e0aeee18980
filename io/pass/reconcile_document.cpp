#include "agentslock/io/reconcile_document.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

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

/// What the store holds for the ready views of one reading of the document. Names are those of that reading, not copies.
class presence_facts {
 public:
  /// Asks about each of these views whose answer is not known, or whose entry has changed since it was asked for.
  /// Preconditions: the keys are those of `now`, in byte order; it lives until the next call of this or of are_for.
  result<> gather(const lockfile& now, std::vector<view_key> keys, presence_source& views) {
    auto answers = keys_.empty() ? find_all(views, keys) : find_unknown(now, keys, views);
    if (!answers) return answers.error();
    keys_ = std::move(keys);
    answers_ = std::move(*answers);
    as_asked_.reset();
    next_ = 0;
    return {};
  }

  /// The answers are for another reading than the one that is at hand: for this one, whose names are the same.
  void are_for(lockfile as_asked) {
    as_asked_ = std::move(as_asked);
    auto key = keys_.begin();
    for (const auto& [adapter_name, owner] : as_asked_->adapters()) {
      for (const auto& [view_name, entry] : owner.views) {
        const view_key same{adapter_name, view_name};
        if (key != keys_.end() && *key == same) *key++ = same;
      }
    }
  }

  /// The answer for a view; nothing when it must be asked for again.
  [[nodiscard]] std::optional<presence> answer(view_key key, const lockfile& now) {
    const stored_view* found = find(key);
    if (found == nullptr || !is_unchanged(key, now)) return std::nullopt;
    return *found ? presence{true, **found} : presence{};
  }

 private:
  /// The answers that are known, and those of the store for the other views.
  result<std::vector<stored_view>> find_unknown(const lockfile& now, std::span<const view_key> keys,
                                                presence_source& views) {
    std::vector<stored_view> answers(keys.size());
    std::vector<view_key> asked;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (stored_view* old = find(keys[i]); old != nullptr && is_unchanged(keys[i], now)) {
        answers[i] = std::move(*old);
        continue;
      }
      asked.push_back(keys[i]);
      places.push_back(i);
    }
    auto told = find_all(views, asked);
    if (!told) return told.error();
    for (std::size_t i = 0; i < places.size(); ++i)
      answers[places[i]] = std::move((*told)[i]);
    return answers;
  }

  /// Whether two keys are the same texts at the same place: says so without a look at the texts, which may be far apart in a document
  /// of any size.
  static bool is_same(view_key a, view_key b) noexcept {
    return a.view.data() == b.view.data() && a.view.size() == b.view.size() &&
           a.adapter.data() == b.adapter.data() && a.adapter.size() == b.adapter.size();
  }

  /// Whoever asks in order finds each answer behind the one before.
  [[nodiscard]] stored_view* find(view_key key) {
    auto found = keys_.begin() + static_cast<std::ptrdiff_t>(next_);
    if (found == keys_.end() || (!is_same(*found, key) && *found != key)) {
      found = std::ranges::lower_bound(keys_, key);
      if (found == keys_.end() || *found != key) return nullptr;
    }
    next_ = static_cast<std::size_t>(found - keys_.begin()) + 1;
    return &answers_[next_ - 1];
  }

  [[nodiscard]] bool is_unchanged(view_key key, const lockfile& now) const {
    if (!as_asked_) return true;
    const view* then = as_asked_->find_view(key);
    return then != nullptr && *then == *now.find_view(key);
  }

  std::optional<lockfile> as_asked_;
  /// In byte order of adapters, then views: the order in which a pass asks.
  std::vector<view_key> keys_;
  std::vector<stored_view> answers_;
  std::size_t next_ = 0;
};

/// Marks the missed bumps, then runs the kernel's pass. Nothing when some answer must be asked for again.
/// Precondition: the report is of this file.
result<std::optional<reconciled>> run(lockfile& file, dependee_report dependees, presence_query ask,
                                      timestamp now) {
  reconciled found;
  if (!dependees.missed.empty()) {
    if (const auto marked = file.mark_missed_bumps(now); !marked) return error(marked.why());
  }
  for (const missed_bump& one : dependees.missed) {
    found.changes.push_back({{one.adapter, one.view},
                             std::string(spelling(view_status::ready)),
                             view_status::pending_recompat_check,
                             std::string(dependee_schema_changed),
                             reconciled::change_kind::missed_bump,
                             one.dependee});
  }
  collector keep(found);
  const auto pass = file.reconcile(ask, keep, now);
  if (!pass) {
    if (pass.why().code == refusal_code::presence_unknown) return std::optional<reconciled>();
    return error(pass.why());
  }
  found.missing_dependees = std::move(dependees.missing);
  if (!dependees.missed.empty()) std::ranges::sort(found.changes, {}, &reconciled::change::key);
  found.by_state = pass->by_state;
  found.views = std::accumulate(found.by_state.begin(), found.by_state.end(), std::size_t{0});
  return std::optional(std::move(found));
}

result<std::optional<reconciled>> run(lockfile& file, dependee_report dependees, presence_facts& facts,
                                      timestamp now) {
  return run(
      file, std::move(dependees), [&](view_key key) { return facts.answer(key, file); }, now);
}

/// Writes what was found by the answers that still hold, into a document that has changed since it was loaded.
/// Nothing when some answer must be asked for again.
result<std::optional<reconciled>> run_on_changed(const lockfile_store& store, presence_facts& facts,
                                                 timestamp now) {
  std::optional<reconciled> done;
  bool must_ask_again = false;
  const auto written = store.update([&](lockfile& file) -> result<> {
    auto found = run(file, file.dependees(), facts, now);
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
    dependee_report dependees = loaded->file().dependees();
    if (const auto asked = facts.gather(loaded->file(), std::move(dependees.to_ask), views); !asked)
      return asked.error();
    const timestamp now = store.now();
    const text_buffer as_asked = loaded->text();
    auto found = run(loaded->file(), std::move(dependees), facts, now);
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
    facts.are_for(std::move(then->adapters));
    auto done = run_on_changed(store, facts, now);
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
  lockfile& file = loaded->file();
  const auto as_recorded = [&](view_key key) -> std::optional<presence> {
    return presence{true, file.find_view(key)->view_digest};
  };
  auto found = run(file, file.dependees(), as_recorded, store.now());
  if (!found) return found.error();
  (*found)->existed = loaded->existed();
  (*found)->as_read = loaded->text();
  return std::move(**found);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
