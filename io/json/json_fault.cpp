#include "agentslock/io/detail/json_fault.hpp"

#include <boost/json/error.hpp>

#include "agentslock/io/detail/json_text.hpp"
#include "json_parse.hpp"

namespace agentslock {

errc fault_code(boost::json::error_code ec) {
  if (ec == boost::json::error::too_deep) return errc::too_deep;
  if (ec == boost::json::error::exponent_overflow) return errc::number_out_of_range;
  return errc::not_json;
}

error to_error(const json_fault& fault, std::string_view text, std::string_view path) {
  const text_position place = position_of(text, fault.offset);
  std::string message(path);
  message.append(":").append(std::to_string(place.line)).append(":").append(std::to_string(place.column));
  message.append(": ").append(fault.what);
  return error(fault.code, std::move(message)).at(place);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
