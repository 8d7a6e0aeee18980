// Reading a script's JSON: members by name, texts, numbers as they are spelt.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/error.hpp"

namespace agentslock::cli {

class script_value;
/// An object's members by name, in byte order.
using member_map = std::map<std::string, script_value, std::less<>>;

/// A value of a script, borrowed from its text, which outlives it. Reading one that is not there, or of another
/// type, is an error that says which member.
class script_value {
 public:
  /// Reads a whole text, which must be one JSON object. `path` is for messages.
  [[nodiscard]] static result<script_value> parse(std::string_view text, std::string_view path);

  [[nodiscard]] bool is_null() const noexcept { return json_ == "null"; }
  [[nodiscard]] bool is_object() const noexcept { return json_.starts_with('{'); }
  [[nodiscard]] std::string_view json() const noexcept { return json_; }

  /// A text. One that is no UTF-8 stands as {"b64": its bytes in base64}.
  [[nodiscard]] result<std::string> text() const;
  [[nodiscard]] result<bool> boolean() const;
  /// The items of an array; null is an empty one.
  [[nodiscard]] result<std::vector<script_value>> items() const;
  /// The members of an object. A name that stands twice is an error.
  [[nodiscard]] result<member_map> members() const;

 private:
  script_value(std::string_view json, std::string name) : json_(json), name_(std::move(name)) {}
  [[nodiscard]] error type_error(std::string_view type) const;

  std::string_view json_;
  /// Where it stands, for messages.
  std::string name_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
