#include <fmt/format.h>

#include <algorithm>

#include "explanation.hpp"
#include "json_report.hpp"
#include "shortened.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {
namespace {

void add_step(json_report& json, const findings& all, const wait_step& step) {
  // As many as a person will look at: the rest is what `blockers` is for.
  constexpr std::size_t named_max = 20;
  json.write().begin_object();
  json.text("what", name(step.what));
  json.text_or_null("adapter", shortened(step.adapter));
  const auto blockers =
      step.what == wait_for::cutover ? all.waits.blockers_of(step.adapter) : std::span<const view_key>();
  json.number("blocked_by_views", blockers.size());
  json.write().name("blockers");
  json.write().begin_array();
  for (const view_key key : blockers.first(std::min(blockers.size(), named_max))) {
    const audit_entry last = last_transition(*all.file.find_view(key));
    json.write().begin_object();
    json.text("adapter", shortened(key.adapter));
    json.text("view", shortened(key.view));
    json.text_or_null("since", last.at);
    json.text_or_null("why", last.trigger);
    json.write().end_object();
  }
  json.write().end_array();
  json.write().end_object();
}

void add_view(json_report& json, const findings& all, const explanation& one) {
  json_writer& write = json.write();
  write.begin_object();
  json.text("name", one.key.view);
  json.text("status", one.entry->status.text());
  json.boolean("ready", one.waits_for.empty());
  json.text_or_null("reason", one.reason);
  json.text_or_null("unblocked_by", one.unblocked_by);
  json.text("view_digest", one.entry->view_digest);
  json.text_or_null("last_rebuilt_at", one.entry->last_rebuilt_at);
  json.text_or_null("last_validation_at", one.entry->last_validation_at);
  write.name("history");
  write.begin_array();
  for (const audit_entry& item : one.entry->state_history.entries()) {
    write.begin_object();
    json.text("at", item.at);
    json.text_or_null("from", item.from);
    json.text("to", item.to);
    json.text("trigger", item.trigger);
    write.end_object();
  }
  write.end_array();
  write.name("reads_from");
  write.begin_array();
  for (const dependency& item : one.entry->depends_on) {
    const adapter* const active = all.file.find_adapter(item.adapter);
    write.begin_object();
    json.text("adapter", item.adapter);
    json.text("schema_digest", item.schema_digest);
    json.text("version", item.version);
    json.text_or_null("active_schema_digest",
                      active == nullptr ? std::string() : shortened(active->schema_digest));
    json.text("record", name(all.waits.record_of(item)));
    write.end_object();
  }
  write.end_array();
  write.name("waits_for");
  write.begin_array();
  for (const wait_step& step : one.waits_for)
    add_step(json, all, step);
  write.end_array();
  write.name("commands");
  write.begin_array();
  for (const std::string& command : commands_for(one.waits_for, all.file, one.key, all.with))
    write.string(as_utf8(command));
  write.end_array();
  write.end_object();
}

}  // namespace

std::string to_json(const findings& all) {
  json_report json;
  json_writer& write = json.write();
  json.text("document", all.with.document);
  json.text("adapter", all.adapter_name);
  json.text("source_digest", all.owner.source_digest);
  json.text("schema_digest", all.owner.schema_digest);
  json.text("activated_at", all.owner.activated_at);
  write.name("views");
  write.begin_array();
  for (const explanation& one : all.views)
    add_view(json, all, one);
  write.end_array();
  write.name("read_by");
  write.begin_array();
  for (const view_key key : all.readers) {
    write.begin_object();
    json.text("adapter", shortened(key.adapter));
    json.text("view", shortened(key.view));
    json.text("status", shortened(all.file.find_view(key)->status.text()));
    json.text("record", name(record_of(all, key)));
    write.end_object();
  }
  write.end_array();
  return std::move(json).finish();
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
