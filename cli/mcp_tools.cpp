#include "mcp_tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <span>

#include "agentslock/kernel/query_gate.hpp"
#include "commands.hpp"
#include "pass_report.hpp"
#include "shortened.hpp"
#include "store_choice.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

namespace json = boost::json;

struct argument {
  std::string_view name;
  json::kind type;
  bool is_required;
  std::string_view what;
};

struct tool {
  std::string_view name;
  std::string_view title;
  std::string_view what;
  std::span<const argument> takes;
  /// The schema of what it answers, as JSON.
  std::string_view answers;
  mcp_answer (*call)(const common_options&, const json::object&);
};

// A name that was given; empty when it was not.
std::string text_of(const json::object& given, std::string_view name) {
  const json::value* const found = given.if_contains(name);
  return found == nullptr ? std::string()
                          : std::string(found->get_string().data(), found->get_string().size());
}

/// JSON laid out in any way, on one line.
std::string on_one_line(std::string_view text) {
  json_writer write(layout_of(json_form::one_line), std::nullopt);
  write.value(text);
  return printable_json(std::move(write).text());
}

mcp_answer failure(const error& why) {
  return {printable(why.message(), charset::utf8), true};
}

/// A command's JSON, with its exit status beside it.
mcp_answer with_status(const outcome_report& report) {
  if (report.failure) return failure(*report.failure);
  return {fmt::format("{{\"exit_status\":{},\"report\":{}}}", static_cast<int>(report.code),
                      on_one_line(report.json))};
}

std::string_view name(gate_decision decision) noexcept {
  switch (decision) {
    case gate_decision::allowed:
      return "allowed";
    case gate_decision::may_fall_through:
      return "may_fall_through";
    case gate_decision::refused:
      break;
  }
  return "refused";
}

mcp_answer ask_gate(const common_options& common, const json::object& given) {
  const auto loaded = load_existing(document_of(common));
  if (!loaded) return failure(loaded.error());
  const std::string adapter = text_of(given, "adapter");
  const std::string view = text_of(given, "view");
  const json::value* const opted = given.if_contains("fall_through");
  const gate_answer answer =
      may_query(loaded->file(), {adapter, view},
                opted != nullptr && opted->get_bool() ? fall_through::opted_in : fall_through::refused);
  json_report report(json_form::one_line);
  report.text("adapter", adapter);
  report.text("view", view);
  report.boolean("allowed", answer.decision == gate_decision::allowed);
  report.text("decision", name(answer.decision));
  report.text_or_null("status", answer.recorded_status);
  report.text_or_null("reason", answer.reason);
  report.text_or_null("unblocked_by", answer.unblocked_by);
  report.write().name("dependees");
  report.write().begin_array();
  for (const dependee_facts& one : answer.dependees) {
    report.write().begin_object();
    report.text("adapter", one.adapter);
    report.text("recorded_schema_digest", one.recorded_digest);
    report.text("recorded_version", one.recorded_version);
    report.text_or_null("active_schema_digest", one.active_digest.value_or(std::string_view()));
    report.write().end_object();
  }
  report.write().end_array();
  return {on_one_line(std::move(report).finish())};
}

mcp_answer show(const common_options& common, const json::object& given) {
  show_options what;
  what.adapter = text_of(given, "adapter");
  return with_status(run_show(common, what));
}

mcp_answer explain(const common_options& common, const json::object& given) {
  const std::string adapter = text_of(given, "adapter");
  const std::string view = text_of(given, "view");
  return with_status(run_explain(common, {adapter, view}));
}

/// Against the store that the server was started with; without one, what the document alone says.
mcp_answer check(const common_options& common, const json::object&) {
  if (!named_store(common).empty()) return with_status(run_reconcile(common, true));
  const lockfile_store document = document_of(common);
  auto found = check_without_store(document);
  if (found && !found->existed) found = missing_document(document.path());
  if (!found) return failure(found.error());
  json_report report(json_form::one_line);
  report.text("document", document.path());
  add_findings(report, *found);
  add_counts(report, view_counts(found->by_state));
  return with_status({code_for(*found), {}, std::move(report).finish()});
}

// clang-format off
constexpr std::array<argument, 3> of_gate{{
    {"adapter", json::kind::string, true, "The adapter that keeps the view."},
    {"view", json::kind::string, true, "The view's name there."},
    {"fall_through", json::kind::bool_, false, "Whether you would ask the view's source instead, where the gate lets you. Default: false."},
}};
constexpr std::array<argument, 1> of_show{{{"adapter", json::kind::string, false, "Only this adapter."}}};
constexpr std::array<argument, 2> of_explain{{
    {"adapter", json::kind::string, true, "The adapter's name."},
    {"view", json::kind::string, false, "The view's name there; without it, all that the adapter keeps."},
}};
// clang-format on

