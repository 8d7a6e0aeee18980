// The kernel against the plain machine: each random script is run on both, and every step compared.

#include <array>
#include <memory>
#include <ostream>

#include <rapidcheck/state.h>

#include "generators.hpp"
#include "holding.hpp"
#include "laws/shown.hpp"

namespace agentslock::properties {
namespace {

using reference::plain_lockfile;

/// The system under test, and which law a run looks at.
struct machine {
  lockfile file;
  law_choice chosen;
};

using command = rc::state::Command<plain_lockfile, machine>;

class one_operation final : public command {
 public:
  explicit one_operation(operation todo) : todo_(std::move(todo)) {}

  void apply(plain_lockfile& model) const override { (void)reference::apply_plainly(model, todo_); }

  void run(const plain_lockfile& before, machine& real) const override {
    plain_lockfile expected = before;
    const auto plainly = reference::apply_plainly(expected, todo_);
    const auto really = agentslock::apply(real.file, todo_);
    hold(real.chosen, "the_kernel_answers_as_the_plain_machine",
         [&] { return reference::difference(really, plainly); });
    hold(real.chosen, "the_kernel_does_what_the_plain_machine_does", [&]() -> laws::breach {
      const plain_lockfile after = reference::plain(real.file);
      if (after == expected) return laws::kept;
      return "it is\n" + to_string(after) + "and not\n" + to_string(expected);
    });
  }

  void show(std::ostream& out) const override { out << laws::shown(todo_); }

 private:
  operation todo_;
};

void the_kernel_is_the_plain_machine_from(const plain_lockfile& start, const law_choice& chosen) {
  machine real{reference::restored(start), chosen};
  rc::state::check(start, real, [](const plain_lockfile& now) {
    return rc::gen::map(operation_on(now), [](operation todo) {
      return std::shared_ptr<const command>(std::make_shared<one_operation>(std::move(todo)));
    });
  });
}

void from_an_empty_lockfile(const law_choice& chosen) {
  the_kernel_is_the_plain_machine_from({}, chosen);
}
void from_any_lockfile(const law_choice& chosen) {
  the_kernel_is_the_plain_machine_from(*any_lockfile(), chosen);
}

constexpr std::array machine_laws{
    property{"the_kernel_is_the_plain_machine", 600, 60, from_an_empty_lockfile},
    property{"the_kernel_is_the_plain_machine_from_any_lockfile", 600, 30, from_any_lockfile},
};

}  // namespace

std::span<const property> machine_properties() {
  return machine_laws;
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
