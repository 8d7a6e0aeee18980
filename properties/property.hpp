// A property: something that is checked on many generated values, of which each law in it has a name.
//
// The seed is fixed, so that a change is judged on the same values as the one before; RC_PARAMS="seed=N" takes another,
// and AGENTSLOCK_FRESH_SEED=1 one that nobody has seen. It is printed always. RC_PARAMS="max_success=M" scales: 100 is
// the default size. See README.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace agentslock::properties {

/// Which laws a run looks at: all, or the one that a seeded bug must break.
class law_choice {
 public:
  law_choice() = default;
  explicit law_choice(std::string_view only) : only_(only) {}
  [[nodiscard]] bool includes(std::string_view law) const noexcept { return only_.empty() || law == only_; }
  [[nodiscard]] bool is_one() const noexcept { return !only_.empty(); }

 private:
  std::string_view only_;
};

struct property {
  std::string_view name;
  /// How many values are generated at the default size.
  int cases;
  /// The largest size of RapidCheck's own containers and scripts.
  int size_max;
  /// Generates one value and holds the laws against it.
  void (*check)(const law_choice& laws);
};

[[nodiscard]] std::span<const property> kernel_properties();
[[nodiscard]] std::span<const property> machine_properties();
[[nodiscard]] std::span<const property> merge_properties();
[[nodiscard]] std::span<const property> codec_properties();
[[nodiscard]] std::span<const property> document_properties();
[[nodiscard]] std::span<const property> store_properties();

/// The property of this name, of all of them.
[[nodiscard]] const property& property_named(std::string_view name);

struct check_outcome {
  bool holds = false;
  int cases = 0;
  /// The shrunk counterexample and how to reproduce it.
  std::string report;
};

/// Runs a property at its size, and shrinks a counterexample.
[[nodiscard]] check_outcome run(const property& what);
/// Runs a property on one law, up to `times` its default number of cases; does not shrink.
[[nodiscard]] check_outcome find_breach(const property& what, std::string_view law, int times);

/// The seed of this run.
[[nodiscard]] std::uint64_t chosen_seed();

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
