#include "agentslock/io/reconcile_document.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
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

/// What the store holds for the ready views of one reading of the document.
class presence_facts {
 public:
  /// Asks for every ready view that missed no bump and whose answer is not known, or whose entry has changed since it was asked for.
  result<> gather(const lockfile& now, presence_source& views) {
    std::vector<fact> known;
    for (const auto& [adapter_name, owner] : now.adapters()) {
      for (const auto& [view_name, entry] : owner.views) {
        if (!needs_presence(entry.status.state()) || now.missed_record(entry) != nullptr) continue;
        const view_key key{adapter_name, view_name};
        if (fact* old = find(key); old != nullptr && is_unchanged(key, now)) {
          known.push_back(std::move(*old));
          continue;
        }
        auto answer = views.find(key);
        if (!answer) return answer.error();
        known.push_back({owned(key), std::move(*answer)});
      }
    }
    facts_ = std::move(known);
    next_ = 0;
    return {};
  }

  /// Which reading the answers are for: another one, or the one that they were gathered from.
  void are_for(lockfile as_asked) { as_asked_ = std::move(as_asked); }
  void are_for_what_was_gathered() { as_asked_.reset(); }

  /// The answer for a view; nothing when it must be asked for again.
  [[nodiscard]] std::optional<presence> answer(view_key key, const lockfile& now) {
    const fact* found = find(key);
    if (found == nullptr || !is_unchanged(key, now)) return std::nullopt;
    return found->answer ? presence{true, *found->answer} : presence{};
  }

 private:
  struct fact {
    named_view name;
    stored_view answer;

    [[nodiscard]] view_key key() const noexcept { return {name.adapter, name.view}; }
  };

  /// Whoever asks in order finds each answer behind the one before.
  [[nodiscard]] fact* find(view_key key) {
    auto found = facts_.begin() + static_cast<std::ptrdiff_t>(next_);
    if (found == facts_.end() || found->key() != key) {
      found = std::ranges::lower_bound(facts_, key, {}, &fact::key);
      if (found == facts_.end() || found->key() != key) return nullptr;
    }
    next_ = static_cast<std::size_t>(found - facts_.begin()) + 1;
    return &*found;
  }

  [[nodiscard]] bool is_unchanged(view_key key, const lockfile& now) const {
    if (!as_asked_) return true;
    const view* then = as_asked_->find_view(key);
    return then != nullptr && *then == *now.find_view(key);
  }

  std::optional<lockfile> as_asked_;
  /// In byte order of adapters, then views: the order in which a pass asks.
  std::vector<fact> facts_;
  std::size_t next_ = 0;
};

/// Marks the missed bumps, then runs the kernel's pass. Nothing when some answer must be asked for again.
result<std::optional<reconciled>> run(lockfile& file, presence_query ask, timestamp now) {
  reconciled found;
  const auto missed = file.mark_missed_bumps(now);
  if (!missed) return error(missed.why());
  for (const missed_bump& one : *missed) {
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
  found.missing_dependees = file.missing_dependees();
  if (!missed->empty()) std::ranges::sort(found.changes, {}, &reconciled::change::key);
  for (const auto& [adapter_name, owner] : file.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      ++found.views;
      ++found.by_state[static_cast<std::size_t>(entry.status.state())];
    }
  }
  return std::optional(std::move(found));
}

result<std::optional<reconciled>> run(lockfile& file, presence_facts& facts, timestamp now) {
  return run(
      file, [&](view_key key) { return facts.answer(key, file); }, now);
}

/// Writes what was found by the answers that still hold, into a document that has changed since it was loaded.
/// Nothing when some answer must be asked for again.
result<std::optional<reconciled>> run_on_changed(const lockfile_store& store, presence_facts& facts,
                                                 timestamp now) {
  std::optional<reconciled> done;
  bool must_ask_again = false;
  const auto written = store.update([&](lockfile& file) -> result<> {
    auto found = run(file, facts, now);
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
    if (const auto asked = facts.gather(loaded->file(), views); !asked) return asked.error();
    facts.are_for_what_was_gathered();
    const timestamp now = store.now();
    const text_buffer as_asked = loaded->text();
    auto found = run(loaded->file(), facts, now);
    if (!found) return found.error();
    (*found)->existed = loaded->existed();
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
  auto found = run(file, as_recorded, store.now());
  if (!found) return found.error();
  (*found)->existed = loaded->existed();
  return std::move(**found);
}

}  // namespace agentslock
