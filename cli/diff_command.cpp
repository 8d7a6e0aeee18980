#include <fmt/format.h>

#include "agentslock/io/lock_document.hpp"
#include "commands.hpp"
#include "document_difference.hpp"
#include "document_kinds.hpp"
#include "git_document.hpp"
#include "shortened.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

/// A document from a file or from git.
result<lockfile> read_side(const common_options& common, const std::string& name) {
  if (!is_of_git(name) || is_kept_elsewhere(name)) {
    common_options named = common;
    named.document = name;
    auto loaded = load_existing(document_of(named));
    if (!loaded) return loaded.error();
    return std::move(loaded->file());
  }
  const auto text = show_by_git(name);
  if (!text) return text.error();
  auto parsed = lock_document::parse(text_buffer(*text), name);
  if (!parsed) return parsed.error();
  if (const auto known = parsed->document.check_version(); !known) return known.error();
  return std::move(parsed->adapters);
}

template <class Entry>
std::string_view change_of(const Entry& one) {
  return one.before == nullptr ? "added" : one.after == nullptr ? "removed" : "changed";
}

void add_texts(json_report& json, const std::vector<changed_text>& texts) {
  json.write().name("members");
  json.write().begin_array();
  for (const changed_text& one : texts) {
    json.write().begin_object();
    json.text("member", one.member);
    json.text("before", one.before);
    json.text("after", one.after);
    json.write().end_object();
  }
  json.write().end_array();
}

void add_dependencies(json_report& json, std::string_view name, const view& entry) {
  json.write().name(name);
  json.write().begin_array();
  for (const dependency& item : entry.depends_on) {
    json.write().begin_object();
    json.text("adapter", item.adapter);
    json.text("schema_digest", item.schema_digest);
    json.text("version", item.version);
    json.write().end_object();
  }
  json.write().end_array();
}

void add_view(json_report& json, const view_difference& one) {
  json_writer& write = json.write();
  write.begin_object();
  json.text("name", one.name);
  json.text("change", change_of(one));
  json.text_or_null("status_before", one.before == nullptr ? "" : one.before->status.text());
  json.text_or_null("status_after", one.after == nullptr ? "" : one.after->status.text());
  add_texts(json, one.texts);
  write.name("depends_on");
  if (one.depends_on_differs) {
    write.begin_object();
    add_dependencies(json, "before", *one.before);
    add_dependencies(json, "after", *one.after);
    write.end_object();
  } else {
    write.value("null");
  }
  write.name("transitions");
  write.begin_array();
  for (const audit_entry& item : one.transitions) {
    write.begin_object();
    json.text("at", item.at);
    json.text_or_null("from", item.from);
    json.text("to", item.to);
    json.text("trigger", item.trigger);
    write.end_object();
  }
  write.end_array();
  json.boolean("log_differs", one.log_differs);
  write.end_object();
}

std::string to_json(const std::vector<adapter_difference>& all, const diff_options& sides) {
  json_report json;
  json.text("before", sides.before);
  json.text("after", sides.after);
  json.boolean("different", !all.empty());
  json.write().name("adapters");
  json.write().begin_array();
  for (const adapter_difference& one : all) {
    json.write().begin_object();
    json.text("name", one.name);
    json.text("change", change_of(one));
    add_texts(json, one.texts);
    json.write().name("views");
    json.write().begin_array();
    for (const view_difference& each : one.views)
      add_view(json, each);
    json.write().end_array();
    json.write().end_object();
  }
  json.write().end_array();
  return std::move(json).finish();
}

/// "+", "-" or "~" before a name, as its colour says too.
template <class Entry>
std::string head(const Entry& one, const std::string& name, bool coloured) {
  const colour in = one.before == nullptr  ? colour::green
                    : one.after == nullptr ? colour::red
                                           : colour::yellow;
  const std::string_view sign = one.before == nullptr ? "+" : one.after == nullptr ? "-" : "~";
  return paint(fmt::format("{} {}", sign, name), in, coloured);
}

std::string shown_status(const view& entry, bool coloured) {
  const cell status = status_cell(entry.status.state(), entry.status.text());
  return paint(status.text, status.in, coloured);
}

std::string shown_texts(const std::vector<changed_text>& texts) {
  std::string shown;
  for (const changed_text& one : texts) {
    // The status stands in the head.
    if (one.member == "view_status") continue;
    const auto or_none = [](std::string_view text) { return text.empty() ? "none" : printable(text); };
    shown += fmt::format("    {}: {} {} {}\n", one.member, or_none(one.before), arrow(), or_none(one.after));
  }
  return shown;
}

std::string shown_dependencies(const view& entry) {
  std::vector<std::string> all;
  for (const dependency& item : entry.depends_on) {
    all.push_back(fmt::format("{}{}{}{}{}", printable(item.adapter), item.version.empty() ? "" : "@",
                              printable(item.version), item.schema_digest.empty() ? "" : "=",
                              printable(item.schema_digest)));
  }
  return all.empty() ? "nothing" : fmt::format("{}", fmt::join(all, ", "));
}

std::string to_text(std::string_view adapter, const view_difference& one, bool coloured) {
  const std::string name = to_string({shortened(adapter), one.name});
  if (one.before == nullptr || one.after == nullptr) {
    const view& only = one.before == nullptr ? *one.after : *one.before;
    return fmt::format("{}  {}\n", head(one, name, coloured), shown_status(only, coloured));
  }
  std::string text = head(one, name, coloured) + "  " + shown_status(*one.before, coloured);
  if (!(one.before->status == one.after->status))
    text += fmt::format(" {} ", arrow()) + shown_status(*one.after, coloured);
  text += "\n" + shown_texts(one.texts);
  if (one.depends_on_differs) {
    text += fmt::format("    depends_on: {} {} {}\n", shown_dependencies(*one.before), arrow(),
                        shown_dependencies(*one.after));
  }
  for (const audit_entry& item : one.transitions) {
    text += fmt::format("    {}  {} {} {}\n", printable(item.at), printable(item.trigger), arrow(),
                        printable(item.to));
  }
  if (one.log_differs) text += "    its log does not go on where the first one's ends\n";
  return text;
}

std::string to_text(const std::vector<adapter_difference>& all, const diff_options& sides, bool coloured) {
  const std::string both = fmt::format("{} {} {}", printable(sides.before), arrow(), printable(sides.after));
  if (all.empty()) return fmt::format("{}: no adapter and no view differs\n", both);
  std::size_t adapters = 0;
  std::size_t views = 0;
  std::string text;
  for (const adapter_difference& one : all) {
    views += one.views.size();
    if (one.before == nullptr || one.after == nullptr || !one.texts.empty()) {
      ++adapters;
      text += head(one, std::string(one.name), coloured) + "\n" + shown_texts(one.texts);
    }
    for (const view_difference& each : one.views)
      text += to_text(one.name, each, coloured);
  }
  return fmt::format("{}: {} and {} differ\n", both, counted(adapters, "adapter"), counted(views, "view")) +
         text;
}

}  // namespace

outcome_report run_diff(const common_options& common, const diff_options& sides) {
  const auto before = read_side(common, sides.before);
  if (!before) return report_error(before.error());
  const auto after = read_side(common, sides.after);
  if (!after) return report_error(after.error());
  const auto all = differences(*before, *after);
  return {all.empty() ? exit_code::fine : exit_code::not_ready, to_text(all, sides, wants_colour(stdout)),
          to_json(all, sides)};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
