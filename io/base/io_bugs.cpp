// Only in the variant of the library that has the bugs: see io_bugs.hpp.
#include "io_bugs.hpp"

namespace agentslock {
namespace {

io_bug seeded = io_bug::none;

}  // namespace

bool has_bug(io_bug bug) noexcept {
  return bug == seeded;
}
void seed(io_bug bug) noexcept {
  seeded = bug;
}

}  // namespace agentslock
