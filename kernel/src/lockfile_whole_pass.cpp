// The pass of a start: missed bumps and the reconciliation in one walk, which asks about many views at a time.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"
#include "dependee_look.hpp"
#include "lockfile_contents.hpp"
#include "lockfile_editor.hpp"
#include "pass_teller.hpp"

namespace agentslock {
namespace {

/// How many views are asked about at a time, or more, for an adapter is asked about as a whole. Enough for a store of which several
/// adapters may be asked about side by side; few enough that what was looked at is still at hand when the answers come.
constexpr std::size_t views_at_once = 2048;

/// What is to be done about a view. Without an entry: every view of the adapter that the store holds has another digest.
struct finding {
  view_key key;
  view* entry;
  reconcile_action action;
};

/// What a pass has found so far.
struct findings {
  /// In the order in which they are told.
  std::vector<finding> all;
  /// How many views the store holds as they are recorded.
  std::size_t consistent = 0;
};

/// Some adapters that follow one another: which of their views must be asked about, and what is known of the others.
class pass_portion {
 public:
  void ask_about(view_key key, view& entry) {
    keys_.push_back(key);
    recorded_.push_back(entry.view_digest);
    asked_.push_back({&entry, known_.size()});
  }
  void know(view_key key, view& entry, reconcile_action action) { known_.push_back({key, &entry, action}); }
  void end_adapter(std::string_view name) { ends_.push_back({name, asked_.size(), known_.size()}); }

  [[nodiscard]] bool is_large() const noexcept { return asked_.size() >= views_at_once; }

  /// Asks, and begins anew. False when there was no answer.
  [[nodiscard]] bool settle(presence_of_many ask, findings& into) {
    const auto answers = keys_.empty() ? std::optional(std::vector<presence>()) : ask({keys_, recorded_});
    if (!answers || answers->size() != keys_.size()) return false;
    hold_against(*answers, into);
    keys_.clear();
    recorded_.clear();
    asked_.clear();
    known_.clear();
    ends_.clear();
    return true;
  }

 private:
  struct asked_view {
    view* entry;
    /// How many of those that are known stand before it.
    std::size_t known_before;
  };
  /// How many of both stand up to an adapter's end.
  struct adapter_end {
    std::string_view name;
    std::size_t asked;
    std::size_t known;
  };

  void hold_against(const std::vector<presence>& answers, findings& into) const {
    std::size_t i = 0;
    auto known = known_.begin();
    const auto take_known = [&](std::size_t up_to) {
      const auto end = known_.begin() + static_cast<std::ptrdiff_t>(up_to);
      into.all.insert(into.all.end(), known, end);
      known = end;
    };
    for (const adapter_end& adapter : ends_) {
      adapter_tally tally;
      for (; i < adapter.asked; ++i) {
        const auto action = decide(view_state::ready, tally.add(answers[i], recorded_[i]));
        if (action == reconcile_action::no_action) {
          ++into.consistent;
          continue;
        }
        take_known(asked_[i].known_before);
        into.all.push_back({keys_[i], asked_[i].entry, action});
      }
      take_known(adapter.known);
      if (tally.all_different())
        into.all.push_back({{adapter.name, {}}, nullptr, reconcile_action::no_action});
    }
  }

  std::vector<view_key> keys_;
  std::vector<std::string_view> recorded_;
  std::vector<asked_view> asked_;
  std::vector<finding> known_;
  std::vector<adapter_end> ends_;
};

/// Asks the processor for a text that will be looked at, up to the length of a digest; it may lie anywhere in a document of any size.
/// Inline, here and below: GCC takes a function that does nothing else for one that does nothing, and leaves its calls out.
[[gnu::always_inline]] inline void fetch(std::string_view text) noexcept {
  constexpr std::size_t line = 64;
  for (std::size_t at = 0; at < std::min(text.size(), 2 * line); at += line)
    __builtin_prefetch(text.data() + at);
}

/// The same for what is looked at in an adapter's views.
[[gnu::always_inline]] inline void fetch_texts_of(const adapter& owner) noexcept {
  for (const auto& [view_name, entry] : owner.views) {
    fetch(entry.view_digest);
    for (const dependency& record : entry.depends_on) {
      fetch(record.adapter);
      fetch(record.schema_digest);
    }
  }
}

static_assert(needs_presence(view_state::ready) && std::has_single_bit(detail::states_that_ask),
              "whoever is asked about is ready");

}  // namespace

outcome<whole_pass_report> lockfile::whole_pass(presence_of_many ask, reconcile_visitor& visitor,
                                                timestamp now) {
  if (auto no = check_time(now)) return *no;

  // First look, and change nothing: a question that has no answer ends the pass.
  dependee_look dependees(contents_->adapters);
  std::vector<view*> missed;
  pass_portion portion;
  findings found;
  const auto unknown = [] {
    return refusal{refusal_code::presence_unknown, "could not find out what the store holds"};
  };
  auto next = contents_->adapters.cbegin();
  for (auto& [adapter_name, owner] : contents_->adapters) {
    if (++next != contents_->adapters.cend()) fetch_texts_of(next->second);
    for (auto& [view_name, entry] : owner.views) {
      const view_key key{adapter_name, view_name};
      view_state state = entry.status.state();
      if (dependees.at(key, entry)) {
        missed.push_back(&entry);
        state = step(state, view_event::dependee_bumped).to;
      }
      if (needs_presence(state)) {
        portion.ask_about(key, entry);
      } else {
        portion.know(key, entry, decide(state, observation::absent));
      }
    }
    portion.end_adapter(adapter_name);
    if (portion.is_large() && !portion.settle(ask, found)) return unknown();
  }
  if (!portion.settle(ask, found)) return unknown();

  // Then make the changes, and say what was found, in the same order.
  lockfile_editor edit(*this, now);
  auto bump = dependees.missed().begin();
  for (view* entry : missed)
    edit.step(*entry, entry->status.state(), view_event::dependee_bumped, (bump++)->dependee);
  pass_teller teller(edit, visitor);
  for (const finding& one : found.all) {
    if (one.entry == nullptr) {
      visitor.every_digest_differs(one.key.adapter);
    } else {
      teller.tell(one.key, *one.entry, one.action);
    }
  }
  whole_pass_report report{std::move(dependees.missed()), std::move(dependees.missing()), teller.counts()};
  report.counts.by_state[static_cast<std::size_t>(view_state::ready)] += found.consistent;
  return report;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
