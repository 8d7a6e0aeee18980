/// Changes to the sections of a document that are not ours, collected until they are flushed together.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Changes to sections that are not ours, staged to be flushed together.
/// Safe from several threads at once. What is staged last for a section counts.
class staged_changes {
 public:
  /// Stages a section's whole value.
  /// Errors: reserved_section (lock_version, inputs_digest; adapters, which only the typed operations write),
  /// not_json, too_deep, number_out_of_range, invalid_argument (a name that is not UTF-8). Nothing is staged then.
  result<> set_section(std::string_view name, std::string_view json);
  /// Stages inputs_digest; the empty text takes it out. Error: invalid_argument (not UTF-8).
  result<> set_inputs_digest(std::string_view digest);

  /// What is staged now.
  struct snapshot {
    std::map<std::string, std::string, std::less<>> sections;
    std::optional<std::string> inputs_digest;
  };
  [[nodiscard]] snapshot staged() const;

 private:
  mutable std::mutex mutex_;
  snapshot staged_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
