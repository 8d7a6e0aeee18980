#include "tables.hpp"

#include <array>

namespace agentslock::laws {
namespace {

#define AGENTSLOCK_LAW(law) \
  { #law, law }

constexpr std::array machine_laws{
    transition_law AGENTSLOCK_LAW(every_cell_has_exactly_one_row),
    transition_law AGENTSLOCK_LAW(only_moves_change_the_state),
    transition_law AGENTSLOCK_LAW(only_registration_and_rebuild_lead_to_ready),
    transition_law AGENTSLOCK_LAW(every_state_has_a_way_to_ready),
    transition_law AGENTSLOCK_LAW(each_event_moves_only_the_views_it_is_for),
    transition_law AGENTSLOCK_LAW(every_refusal_names_its_cause),
    transition_law AGENTSLOCK_LAW(every_trigger_is_its_events),
};

/// A law about the table alone, for a list that is about the table and its machine.
template <bool (*law)(const reconcile_rows&)>
bool of_table(const reconcile_rows& table, const transition_rows&) {
  return law(table);
}

bool every_recorded_state_has_one_row(const reconcile_rows& table, const transition_rows&) {
  return every_recorded_state_has_exactly_one_row(table);
}

constexpr std::array pass_laws{
    reconciliation_law{"every_recorded_state_has_exactly_one_row", every_recorded_state_has_one_row},
    reconciliation_law AGENTSLOCK_LAW(reconcile_uses_only_edges_of_the_machine),
    reconciliation_law AGENTSLOCK_LAW(reconcile_never_leads_to_ready),
    reconciliation_law AGENTSLOCK_LAW(reconcile_is_idempotent),
    reconciliation_law{"only_dsl_update_required_blocks", of_table<only_dsl_update_required_blocks>},
    reconciliation_law{"only_pending_recompat_check_is_validated",
                       of_table<only_pending_recompat_check_is_validated>},
    reconciliation_law{"every_change_has_its_reason", of_table<every_change_has_its_reason>},
};

#undef AGENTSLOCK_LAW

}  // namespace

std::span<const transition_law> transition_laws() noexcept {
  return machine_laws;
}
std::span<const reconciliation_law> reconciliation_laws() noexcept {
  return pass_laws;
}

std::string_view refused_by(const transition_rows& machine) {
  for (const transition_law& law : machine_laws) {
    if (!law.holds(machine)) return law.name;
  }
  return {};
}

std::string_view refused_by(const reconcile_rows& table, const transition_rows& machine) {
  for (const reconciliation_law& law : pass_laws) {
    if (!law.holds(table, machine)) return law.name;
  }
  return {};
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
