#include "script_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/digest.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "script_presence.hpp"
#include "shortened.hpp"

namespace agentslock::cli {
namespace {

std::string json_list(const std::vector<std::string>& values) {
  return fmt::format("[{}]", fmt::join(values, ","));
}

std::string shown(std::string_view name) {
  return shortened(name, script_name_bytes_max);
}

std::string quoted_list(const std::vector<view_key>& keys) {
  std::vector<std::string> texts;
  for (view_key key : keys)
    texts.push_back(quote(shown(key.adapter) + "/" + shown(key.view)));
  return json_list(texts);
}

}  // namespace

op_result script_runner::run(const script_op& op) {
  result_ = {op.op, std::nullopt, {}};
  script_arguments given(op.members, present_);
  const auto* const known = std::ranges::find(operations, op.op, &operation::name);
  if (known == std::end(operations)) {
    result_.error = fmt::format("no operation is called \"{}\"", op.op);
  } else {
    (this->*known->run)(given);
  }
  return std::move(result_);
}

void script_runner::activate(script_arguments& given) {
  const std::string name = given.text("name");
  const std::string source = given.text("source_digest");
  const std::string schema = given.text("schema_digest");
  const timestamp now = given.now();
  if (accept(given)) take(working_->activate(name, source, schema, now));
}

void script_runner::adapter_names(script_arguments& given) {
  if (!accept(given)) return;
  std::vector<std::string> names;
  for (std::string_view name : working_->adapter_names())
    names.push_back(quote(name));
  add("names", json_list(names));
}

void script_runner::register_view(script_arguments& given) {
  const std::string adapter = given.text("adapter");
  const std::string view = given.text("view");
  const std::string digest = given.text("digest");
  const dependency_list on = given.dependencies("deps");
  const timestamp now = given.now();
  if (accept(given)) take(working_->register_view({adapter, view}, digest, on.view(), now));
}

void script_runner::view_status_of(script_arguments& given) {
  const std::string adapter = given.text("adapter");
  const std::string view = given.text("view");
  if (!accept(given)) return;
  const agentslock::view* entry = working_->find_view({adapter, view});
  add("ok", entry == nullptr ? "false" : "true");
  add("status", entry == nullptr ? "\"\"" : quote(entry->status.text()));
}

void script_runner::mark_dependee_bumped(script_arguments& given) {
  const std::string dependee = given.text("dependee");
  const std::string schema = given.text_or_empty("schema_digest");
  const std::string version = given.text_or_empty("version");
  const timestamp now = given.now();
  if (!accept(given)) return;
  const auto bumped = working_->mark_dependee_bumped(dependee, now, {schema, version});
  if (take(bumped)) add("affected", quoted_list(*bumped));
}

void script_runner::resolve_recompat(script_arguments& given) {
  const std::string adapter = given.text("adapter");
  const std::string view = given.text("view");
  const bool compatible = given.boolean("compatible");
  const dependency_list on = given.dependencies("deps");
  const timestamp now = given.now();
  if (!accept(given)) return;
  const verdict judged = compatible ? verdict::passed : verdict::failed;
  take(working_->resolve_recompat({adapter, view}, judged, on.view(), now));
}

void script_runner::mark_view_rebuilt(script_arguments& given) {
  const std::string adapter = given.text("adapter");
  const std::string view = given.text("view");
  const std::string digest = given.text("digest");
  const auto read = given.texts("schemas_read");
  const bool checks = given.has("schemas_read");
  const timestamp now = given.now();
  if (!accept(given)) return;
  std::vector<adapter_schema> schemas;
  for (const auto& [name, schema] : read)
    schemas.push_back({name, schema ? std::string_view(*schema) : ""});
  take(working_->mark_view_rebuilt(
      {adapter, view}, digest, now,
      checks ? std::optional<std::span<const adapter_schema>>(schemas) : std::nullopt));
}

void script_runner::activation_blockers(script_arguments& given) {
  const std::string dependee = given.text("dependee");
  if (accept(given)) add("blockers", quoted_list(working_->activation_blockers(dependee)));
}

void script_runner::reconcile(script_arguments& given) {
  const auto told = given.members("presence");
  const bool no_store = given.boolean_or_false("nil_presence");
  // Without either, every view would count as absent, which nobody has said.
  if (told.has_value() == no_store) {
    given.fail(no_store ? "has both \"presence\" and \"nil_presence\""
                        : "needs the member \"presence\" or \"nil_presence\"");
  }
  const auto store = given.take(script_presence::read(told.value_or(member_map()), *working_));
  const timestamp now = given.now();
  if (!accept(given)) return;
  const auto ask = [&](view_key key) -> std::optional<presence> { return store.find(key); };
  reconcile_report report;
  if (!take(working_->reconcile(ask, report, now))) return;
  std::vector<std::string> changes;
  for (const state_change& one : report.changes) {
    changes.push_back(fmt::format(R"({{"adapter":{},"view":{},"from":{},"to":{},"reason":{}}})",
                                  quote(shown(one.key.adapter)), quote(shown(one.key.view)), quote(one.from),
                                  quote(spelling(one.to)), quote(one.reason)));
  }
  add("changes", json_list(changes));
  add("validation_due", quoted_list(report.due));
  add("gates_shut", quoted_list(report.shut));
}

void script_runner::cutover(script_arguments& given) {
  const std::string dependee = given.text("dependee");
  const std::string source = given.text("source_digest");
  const std::string schema = given.text("schema_digest");
  const std::string version = given.text_or_empty("version");
  struct judged {
    std::string adapter;
    std::string view;
    verdict found;
    std::vector<dependency> dependencies;
  };
  std::vector<dependency_list> owners;
  std::vector<judged> all;
  for (const script_value& item : given.items("verdicts")) {
    const auto members = item.members();
    if (!members) {
      given.fail(members.error().message());
      continue;
    }
    script_arguments each(*members, present_);
    judged one{each.text("adapter"),
               each.text("view"),
               each.boolean("compatible") ? verdict::passed : verdict::failed,
               {}};
    owners.push_back(each.dependencies("deps"));
    if (auto wrong = each.wrong()) given.fail(std::move(*wrong));
    all.push_back(std::move(one));
  }
  const timestamp now = given.now();
  if (!accept(given)) return;
  std::vector<cutover_verdict> verdicts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].dependencies = owners[i].view();
    verdicts.push_back({{all[i].adapter, all[i].view}, all[i].found, all[i].dependencies});
  }
  const auto report = working_->cutover({dependee, source, schema, version}, verdicts, *working_, now);
  if (!take(report)) return;
  if (report->activated) {
    blocked_.erase(dependee);
  } else {
    blocked_.insert(dependee);
  }
  add("activated", report->activated ? "true" : "false");
  add("frozen", quoted_list(report->frozen));
  add("passed", quoted_list(report->passed));
  add("failed", quoted_list(report->failed));
  add("blockers", quoted_list(report->blockers));
}

