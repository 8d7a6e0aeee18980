/// The laws of the two tables of the machine, by name, for whoever wants to hand them tables of their own.
#pragma once

#include <span>
#include <string_view>

#include "agentslock/kernel/detail/reconcile_laws.hpp"
#include "agentslock/kernel/detail/transition_laws.hpp"

namespace agentslock::laws {

struct transition_law {
  std::string_view name;
  bool (*holds)(const transition_rows& machine);
};

struct reconciliation_law {
  std::string_view name;
  bool (*holds)(const reconcile_rows& table, const transition_rows& machine);
};

[[nodiscard]] std::span<const transition_law> transition_laws() noexcept;
[[nodiscard]] std::span<const reconciliation_law> reconciliation_laws() noexcept;

/// The name of the first law that refuses a table; empty when all hold.
[[nodiscard]] std::string_view refused_by(const transition_rows& machine);
[[nodiscard]] std::string_view refused_by(const reconcile_rows& table, const transition_rows& machine);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
