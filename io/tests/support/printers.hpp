// How failed tests show our types. Every test file that compares such a type includes this.
#pragma once

#include <ostream>

#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/io/error.hpp"

namespace agentslock {

inline void PrintTo(errc code, std::ostream* out) {
  *out << name(code);
}
inline void PrintTo(text_position at, std::ostream* out) {
  *out << at.line << ":" << at.column;
}
inline void PrintTo(text_span span, std::ostream* out) {
  *out << "[" << span.begin << ", " << span.end << ")";
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
