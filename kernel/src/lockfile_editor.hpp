// The one place where a lockfile's entries are changed after they were restored.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/kernel/lockfile.hpp"

namespace agentslock {

/// Refuses a name that is empty or not UTF-8.
[[nodiscard]] std::optional<refusal> check_name(std::string_view what, std::string_view name);
/// Refuses a text that is not UTF-8.
[[nodiscard]] std::optional<refusal> check_text(std::string_view what, std::string_view text);
/// Refuses a digest that is empty or not UTF-8.
[[nodiscard]] std::optional<refusal> check_digest(std::string_view what, std::string_view digest);
[[nodiscard]] std::optional<refusal> check_key(view_key key);
[[nodiscard]] std::optional<refusal> check_dependencies(std::span<const dependency> dependencies);
/// Refuses a time that RFC 3339 can't spell.
[[nodiscard]] std::optional<refusal> check_time(timestamp now);
/// Why the machine refuses this event for this view, in words; nothing when it does not.
[[nodiscard]] std::optional<refusal> check_step(view_key key, const view* entry, view_event cause);

/// The first refusal of several checks, which run in order and only until one refuses.
template <class... Checks>
[[nodiscard]] std::optional<refusal> first_refusal(Checks&&... checks) {
  std::optional<refusal> found;
  (void)((found = checks(), found.has_value()) || ...);
  return found;
}

/// Changes entries of one lockfile at one time. What may be changed has been checked before: nothing here
/// refuses.
class lockfile_editor {
 public:
  /// Precondition: !check_time(now).
  lockfile_editor(lockfile& file, timestamp now) : file_(file), time_(*format_rfc3339(now)) {}
  /// At a time that a document records, whatever that text is; an empty one is the beginning of time.
  lockfile_editor(lockfile& file, std::string_view at) : lockfile_editor(file, timestamp()) {
    now_ = keep(at);
  }

  [[nodiscard]] std::string_view keep(std::string_view text);
  /// The time, as a text of the lockfile.
  [[nodiscard]] std::string_view now();

  [[nodiscard]] adapter& adapter_entry(std::string_view name);
  [[nodiscard]] view* find(view_key key);
  /// Adds an entry that is not there yet.
  [[nodiscard]] view& add_view(view_key key);
  [[nodiscard]] adapter_map& adapters();

  void set_adapter(std::string_view name, std::string_view source_digest, std::string_view schema_digest);
  void set_dependencies(view& entry, std::span<const dependency> dependencies);
  void record_schema(view& entry, const cutover_request& dependee);

  /// Takes the step that the machine has for this event: status, audit log. The trigger's text is followed by
  /// `detail`. A step that stays changes nothing.
  /// Precondition: the machine does not refuse it.
  void step(view& entry, view_state from, view_event cause, std::string_view detail = {});

 private:
  lockfile& file_;
  rfc3339_text time_;
  std::string_view now_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
