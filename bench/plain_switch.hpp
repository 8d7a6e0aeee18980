// The state machine and the reconciliation table as one would write them without tables.
#pragma once

#include "agentslock/kernel/reconcile_table.hpp"
#include "agentslock/kernel/transition.hpp"

namespace agentslock::bench {

[[nodiscard]] inline step_result step_by_switch(view_state from, view_event cause) noexcept {
  using enum view_event;
  switch (from) {
    case view_state::none:
      switch (cause) {
        case registered:
          return {view_state::ready, step_outcome::moves};
        default:
          return {from, step_outcome::unknown_view};
      }
    case view_state::ready:
      switch (cause) {
        case dependee_bumped:
          return {view_state::pending_recompat_check, step_outcome::moves};
        case tables_absent:
        case digest_mismatch:
          return {view_state::pending_rebuild, step_outcome::moves};
        case registered:
          return {from, step_outcome::already_registered};
        case validation_passed:
        case validation_failed:
          return {from, step_outcome::no_verdict_awaited};
        case rebuilt:
          return {from, step_outcome::no_rebuild_awaited};
        case invalid_status:
          return {from, step_outcome::status_recognised};
      }
      break;
    case view_state::pending_recompat_check:
      switch (cause) {
        case validation_passed:
          return {view_state::pending_rebuild, step_outcome::moves};
        case validation_failed:
          return {view_state::dsl_update_required, step_outcome::moves};
        case registered:
          return {from, step_outcome::already_registered};
        case rebuilt:
          return {from, step_outcome::no_rebuild_awaited};
        case invalid_status:
          return {from, step_outcome::status_recognised};
        default:
          return {from, step_outcome::not_ready};
      }
    case view_state::pending_rebuild:
      switch (cause) {
        case rebuilt:
          return {view_state::ready, step_outcome::moves};
        case registered:
          return {from, step_outcome::already_registered};
        case validation_passed:
        case validation_failed:
          return {from, step_outcome::no_verdict_awaited};
        case invalid_status:
          return {from, step_outcome::status_recognised};
        default:
          return {from, step_outcome::not_ready};
      }
    case view_state::dsl_update_required:
      switch (cause) {
        case validation_passed:
          return {view_state::pending_rebuild, step_outcome::moves};
        case validation_failed:
          return {from, step_outcome::stays};
        case registered:
          return {from, step_outcome::already_registered};
        case rebuilt:
          return {from, step_outcome::no_rebuild_awaited};
        case invalid_status:
          return {from, step_outcome::status_recognised};
        default:
          return {from, step_outcome::not_ready};
      }
    case view_state::unrecognised:
      switch (cause) {
        case invalid_status:
          return {view_state::pending_rebuild, step_outcome::moves};
        case registered:
          return {from, step_outcome::already_registered};
        default:
          return {from, step_outcome::status_unrecognised};
      }
  }
  return {from, step_outcome::unknown_view};
}

[[nodiscard]] inline reconcile_action decide_by_switch(view_state recorded, observation seen) noexcept {
  switch (recorded) {
    case view_state::ready:
      switch (seen) {
        case observation::consistent:
          return reconcile_action::no_action;
        case observation::digest_differs:
          return reconcile_action::digest_mismatch;
        case observation::absent:
          return reconcile_action::tables_absent;
      }
      break;
    case view_state::pending_recompat_check:
      return reconcile_action::rerun_validation;
    case view_state::dsl_update_required:
      return reconcile_action::gate_stays_shut;
    case view_state::unrecognised:
      return reconcile_action::invalid_status;
    case view_state::pending_rebuild:
    case view_state::none:
      break;
  }
  return reconcile_action::no_action;
}

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
