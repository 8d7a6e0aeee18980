/// What a validator or a builder of a view is told, and what it answers, as a program: docs/programs.md.
///
///     view_facts facts;
///     facts.adapter = "comp";
///     program_call call{"comp/owners", command, directory, facts_environment(facts), facts_json(facts)};
///     const validator_answer judged = answer_of(run_program(call, limits, output));
///
/// Plain values: nothing here reads a document or asks a store. Safe from any thread; linear.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/io/program.hpp"
#include "agentslock/kernel/operation.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// A schema of an adapter: its digest, and the version that it calls itself.
struct schema_identity {
  std::string digest;
  std::string version;

  friend bool operator==(const schema_identity&, const schema_identity&) = default;
};

/// An adapter that the view reads from.
struct dependee_schemas {
  std::string adapter;
  /// What the view recorded of it.
  schema_identity recorded;
  /// What it is now, or in a cutover is going to be; nothing when that is not known.
  std::optional<schema_identity> now;

  friend bool operator==(const dependee_schemas&, const dependee_schemas&) = default;
};

/// What a program is told about a view. Names, statuses and digests are UTF-8.
struct view_facts {
  std::string adapter;
  std::string view;
  std::string status;
  /// The token of these facts.
  std::string token;
  /// Absolute paths; empty: there is none.
  std::string document;
  std::string store;
  /// In the order in which the view recorded them. One adapter may stand there more than once.
  std::vector<dependee_schemas> dependees;

  friend bool operator==(const view_facts&, const view_facts&) = default;
};

/// The facts as variables: AGENTSLOCK_ADAPTER, _VIEW, _STATUS, _FACTS (the token), _DOCUMENT, _STORE, _DEPENDEES (how many),
/// and for each dependee, counted from 1, AGENTSLOCK_DEPENDEE_1, _1_RECORDED_DIGEST, _1_RECORDED_VERSION, _1_NEW_DIGEST and
/// _1_NEW_VERSION. What is not there has no value, so that the program does not find ours of that name.
[[nodiscard]] std::vector<environment_variable> facts_environment(const view_facts& facts);

/// The facts as one JSON object on one line, with a line feed at its end:
///
///     {"adapter": "comp", "view": "owners", "status": "ready", "facts": TOKEN, "document": PATH, "store": PATH,
///      "dependees": [{"adapter": "crg", "recorded": {"schema_digest": D, "version": V}, "new": {...}}]}
///
/// What is not there is null; so is a path that is not UTF-8, which only the environment can tell.
[[nodiscard]] std::string facts_json(const view_facts& facts);

/// Reads what a validator has printed: `{"depends_on": [{"adapter": A, "schema_digest": D, "version": V}]}`. White space alone,
/// and an object without or with an empty `depends_on`, says nothing new: an empty list. A version may be missing.
/// Errors: as of a document (not_json …), wrong_type for a value of another type, a missing or an empty one, and a member
/// that is not known, repeated_name. The message says what is wrong and where.
[[nodiscard]] result<std::vector<owned_dependency>> parse_new_dependencies(std::string_view printed);

/// What a validator answered.
struct validator_answer {
  program_verdict verdict = program_verdict::could_not_tell;
  /// As program_outcome::why.
  std::string why;
  /// On a pass: what the view is to record from now on; empty: nothing new.
  std::vector<owned_dependency> new_dependencies;

  friend bool operator==(const validator_answer&, const validator_answer&) = default;
};

/// The answer of a validator that has run. One that passed and printed something else than new dependencies could not tell.
[[nodiscard]] validator_answer answer_of(program_outcome outcome);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
