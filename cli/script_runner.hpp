// Running the operations of a script, one after the other.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>

#include "agentslock/io/lockfile_store.hpp"
#include "apply_script.hpp"
#include "script_arguments.hpp"

namespace agentslock::cli {

/// Runs one script on a document that is being edited.
class script_runner {
 public:
  script_runner(document_edit& edit, timestamp present)
      : edit_(edit), present_(present), working_(&edit.adapters) {}

  /// The adapters that operations work on from now on are not the ones that are written.
  void work_on_a_copy() {
    copy_ = edit_.adapters;
    working_ = &copy_;
  }
  /// What is written is what the adapters are now.
  void save_copy() { edit_.adapters = copy_; }

  op_result run(const script_op& op);

  /// Whether the adapters are not what is written. Linear.
  [[nodiscard]] bool has_unsaved() const { return working_ == &copy_ && !(copy_ == edit_.adapters); }
  /// Whether a cutover was blocked, and no later one of the same dependee went through.
  [[nodiscard]] bool is_blocked() const noexcept { return !blocked_.empty(); }

 private:
  struct operation {
    std::string_view name;
    void (script_runner::*run)(script_arguments&);
  };
  static const std::array<operation, 17> operations;

  /// Whether the members can be used; if not, the operation is refused.
  bool accept(script_arguments& given) {
    if (auto wrong = given.wrong()) result_.error = std::move(*wrong);
    return !result_.error;
  }
  template <class T>
  bool take(const outcome<T>& done) {
    if (!done) result_.error = done.why().message;
    return done.has_value();
  }
  void take(const result<>& done) {
    if (!done) result_.error = done.error().message();
  }
  void add(std::string name, std::string json) {
    result_.members.emplace_back(std::move(name), std::move(json));
  }

  void activate(script_arguments& given);
  void adapter_names(script_arguments& given);
  void register_view(script_arguments& given);
  void view_status_of(script_arguments& given);
  void mark_dependee_bumped(script_arguments& given);
  void resolve_recompat(script_arguments& given);
  void mark_view_rebuilt(script_arguments& given);
  void activation_blockers(script_arguments& given);
  void reconcile(script_arguments& given);
  void cutover(script_arguments& given);
  void remove_view(script_arguments& given);
  void remove_adapter(script_arguments& given);
  void save(script_arguments& given);
  void inputs_digest(script_arguments& given);
  void set_inputs_digest(script_arguments& given);
  void update_section(script_arguments& given);
  void digest_of(script_arguments& given);

  document_edit& edit_;
  timestamp present_;
  lockfile copy_;
  lockfile* working_;
  std::set<std::string, std::less<>> blocked_;
  op_result result_;
};

}  // namespace agentslock::cli
