// The canary: a law that does not hold, about the same scripts as fuzz_kernel. To break it takes a view that is
// registered, a bump of what it reads, and a validation that fails. An engine that does not find that finds nothing.

#include "../properties/laws/operations.hpp"
#include "harness.hpp"
#include "operation_reader.hpp"

using namespace agentslock;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::byte_reader bytes(fuzz::as_text(data, size));
  reference::plain_lockfile plainly;
  lockfile file;
  constexpr int steps_max = 64;
  for (int i = 0; i < steps_max && !bytes.is_empty(); ++i) {
    const operation todo = fuzz::read_operation(bytes, plainly);
    (void)reference::apply_plainly(plainly, todo);
    (void)apply(file, todo);
    for (view_key key : file.view_keys()) {
      fuzz::hold("no_view_ever_needs_another_program", file.state(key) == view_state::dsl_update_required
                                                           ? laws::breach("the canary is dead")
                                                           : laws::breach());
    }
  }
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
