// Reading the members of a script's operation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/kernel/operation.hpp"
#include "agentslock/kernel/rfc3339.hpp"
#include "script_json.hpp"

namespace agentslock::cli {

/// Reads an operation's members. The first thing that is wrong is kept, so that the reading code needs no checks in
/// between; members that nobody asked for are wrong too.
class script_arguments {
 public:
  script_arguments(const member_map& members, timestamp time_of_run)
      : members_(members), time_of_run_(time_of_run) {
    asked_.emplace_back("op");
  }

  /// A member that must be there.
  std::string text(std::string_view name);
  bool boolean(std::string_view name);
  std::string_view json(std::string_view name);
  /// A member that need not be there.
  std::string text_or_empty(std::string_view name);
  bool boolean_or_false(std::string_view name);
  timestamp now();
  std::vector<owned_dependency> dependencies(std::string_view name);
  /// Texts by name; a null is an empty one. Nothing when the member is not there.
  std::optional<std::vector<owned_schema>> schemas(std::string_view name);
  std::vector<script_value> items(std::string_view name);
  /// An object's members; nothing when it is missing or null.
  std::optional<member_map> members(std::string_view name);
  [[nodiscard]] timestamp time_of_run() const noexcept { return time_of_run_; }

  /// The value, if it is one; else what is wrong is kept.
  template <class T>
  T take(result<T> value) {
    if (value) return std::move(*value);
    fail(value.error().message());
    return T();
  }
  void fail(std::string why) {
    if (!wrong_) wrong_ = std::move(why);
  }
  /// What is wrong with the members, when all have been asked for.
  [[nodiscard]] std::optional<std::string> wrong();

 private:
  const script_value* find(std::string_view name);
  void missing(std::string_view name);

  const member_map& members_;
  timestamp time_of_run_;
  std::vector<std::string> asked_;
  std::optional<std::string> wrong_;
};

}  // namespace agentslock::cli
