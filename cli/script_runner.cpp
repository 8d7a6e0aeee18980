#include "script_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/digest.hpp"
#include "agentslock/io/view_work.hpp"
#include "script_operation.hpp"
#include "shortened.hpp"

namespace agentslock::cli {
namespace {

std::string json_list(const std::vector<std::string>& values) {
  return fmt::format("[{}]", fmt::join(values, ","));
}

std::string shown(std::string_view name) {
  return shortened(name, script_name_bytes_max);
}

template <class Keys>
std::string quoted_list(const Keys& keys) {
  std::vector<std::string> texts;
  for (view_key key : keys)
    texts.push_back(quote(shown(key.adapter) + "/" + shown(key.view)));
  return json_list(texts);
}

std::string json_list_of(const std::vector<missed_bump>& missed) {
  std::vector<std::string> items;
  for (const auto& [adapter, view, dependee, recorded, active] : missed) {
    items.push_back(
        fmt::format(R"({{"adapter":{},"view":{},"dependee":{},"recorded_digest":{},"active_digest":{}}})",
                    quote(shown(adapter)), quote(shown(view)), quote(shown(dependee)), quote(shown(recorded)),
                    quote(shown(active))));
  }
  return json_list(items);
}

}  // namespace

op_result script_runner::run(const script_op& op) {
  result_ = {op.op, std::nullopt, {}};
  script_arguments given(op.members, time_of_run_);
  const auto* const own = std::ranges::find(own_operations, op.op, &own_operation::name);
  if (own != own_operations.end()) {
    (this->*own->run)(given);
  } else if (const auto todo = read_operation(op.op, given, *working_)) {
    if (accept(given) && accept_claims(given)) change(*todo);
  } else {
    result_.error = fmt::format("no operation is called \"{}\"", op.op);
  }
  asked_ = given.asked();
  return std::move(result_);
}

std::vector<std::string_view> script_runner::names_of_own_operations() {
  std::vector<std::string_view> names;
  for (const own_operation& one : own_operations)
    names.push_back(one.name);
  return names;
}

bool script_runner::writes(std::string_view name) noexcept {
  return std::ranges::any_of(own_operations,
                             [&](const own_operation& one) { return one.writes && one.name == name; });
}

bool script_runner::accept_claims(const script_arguments& given) {
  for (const claimed_facts& claim : given.claims()) {
    // Of a view that is not there the operation itself says so.
    if (working_->find_view(claim.of) == nullptr || facts_of(*working_, claim.of).token == claim.token)
      continue;
    result_.error = fmt::format(
        "the facts about {}/{} have changed since they were given out with the token {}: judge or build it "
        "again",
        claim.of.adapter, claim.of.view, claim.token);
  }
  return !result_.error;
}

void script_runner::change(const operation& todo) {
  const operation_result done = apply(*working_, todo);
  if (done.refused) {
    result_.error = done.refused->message;
  } else {
    std::visit([&](const auto& one) { say(one, done); }, todo.what);
  }
}

void script_runner::say(const operations::mark_dependee_bumped&, const operation_result& done) {
  add("affected", quoted_list(done.bumped));
}

void script_runner::say(const operations::reconcile&, const operation_result& done) {
  std::vector<std::string> changes;
  for (const auto& [key, from, to, reason] : done.reconciled.changes) {
    changes.push_back(fmt::format(R"({{"adapter":{},"view":{},"from":{},"to":{},"reason":{}}})",
                                  quote(shown(key.adapter)), quote(shown(key.view)), quote(from),
                                  quote(spelling(to)), quote(reason)));
  }
  add("changes", json_list(changes));
  add("validation_due", quoted_list(done.reconciled.due));
  add("gates_shut", quoted_list(done.reconciled.shut));
}

void script_runner::say(const operations::cutover& todo, const operation_result& done) {
  const cutover_report& found = done.cut_over;
  if (found.activated) {
    blocked_.erase(todo.dependee);
  } else {
    blocked_.insert(todo.dependee);
  }
  add("activated", found.activated ? "true" : "false");
  add("frozen", quoted_list(found.frozen));
  add("passed", quoted_list(found.passed));
  add("failed", quoted_list(found.failed));
  add("blockers", quoted_list(found.blockers));
}

void script_runner::say(const operations::mark_missed_bumps&, const operation_result& done) {
  add("missed_bumps", json_list_of(done.missed));
}

void script_runner::adapter_names(script_arguments& given) {
  if (!accept(given)) return;
  std::vector<std::string> names;
  for (std::string_view name : working_->adapter_names())
    names.push_back(quote(name));
  add("names", json_list(names));
}

void script_runner::view_status_of(script_arguments& given) {
  const std::string adapter = given.text("adapter");
  const std::string view = given.text("view");
  if (!accept(given)) return;
  const agentslock::view* entry = working_->find_view({adapter, view});
  add("ok", entry == nullptr ? "false" : "true");
  add("status", entry == nullptr ? "\"\"" : quote(entry->status.text()));
}

void script_runner::activation_blockers(script_arguments& given) {
  const std::string dependee = given.text("dependee");
  if (accept(given)) add("blockers", quoted_list(working_->activation_blockers(dependee)));
}

void script_runner::missed_bumps(script_arguments& given) {
  if (accept(given)) add("missed_bumps", json_list_of(working_->missed_bumps()));
}

void script_runner::save(script_arguments& given) {
  if (accept(given)) edit_.writes_empty_section = true;
}

void script_runner::inputs_digest(script_arguments& given) {
  if (!accept(given)) return;
  const auto staged = edit_.sections.staged().inputs_digest;
  const auto digest = staged ? *staged : edit_.document.inputs_digest().value_or("");
  add("digest", quote(digest));
  add("ok", digest.empty() ? "false" : "true");
}

void script_runner::set_inputs_digest(script_arguments& given) {
  const std::string digest = given.text("digest");
  if (accept(given)) take(edit_.sections.set_inputs_digest(digest));
}

void script_runner::update_section(script_arguments& given) {
  const std::string section = given.text("section");
  const std::string_view value = given.json("value");
  if (accept(given)) take(edit_.sections.set_section(section, value));
}

void script_runner::digest_of(script_arguments& given) {
  const std::string content = given.text("content");
  if (!accept(given)) return;
  const std::string spelt = digest(content);
  if (spelt.empty()) {
    result_.error = "the cryptographic library has no SHA-256";
  } else {
    add("digest", quote(spelt));
  }
}

const std::array<script_runner::own_operation, 9> script_runner::own_operations{{
    {"adapter_names", &script_runner::adapter_names, false},
    {"view_status_of", &script_runner::view_status_of, false},
    {"activation_blockers", &script_runner::activation_blockers, false},
    {"missed_bumps", &script_runner::missed_bumps, false},
    {save_name, &script_runner::save, true},
    {"inputs_digest", &script_runner::inputs_digest, false},
    {"set_inputs_digest", &script_runner::set_inputs_digest, true},
    {"update_section", &script_runner::update_section, true},
    {"digest_of", &script_runner::digest_of, false},
}};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
