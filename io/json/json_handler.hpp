// What Boost.JSON's parser calls; private to the io layer.
#pragma once

#include <boost/json/basic_parser.hpp>
#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>
#include <cstddef>
#include <cstdint>

namespace agentslock {

/// Takes every event and does nothing. Handlers derive from it and hide what they are interested in.
struct json_handler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  using text = boost::json::string_view;
  using status = boost::json::error_code;

  bool on_document_begin(status&) { return true; }
  bool on_document_end(status&) { return true; }
  bool on_object_begin(status&) { return true; }
  bool on_object_end(std::size_t, status&) { return true; }
  bool on_array_begin(status&) { return true; }
  bool on_array_end(std::size_t, status&) { return true; }
  bool on_key_part(text, std::size_t, status&) { return true; }
  bool on_key(text, std::size_t, status&) { return true; }
  bool on_string_part(text, std::size_t, status&) { return true; }
  bool on_string(text, std::size_t, status&) { return true; }
  bool on_number_part(text, status&) { return true; }
  bool on_int64(std::int64_t, text, status&) { return true; }
  bool on_uint64(std::uint64_t, text, status&) { return true; }
  bool on_double(double, text, status&) { return true; }
  bool on_bool(bool, status&) { return true; }
  bool on_null(status&) { return true; }
  bool on_comment_part(text, status&) { return true; }
  bool on_comment(text, status&) { return true; }
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
