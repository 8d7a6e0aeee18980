#include "operation_forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/lock_document.hpp"
#include "apply_script.hpp"
#include "script_operation.hpp"
#include "script_runner.hpp"

namespace agentslock::cli {
namespace {

/// What can't be read off the code.
struct operation_words {
  std::string_view name;
  std::string_view does;
  std::string_view example;
};

constexpr std::array all_words{
    operation_words{
        "activate", "creates an adapter's entry, or replaces its digests; its views stay",
        R"({"op": "activate", "name": "crg", "source_digest": "sha256:5a01", "schema_digest": "sha256:c001"})"},
    operation_words{"register_view", "puts a new view into the document, `ready`",
                    R"({"op": "register_view", "adapter": "comp", "view": "owners", "digest": "sha256:0e01",
 "deps": [{"adapter": "crg", "schema_digest": "sha256:c001", "version": "1.0"}]})"},
    operation_words{"view_status_of", "answers a view's status, and whether there is such a view",
                    R"({"op": "view_status_of", "adapter": "comp", "view": "owners"})"},
    operation_words{"adapter_names", "answers the adapters' names", R"({"op": "adapter_names"})"},
    operation_words{
        "mark_dependee_bumped",
        "freezes the ready views that read from an adapter, but for those that recorded the new digest",
        R"({"op": "mark_dependee_bumped", "dependee": "crg", "schema_digest": "sha256:c002", "version": "2.0"})"},
    operation_words{"resolve_recompat", "applies a validator's verdict; after a pass the view can be rebuilt",
                    R"({"op": "resolve_recompat", "adapter": "comp", "view": "owners", "compatible": true,
 "deps": [{"adapter": "crg", "schema_digest": "sha256:c001", "version": "1.0"}]})"},
    operation_words{
        "mark_view_rebuilt", "records a completed build: `ready`",
        R"({"op": "mark_view_rebuilt", "adapter": "comp", "view": "owners", "digest": "sha256:0e02",
 "schemas_read": {"crg": "sha256:c001"}})"},
    operation_words{
        "cutover",
        "freezes, judges and activates in one step; when a view blocks it, the adapter's entry stays as it "
        "is",
        R"({"op": "cutover", "dependee": "crg", "source_digest": "sha256:5a02", "schema_digest": "sha256:c002",
 "version": "2.0", "verdicts": [{"adapter": "comp", "view": "owners", "compatible": false}]})"},
    operation_words{"activation_blockers",
                    "answers the views in `dsl-update-required` that read from an adapter",
                    R"({"op": "activation_blockers", "dependee": "crg"})"},
    operation_words{"reconcile",
                    "compares every view with what the store is said to hold. It needs `presence` (a view "
                    "that is null or not "
                    "named is absent) or `nil_presence` (no store: every view is absent)",
                    R"({"op": "reconcile", "presence": {"comp": {"owners": "sha256:0e02"}}})"},
    operation_words{"missed_bumps",
                    "answers the ready views that recorded another digest than the active one",
                    R"({"op": "missed_bumps"})"},
    operation_words{"mark_missed_bumps", "moves these views to `pending-recompat-check`",
                    R"({"op": "mark_missed_bumps"})"},
    operation_words{"remove_view", "takes a view out",
                    R"({"op": "remove_view", "adapter": "comp", "view": "owners"})"},
    operation_words{"remove_adapter",
                    "takes an adapter out with its views, unless ready views of others read from it",
                    R"({"op": "remove_adapter", "name": "comp"})"},
    operation_words{"digest_of", "answers the digest of a text",
                    R"({"op": "digest_of", "content": "a text"})"},
    operation_words{"inputs_digest", "answers the document's `inputs_digest`", R"({"op": "inputs_digest"})"},
    operation_words{"set_inputs_digest", "sets it; it needs no save",
                    R"({"op": "set_inputs_digest", "digest": "sha256:17f0"})"},
    operation_words{"update_section", "replaces a section of another program; it needs no save",
                    R"({"op": "update_section", "section": "mcp", "value": {"servers": []}})"},
    operation_words{"save", "writes the adapters as they are at this point", R"({"op": "save"})"},
};

