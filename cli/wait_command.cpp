#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "commands.hpp"
#include "document_kinds.hpp"
#include "document_watch.hpp"
#include "duration.hpp"
#include "explanation.hpp"
#include "shortened.hpp"
#include "stored_document_watch.hpp"
#include "suggestion.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

using clock = change_watch::clock;

/// A view that is not as it is waited for.
struct late_view {
  std::string adapter;
  std::string view;
  view_state state;
  std::string status;
  std::string unblocked_by;
};

/// What a look at the document found.
struct looked {
  std::size_t views = 0;
  std::vector<late_view> late;
};

/// Looks at the views that are waited for: one, an adapter's, or all.
result<looked> look(const lockfile_store& store, view_key named) {
  const auto loaded = load_existing(store);
  if (!loaded) return loaded.error();
  const lockfile& file = loaded->file();
  if (!named.adapter.empty()) {
    if (const auto known = check_known(file, named, store.path()); !known) return known.error();
  }
  const waiting waits(file);
  looked found;
  for (const view_key key : file.view_keys()) {
    if (!named.adapter.empty() && key.adapter != named.adapter) continue;
    if (!named.view.empty() && key.view != named.view) continue;
    ++found.views;
    const explanation why = explain_view(file, waits, key);
    if (why.waits_for.empty()) continue;
    found.late.push_back({shortened(key.adapter), shortened(key.view), why.state,
                          std::string(why.entry->status.text()), std::string(why.unblocked_by)});
  }
  return found;
}

std::string to_json(const looked& found, const std::string& document, view_key named,
                    clock::duration waited) {
  json_report json;
  json.text("document", document);
  json.text_or_null("adapter", named.adapter);
  json.text_or_null("view", named.view);
  json.text("for", "ready");
  json.boolean("reached", found.late.empty());
  json.write().name("waited_seconds");
  json.write().value(fmt::format("{:.3f}", std::chrono::duration<double>(waited).count()));
  json.number("views", found.views);
  json.write().name("not_ready");
  json.write().begin_array();
  for (const late_view& one : found.late) {
    json.write().begin_object();
    json.text("adapter", one.adapter);
    json.text("view", one.view);
    json.text("status", one.status);
    json.text("unblocked_by", one.unblocked_by);
    json.write().end_object();
  }
  json.write().end_array();
  return std::move(json).finish();
}

std::string to_text(const looked& found, const std::string& document) {
  const std::string shown = printable(document);
  if (found.views == 0) return fmt::format("{}: no views, nothing to wait for\n", shown);
  if (found.late.empty()) {
    return fmt::format("{}: {} ready\n", shown,
                       found.views == 1 ? "the view is" : fmt::format("all {} views are", found.views));
  }
  constexpr std::size_t named_max = 20;
  std::vector<std::vector<cell>> rows;
  for (std::size_t i = 0; i < std::min(found.late.size(), named_max); ++i) {
    const late_view& one = found.late[i];
    const bool is_same = i > 0 && found.late[i - 1].adapter == one.adapter;
    rows.push_back({is_same ? repeated(one.adapter) : cell{one.adapter},
                    {one.view},
                    status_cell(one.state, one.status),
                    {fmt::format("needs {}", one.unblocked_by)}});
  }
  std::string text =
      fmt::format("{}: the time is over, and {} of {} {} not ready\n", shown, found.late.size(),
                  counted(found.views, "view"), found.late.size() == 1 ? "is" : "are");
  text += table(rows, wants_colour(stdout));
  if (found.late.size() > named_max) text += fmt::format("  and {} more\n", found.late.size() - named_max);
  return text;
}

std::unique_ptr<change_watch> watch_of(const common_options& common, const lockfile_store& store) {
  if (is_kept_elsewhere(common.document)) return std::make_unique<stored_document_watch>(store.documents());
  return std::make_unique<document_watch>(store.path());
}

}  // namespace

outcome_report run_wait(const common_options& common, view_key named, const std::string& timeout) {
  const auto begin = clock::now();
  auto deadline = clock::time_point::max();
  if (!timeout.empty()) {
    const auto longest = parse_duration(timeout);
    if (!longest) {
      return report_error(error(
          errc::invalid_argument,
          fmt::format("--timeout takes a time such as 30, 250ms, 5m or 1.5h, and {} is none", timeout)));
    }
    deadline = begin + *longest;
  }
  const lockfile_store store = document_of(common);
  const auto watch = watch_of(common, store);
  auto found = look(store, named);
  // What can't be read at first is said. Later another program may be about to write it.
  if (!found) return report_error(found.error());
  const auto may_pass = [](const result<looked>& what) {
    return what ? !what->late.empty() : what.error().code() != errc::refused;
  };
  while (may_pass(found) && watch->wait_until(deadline))
    found = look(store, named);
  if (!found) return report_error(found.error());
  return {found->late.empty() ? exit_code::fine : exit_code::not_ready, to_text(*found, store.path()),
          to_json(*found, store.path(), named, clock::now() - begin)};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
