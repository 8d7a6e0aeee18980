#include "commands.hpp"
#include "explanation.hpp"
#include "suggestion.hpp"
#include "terminal.hpp"

namespace agentslock::cli {

outcome_report run_explain(const common_options& common, view_key named) {
  const lockfile_store store = document_of(common);
  const auto loaded = load_existing(store);
  if (!loaded) return report_error(loaded.error());
  const lockfile& file = loaded->file();
  if (const auto known = check_known(file, named, store.path()); !known) return report_error(known.error());
  const waiting waits(file);
  const auto owner = file.adapters().find(named.adapter);
  findings all{file, waits, what_is_in_use(common), owner->first, owner->second, named.view.empty(), {}, {}};
  for (const auto& [view_name, entry] : owner->second.views) {
    if (all.of_adapter || view_name == named.view)
      all.views.push_back(explain_view(file, waits, {owner->first, view_name}));
  }
  if (all.of_adapter) {
    for (const view_key key : file.view_keys()) {
      if (file.find_view(key)->reads_from(named.adapter)) all.readers.push_back(key);
    }
  }
  return {code_for(all.views), to_text(all, wants_colour(stdout)), to_json(all)};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
