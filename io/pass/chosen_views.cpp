#include "chosen_views.hpp"

namespace agentslock {

result<> check_choice(const lockfile& file, const view_choice& chosen) {
  if (!chosen.adapter) return {};
  const adapter* owner = file.find_adapter(*chosen.adapter);
  if (owner == nullptr)
    return error(refusal{refusal_code::unknown_adapter, "there is no adapter " + *chosen.adapter});
  if (chosen.view && !owner->views.contains(*chosen.view)) {
    const std::string name = to_string(view_key{*chosen.adapter, *chosen.view});
    return error(refusal{refusal_code::unknown_view, "there is no view " + name});
  }
  return {};
}

std::vector<view_facts> facts_of_views(const lockfile& file, function_ref<bool(view_key)> holds) {
  std::vector<view_facts> all;
  for (const auto& [adapter_name, owner] : file.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      const view_key key{adapter_name, view_name};
      if (holds(key)) all.push_back(facts_of(file, key));
    }
  }
  return all;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
