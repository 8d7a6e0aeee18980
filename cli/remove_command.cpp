#include <fmt/format.h>

#include "commands.hpp"
#include "suggestion.hpp"
#include "terminal.hpp"

namespace agentslock::cli {

outcome_report run_remove(const common_options& common, const std::string& adapter, const std::string& view) {
  const lockfile_store store = document_of(common);
  const view_key key{adapter, view};
  // What is wrong is said before the lock is waited for; a document that is not there is not locked.
  const auto loaded = load_existing(store);
  if (!loaded) return report_error(loaded.error());
  if (const auto known = check_known(loaded->file(), key, store.path()); !known)
    return report_error(known.error());
  std::size_t views = 1;
  const auto done = store.update([&](lockfile& file) -> result<> {
    if (const auto known = check_known(file, key, store.path()); !known) return known.error();
    if (view.empty()) views = file.find_adapter(adapter)->views.size();
    const auto removed = view.empty() ? file.remove_adapter(adapter) : file.remove_view(key);
    if (!removed) return error(removed.why());
    return {};
  });
  if (!done) return report_error(done.error());

  json_report json;
  json.text("document", store.path());
  json.text("adapter", adapter);
  json.text_or_null("view", view);
  json.number("views_removed", views);
  const std::string what = view.empty() ? fmt::format("{}, with {},", printable(adapter),
                                                      views == 0 ? "no views" : counted(views, "view"))
                                        : printable(to_string(key));
  return {exit_code::fine,
          fmt::format("{}: {} was taken out; its tables in the store stay\n", printable(store.path()), what),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
