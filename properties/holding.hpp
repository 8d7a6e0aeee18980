// Holding laws against a generated value, inside of a property.
#pragma once

#include <rapidcheck.h>

#include <span>
#include <string>
#include <string_view>

#include "laws/law.hpp"
#include "property.hpp"

namespace agentslock::properties {

/// Fails the case, naming the law, when it was broken. A law that is not chosen is not even asked.
template <class Check>
void hold(const law_choice& chosen, std::string_view law, Check check) {
  if (!chosen.includes(law)) return;
  if (const laws::breach broken = check()) RC_FAIL(std::string(law) + ": " + *broken);
}

/// The same for every law of a list.
template <class... Subjects>
void hold_all(const law_choice& chosen, std::span<const laws::named_law<Subjects...>> all,
              std::type_identity_t<Subjects>... subjects) {
  for (const auto& law : all)
    hold(chosen, law.name, [&] { return law.check(subjects...); });
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
