#include "apply_script.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "script_runner.hpp"

namespace agentslock::cli {

result<apply_script> apply_script::parse(std::string_view text, std::string_view path) {
  const auto whole = script_value::parse(text, path);
  if (!whole) return whole.error();
  const auto members = whole->members();
  if (!members) return members.error();
  const auto ops = members->find("ops");
  if (ops == members->end())
    return error(errc::invalid_argument, fmt::format("{} has no member \"ops\"", path));
  for (const auto& [name, value] : *members) {
    if (name != "ops" && name != "description") {
      return error(errc::invalid_argument,
                   fmt::format("{} has a member \"{}\", which no script has", path, name));
    }
  }
  const auto items = ops->second.items();
  if (!items) return items.error();

  apply_script script;
  for (std::size_t i = 0; i < items->size(); ++i) {
    auto parts = (*items)[i].members();
    if (!parts) return parts.error();
    const auto name = parts->find("op");
    if (name == parts->end()) {
      return error(errc::invalid_argument, fmt::format("{}: operation {} has no member \"op\"", path, i + 1));
    }
    auto op = name->second.text();
    if (!op) return op.error();
    script.ops_.push_back({std::move(*op), std::move(*parts)});
  }
  return script;
}

bool apply_script::is_writing(const script_op& op) noexcept {
  return script_runner::writes(op.op);
}

bool apply_script::saves() const noexcept {
  return std::ranges::find(ops_, save_name, &script_op::op) != ops_.end();
}

script_results apply_script::run(document_edit& edit, timestamp now, script_options options) const {
  // What is done to the adapters after the last save is not written. When a save comes last, as is usual, the document's own
  // adapters can be worked on. A save that has members is refused, and is none.
  const bool ends_in_save = options.saves_at_end ||
                            (!ops_.empty() && ops_.back().op == save_name && ops_.back().members.size() == 1);
  script_runner run(edit, now);
  if (!ends_in_save) run.work_on_a_copy();
  script_results results;
  for (const script_op& op : ops_) {
    results.ops.push_back(run.run(op));
    if (results.ops.back().error) {
      if (!options.keep_going) return results;
    } else if (op.op == save_name && !ends_in_save) {
      run.save_copy();
    }
  }
  if (options.saves_at_end) edit.writes_empty_section = true;
  results.has_unsaved = run.has_unsaved();
  results.is_blocked = run.is_blocked();
  return results;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
