// Changes of whole documents, against the laws and against the document that is rewritten through a tree.

#include <array>

#include "choices.hpp"
#include "generators.hpp"
#include "holding.hpp"
#include "laws/document.hpp"
#include "laws/shown.hpp"
#include "reference/plain_document.hpp"

namespace agentslock::properties {
namespace {

/// A generated document is valid and so is a generated change: a refusal is a finding.
laws::document_step step_of(const std::string& text, const laws::document_change& change) {
  auto step = laws::take_document_step(text, change);
  if (!step) RC_FAIL("the document or the change is refused: " + step.error().message());
  return std::move(*step);
}

void every_change_keeps_its_laws(const law_choice& chosen) {
  const spelled_document document = *any_document();
  const laws::document_change change = *change_of(document);
  hold_all(chosen, laws::document_laws(), step_of(document.text(), change));
}

void a_document_by_the_go_tool_stays_one(const law_choice& chosen) {
  const spelled_document document = *go_document();
  const laws::document_change change = *change_of(document);
  const std::string text = document.text();
  hold(chosen, "a_generated_document_is_in_the_go_tools_format", [&] {
    return laws::is_in_the_go_tools_format(text) ? laws::breach() : laws::breach(laws::shown(text));
  });
  const laws::document_step step = step_of(text, change);
  hold_all(chosen, laws::document_laws(), step);
  hold(chosen, "the_edited_document_is_the_rewritten_one", [&]() -> laws::breach {
    const std::string expected = reference::rewritten(text, change);
    if (step.after == expected) return laws::kept;
    return "it is\n" + step.after + "and not\n" + expected;
  });
}

/// The same change of the same facts in another layout says the same as the rewritten document.
void an_edited_document_says_what_the_rewritten_says(const law_choice& chosen) {
  const spelled_document document = *any_document();
  const laws::document_change change = *change_of(document);
  const std::string text = document.text();
  const laws::document_step step = step_of(text, change);
  hold(chosen, "the_edited_document_says_what_the_rewritten_says", [&]() -> laws::breach {
    const auto edited = laws::read_json(step.after);
    if (!edited) return "it is no JSON any more";
    const auto rewritten = reference::adapters_in(*laws::read_json(reference::rewritten(text, change)));
    const auto said = reference::adapters_in(*edited);
    if (said == rewritten) return laws::kept;
    return "it says\n" + to_string(said) + "and not\n" + to_string(rewritten);
  });
}

/// Whatever the value, the document stays well formed, and in the Go tool's format when it was.
void any_value_over_any_document(const law_choice& chosen) {
  const spelled_document document = rarely(2) ? *go_document() : *any_document();
  const lockfile value = reference::restored(*any_lockfile());
  auto step = laws::write_over(document.text(), value);
  if (!step) RC_FAIL("the document is refused: " + step.error().message());
  hold_all(chosen, laws::document_laws(), *step);
}

/// A value that differs in little from what the document says.
void a_changed_value_over_its_document(const law_choice& chosen) {
  const spelled_document document = rarely(2) ? *go_document() : *any_document();
  const auto others = simpler(document.adapters);
  if (others.empty()) return;
  auto step = laws::write_over(document.text(), reference::restored(one_of(others)));
  if (!step) RC_FAIL("the document is refused: " + step.error().message());
  hold_all(chosen, laws::document_laws(), *step);
}

constexpr std::array document_laws{
    property{"any_value_over_any_document", 1500, 50, any_value_over_any_document},
    property{"a_changed_value_over_its_document", 1500, 50, a_changed_value_over_its_document},
    property{"every_change_keeps_its_laws", 2500, 50, every_change_keeps_its_laws},
    property{"a_document_by_the_go_tool_stays_one", 1500, 50, a_document_by_the_go_tool_stays_one},
    property{"an_edited_document_says_what_the_rewritten_says", 800, 50,
             an_edited_document_says_what_the_rewritten_says},
};

}  // namespace

std::span<const property> document_properties() {
  return document_laws;
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
