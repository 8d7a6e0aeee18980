// Every header of the kernel, and its work, with nothing but the standard library.
#include <agentslock/kernel/audit_log.hpp>
#include <agentslock/kernel/cutover.hpp>
#include <agentslock/kernel/cutover_table.hpp>
#include <agentslock/kernel/detail/cutover_laws.hpp>
#include <agentslock/kernel/detail/gate_laws.hpp>
#include <agentslock/kernel/detail/lockfile_restorer.hpp>
#include <agentslock/kernel/detail/merge_laws.hpp>
#include <agentslock/kernel/detail/reconcile_laws.hpp>
#include <agentslock/kernel/detail/transition_laws.hpp>
#include <agentslock/kernel/detail/utf8.hpp>
#include <agentslock/kernel/entries.hpp>
#include <agentslock/kernel/function_ref.hpp>
#include <agentslock/kernel/gate_table.hpp>
#include <agentslock/kernel/lifetime.hpp>
#include <agentslock/kernel/lockfile.hpp>
#include <agentslock/kernel/merge.hpp>
#include <agentslock/kernel/merge_table.hpp>
#include <agentslock/kernel/missed_bump.hpp>
#include <agentslock/kernel/operation.hpp>
#include <agentslock/kernel/query_gate.hpp>
#include <agentslock/kernel/reconcile.hpp>
#include <agentslock/kernel/reconcile_table.hpp>
#include <agentslock/kernel/refusal.hpp>
#include <agentslock/kernel/rfc3339.hpp>
#include <agentslock/kernel/transition.hpp>
#include <agentslock/kernel/view_status.hpp>
#include <agentslock/kernel/waiting.hpp>

#ifdef BOOST_VERSION
#error "the kernel's headers include Boost"
#endif

using namespace agentslock;

int main() {
  static_assert(laws::holds(transition_table) && laws::holds(reconcile_table, transition_table));
  static_assert(laws::holds(merge_table) && laws::holds(caution_order) && laws::holds(merge_floor_table));
  static_assert(laws::holds(gate_table) && laws::holds(cutover_table, transition_table));
  const timestamp now = *parse_rfc3339("2026-07-01T12:00:00Z");
  const view_key key{"comp", "summary"};
  lockfile file;
  if (!file.register_view(key, "sha256:0a1b", {}, now)) return 1;
  if (may_query(file, key, fall_through::refused).decision != gate_decision::allowed) return 2;
  reconcile_report report;
  if (!file.reconcile(nothing_present, report, now) || report.changes.size() != 1) return 3;
  return may_query(file, key, fall_through::refused).decision == gate_decision::refused ? 0 : 4;
}
// SPDX-License-Identifier: Apache-2.0
