// The operations of a script as their readers ask for them, for the page and the schema that are generated.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "script_arguments.hpp"

namespace agentslock::cli {

/// One operation: what it does, its members, and an example.
struct operation_form {
  std::string_view name;
  /// A clause, in Markdown.
  std::string_view does;
  /// A JSON object. The examples, one after the other, are a script that runs on an empty document.
  std::string_view example;
  /// As the reading code asks for them, but for "op".
  std::vector<member_form> members;
};

/// All operations, in the order of a document's life.
[[nodiscard]] std::vector<operation_form> operation_forms();

/// The JSON schema of scripts, draft 2020-12.
[[nodiscard]] std::string script_schema();

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
