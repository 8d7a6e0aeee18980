#include "lifecycle_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "explanation.hpp"
#include "next_commands.hpp"
#include "pass_report.hpp"
#include "shortened.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

constexpr std::size_t views_with_commands_max = 20;

colour colour_of(program_verdict verdict) noexcept {
  return verdict == program_verdict::passed   ? colour::green
         : verdict == program_verdict::failed ? colour::red
                                              : colour::yellow;
}

std::string_view name(built outcome) noexcept {
  switch (outcome) {
    case built::ready:
      return "ready";
    case built::already_done:
      return "already_done";
    case built::failed:
      return "failed";
    case built::could_not_tell:
      break;
  }
  return "could_not_tell";
}

cell built_cell(built outcome) {
  switch (outcome) {
    case built::ready:
      return {"built", colour::green};
    case built::already_done:
      return {"built by another program", colour::green};
    case built::failed:
      return {"failed", colour::red};
    case built::could_not_tell:
      break;
  }
  return {"could not tell", colour::yellow};
}

}  // namespace

result<end_state> state_at_end(const lockfile_store& store, const in_use& with,
                               function_ref<bool(view_key, const view&)> holds) {
  const auto loaded = load_existing(store);
  if (!loaded) return loaded.error();
  const lockfile& file = loaded->file();
  const waiting waits(file);
  end_state end;
  std::size_t not_ready = 0;
  for (const view_key key : file.view_keys()) {
    const view& entry = *file.find_view(key);
    if (!holds(key, entry)) continue;
    const view_state state = counted_state(file, entry);
    end.views.add(state);
    if (state == view_state::ready || ++not_ready > views_with_commands_max) continue;
    for (std::string& one : commands_for(explain_view(file, waits, key).waits_for, file, key, with)) {
      if (std::ranges::find(end.commands, one) == end.commands.end()) end.commands.push_back(std::move(one));
    }
  }
  end.more = not_ready - std::min(not_ready, views_with_commands_max);
  return end;
}

result<end_state> state_at_end(const lockfile_store& store, const in_use& with, view_key named) {
  return state_at_end(store, with, [&](view_key key, const view&) {
    return (named.adapter.empty() || named.adapter == key.adapter) &&
           (named.view.empty() || named.view == key.view);
  });
}

exit_code code_for(const end_state& end) {
  return code_for(end.views);
}

exit_code code_for(const validated& done) {
  return done.count(program_verdict::could_not_tell) > 0 ? exit_code::could_not_verify : exit_code::fine;
}

exit_code code_for(const rebuilt& done) {
  if (done.count(built::could_not_tell) > 0) return exit_code::could_not_verify;
  return done.count(built::failed) > 0 ? exit_code::not_ready : exit_code::fine;
}

std::string commands_in_words(const end_state& end) {
  if (end.commands.empty()) return {};
  std::string text = "to run:\n";
  for (const std::string& one : end.commands)
    text += fmt::format("  {}\n", one);
  if (end.more > 0) text += fmt::format("  and {} more\n", counted(end.more, "view"));
  return text;
}

std::string in_words(const end_state& end, bool coloured) {
  if (end.views.total() == 0) return "no views\n";
  return fmt::format("now: {}\n", by_state_in_words(end.views, coloured)) + commands_in_words(end);
}

std::string in_words(const validated& done, bool coloured) {
  std::vector<std::vector<cell>> rows;
  for (const auto& one : done.views) {
    rows.push_back({{one.key.adapter},
                    {one.key.view},
                    {std::string(in_words(one.verdict)), colour_of(one.verdict)},
                    {one.from == one.to ? one.to : fmt::format("{} {} {}", one.from, arrow(), one.to)},
                    {one.why}});
  }
  return table(rows, coloured);
}

std::string in_words(const rebuilt& done, bool coloured) {
  std::vector<std::vector<cell>> rows;
  for (const auto& one : done.views)
    rows.push_back({{one.key.adapter}, {one.key.view}, built_cell(one.outcome), {one.why}});
  return table(rows, coloured);
}

std::string_view in_words(program_verdict verdict) noexcept {
  return verdict == program_verdict::could_not_tell ? "could not tell" : name(verdict);
}

std::string_view name(program_verdict verdict) noexcept {
  switch (verdict) {
    case program_verdict::passed:
      return "passed";
    case program_verdict::failed:
      return "failed";
    case program_verdict::could_not_tell:
      break;
  }
  return "could_not_tell";
}

void add_judged(json_report& json, const validated& done) {
  json.write().name("judged");
  json.write().begin_array();
  for (const auto& one : done.views) {
    json.write().begin_object();
    json.text("adapter", shortened(one.key.adapter));
    json.text("view", shortened(one.key.view));
    json.text("verdict", name(one.verdict));
    json.text_or_null("why", one.why);
    json.text("from", one.from);
    json.text("to", one.to);
    json.write().end_object();
  }
  json.write().end_array();
}

void add_built(json_report& json, const rebuilt& done) {
  json.write().name("built");
  json.write().begin_array();
  for (const auto& one : done.views) {
    json.write().begin_object();
    json.text("adapter", shortened(one.key.adapter));
    json.text("view", shortened(one.key.view));
    json.text("outcome", name(one.outcome));
    json.text_or_null("why", one.why);
    json.text_or_null("view_digest", one.view_digest);
    json.write().end_object();
  }
  json.write().end_array();
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
