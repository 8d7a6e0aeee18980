/// What a view waits for before it may be queried, step by step, down to the views that are in the way of others.
///
/// It looks at the document alone: whether a store still holds a ready view is for a pass to find out.
///
///     const waiting waits(file);
///     for (const wait_step& step : waits.of({"comp", "summary"})) report(step.what, step.adapter);
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What a view may wait for.
enum class wait_for : std::uint8_t {
  /// A pass, which gives the view a status that says how it stands.
  reconciliation,
  /// A validator's verdict about the view's program.
  verdict,
  /// A changed program, that passes validation.
  changed_program,
  /// The cutover of an adapter that the view was validated against already; other views block it.
  cutover,
  /// A rebuild.
  rebuild,
  /// To be registered.
  registration,
};

/// One thing that must happen.
struct wait_step {
  wait_for what;
  /// For a verdict, the adapter whose schema it is about, empty when the document does not say; for a cutover, the adapter
  /// that it gives another schema.
  std::string_view adapter;

  friend bool operator==(const wait_step&, const wait_step&) = default;
};

/// How a record of an adapter stands to what is active now.
enum class record_state : std::uint8_t {
  /// The schema that was recorded is active; or none is, and none was recorded.
  current,
  /// Another one is.
  another_is_active,
  /// No digest is recorded.
  without_digest,
  /// The lockfile has no entry for the adapter.
  not_active,
};

/// Answers for all views of one lockfile, which it borrows and which must not change meanwhile.
/// Safe from several threads at once.
class waiting {
 public:
  /// Linear in the views.
  explicit waiting(const lockfile& file AGENTSLOCK_LIFETIMEBOUND);

  /// The steps in the order in which they come; empty when the view may be queried as far as the document tells.
  /// A ready view that recorded another schema than is active has missed a bump, and is none of those.
  /// The names in the steps are the lockfile's.
  /// Linear in the view's dependencies, with the logarithm of all.
  [[nodiscard]] std::vector<wait_step> of(view_key key) const;

  /// Whether a validator should judge the view now: it is pending-recompat-check, or awaits its rebuild and records of an
  /// active dependee another schema or none, and no cutover is in its way.
  [[nodiscard]] bool is_validation_due(view_key key) const;
  /// Whether a rebuild of the view would be taken now.
  [[nodiscard]] bool is_rebuildable(view_key key) const;

  /// The views in dsl-update-required that depend on the adapter, in order, as lockfile::activation_blockers names them.
  /// Logarithmic, no allocation.
  [[nodiscard]] std::span<const view_key> blockers_of(std::string_view adapter) const noexcept
      AGENTSLOCK_LIFETIMEBOUND;

  /// How one record stands. Logarithmic, no allocation.
  [[nodiscard]] record_state record_of(const dependency& item) const noexcept;

 private:
  void add_verdicts(std::vector<wait_step>& steps, const view& entry) const;

  const lockfile& file_;
  std::map<std::string_view, std::vector<view_key>> blockers_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
