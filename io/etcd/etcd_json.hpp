// JSON as etcd's gateway has it; private to the etcd library.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/text_buffer.hpp"

namespace agentslock {

/// Bytes as JSON of the gateway holds them, and back.
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Failure: nothing, where the text is no base64.
[[nodiscard]] std::optional<text_buffer> from_base64(std::string_view text);

/// A member of an object that is an object, an array, a string, or a number that the gateway writes as a string; empty or 0 where it
/// is missing, as the gateway leaves it out then, or is another kind.
[[nodiscard]] const boost::json::object& object_in(const boost::json::object& in, std::string_view name);
[[nodiscard]] const boost::json::array& array_in(const boost::json::object& in, std::string_view name);
[[nodiscard]] std::string_view text_in(const boost::json::object& in, std::string_view name);
[[nodiscard]] std::int64_t number_in(const boost::json::object& in, std::string_view name);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
