// The small world in which the kernel's tests play.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::testing {

/// The one view that most tests are about.
inline constexpr view_key comp_v{"comp", "v"};

/// A time, some seconds after 2026-07-01T12:00:00Z.
inline timestamp at(int seconds) {
  using namespace std::chrono;
  return sys_days(year{2026} / 7 / 1) + hours(12) + std::chrono::seconds(seconds);
}

/// A lockfile with one view, comp/v, that records crg at d0, and is brought to a state by operations only; an
/// unrecognised text is restored.
inline lockfile with_view_in(view_state state) {
  const dependency on_crg{"crg", "sha256:d0", "1.0.0"};
  if (state == view_state::unrecognised) {
    lockfile_restorer restore;
    adapter* owner = restore.add_adapter("comp");
    view* entry = restore.add_view(*owner, "v");
    entry->status = recorded_status("garbage");
    entry->view_digest = "sha256:v0";
    entry->depends_on.push_back(on_crg);
    return std::move(restore).finish();
  }
  lockfile file;
  if (state == view_state::none) return file;
  const view_key key{"comp", "v"};
  EXPECT_TRUE(file.register_view(key, "sha256:v0", {&on_crg, 1}, at(0)));
  if (state == view_state::ready) return file;
  EXPECT_TRUE(file.mark_dependee_bumped("crg", at(1)));
  if (state == view_state::pending_recompat_check) return file;
  const verdict judged = state == view_state::pending_rebuild ? verdict::passed : verdict::failed;
  EXPECT_TRUE(file.resolve_recompat(key, judged, {}, at(2)));
  return file;
}

/// What a store holds, by "adapter/view".
class fake_store {
 public:
  std::map<std::string, std::string, std::less<>> digests;
  std::vector<std::string> asked;

  auto query() {
    return [this](view_key key) -> std::optional<presence> {
      asked.push_back(to_string(key));
      const auto found = digests.find(to_string(key));
      if (found == digests.end()) return presence{};
      return presence{true, found->second};
    };
  }
};

template <class Key>
std::vector<std::string> texts(const std::vector<Key>& keys) {
  std::vector<std::string> all;
  for (view_key key : keys)
    all.push_back(to_string(key));
  return all;
}

/// The log of a view, a line each: "from > to (trigger)".
inline std::vector<std::string> history(const lockfile& file, view_key key) {
  std::vector<std::string> lines;
  for (const audit_entry& entry : file.find_view(key)->state_history.entries()) {
    lines.push_back(std::string(entry.from) + " > " + std::string(entry.to) + " (" +
                    std::string(entry.trigger) + ")");
  }
  return lines;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
