// The generated parts of the documentation, as texts: what the tables in the code say, in Markdown, DOT and Mermaid.
#pragma once

#include <string>

namespace agentslock::docs {

// Parts of a page.

/// The edges of the state machine, and the one event that leaves a view where it is.
[[nodiscard]] std::string transition_table_in_words();
/// What a reconciliation pass does.
[[nodiscard]] std::string reconciliation_table_in_words();
/// The command's exit statuses, the first that applies first.
[[nodiscard]] std::string exit_codes_in_words();

// Whole files. Each begins with a line that says where it comes from.

[[nodiscard]] std::string state_machine_page();
[[nodiscard]] std::string errors_page();
[[nodiscard]] std::string exit_codes_page();
/// The operations of a script, each with its members and an example.
[[nodiscard]] std::string operations_page();
[[nodiscard]] std::string state_machine_dot();
[[nodiscard]] std::string state_machine_mermaid();
/// The tables as JSON, for the conformance kit; what it is says its first member.
[[nodiscard]] std::string machine_json();

}  // namespace agentslock::docs
// SPDX-License-Identifier: Apache-2.0
