// Running the operations of a script, one after the other.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/kernel/operation.hpp"
#include "apply_script.hpp"
#include "script_arguments.hpp"

namespace agentslock::cli {

/// The operation that saves the adapters.
inline constexpr std::string_view save_name = "save";

/// Runs one script on a document that is being edited.
class script_runner {
 public:
  script_runner(document_edit& edit, timestamp time_of_run)
      : edit_(edit), time_of_run_(time_of_run), working_(&edit.adapters) {}

  /// The adapters that operations work on from now on are not the ones that are written.
  void work_on_a_copy() {
    copy_ = edit_.adapters;
    working_ = &copy_;
  }
  /// What is written is what the adapters are now.
  void save_copy() { edit_.adapters = copy_; }

  op_result run(const script_op& op);

  /// The members that the last operation asked for, whether it had them or not.
  [[nodiscard]] const std::vector<member_form>& asked() const noexcept { return asked_; }
  /// The operations that are none of the kernel's.
  [[nodiscard]] static std::vector<std::string_view> names_of_own_operations();
  /// Whether an operation of this name asks for something to be written.
  [[nodiscard]] static bool writes(std::string_view name) noexcept;

  /// Whether the adapters are not what is written. Linear.
  [[nodiscard]] bool has_unsaved() const { return working_ == &copy_ && !(copy_ == edit_.adapters); }
  /// Whether a cutover was blocked, and no later one of the same dependee went through.
  [[nodiscard]] bool is_blocked() const noexcept { return !blocked_.empty(); }

 private:
  /// An operation that is none of the kernel's.
  struct own_operation {
    std::string_view name;
    void (script_runner::*run)(script_arguments&);
    /// Whether it asks for something to be written.
    bool writes;
  };
  static const std::array<own_operation, 9> own_operations;

  /// Whether the members can be used; if not, the operation is refused.
  bool accept(script_arguments& given) {
    if (auto wrong = given.wrong()) result_.error = std::move(*wrong);
    return !result_.error;
  }
  /// Whether what was judged or built elsewhere is still as it was then; if not, the operation is refused.
  bool accept_claims(const script_arguments& given);
  void take(const result<>& done) {
    if (!done) result_.error = done.error().message();
  }
  void add(std::string name, std::string json) {
    result_.members.emplace_back(std::move(name), std::move(json));
  }

  /// Does one of the kernel's operations, and says what came of it.
  void change(const operation& todo);
  void say(const operations::activate&, const operation_result&) {}
  void say(const operations::register_view&, const operation_result&) {}
  void say(const operations::mark_dependee_bumped&, const operation_result& done);
  void say(const operations::resolve_recompat&, const operation_result&) {}
  void say(const operations::mark_view_rebuilt&, const operation_result&) {}
  void say(const operations::revalidate&, const operation_result&) {}
  void say(const operations::remove_view&, const operation_result&) {}
  void say(const operations::remove_adapter&, const operation_result&) {}
  void say(const operations::reconcile&, const operation_result& done);
  void say(const operations::cutover& todo, const operation_result& done);
  void say(const operations::mark_missed_bumps&, const operation_result& done);

  void adapter_names(script_arguments& given);
  void view_status_of(script_arguments& given);
  void activation_blockers(script_arguments& given);
  void missed_bumps(script_arguments& given);
  void save(script_arguments& given);
  void inputs_digest(script_arguments& given);
  void set_inputs_digest(script_arguments& given);
  void update_section(script_arguments& given);
  void digest_of(script_arguments& given);

  document_edit& edit_;
  timestamp time_of_run_;
  lockfile copy_;
  lockfile* working_;
  std::set<std::string, std::less<>> blocked_;
  op_result result_;
  std::vector<member_form> asked_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
