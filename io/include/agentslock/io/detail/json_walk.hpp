/// One strict, validating pass over a JSON text that says where things stand.
///
/// The walker steps through the containers that the caller cares about; every other value it hands whole to
/// Boost.JSON's parser, which validates it and says where it ends. It builds no tree and converts no number.
///
///     json_walker walk(text);
///     auto end = walk.document([&](const json_string&, std::size_t at) { return walk.skip(at, 1); });
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_fault.hpp"
#include "agentslock/io/detail/text_arrival.hpp"
#include "agentslock/kernel/function_ref.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// A JSON string: a member's name, or a value.
struct json_string {
  /// Where it stands, quotes included.
  text_span span;
  /// What it says. Borrowed from the text; when it has escapes, from the walker's scratch: until the callback
  /// returns, or the scratch is used again.
  std::string_view text;
  /// Whether `text` is borrowed from the text itself.
  bool in_text;
};

/// Walks one text. Const and stateless: safe from any thread.
class json_walker {
 public:
  explicit json_walker(std::string_view text) noexcept : text_(text) {}
  /// Of a text that is still being read: waits for what it comes to.
  explicit json_walker(arriving_text text) noexcept : text_(text) {}

  /// Is told a member's name and where its value begins; returns where it ends.
  using member_visitor = function_ref<json_result<std::size_t>(const json_string&, std::size_t)>;
  /// Is told an item's number and where it begins; returns where it ends.
  using item_visitor = function_ref<json_result<std::size_t>(std::size_t, std::size_t)>;

  [[nodiscard]] std::string_view text() const noexcept { return text_.whole; }

  /// Walks the one object that the whole text must be. Returns the object's span.
  [[nodiscard]] json_result<text_span> document(member_visitor visit) const;
  /// Walks the object that begins at `at`. `depth` is the number of containers around it. Returns its end.
  [[nodiscard]] json_result<std::size_t> object(std::size_t at, std::size_t depth,
                                                member_visitor visit) const;
  [[nodiscard]] json_result<std::size_t> array(std::size_t at, std::size_t depth, item_visitor visit) const;
  /// Validates any value. Returns its end.
  [[nodiscard]] json_result<std::size_t> skip(std::size_t at, std::size_t depth) const;

  /// Reads the string that begins at `at`. A text with escapes is put into `scratch`.
  [[nodiscard]] json_result<json_string> string(std::size_t at, std::string& scratch) const;

  /// Past white space.
  [[nodiscard]] std::size_t past_space(std::size_t at) const;
  /// The first character of the value at `at`; NUL at the end of the text.
  [[nodiscard]] char peek(std::size_t at) const { return at < text_.beyond(at) ? text_.whole[at] : '\0'; }

 private:
  [[nodiscard]] json_fault fault(std::size_t at, std::string what) const;

  arriving_text text_;
};

/// Is told a member's name, of an item nothing but where it begins, and where the value begins; returns where that ends.
using valid_visitor = function_ref<std::size_t(const json_string&, std::size_t)>;

/// Walks an object or array. Much faster than json_walker, since nothing is judged. Returns its end.
/// Precondition: `at` is where one begins in a valid text.
[[nodiscard]] std::size_t walk_valid(std::string_view text, std::size_t at, valid_visitor visit);

/// An object's members or an array's items, and where they stand.
struct json_container {
  struct item {
    /// What the member's name says; empty in an array.
    std::string name;
    /// From the name, or in an array the value, to the value's end.
    text_span whole;
    text_span value;
  };
  /// Brackets included.
  text_span span;
  std::vector<item> items;
};

/// Where a value ends that begins at `at`. Much faster than json_walker::skip, since nothing is judged.
/// Precondition: the text is valid, and a value begins there.
[[nodiscard]] std::size_t past_valid_value(std::string_view text, std::size_t at) noexcept;

/// Lists an object or array that is known to be valid. `known` are items of the text, sorted, each from its name's begin to its
/// value's end: what is inside those is not walked through.
/// Precondition: `at` is where one begins in a valid text.
[[nodiscard]] json_container list_container(std::string_view text, std::size_t at,
                                            std::span<const text_span> known = {});

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