/// The members that an operation asks for when it is given none.
std::vector<member_form> members_of(std::string_view name) {
  auto empty = lock_document::parse(text_buffer(std::string_view("{}")), "an empty document").value();
  staged_changes sections;
  document_edit edit{empty.document, empty.adapters, false, sections};
  script_runner runner(edit, timestamp());
  (void)runner.run({std::string(name), {}});
  return runner.asked();
}

std::string schema_of(const std::vector<member_form>& members, std::string_view op);

/// What a member may be.
std::string schema_of(const member_form& member) {
  switch (member.kind) {
    case member_kind::text:
      return R"({"$ref": "#/$defs/text"})";
    case member_kind::text_or_null:
      return R"({"anyOf": [{"$ref": "#/$defs/text"}, {"type": "null"}]})";
    case member_kind::boolean:
      return R"({"type": "boolean"})";
    case member_kind::json:
      return "true";
    case member_kind::time:
      return R"({"type": "string", "format": "date-time"})";
    case member_kind::objects:
      return fmt::format(R"({{"type": ["array", "null"], "items": {}}})", schema_of(member.items, ""));
    case member_kind::texts_by_name:
      return R"({"$ref": "#/$defs/texts_by_name"})";
    case member_kind::presence:
      return R"({"$ref": "#/$defs/presence"})";
  }
  return "false";
}

/// An object of these members. Of an operation its name is one of them.
std::string schema_of(const std::vector<member_form>& members, std::string_view op) {
  std::vector<std::string> properties;
  std::vector<std::string> required;
  if (!op.empty()) {
    properties.push_back(fmt::format(R"("op": {{"const": {}}})", quote(op)));
    required.emplace_back(quote("op"));
  }
  for (const member_form& member : members) {
    properties.push_back(fmt::format("{}: {}", quote(member.name), schema_of(member)));
    if (member.is_required) required.push_back(quote(member.name));
  }
  return fmt::format(
      R"({{"type": {}, "properties": {{{}}}, "required": [{}], "additionalProperties": false}})",
      op.empty() ? R"(["object", "null"])" : R"("object")", fmt::join(properties, ", "),
      fmt::join(required, ", "));
}

}  // namespace

std::vector<operation_form> operation_forms() {
  std::vector<std::string_view> names = names_of_operations();
  for (std::string_view own : script_runner::names_of_own_operations())
    names.push_back(own);
  std::vector<operation_form> forms;
  for (const operation_words& words : all_words) {
    const auto at = std::ranges::find(names, words.name);
    if (at == names.end()) throw std::logic_error(fmt::format("no operation is called {}", words.name));
    names.erase(at);
    forms.push_back({words.name, words.does, words.example, members_of(words.name)});
  }
  if (!names.empty()) throw std::logic_error(fmt::format("nothing says what {} does", names.front()));
  return forms;
}

std::string script_schema() {
  std::string operations;
  for (const operation_form& form : operation_forms())
    operations +=
        fmt::format("{}\n    {}", operations.empty() ? "" : ",", schema_of(form.members, form.name));
  return fmt::format(R"({{"$comment": "Generated by ./dev docs from the code that reads scripts.",
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "A script of agentslock apply",
  "type": "object",
  "properties": {{"description": true, "ops": {{"type": ["array", "null"], "items": {{"$ref": "#/$defs/operation"}}}}}},
  "required": ["ops"],
  "additionalProperties": false,
  "$defs": {{
    "text": {{"anyOf": [{{"type": "string"}}, {{
      "type": "object", "properties": {{"b64": {{"type": "string"}}}}, "required": ["b64"], "additionalProperties": false}}]}},
    "digest": {{"anyOf": [{{"$ref": "#/$defs/text"}}, {{"type": "null"}}]}},
    "texts_by_name": {{"type": ["object", "null"], "additionalProperties": {{"$ref": "#/$defs/digest"}}}},
    "presence": {{
      "type": ["object", "null"],
      "additionalProperties": {{
        "anyOf": [{{"$ref": "#/$defs/digest"}}, {{"type": "object", "additionalProperties": {{"$ref": "#/$defs/digest"}}}}]}}}},
    "operation": {{"oneOf": [{}
    ]}}
  }}
}}
)",
                     operations);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
