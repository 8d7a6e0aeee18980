// A store that holds what it was told.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agentslock/io/presence.hpp"

namespace agentslock::testing {

/// A store of digests by "adapter/view", which keeps what it is asked and may do something whenever it is.
class told_store final : public presence_source {
 public:
  result<stored_view> find(view_key key) override {
    asked.push_back(to_string(key));
    if (when_asked) when_asked(asked.back());
    if (fails_for == asked.back()) return error(errc::store_busy, "busy");
    const auto found = digests.find(asked.back());
    return found == digests.end() ? stored_view() : stored_view(found->second);
  }

  std::map<std::string, std::string> digests;
  std::string fails_for;
  std::function<void(const std::string&)> when_asked;
  std::vector<std::string> asked;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
