// How values are printed in a counterexample.

#include <ostream>

#include "generators.hpp"
#include "laws/shown.hpp"

namespace agentslock {

void showValue(const operation& todo, std::ostream& out) {
  out << laws::shown(todo);
}

void laws::showValue(const document_change& change, std::ostream& out) {
  for (const operation& one : change.operations)
    out << "\n  " << shown(one);
  if (change.states_adapters) out << "\n  state adapters";
  for (const auto& [name, json] : change.sections)
    out << "\n  section " << shown(name) << ": " << json;
  if (change.inputs_digest) out << "\n  inputs_digest " << shown(*change.inputs_digest);
}

void laws::showValue(const container_change& change, std::ostream& out) {
  out << change.document << "at byte " << change.container_at << " plan";
  for (const planned_item& one : change.plan)
    out << " " << (one.kept ? "keep " + std::to_string(*one.kept) : one.text);
}

void laws::showValue(const store_case& given, std::ostream& out) {
  out << given.document << "ours:";
  showValue(given.ours, out);
  out << "\ntheirs:";
  showValue(given.theirs, out);
}

void reference::showValue(const plain_lockfile& file, std::ostream& out) {
  out << to_string(file);
}

void properties::showValue(const spelled_document& document, std::ostream& out) {
  out << document.text();
}
void properties::showValue(const near_miss& document, std::ostream& out) {
  out << document.what << ":\n" << document.text;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
