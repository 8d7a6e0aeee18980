#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <cstring>
#include <memory>

#include "lockfile_contents.hpp"

namespace agentslock {

lockfile_restorer::lockfile_restorer(std::shared_ptr<const void> borrowed, std::size_t memory_bytes)
    : file_(memory_bytes) {
  file_.contents_->borrowed = std::move(borrowed);
}

std::string_view lockfile_restorer::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(memory()->allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

std::pmr::memory_resource* lockfile_restorer::memory() const noexcept {
  return &file_.contents_->memory;
}

adapter* lockfile_restorer::add_adapter(std::string_view name) {
  adapter_map& all = file_.contents_->adapters;
  const std::size_t before = all.size();
  const auto entry = all.emplace_hint(all.end(), name, adapter(memory()));
  return all.size() == before ? nullptr : &entry->second;
}

view* lockfile_restorer::add_view(adapter& owner, std::string_view name) {
  const std::size_t before = owner.views.size();
  const auto entry = owner.views.emplace_hint(owner.views.end(), name, view(memory()));
  return owner.views.size() == before ? nullptr : &entry->second;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
