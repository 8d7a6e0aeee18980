// Reading the members of a script's operation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/kernel/function_ref.hpp"
#include "agentslock/kernel/operation.hpp"
#include "agentslock/kernel/rfc3339.hpp"
#include "script_json.hpp"

namespace agentslock::cli {

/// What kind of value a member has.
enum class member_kind : std::uint8_t {
  text,          ///< a text, or {"b64": …}
  text_or_null,  ///< the same; a null is an empty one
  boolean,
  json,           ///< any value
  time,           ///< a text, an RFC 3339 time
  objects,        ///< a list of objects
  texts_by_name,  ///< an object of texts; a null is an empty one
  presence,       ///< what a store holds: see script_presence.hpp
};

/// A member as the reading code asks for it.
struct member_form {
  std::string name;
  member_kind kind;
  bool is_required;
  /// Of objects: the members of each.
  std::vector<member_form> items = {};
};

/// A view, and the token of the facts on which somebody judged or built it.
struct claimed_facts {
  owned_key of;
  std::string token;
};

/// Reads an operation's members. The first thing that is wrong is kept, so that the reading code needs no checks in
/// between; members that nobody asked for are wrong too.
class script_arguments {
 public:
  script_arguments(const member_map& members, timestamp time_of_run)
      : members_(members), time_of_run_(time_of_run) {}

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
  /// Objects, each read by the function; a missing list and a null are empty.
  template <class T>
  std::vector<T> each(std::string_view name, function_ref<T(script_arguments&)> read_item) {
    std::vector<T> all;
    read_items(name, [&](script_arguments& item, bool is_there) {
      T value = read_item(item);
      if (is_there) all.push_back(std::move(value));
    });
    return all;
  }
  /// What a store holds, by names; nothing when it is missing or null.
  std::optional<member_map> presence(std::string_view name);
  /// The member "facts": the token of the facts about this view that a verdict or a build is about.
  void facts_about(const owned_key& view);
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

  /// What has been asked for, in that order, whether it is there or not.
  [[nodiscard]] const std::vector<member_form>& asked() const noexcept { return asked_; }
  /// The tokens that were given.
  [[nodiscard]] const std::vector<claimed_facts>& claims() const noexcept { return claims_; }

 private:
  const script_value* find(std::string_view name, member_kind kind, bool is_required);
  const script_value* find_required(std::string_view name, member_kind kind);
  /// Reads each item, and then what items may have, where no item is.
  void read_items(std::string_view name, function_ref<void(script_arguments&, bool is_there)> read_item);

  const member_map& members_;
  timestamp time_of_run_;
  std::vector<member_form> asked_;
  std::vector<claimed_facts> claims_;
  std::optional<std::string> wrong_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
