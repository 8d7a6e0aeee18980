// What the reports of validate, rebuild, cutover and the whole way have in common.
#pragma once

#include <string>
#include <vector>

#include "agentslock/io/recover_document.hpp"
#include "agentslock/kernel/function_ref.hpp"
#include "document_choice.hpp"
#include "json_report.hpp"
#include "next_commands.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {

/// How a document's views, or some of them, stand at the end.
struct end_state {
  view_counts views;
  /// What to run for those that are not ready, each command once, for the first 20 such views.
  std::vector<std::string> commands;
  /// How many more are not ready.
  std::size_t more = 0;
};

/// Looks at the views that a condition holds for. Errors: as load_existing.
[[nodiscard]] result<end_state> state_at_end(const lockfile_store& store, const in_use& with,
                                             function_ref<bool(view_key, const view&)> holds);
/// At those that are named: one, an adapter's, or all.
[[nodiscard]] result<end_state> state_at_end(const lockfile_store& store, const in_use& with, view_key named);

[[nodiscard]] exit_code code_for(const end_state& end);
[[nodiscard]] exit_code code_for(const validated& done);
[[nodiscard]] exit_code code_for(const rebuilt& done);

/// How many are in which state, and what to run.
[[nodiscard]] std::string in_words(const end_state& end, bool coloured);
/// What to run alone.
[[nodiscard]] std::string commands_in_words(const end_state& end);
[[nodiscard]] std::string in_words(const validated& done, bool coloured);
[[nodiscard]] std::string in_words(const rebuilt& done, bool coloured);
/// "passed", "failed", "could not tell".
[[nodiscard]] std::string_view in_words(program_verdict verdict) noexcept;
/// "passed", "failed", "could_not_tell".
[[nodiscard]] std::string_view name(program_verdict verdict) noexcept;

/// The members "judged" and "built".
void add_judged(json_report& json, const validated& done);
void add_built(json_report& json, const rebuilt& done);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
