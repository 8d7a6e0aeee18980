#include "agentslock/io/view_facts.hpp"

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/kernel/detail/utf8.hpp"

namespace agentslock {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

void write_path(json_writer& write, std::string_view name, const std::string& path) {
  write.name(name);
  if (path.empty() || !is_utf8(path)) return write.value("null");
  write.string(path);
}

void write_schema(json_writer& write, std::string_view name, const std::optional<schema_identity>& schema) {
  write.name(name);
  if (!schema) return write.value("null");
  write.begin_object();
  write.name("schema_digest");
  write.string(schema->digest);
  write.name("version");
  write.string(schema->version);
  write.end_object();
}

}  // namespace

std::vector<environment_variable> facts_environment(const view_facts& facts) {
  std::vector<environment_variable> variables{
      {"AGENTSLOCK_ADAPTER", facts.adapter},
      {"AGENTSLOCK_VIEW", facts.view},
      {"AGENTSLOCK_STATUS", facts.status},
      {"AGENTSLOCK_FACTS", facts.token},
      {"AGENTSLOCK_DOCUMENT", unless_empty(facts.document)},
      {"AGENTSLOCK_STORE", unless_empty(facts.store)},
      {"AGENTSLOCK_DEPENDEES", std::to_string(facts.dependees.size())},
  };
  std::size_t number = 0;
  for (const dependee_schemas& one : facts.dependees) {
    const std::string name = "AGENTSLOCK_DEPENDEE_" + std::to_string(++number);
    const auto& now = one.now;
    variables.push_back({name, one.adapter});
    variables.push_back({name + "_RECORDED_DIGEST", one.recorded.digest});
    variables.push_back({name + "_RECORDED_VERSION", one.recorded.version});
    variables.push_back({name + "_NEW_DIGEST", now ? std::optional(now->digest) : std::nullopt});
    variables.push_back({name + "_NEW_VERSION", now ? std::optional(now->version) : std::nullopt});
  }
  return variables;
}

std::string facts_json(const view_facts& facts) {
  json_layout one_line;
  one_line.newline.clear();
  json_writer write(one_line, std::nullopt);
  write.begin_object();
  write.name("adapter");
  write.string(facts.adapter);
  write.name("view");
  write.string(facts.view);
  write.name("status");
  write.string(facts.status);
  write.name("facts");
  write.string(facts.token);
  write_path(write, "document", facts.document);
  write_path(write, "store", facts.store);
  write.name("dependees");
  write.begin_array();
  for (const dependee_schemas& one : facts.dependees) {
    write.begin_object();
    write.name("adapter");
    write.string(one.adapter);
    write_schema(write, "recorded", one.recorded);
    write_schema(write, "new", one.now);
    write.end_object();
  }
  write.end_array();
  write.end_object();
  return std::move(write).text() + "\n";
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
