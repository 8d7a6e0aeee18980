// What the reports of a reconciliation pass have in common.
#pragma once

#include "agentslock/io/reconcile_document.hpp"
#include "json_report.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {

/// The exit code for a document on which a pass found this.
[[nodiscard]] exit_code code_for(const reconciled& pass);

/// Adds what the pass changed, or would change, the views that it can't help, and what it could not compare: "changes",
/// "validation_due", "gates_shut" and "missing_dependees".
void add_findings(json_report& json, const reconciled& pass);
/// A line for people about each view that reads from an adapter without an entry.
[[nodiscard]] std::string notes_on(const std::vector<missing_dependee>& missing);
/// Adds how many views have each status: "views".
void add_counts(json_report& json, const view_counts& counts);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
