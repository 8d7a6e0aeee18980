// A script of operations: its form, and running it on a document that is being edited.
//
//     {"ops": [ {"op": "activate", "name": "crg", "source_digest": "…", "schema_digest": "…", "now": "…"},
//               {"op": "save"} ]}
//
// Operations work on the adapters in memory; what they are at a "save" is what is written. The section operations
// (set_inputs_digest, update_section) need no save. Times are RFC 3339; a missing "now" is the present.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "script_json.hpp"

namespace agentslock::cli {

/// What became of one operation.
struct op_result {
  std::string op;
  /// Why it was refused.
  std::optional<std::string> error;
  /// Its further members: each a name and a JSON value.
  std::vector<std::pair<std::string, std::string>> members;
};

/// What became of a script.
struct script_results {
  /// One for each operation that was run: all, or those up to the one that was refused.
  std::vector<op_result> ops;
  /// Whether the adapters were changed by operations that no save came after.
  bool has_unsaved = false;
  /// Whether a cutover was blocked, and no later one of the same dependee went through.
  bool is_blocked = false;
};

/// How a script is run.
struct script_options {
  /// Whether an operation that is refused does not end the script.
  bool keep_going = false;
  /// Whether what the adapters are at the end is saved.
  bool saves_at_end = false;
};

struct script_op {
  std::string op;
  member_map members;
};

/// A script. Its operations borrow from the text that it was parsed from.
class apply_script {
 public:
  /// Errors: not_json and the like, invalid_argument (no list of operations, an operation without a name).
  [[nodiscard]] static result<apply_script> parse(std::string_view text, std::string_view path);

  [[nodiscard]] const std::vector<script_op>& ops() const noexcept { return ops_; }
  /// Whether an operation, or any operation of the script, asks for something to be written.
  [[nodiscard]] static bool is_writing(const script_op& op) noexcept;
  [[nodiscard]] bool writes() const noexcept { return std::ranges::any_of(ops_, is_writing); }
  /// Whether an operation saves the adapters.
  [[nodiscard]] bool saves() const noexcept;

  /// Runs the operations in order, until one is refused unless told to keep going.
  [[nodiscard]] script_results run(document_edit& edit, timestamp now, script_options options) const;

 private:
  std::vector<script_op> ops_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
