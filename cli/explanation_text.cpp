#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "explanation.hpp"
#include "shortened.hpp"
#include "table.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {
namespace {

std::string timeline(const explanation& one, bool coloured) {
  std::vector<std::vector<cell>> rows;
  for (const audit_entry& item : one.entry->state_history.entries()) {
    rows.push_back({{std::string(item.at), colour::dim},
                    {std::string(item.trigger)},
                    item.from.empty() ? cell{} : status_cell(read_state(item.from), item.from),
                    {std::string(arrow())},
                    status_cell(read_state(item.to), item.to)});
  }
  return "how it got here:\n" + (rows.empty() ? "  nothing is recorded\n" : table(rows, coloured));
}

std::string sources(const findings& all, const explanation& one, bool coloured) {
  if (one.entry->depends_on.empty()) return "it reads from no other adapter\n";
  std::vector<std::vector<cell>> rows;
  for (const dependency& item : one.entry->depends_on) {
    const adapter* const active = all.file.find_adapter(item.adapter);
    cell now{"which is active", colour::green};
    switch (all.waits.record_of(item)) {
      case record_state::current:
        break;
      case record_state::without_digest:
      case record_state::another_is_active:
        now = {fmt::format("active now: {}", shortened(active->schema_digest)), colour::yellow};
        break;
      case record_state::not_active:
        now = {"which the document has no entry for", colour::dim};
        break;
    }
    rows.push_back({{std::string(item.adapter)},
                    {std::string(item.version)},
                    {item.schema_digest.empty() ? "no schema recorded" : std::string(item.schema_digest)},
                    std::move(now)});
  }
  return "what it reads from, as recorded:\n" + table(rows, coloured);
}

/// Who is in the way of a cutover, and since when and why.
std::string root_causes(const findings& all, const wait_step& step, bool coloured) {
  constexpr std::size_t named_max = 10;
  const auto blockers = all.waits.blockers_of(step.adapter);
  const cell status = status_cell(view_state::dsl_update_required, {});
  std::string text;
  for (const view_key key : blockers.first(std::min(blockers.size(), named_max))) {
    const audit_entry last = last_transition(*all.file.find_view(key));
    text += fmt::format("    {} blocks it: {}", printable(shortened(to_string(key))),
                        paint(status.text, status.in, coloured));
    if (!last.at.empty()) text += fmt::format(" since {}", printable(last.at));
    if (!last.trigger.empty()) text += fmt::format(", by {}", printable(shortened(last.trigger)));
    text += "\n";
  }
  if (blockers.size() > named_max) text += fmt::format("    and {} more\n", blockers.size() - named_max);
  return text + fmt::format("    {} needs {}\n", blockers.size() == 1 ? "it" : "each of them",
                            in_words({wait_for::changed_program, {}}));
}

std::string view_text(const findings& all, const explanation& one, bool coloured) {
  const std::string shown = printable(to_string({shortened(one.key.adapter), one.key.view}));
  const cell status = status_cell(one.state, one.entry->status.text());
  std::string text = fmt::format("{} is {}", shown, paint(status.text, status.in, coloured));
  text += one.waits_for.empty() ? std::string(", and may be queried\n")
                                : fmt::format(", and may not be queried: {}\n", one.reason);
  text += timeline(one, coloured) + sources(all, one, coloured);
  if (one.waits_for.empty()) return text + "it waits for nothing\n";
  text += "what it waits for:\n";
  for (const wait_step& step : one.waits_for) {
    text += fmt::format("  {}\n", printable(in_words(step)));
    if (step.what == wait_for::cutover) text += root_causes(all, step, coloured);
  }
  text += "what to run:\n";
  for (const std::string& command : commands_for(one.waits_for, all.file, one.key, all.with))
    text += fmt::format("  {}\n", command);
  return text;
}

/// "3 views: 2 ready, 1 pending-rebuild", by what is recorded.
template <class Views, class State>
std::string counts(const Views& views, State state_of_one, bool coloured) {
  view_counts by_state;
  for (const auto& one : views)
    by_state.add(state_of_one(one));
  return in_words(by_state, coloured);
}

std::string adapter_text(const findings& all, bool coloured) {
  const auto or_none = [](std::string_view text) { return printable(text.empty() ? "none recorded" : text); };
  std::string text = fmt::format("{} is active\n  since   {}\n  schema  {}\n  source  {}\n",
                                 printable(all.adapter_name), or_none(all.owner.activated_at),
                                 or_none(all.owner.schema_digest), or_none(all.owner.source_digest));
  text += fmt::format("what reads from it: {}\n",
                      counts(
                          all.readers, [&](view_key key) { return all.file.state(key); }, coloured));
  std::vector<std::vector<cell>> rows;
  std::optional<std::string_view> above;
  for (const view_key key : all.readers) {
    const record_state record = record_of(all, key);
    const view_state state = all.file.state(key);
    if (state == view_state::ready && record == record_state::current) continue;
    const bool is_same = std::exchange(above, key.adapter) == key.adapter;
    rows.push_back(
        {is_same ? repeated(key.adapter) : cell{std::string(key.adapter)},
         {std::string(key.view)},
         status_cell(state, all.file.find_view(key)->status.text()),
         {record == record_state::current ? "" : "did not record the active schema", colour::yellow}});
  }
  text += table(rows, coloured);
  text += fmt::format("what it keeps: {}\n",
                      counts(
                          all.views, [](const explanation& one) { return one.state; }, coloured));
  for (const explanation& one : all.views) {
    if (!one.waits_for.empty()) text += "\n" + view_text(all, one, coloured);
  }
  return text;
}

}  // namespace

std::string to_text(const findings& all, bool coloured) {
  return fmt::format(
      "{}: {}", printable(all.with.document),
      all.of_adapter ? adapter_text(all, coloured) : view_text(all, all.views.front(), coloured));
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
