// A lockfile and a script out of bytes. Every step is held against the laws, and the plain machine does it too.

#include "../properties/laws/operations.hpp"
#include "../properties/laws/query_gate.hpp"
#include "harness.hpp"
#include "operation_reader.hpp"

using namespace agentslock;

namespace {

laws::breach difference(const reference::plain_lockfile& really, const reference::plain_lockfile& plainly) {
  if (really == plainly) return laws::kept;
  return "it is\n" + to_string(really) + "and not\n" + to_string(plainly);
}

/// A refusal has a name that no other has, and a sentence.
laws::breach a_refusal_says_which_it_is(const operation_result& result) {
  if (!result.refused) return laws::kept;
  const refusal_code code = result.refused->code;
  const std::string_view spelt = name(code);
  if (spelt == "unknown" || result.refused->message.empty()) return "it is silent";
  for (int other = 0; other < static_cast<int>(code); ++other) {
    if (name(refusal_code(other)) == spelt) return "two refusals are called " + std::string(spelt);
  }
  return laws::kept;
}

/// Whom another schema of an adapter concerns: all that read from it, but when it is the active one already; of an adapter
/// without an entry, those that recorded another.
laws::breach dependents_on_another_schema_are_those(const lockfile& file, const std::string& dependee,
                                                    const std::string& schema) {
  const auto plainly = reference::plain(file);
  const auto active = plainly.adapters.find(dependee);
  std::vector<owned_key> expected;
  for (const auto& key : fuzz::views_of(plainly)) {
    bool reads = false;
    bool another = false;
    for (const auto& item : plainly.find(key)->depends_on) {
      reads = reads || item.adapter == dependee;
      another = another || (item.adapter == dependee && item.schema_digest != schema);
    }
    if (active == plainly.adapters.end() ? another : reads && active->second.schema_digest != schema)
      expected.push_back(key);
  }
  return file.dependents_on_another_schema(dependee, schema) == expected ? laws::breach() : "they are others";
}

void hold_lockfile_laws(const lockfile& file) {
  for (const char* dependee : {"crg", "comp", "nobody"}) {
    for (const char* schema : {"d0", "d1"})
      fuzz::hold("dependents_on_another_schema_are_those",
                 dependents_on_another_schema_are_those(file, dependee, schema));
  }
  fuzz::hold_all(laws::lockfile_laws(), file);
  for (view_key key : file.view_keys())
    fuzz::hold_all(laws::gate_laws(), file, key);
  fuzz::hold_all(laws::gate_laws(), file, view_key{"nobody", "nothing"});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::byte_reader bytes(fuzz::as_text(data, size));
  reference::plain_lockfile plainly = fuzz::read_lockfile(bytes);
  lockfile file = reference::restored(plainly);
  constexpr int steps_max = 64;
  for (int i = 0; i < steps_max && !bytes.is_empty(); ++i) {
    const operation todo = fuzz::read_operation(bytes, plainly);
    laws::kernel_step step = laws::take_step(file, todo);
    const operation_result expected = reference::apply_plainly(plainly, todo);
    fuzz::hold("a_refusal_says_which_it_is", a_refusal_says_which_it_is(step.result));
    fuzz::hold("the_kernel_answers_as_the_plain_machine", reference::difference(step.result, expected));
    fuzz::hold("the_kernel_does_what_the_plain_machine_does",
               difference(reference::plain(step.after), plainly));
    fuzz::hold_all(laws::step_laws(), step);
    file = std::move(step.after);
  }
  hold_lockfile_laws(file);
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
