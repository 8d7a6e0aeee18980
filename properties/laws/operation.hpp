/// The operations on a lockfile as values: what laws, generators and twins speak about.
///
///     laws::kernel_step step = laws::take_step(file, {laws::remove_view{"comp", "summary"}, now});
///     if (auto broken = laws::first_broken(laws::step_laws(), step)) report(*broken);
///
/// All texts are owned, so that a value outlives the lockfile that it was taken from.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::laws {

struct owned_key {
  std::string adapter;
  std::string view;

  owned_key(std::string_view of_adapter, std::string_view of_view) : adapter(of_adapter), view(of_view) {}
  owned_key(view_key key) : adapter(key.adapter), view(key.view) {}
  operator view_key() const noexcept { return {adapter, view}; }
  friend auto operator<=>(const owned_key&, const owned_key&) = default;
};

struct owned_dependency {
  std::string adapter;
  std::string schema_digest;
  std::string version;

  friend bool operator==(const owned_dependency&, const owned_dependency&) = default;
};

struct owned_schema {
  std::string adapter;
  std::string schema_digest;
};

/// What a store holds: the digests of the views that it has.
struct store_contents {
  std::map<owned_key, std::string> digests;
  /// The view about which the store can't answer, if there is one.
  std::optional<owned_key> unknown;
};

struct activate {
  std::string adapter;
  std::string source_digest;
  std::string schema_digest;
};

struct register_view {
  owned_key key;
  std::string view_digest;
  std::vector<owned_dependency> depends_on;
};

struct bump {
  std::string dependee;
  std::string schema_digest;
  std::string version;
};

struct resolve {
  owned_key key;
  verdict judged;
  std::vector<owned_dependency> new_dependencies;
};

struct rebuild {
  owned_key key;
  std::string view_digest;
  std::optional<std::vector<owned_schema>> schemas_read;
};

struct remove_view {
  owned_key key;
};

struct remove_adapter {
  std::string adapter;
};

struct reconcile {
  store_contents store;
};

struct cutover {
  std::string dependee;
  std::string source_digest;
  std::string schema_digest;
  std::string version;
  struct judged_view {
    owned_key key;
    verdict judged;
    std::vector<owned_dependency> new_dependencies;
  };
  std::vector<judged_view> verdicts;
  /// The validator was given this schema of an adapter instead of the active one.
  std::optional<owned_schema> given_otherwise = std::nullopt;
};

/// One operation and its time.
struct operation {
  using kind = std::variant<activate, register_view, bump, resolve, rebuild, remove_view, remove_adapter,
                            reconcile, cutover>;
  kind what;
  timestamp now;
};

/// The view that an operation names, if it names one.
[[nodiscard]] const owned_key* named_view_of(const operation& done) noexcept;

/// What a pass told its visitor.
struct reconcile_found {
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
  /// The views whose presence was asked for, in order.
  std::vector<owned_key> asked;
  reconcile_counts counts;
};

struct cutover_found {
  std::vector<owned_key> frozen;
  std::vector<owned_key> passed;
  std::vector<owned_key> failed;
  std::vector<owned_key> blockers;
  bool activated = false;
};

/// What came of an operation.
struct operation_result {
  std::optional<refusal_code> refused;
  std::string message;
  /// The views that a bump moved.
  std::vector<owned_key> bumped;
  reconcile_found reconciled;
  cutover_found cut_over;
};

/// Applies an operation.
operation_result apply(lockfile& file, const operation& todo);

/// One operation on one lockfile: before, what was done, what it said, after.
struct kernel_step {
  lockfile before;
  operation done;
  operation_result result;
  lockfile after;
};

/// Takes a step on a copy. The two lockfiles share nothing.
[[nodiscard]] kernel_step take_step(const lockfile& from, const operation& todo);

/// An operation for people, on one line.
[[nodiscard]] std::string to_string(const operation& todo);
/// A text in quotes, with what can't be seen escaped.
[[nodiscard]] std::string shown(std::string_view text);
[[nodiscard]] std::string shown(view_key key);

}  // namespace agentslock::laws
