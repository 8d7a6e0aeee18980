#include <fmt/format.h>

#include "commands.hpp"
#include "lifecycle_report.hpp"
#include "pass_report.hpp"
#include "suggestion.hpp"
#include "terminal.hpp"

namespace agentslock::cli {

view_choice choice_of(view_key named) {
  view_choice chosen;
  if (!named.adapter.empty()) chosen.adapter = named.adapter;
  if (!named.view.empty()) chosen.view = named.view;
  return chosen;
}

result<> check_named(const lockfile_store& store, view_key named) {
  const auto loaded = load_existing(store);
  if (!loaded) return loaded.error();
  return named.adapter.empty() ? result<>() : check_known(loaded->file(), named, store.path());
}

outcome_report run_validate(const common_options& common, view_key named, const program_options& programs,
                            bool retry) {
  const auto validator = validator_of(common, programs);
  if (!validator) return report_error(validator.error());
  const lockfile_store store = document_of(common);
  if (const auto known = check_named(store, named); !known) return report_error(known.error());
  view_choice chosen = choice_of(named);
  chosen.retry = retry;
  work_options how;
  how.jobs = programs.jobs;
  const auto done = validate_document(store, chosen, **validator, how);
  if (!done) return report_error(done.error());
  const auto end = state_at_end(store, what_is_in_use(common, programs), named);
  if (!end) return report_error(end.error());

  json_report json;
  json.text("document", store.path());
  json.boolean("written", done->written);
  add_judged(json, *done);
  add_counts(json, end->views);
  const bool coloured = wants_colour(stdout);
  const std::string head =
      done->views.empty() ? "nothing to judge" : counted(done->views.size(), "view") + " judged";
  return {first_of(code_for(*done), code_for(*end)),
          fmt::format("{}: {}\n", printable(store.path()), head) + in_words(*done, coloured) +
              in_words(*end, coloured),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
