// Only in the variant of the library that has the bugs: see kernel_bugs.hpp.
#include "kernel_bugs.hpp"

namespace agentslock {
namespace {

kernel_bug seeded = kernel_bug::none;

}  // namespace

bool has_bug(kernel_bug bug) noexcept {
  return bug == seeded;
}
void seed(kernel_bug bug) noexcept {
  seeded = bug;
}

}  // namespace agentslock
