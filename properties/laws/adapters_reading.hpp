// The `adapters` section as the laws read it off a tree. Private to the laws.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/operation.hpp"
#include "json_tree.hpp"
#include "law.hpp"

namespace agentslock::laws {

/// The members that adapters_codec.hpp names, in its order; those in the second list are left out when empty.
[[nodiscard]] const std::vector<std::string>& members_of_adapter();
[[nodiscard]] const std::vector<std::string>& members_of_view();
[[nodiscard]] const std::vector<std::string>& members_of_dependency();
[[nodiscard]] const std::vector<std::string>& members_of_entry();
[[nodiscard]] bool is_left_out_when_empty(std::string_view member);

/// The section, when it is an object; else null.
[[nodiscard]] const json_node* find_section(const json_node& document);
/// The member of this name of an object; null when either is not there.
[[nodiscard]] const json_member* member_of(const json_node* object, std::string_view name);

/// An object of ours in two texts, in which it is the same one.
struct entry_pair {
  /// What it is, for people.
  std::string what;
  std::string adapter;
  /// Empty when it is the adapter itself.
  std::string view;
  const json_node* before;
  const json_node* after;
  const std::vector<std::string>* known;
};

/// Calls with every adapter, view, dependency and audit entry that remains. Ends at the first breach.
[[nodiscard]] breach for_each_pair(const json_node& before, const json_node& after,
                                   const std::function<breach(const entry_pair&)>& check);

/// The bytes of an object's members that are not ours, in their order.
[[nodiscard]] std::vector<std::string_view> unknown_bytes(std::string_view text, const json_node& object,
                                                          const std::vector<std::string>& known);

/// Which entries some operation of a script may have taken out.
class removed_entries {
 public:
  explicit removed_entries(const std::vector<operation>& script);
  [[nodiscard]] bool contains(const std::string& adapter, const std::string& view) const;

 private:
  std::set<std::string> adapters_;
  std::set<owned_key> views_;
};

/// The document as the Go tool would state it: names in byte order, our members in their order, and no others.
[[nodiscard]] json_node as_the_go_tool(const json_node& document);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
