// What a pass over a document did, as texts.
#pragma once

#include <string>
#include <vector>

#include "agentslock/io/reconcile_document.hpp"

namespace agentslock::testing {

[[nodiscard]] inline std::string key_text(const named_view& key) {
  return key.adapter + "/" + key.view;
}

[[nodiscard]] inline std::vector<std::string> texts(const std::vector<named_view>& keys) {
  std::vector<std::string> all;
  for (const named_view& key : keys)
    all.push_back(key_text(key));
  return all;
}

/// The changes, a line each: "adapter/view: from > to (reason)".
[[nodiscard]] inline std::vector<std::string> changes_of(const reconciled& done) {
  std::vector<std::string> lines;
  for (const auto& one : done.changes) {
    lines.push_back(key_text(one.key) + ": " + one.from + " > " + std::string(spelling(one.to)) + " (" +
                    one.reason + ")");
  }
  return lines;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
