#include <fmt/format.h>

#include "commands.hpp"
#include "lifecycle_report.hpp"
#include "pass_report.hpp"
#include "store_choice.hpp"
#include "terminal.hpp"

namespace agentslock::cli {

outcome_report run_recover(const common_options& common, const program_options& programs) {
  auto views = open_store(common);
  if (!views) return report_error(views.error());
  const auto validator = validator_of(common, programs);
  if (!validator) return report_error(validator.error());
  const auto builder = builder_of(common, programs);
  if (!builder) return report_error(builder.error());
  const lockfile_store store = document_of(common);
  if (const auto known = check_named(store, {}); !known) return report_error(known.error());
  work_options how;
  how.jobs = programs.jobs;
  const auto done = recover_document(store, **views, **validator, **builder, how);
  if (!done) return report_error(done.error());
  const auto end = state_at_end(store, what_is_in_use(common, programs), view_key{});
  if (!end) return report_error(end.error());

  json_report json;
  json.text("document", store.path());
  json.boolean("written", done->pass.written || done->verdicts.written || done->builds.written);
  add_findings(json, done->pass);
  add_judged(json, done->verdicts);
  add_built(json, done->builds);
  add_counts(json, end->views);
  const bool coloured = wants_colour(stdout);
  const exit_code worked = first_of(code_for(done->verdicts), code_for(done->builds));
  return {
      first_of(worked, code_for(*end)),
      fmt::format("{}: {} changed by the pass, {} judged, {} built\n", printable(store.path()),
                  done->pass.changes.size(), done->verdicts.views.size(), done->builds.count(built::ready)) +
          in_words(done->verdicts, coloured) + in_words(done->builds, coloured) + in_words(*end, coloured),
      std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