void script_runner::remove_view(script_arguments& given) {
  const std::string adapter = given.text("adapter");
  const std::string view = given.text("view");
  if (accept(given)) take(working_->remove_view({adapter, view}));
}

void script_runner::remove_adapter(script_arguments& given) {
  const std::string name = given.text("name");
  if (accept(given)) take(working_->remove_adapter(name));
}

void script_runner::save(script_arguments& given) {
  if (accept(given)) edit_.state_adapters = true;
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

const std::array<script_runner::operation, 17> script_runner::operations{{
    {"activate", &script_runner::activate},
    {"adapter_names", &script_runner::adapter_names},
    {"register_view", &script_runner::register_view},
    {"view_status_of", &script_runner::view_status_of},
    {"mark_dependee_bumped", &script_runner::mark_dependee_bumped},
    {"resolve_recompat", &script_runner::resolve_recompat},
    {"mark_view_rebuilt", &script_runner::mark_view_rebuilt},
    {"activation_blockers", &script_runner::activation_blockers},
    {"reconcile", &script_runner::reconcile},
    {"cutover", &script_runner::cutover},
    {"remove_view", &script_runner::remove_view},
    {"remove_adapter", &script_runner::remove_adapter},
    {"save", &script_runner::save},
    {"inputs_digest", &script_runner::inputs_digest},
    {"set_inputs_digest", &script_runner::set_inputs_digest},
    {"update_section", &script_runner::update_section},
    {"digest_of", &script_runner::digest_of},
}};

}  // namespace agentslock::cli
