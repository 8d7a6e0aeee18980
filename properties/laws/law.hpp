/// What a law is: a plain function that takes a value, or one step of one, and says what broke it.
///
/// A law's name is a sentence that holds. Property tests, exhaustive explorers, the list of seeded bugs and the programs
/// of whoever installs the laws all call the same functions; nothing here knows a test framework.
///
///     if (auto broken = laws::a_refused_operation_changes_nothing(step)) report(*broken);
///     for (const auto& law : laws::step_laws()) …         // or all of them, by name
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace agentslock::laws {

/// What a law says about a value: nothing when it holds, else what broke it, for people.
using breach = std::optional<std::string>;

/// Holds.
inline constexpr std::nullopt_t kept = std::nullopt;

/// A law under its name.
template <class... Subjects>
struct named_law {
  std::string_view name;
  breach (*check)(Subjects...);
};

/// The first law that does not hold, and what broke it: "name: what". Nothing when all hold.
template <class... Subjects>
[[nodiscard]] breach first_broken(std::span<const named_law<Subjects...>> all,
                                  std::type_identity_t<Subjects>... subjects) {
  for (const auto& law : all) {
    if (auto broken = law.check(subjects...)) return std::string(law.name) + ": " + *broken;
  }
  return kept;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