constexpr std::string_view gate_schema =
    R"({"type":"object","required":["adapter","view","allowed","decision","status","reason","unblocked_by","dependees"],)"
    R"("properties":{"adapter":{"type":"string"},"view":{"type":"string"},"allowed":{"type":"boolean","description":"Whether the view's tables may be read."},)"
    R"("decision":{"enum":["allowed","may_fall_through","refused"]},"status":{"type":["string","null"],"description":"As it is recorded; null when nothing is."},)"
    R"("reason":{"type":["string","null"]},"unblocked_by":{"type":["string","null"]},)"
    R"("dependees":{"type":"array","description":"What the view reads from; empty when it may be queried.","items":{"type":"object",)"
    R"("properties":{"adapter":{"type":"string"},"recorded_schema_digest":{"type":"string"},"recorded_version":{"type":"string"},"active_schema_digest":{"type":["string","null"]}}}}}})";
constexpr std::string_view report_schema =
    R"({"type":"object","required":["exit_status","report"],"properties":{"exit_status":{"type":"integer","description":"0: all is ready; 2: not; 3: a program must change."},"report":{"type":"object"}}})";

constexpr std::array<tool, 4> tools{{
    {"may_query", "May this view be queried?",
     "Asks the query gate whether a materialized view's tables may be read now, and if not, why and what "
     "unblocks it. Ask before "
     "every query.",
     of_gate, gate_schema, ask_gate},
    {"show", "What is recorded",
     "What the lock document records of each adapter and view: status, since when, why.", of_show,
     report_schema, show},
    {"explain", "Why a view is not ready",
     "How an adapter's views, or one, got where they are, what they read from and wait for, and the commands "
     "that move them on.",
     of_explain, report_schema, explain},
    {"check",
     "Is the project in order?",
     "Holds every recorded status against the store, where the server was started with one, and says what a "
     "reconciliation would "
     "change. Changes nothing.",
     {},
     report_schema,
     check},
}};

std::string_view type_name(json::kind type) noexcept {
  return type == json::kind::bool_ ? "boolean" : "string";
}

void write_input(json_writer& write, const tool& one) {
  write.begin_object();
  write.name("type");
  write.string("object");
  write.name("properties");
  write.begin_object();
  for (const argument& takes : one.takes) {
    write.name(takes.name);
    write.begin_object();
    write.name("type");
    write.string(type_name(takes.type));
    write.name("description");
    write.string(takes.what);
    write.end_object();
  }
  write.end_object();
  write.name("required");
  write.begin_array();
  for (const argument& takes : one.takes) {
    if (takes.is_required) write.string(takes.name);
  }
  write.end_array();
  write.name("additionalProperties");
  write.value("false");
  write.end_object();
}

result<> check_arguments(const tool& called, const json::object& given) {
  for (const argument& takes : called.takes) {
    const json::value* const found = given.if_contains(takes.name);
    if (found == nullptr && takes.is_required)
      return error(errc::invalid_argument, fmt::format("{} needs {}", called.name, takes.name));
    if (found != nullptr && found->kind() != takes.type)
      return error(errc::invalid_argument, fmt::format("{} must be a {}", takes.name, type_name(takes.type)));
  }
  for (const auto& one : given) {
    if (std::ranges::none_of(called.takes, [&](const argument& takes) { return one.key() == takes.name; }))
      return error(errc::invalid_argument, fmt::format("{} takes no {}", called.name,
                                                       shortened({one.key().data(), one.key().size()})));
  }
  return {};
}

}  // namespace

std::string mcp_tool_list() {
  json_writer write(layout_of(json_form::one_line), std::nullopt);
  write.begin_array();
  for (const tool& one : tools) {
    write.begin_object();
    for (const auto& [member, text] :
         {std::pair("name", one.name), std::pair("title", one.title), std::pair("description", one.what)}) {
      write.name(member);
      write.string(text);
    }
    write.name("inputSchema");
    write_input(write, one);
    write.name("outputSchema");
    write.value(one.answers);
    write.name("annotations");
    write.value(
        R"({"readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false})");
    write.end_object();
  }
  write.end_array();
  return std::move(write).text();
}

result<mcp_answer> mcp_call(const common_options& common, std::string_view name,
                            const json::object& arguments) {
  const auto* const called = std::ranges::find(tools, name, &tool::name);
  if (called == tools.end())
    return error(errc::invalid_argument, fmt::format("there is no tool {}", shortened(name)));
  if (const auto fit = check_arguments(*called, arguments); !fit) return fit.error();
  common_options as_json = common;
  as_json.json = true;
  mcp_answer answer = called->call(as_json, arguments);
  if (answer.text.size() <= mcp_answer_bytes_max) return answer;
  return mcp_answer{"the answer is longer than 1 MiB: ask for one adapter, or one view", true};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
