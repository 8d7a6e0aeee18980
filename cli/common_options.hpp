// The options that every command has.
#pragma once

#include <string>

#include "output_format.hpp"

namespace agentslock::cli {

struct common_options {
  /// The document: the one that was named, or else found before the command begins.
  std::string document;
  /// Whether the document was found in a directory above: then a store that is named relative to here is not.
  bool found_above = false;
  std::string store;
  bool json = false;
  /// Where it is json, `json` is set, too.
  output_format format = output_format::text;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
