/// The operations on a lockfile as values: the one vocabulary of scripts, laws and fuzzers.
///
///     const operation todo{operations::remove_view{{"comp", "summary"}}, now};
///     const operation_result done = apply(file, todo);
///     if (done.refused) report(done.refused->message);
///
/// A value owns its texts, so that it outlives what it was made from, and holds every fact that its operation asks for: the
/// time, what the store holds, what a validator found. The same value on the same lockfile has the same result.
/// Nothing is decided here. apply() calls the lockfile's function of the same name, whose page (lockfile.hpp) says what
/// it does and when it is refused.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// A dependency that owns its texts.
struct owned_dependency {
  std::string adapter;
  std::string schema_digest;
  std::string version;

  friend bool operator==(const owned_dependency&, const owned_dependency&) = default;
};

/// An adapter_schema that owns its texts.
struct owned_schema {
  std::string adapter;
  std::string schema_digest;

  friend bool operator==(const owned_schema&, const owned_schema&) = default;
};

/// What a store holds: the digests of the views that it has.
struct store_contents {
  std::map<owned_key, std::string> digests;
  /// The view about which the store can't answer, if there is one.
  std::optional<owned_key> unknown = std::nullopt;

  friend bool operator==(const store_contents&, const store_contents&) = default;
};

/// One struct an operation. Its `name` is that of the lockfile's function, and of the operation in a script.
namespace operations {

struct activate {
  static constexpr std::string_view name = "activate";
  std::string adapter;
  std::string source_digest;
  std::string schema_digest;

  friend bool operator==(const activate&, const activate&) = default;
};

struct register_view {
  static constexpr std::string_view name = "register_view";
  owned_key key;
  std::string view_digest;
  std::vector<owned_dependency> depends_on;

  friend bool operator==(const register_view&, const register_view&) = default;
};

struct mark_dependee_bumped {
  static constexpr std::string_view name = "mark_dependee_bumped";
  std::string dependee;
  std::string schema_digest;
  std::string version;

  friend bool operator==(const mark_dependee_bumped&, const mark_dependee_bumped&) = default;
};

struct resolve_recompat {
  static constexpr std::string_view name = "resolve_recompat";
  owned_key key;
  verdict judged;
  std::vector<owned_dependency> new_dependencies;

  friend bool operator==(const resolve_recompat&, const resolve_recompat&) = default;
};

struct mark_view_rebuilt {
  static constexpr std::string_view name = "mark_view_rebuilt";
  owned_key key;
  std::string view_digest;
  std::optional<std::vector<owned_schema>> schemas_read;

  friend bool operator==(const mark_view_rebuilt&, const mark_view_rebuilt&) = default;
};

struct remove_view {
  static constexpr std::string_view name = "remove_view";
  owned_key key;

  friend bool operator==(const remove_view&, const remove_view&) = default;
};

struct remove_adapter {
  static constexpr std::string_view name = "remove_adapter";
  std::string adapter;

  friend bool operator==(const remove_adapter&, const remove_adapter&) = default;
};

struct reconcile {
  static constexpr std::string_view name = "reconcile";
  store_contents store;

  friend bool operator==(const reconcile&, const reconcile&) = default;
};

/// Its verdicts are on the views as they are in the lockfile that it is applied to.
struct cutover {
  static constexpr std::string_view name = "cutover";
  struct judged_view {
    owned_key key;
    verdict judged;
    std::vector<owned_dependency> new_dependencies;

    friend bool operator==(const judged_view&, const judged_view&) = default;
  };

  std::string dependee;
  std::string source_digest;
  std::string schema_digest;
  std::string version;
  std::vector<judged_view> verdicts;
  /// The schemas that the validator was given, where they were not the active ones: verdicts on views that read from
  /// these adapters are stale.
  std::vector<owned_schema> schemas_given = {};

  friend bool operator==(const cutover&, const cutover&) = default;
};

/// Scripts have no spelling of it: a verdict that a script brings is resolve_recompat's.
struct revalidate {
  static constexpr std::string_view name = "revalidate";
  owned_key key;
  verdict judged;
  std::vector<owned_dependency> new_dependencies;

  friend bool operator==(const revalidate&, const revalidate&) = default;
};

/// Needs nothing but the time: the lockfile says which bumps were missed.
struct mark_missed_bumps {
  static constexpr std::string_view name = "mark_missed_bumps";

  friend bool operator==(const mark_missed_bumps&, const mark_missed_bumps&) = default;
};

}  // namespace operations

/// One operation and its time. A removal writes no time, and ignores it.
///
/// A new operation is a struct above and its name in this list. Then these do not compile until each has a line for it:
/// kernel/src/operation.cpp (doing it), cli/script_operation.cpp (its members in a script, or that it has none there),
/// cli/script_runner.cpp (what a script is told), properties/laws/shown.cpp (its words), properties/reference/plain_machine.cpp (its meaning in plain
/// ifs), and the two places that draw operations, properties/operation_generators.cpp and fuzz/operation_reader.cpp.
struct operation {
  using kind = std::variant<operations::activate, operations::register_view, operations::mark_dependee_bumped,
                            operations::resolve_recompat, operations::mark_view_rebuilt,
                            operations::remove_view, operations::remove_adapter, operations::reconcile,
                            operations::cutover, operations::mark_missed_bumps, operations::revalidate>;
  kind what;
  timestamp now;

  friend bool operator==(const operation&, const operation&) = default;
};

/// What a pass told, and what it asked.
struct reconcile_found : reconcile_report {
  /// The views whose presence was asked for, in order; also those of a pass that was refused.
  std::vector<owned_key> asked;
  reconcile_counts counts;
};

/// What came of an operation. It owns its texts.
struct operation_result {
  std::optional<refusal> refused = std::nullopt;
  /// The views that a bump moved, in order.
  std::vector<owned_key> bumped = {};
  reconcile_found reconciled = {};
  cutover_report cut_over = {};
  /// The missed bumps that were marked, in order.
  std::vector<missed_bump> missed = {};
};

/// Does to the lockfile what the operation says; one that is refused changes nothing.
/// Costs what the lockfile's function costs, and the copies of the texts that are told; a cutover with schemas_given copies
/// the lockfile. Needs exclusive access to it.
operation_result apply(lockfile& file, const operation& todo);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
