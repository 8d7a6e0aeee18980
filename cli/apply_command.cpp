#include <fmt/format.h>

#include <algorithm>

#include "apply_script.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// What came of a script: of loading the document, and of each operation.
struct applied : script_results {
  std::optional<error> load_error;
  /// No operation was refused, and yet it could not be written.
  std::optional<error> write_error;

  [[nodiscard]] bool is_refused() const {
    return std::ranges::any_of(ops, [](const op_result& op) { return op.error.has_value(); });
  }
};

/// Says of every operation that something outside it kept it from being done.
void blame_all(const apply_script& script, const std::string& why, bool only_writing, applied& done) {
  for (std::size_t i = 0; i < script.ops().size(); ++i) {
    const bool blamed = !only_writing || apply_script::is_writing(script.ops()[i]);
    if (i >= done.ops.size()) {
      done.ops.push_back({script.ops()[i].op, why, {}});
    } else if (blamed && !done.ops[i].error) {
      done.ops[i].error = why;
    }
  }
}

/// Runs a script that asks for nothing to be written: without the lock, and without making anything.
result<> read_only(const lockfile_store& store, function_ref<result<>(document_edit&)> work) {
  auto read = store.read();
  if (!read) return read.error();
  if (const auto known = read->document.check_version(); !known) return known.error();
  staged_changes sections;
  document_edit edit{read->document, read->adapters, false, sections};
  return work(edit);
}

applied apply(const lockfile_store& store, const apply_script& script, script_options options) {
  applied done;
  script_results& results = done;
  bool loaded = false;
  bool gives_up = false;
  const timestamp now = store.now();
  const auto work = [&](document_edit& edit) -> result<> {
    loaded = true;
    results = script.run(edit, now, options);
    gives_up = !options.keep_going && done.is_refused();
    if (gives_up) return error(errc::refused, *done.ops.back().error);
    return {};
  };
  const bool writes = script.writes() || options.saves_at_end;
  const auto written = writes ? store.edit(work) : read_only(store, work);
  if (gives_up) {
    const std::string refused = fmt::format("not done: operation {} was refused", done.ops.size());
    blame_all(script, refused, false, done);
    done.has_unsaved = false;
  } else if (!written && !loaded) {
    done.load_error = written.error();
    blame_all(script, "not done: the document could not be loaded", false, done);
  } else if (!written) {
    if (!done.is_refused()) done.write_error = written.error();
    blame_all(script, written.error().message(), true, done);
  }
  return done;
}

std::string to_json(const applied& done) {
  json_report json;
  json_writer& write = json.write();
  write.name("load");
  write.begin_object();
  json.text_or_null("error", done.load_error ? done.load_error->message() : "");
  write.end_object();
  write.name("ops");
  write.begin_array();
  for (const op_result& op : done.ops) {
    write.begin_object();
    json.text("op", op.op);
    json.text_or_null("error", op.error.value_or(""));
    for (const auto& [name, value] : op.members) {
      write.name(name);
      write.value(value);
    }
    write.end_object();
  }
  write.end_array();
  json.boolean("unsaved", done.has_unsaved);
  return std::move(json).finish();
}

/// What was not written, and how it would be.
std::string_view note_on_unsaved(const apply_script& script) {
  if (script.saves())
    return "what was changed after the last \"save\" was not written; --save saves at the end\n";
  return script.writes()
             ? "the adapters were not written: the script has no \"save\"; --save saves at the end\n"
             : "nothing was written: the script has no \"save\"; --save saves at the end\n";
}

std::string to_text(const applied& done, const apply_script& script) {
  std::string text;
  for (std::size_t i = 0; i < done.ops.size(); ++i) {
    const op_result& op = done.ops[i];
    text += fmt::format("{}. {}", i + 1, printable(op.op));
    if (op.error) {
      text += fmt::format(": refused: {}", printable(*op.error));
    } else {
      for (const auto& [name, value] : op.members)
        text += fmt::format(" {}={}", name, printable(value));
    }
    text += "\n";
  }
  if (done.has_unsaved) text += note_on_unsaved(script);
  return text;
}

}  // namespace

outcome_report run_apply(const common_options& common, const std::string& script_path,
                         script_options options) {
  const auto text = read_input(script_path);
  if (!text) return report_error(text.error());
  const auto script = apply_script::parse(text->view(), script_path == "-" ? "standard input" : script_path);
  if (!script) {
    outcome_report report = report_error(script.error());
    report.code = exit_code::failed;  // it is the script that can't be read, not the document
    return report;
  }
  const lockfile_store store = document_of(common);
  const applied done = apply(store, *script, options);

  if (done.load_error)
    return {code_for(done.load_error->code()), report_error(*done.load_error).text, to_json(done)};
  exit_code code = exit_code::fine;
  if (done.has_unsaved) code = exit_code::not_ready;
  if (done.is_blocked) code = first_of(code, exit_code::blocked);
  if (done.write_error) {
    code = first_of(code, code_for(done.write_error->code()));
  } else if (done.is_refused()) {
    code = exit_code::failed;
  }
  return {code, to_text(done, *script), to_json(done)};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
