#include <fmt/format.h>

#include "commands.hpp"
#include "lifecycle_report.hpp"
#include "pass_report.hpp"
#include "store_choice.hpp"
#include "terminal.hpp"

namespace agentslock::cli {

outcome_report run_rebuild(const common_options& common, view_key named, const program_options& programs) {
  auto views = open_store(common);
  if (!views) return report_error(views.error());
  const auto builder = builder_of(common, programs);
  if (!builder) return report_error(builder.error());
  const lockfile_store store = document_of(common);
  if (const auto known = check_named(store, named); !known) return report_error(known.error());
  work_options how;
  how.jobs = programs.jobs;
  const auto done = rebuild_document(store, **views, choice_of(named), **builder, how);
  if (!done) return report_error(done.error());
  const auto end = state_at_end(store, what_is_in_use(common, programs), named);
  if (!end) return report_error(end.error());

  json_report json;
  json.text("document", store.path());
  json.boolean("written", done->written);
  add_built(json, *done);
  add_counts(json, end->views);
  const bool coloured = wants_colour(stdout);
  const std::size_t built_now = done->count(built::ready);
  const std::string head =
      done->views.empty() ? "nothing to build"
                          : fmt::format("{} of {} built", built_now, counted(done->views.size(), "view"));
  return {first_of(code_for(*done), code_for(*end)),
          fmt::format("{}: {}\n", printable(store.path()), head) + in_words(*done, coloured) +
              in_words(*end, coloured),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
