// Only in the variant of the library that tests are built against: see protocol_rules.hpp.
#include "protocol_rules.hpp"

#include <atomic>

namespace agentslock {
namespace {

std::atomic<std::uint32_t> taken_out{0};

std::uint32_t bit(protocol_rule rule) noexcept {
  return 1U << static_cast<unsigned>(rule);
}

}  // namespace

bool keeps(protocol_rule rule) noexcept {
  return (taken_out.load(std::memory_order_relaxed) & bit(rule)) == 0;
}
void take_out(protocol_rule rule) noexcept {
  taken_out.fetch_or(bit(rule), std::memory_order_relaxed);
}
void keep_all_rules() noexcept {
  taken_out.store(0, std::memory_order_relaxed);
}

}  // namespace agentslock
