/// The laws of the query gate (§10.3.3): only a ready view is queried, and a refusal says all that it must.
#pragma once

#include <span>

#include "agentslock/kernel/query_gate.hpp"
#include "law.hpp"

namespace agentslock::laws {

using gate_law = named_law<const lockfile&, view_key>;
[[nodiscard]] std::span<const gate_law> gate_laws() noexcept;

/// A query of a view's own tables is allowed exactly when its recorded status is "ready" and it missed no bump.
[[nodiscard]] breach only_a_ready_view_is_queried(const lockfile& file, view_key key);
/// The source may be asked instead only when the view awaits its rebuild, and the caller opted in.
[[nodiscard]] breach only_a_view_that_awaits_its_rebuild_falls_through(const lockfile& file, view_key key);
/// A refusal names the state, a reason, what unblocks the view, and for each dependee the recorded and the active digest.
[[nodiscard]] breach a_refusal_names_all_that_it_must(const lockfile& file, view_key key);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
