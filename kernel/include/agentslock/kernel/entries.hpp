/// The values that the `adapters` section is made of: dependency, view, adapter.
///
/// They are plain and read-only for callers: a lockfile (lockfile.hpp) owns them, hands them out as const, and
/// is the only one that changes them. All texts are borrowed from it and live as long as it does.
#pragma once

#include <compare>
#include <map>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/audit_log.hpp"
#include "agentslock/kernel/lifetime.hpp"
#include "agentslock/kernel/view_status.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Which view: the adapter that keeps it, and its name there. Names may hold any character, also `/`.
struct view_key {
  std::string_view adapter;
  std::string_view view;

  friend auto operator<=>(const view_key&, const view_key&) = default;
};

/// A view_key that owns its names, in what outlives the lockfile.
struct owned_key {
  std::string adapter;
  std::string view;

  owned_key(std::string_view of_adapter, std::string_view of_view) : adapter(of_adapter), view(of_view) {}
  owned_key(view_key key) : adapter(key.adapter), view(key.view) {}
  operator view_key() const noexcept AGENTSLOCK_LIFETIMEBOUND { return {adapter, view}; }
  friend auto operator<=>(const owned_key&, const owned_key&) = default;
  friend bool operator==(const owned_key&, const owned_key&) = default;
  friend bool operator==(const owned_key& a, view_key b) noexcept { return view_key(a) == b; }
};

/// A key for people: "adapter/view". Not injective, so never a key.
[[nodiscard]] std::string to_string(view_key key);

/// What a view recorded about an adapter that it reads from, when it was last validated and rebuilt.
struct dependency {
  std::string_view adapter;
  std::string_view schema_digest;
  std::string_view version;

  friend bool operator==(const dependency&, const dependency&) = default;
};

/// A materialized view's entry.
struct view {
  recorded_status status;
  /// Digest of the tables' schema when the view became ready; may be empty in a document.
  std::string_view view_digest;
  /// In the order recorded; one adapter may stand there more than once.
  std::pmr::vector<dependency> depends_on;
  std::string_view last_rebuilt_at;
  std::string_view last_validation_at;
  audit_log state_history;
  /// Whether an operation made or changed this entry since a codec restored it. No part of the value.
  bool touched = false;

  explicit view(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : depends_on(memory), state_history(memory) {}

  /// Whether some dependency names this adapter. Linear in the number of dependencies.
  [[nodiscard]] bool reads_from(std::string_view adapter) const noexcept;
  /// Whether it reads from the adapter and every record of it has this schema digest.
  [[nodiscard]] bool recorded_schema(std::string_view adapter, std::string_view schema_digest) const noexcept;

  /// Compares what the entries say.
  friend bool operator==(const view& a, const view& b) {
    return a.status == b.status && a.view_digest == b.view_digest && a.depends_on == b.depends_on &&
           a.last_rebuilt_at == b.last_rebuilt_at && a.last_validation_at == b.last_validation_at &&
           a.state_history == b.state_history;
  }
};

/// Views by name, in byte order.
using view_map = std::pmr::map<std::string_view, view>;

/// An activated adapter's entry.
struct adapter {
  std::string_view source_digest;
  std::string_view schema_digest;
  std::string_view activated_at;
  view_map views;
  /// Whether an operation made this entry, or changed its three texts, since a codec restored it. No part of the
  /// value.
  bool touched = false;

  explicit adapter(std::pmr::memory_resource* memory = std::pmr::get_default_resource()) : views(memory) {}

  friend bool operator==(const adapter& a, const adapter& b) {
    return a.source_digest == b.source_digest && a.schema_digest == b.schema_digest &&
           a.activated_at == b.activated_at && a.views == b.views;
  }
};

/// Adapters by name, in byte order.
using adapter_map = std::pmr::map<std::string_view, adapter>;

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
