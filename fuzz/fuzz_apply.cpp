// A script of `agentslock apply`, and after a NUL the document that it is run on: the plain machine does what the command
// says that it did, and the document is changed by the laws.

#include <algorithm>
#include <chrono>

#include "../properties/laws/document.hpp"
#include "../properties/laws/operations.hpp"
#include "../properties/laws/shown.hpp"
#include "../properties/reference/plain_lockfile.hpp"
#include "apply_script.hpp"
#include "harness.hpp"
#include "script_operation.hpp"

using namespace agentslock;

namespace {

constexpr timestamp time_of_run{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

/// What the script's operations that were done have left, by the plain machine: what the last save saw.
struct plain_run {
  reference::plain_lockfile now;
  reference::plain_lockfile saved;
  std::vector<operation> done;
  bool is_saved = false;

  void take(const cli::script_op& op) {
    if (op.op == "save") {
      saved = now;
      is_saved = true;
    }
    const lockfile before = reference::restored(now);
    cli::script_arguments given(op.members, time_of_run);
    const auto todo = cli::read_operation(op.op, given, before);
    if (!todo) return;
    const auto result = reference::apply_plainly(now, *todo);
    fuzz::hold("what_was_done_is_not_refused_by_the_plain_machine",
               result.refused ? laws::breach(laws::shown(*todo)) : laws::breach());
    fuzz::hold_all(laws::step_laws(), laws::take_step(before, *todo));
    done.push_back(*todo);
  }
};

void run(const cli::apply_script& script, const parsed_document& read, bool keep_going) {
  const lock_document& document = read.document;
  lockfile adapters = read.adapters;
  staged_changes sections;
  document_edit edit{document, adapters, false, sections};
  const auto results = script.run(edit, time_of_run, {.keep_going = keep_going}).ops;

  const reference::plain_lockfile start = reference::plain(read.adapters);
  plain_run plainly{start, start, {}, false};
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i].error) plainly.take(script.ops()[i]);
  }
  const bool complete = std::ranges::none_of(results, [](const auto& one) { return one.error.has_value(); });
  // A script that was refused is not written unless it keeps going.
  if (!complete && !keep_going) return;
  fuzz::hold("a_section_is_stated_exactly_when_it_was_saved",
             edit.writes_empty_section == plainly.is_saved ? laws::breach() : laws::breach("it is not"));
  if (reference::plain(adapters) != plainly.saved) {
    fuzz::hold("the_command_does_what_the_plain_machine_does",
               "it is\n" + to_string(reference::plain(adapters)) + "and not\n" + to_string(plainly.saved));
  }

  laws::document_step step;
  const auto staged = sections.staged();
  step.before = document.text().view();
  step.change.operations = plainly.done;
  step.change.sections = {staged.sections.begin(), staged.sections.end()};
  step.change.inputs_digest = staged.inputs_digest;
  step.was = read.adapters;
  step.wanted = adapters;
  step.asked_for_adapters = edit.writes_empty_section;
  step.edited = document.render(staged, edit.writes_empty_section ? &adapters : nullptr);
  step.after = step.edited.text().view();
  step.after_by_comparison =
      document.render(staged, edit.writes_empty_section ? &step.wanted : nullptr).text().view();
  fuzz::hold_all(laws::document_laws(), step);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [script_text, document_text] = fuzz::split(fuzz::as_text(data, size));
  const auto script = cli::apply_script::parse(script_text, "script");
  if (!script) return 0;
  const std::string_view on = document_text.empty() ? lock_document::empty_text : document_text;
  const auto read = lock_document::parse(text_buffer(on), "document");
  if (!read || !read->document.check_version()) return 0;
  run(*script, *read, false);
  run(*script, *read, true);
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
