#include <fmt/format.h>

#include <algorithm>

#include "apply_script.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// What came of a script: of loading the document, and of each operation.
struct applied {
  std::optional<error> load_error;
  /// No operation was refused, and yet it could not be written.
  std::optional<error> write_error;
  std::vector<op_result> ops;
  /// Nothing was written because an operation was refused.
  bool given_up = false;
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

applied apply(const lockfile_store& store, const apply_script& script, bool keep_going) {
  applied done;
  bool loaded = false;
  const timestamp present = store.now();
  const auto written = store.edit([&](document_edit& edit) -> result<> {
    loaded = true;
    done.ops = script.run(edit, present, keep_going);
    done.given_up = !keep_going && !done.ops.empty() && done.ops.back().error.has_value();
    if (done.given_up) return error(errc::refused, *done.ops.back().error);
    return {};
  });
  if (done.given_up) {
    const std::string refused = fmt::format("not done: operation {} was refused", done.ops.size());
    blame_all(script, refused, false, done);
  } else if (!written && !loaded) {
    done.load_error = written.error();
    blame_all(script, "not done: the document could not be loaded", false, done);
  } else if (!written) {
    const bool refused =
        std::ranges::any_of(done.ops, [](const op_result& op) { return op.error.has_value(); });
    if (!refused) done.write_error = written.error();
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
  return std::move(json).finish();
}

std::string to_text(const applied& done, bool writes) {
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
  if (!writes) text += "nothing was written: the script has no \"save\"\n";
  return text;
}

}  // namespace

outcome_report run_apply(const common_options& common, const std::string& script_path, bool keep_going) {
  const auto text = read_input(script_path);
  if (!text) return report_error(text.error());
  const auto script = apply_script::parse(text->view(), script_path == "-" ? "standard input" : script_path);
  if (!script) {
    outcome_report report = report_error(script.error());
    report.code = exit_code::failed;  // it is the script that can't be read, not the document
    return report;
  }
  const lockfile_store store = document_of(common);
  const applied done = apply(store, *script, keep_going);

  const bool all_done =
      std::ranges::none_of(done.ops, [](const op_result& op) { return op.error.has_value(); });
  exit_code code = all_done ? exit_code::fine : exit_code::failed;
  if (done.write_error) code = code_for(done.write_error->code());
  std::string told = to_text(done, script->writes());
  if (done.load_error) {
    code = code_for(done.load_error->code());
    told = report_error(*done.load_error).text;
  }
  return {code, std::move(told), to_json(done)};
}

}  // namespace agentslock::cli
