/// What goes into a reconciliation pass and what comes out of it. The pass is lockfile::reconcile, or with missed bumps
/// lockfile::whole_pass; the table it obeys is reconcile_table.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/entries.hpp"
#include "agentslock/kernel/function_ref.hpp"
#include "agentslock/kernel/missed_bump.hpp"
#include "agentslock/kernel/reconcile_table.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What a store holds for a view.
struct presence {
  bool present = false;
  /// The on-disk schema digest when present; borrowed until the next question.
  std::string_view digest;
};

/// Answers what the store holds for a view. Nothing: it could not be found out; that is never "absent".
using presence_query = function_ref<std::optional<presence>(view_key)>;

/// Some of the views that a pass must ask about, in byte order of adapters, then views. Borrowed for the question.
struct presence_questions {
  std::span<const view_key> keys;
  /// Of each the digest that the lockfile records, in the order of the keys.
  std::span<const std::string_view> recorded;
};

/// Answers what the store holds for views: for each an answer, in the order of the keys, its digest borrowed until the next question.
/// Nothing: for one of them it could not be found out.
using presence_of_many = function_ref<std::optional<std::vector<presence>>(const presence_questions&)>;

/// For a project that has no store: every view is absent.
inline constexpr auto nothing_present = [](view_key) -> std::optional<presence> { return presence{}; };

/// One change that the pass made.
struct state_change {
  view_key key;
  /// The status text before; may be none of the four.
  std::string_view from;
  view_status to;
  std::string_view reason;
};

/// Is told what the pass found, in byte order of adapters, then views, once the pass can no longer fail.
/// The texts live as long as the lockfile.
class reconcile_visitor {
 public:
  virtual ~reconcile_visitor() = default;
  /// A view was moved.
  virtual void changed(const state_change&) {}
  /// A view awaits a recompat check: its validation is to be run.
  virtual void validation_due(view_key) {}
  /// A view is dsl-update-required: its gate stays shut.
  virtual void gate_shut(view_key) {}
  /// Every ready view of the adapter that the store holds has another digest than recorded. Another program
  /// may compute digests by another formula.
  virtual void every_digest_differs(std::string_view /*adapter*/) {}
};

/// How much a pass found.
struct reconcile_counts {
  std::size_t changed = 0;
  std::size_t validation_due = 0;
  std::size_t gates_shut = 0;
  /// How many views are in each state after the pass, by its number.
  std::array<std::size_t, view_state_count> by_state{};
};

/// What lockfile::whole_pass found beyond what it told the visitor.
struct whole_pass_report {
  /// The views that it marked, as lockfile::mark_missed_bumps.
  std::vector<missed_bump> missed;
  /// As lockfile::missing_dependees, before and after.
  std::vector<missing_dependee> missing;
  reconcile_counts counts;
};

/// A visitor that keeps everything, and owns it.
class reconcile_report : public reconcile_visitor {
 public:
  /// A state_change that owns its texts.
  struct change {
    owned_key key;
    std::string from;
    view_status to;
    std::string reason;
  };
  std::vector<change> changes;
  std::vector<owned_key> due;
  std::vector<owned_key> shut;
  std::vector<std::string> adapters_all_different;

  void changed(const state_change& one) override {
    changes.push_back({one.key, std::string(one.from), one.to, std::string(one.reason)});
  }
  void validation_due(view_key key) override { due.emplace_back(key); }
  void gate_shut(view_key key) override { shut.emplace_back(key); }
  void every_digest_differs(std::string_view adapter) override {
    adapters_all_different.emplace_back(adapter);
  }
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
