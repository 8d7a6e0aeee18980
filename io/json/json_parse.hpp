// Hands one value to Boost.JSON's parser; private to the io layer.
#pragma once

#include <boost/json/basic_parser_impl.hpp>
#include <string_view>
#include <utility>

#include "agentslock/io/detail/json_fault.hpp"
#include "agentslock/io/detail/text_arrival.hpp"
#include "json_handler.hpp"

namespace agentslock {

/// The code that a parser's error has in our list.
[[nodiscard]] errc fault_code(boost::json::error_code ec);

/// Validates the value that begins at `at`, with `depth` containers around it, and tells a handler, made from
/// the arguments, what it holds. Returns its end.
template <class Handler, class... Arguments>
[[nodiscard]] json_result<std::size_t> parse_value(const arriving_text& text, std::size_t at,
                                                   std::size_t depth, Arguments&&... arguments) {
  boost::json::parse_options options;
  options.max_depth = json_depth_max - depth;
  boost::json::basic_parser<Handler> parser(options, std::forward<Arguments>(arguments)...);
  boost::json::error_code ec;
  // `more` is true because something may follow the value; whether the value itself is whole, done() says.
  std::size_t end = at;
  for (std::size_t arrived = text.beyond(end); arrived > end && !ec && !parser.done();
       arrived = text.beyond(end))
    end += parser.write_some(true, text.whole.data() + end, arrived - end, ec);
  if (!ec && !parser.done())
    parser.write_some(false, text.whole.data() + text.whole.size(), 0, ec);  // a number may end here
  if (ec == boost::json::error::incomplete)
    return json_fault{errc::not_json, text.whole.size(), "the text ends too early"};
  if (ec) return json_fault{fault_code(ec), end, ec.message()};
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (is_space(text.whole[end - 1]))
    --end;  // the parser takes the white space that follows
  return end;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
