#include "agentslock/kernel/view_status.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace agentslock {
namespace {

TEST(ViewStatus, ThereAreExactlyFourSpeltAsTheContractSays) {
  EXPECT_EQ(spelling(view_status::ready), "ready");
  EXPECT_EQ(spelling(view_status::pending_recompat_check), "pending-recompat-check");
  EXPECT_EQ(spelling(view_status::pending_rebuild), "pending-rebuild");
  EXPECT_EQ(spelling(view_status::dsl_update_required), "dsl-update-required");
  EXPECT_EQ(all_view_statuses.size(), 4U);
}

TEST(ViewStatus, ReadingASpellingGivesTheStatusBack) {
  for (view_status status : all_view_statuses) {
    EXPECT_EQ(read_state(spelling(status)), state_of(status));
    EXPECT_TRUE(is_status(state_of(status)));
    EXPECT_EQ(status_of(state_of(status)), status);
  }
}

TEST(ViewStatus, AnyOtherTextIsUnrecognised) {
  for (std::string_view text :
       {"", "Ready", " ready", "ready ", "READY", "pending", "garbage", "read", "readyx"}) {
    EXPECT_EQ(read_state(text), view_state::unrecognised) << text;
  }
  EXPECT_EQ(read_state(std::string_view("ready\0", 6)), view_state::unrecognised);
}

TEST(ViewStatus, EveryTextOneEditAwayFromASpellingIsUnrecognised) {
  for (view_status status : all_view_statuses) {
    const std::string text(spelling(status));
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ 0x20);
      EXPECT_EQ(read_state(changed), view_state::unrecognised) << changed;
      EXPECT_EQ(read_state(text.substr(0, i)), view_state::unrecognised);
    }
  }
}

TEST(ViewStatus, ARecordedStatusKeepsItsText) {
  EXPECT_EQ(recorded_status("garbage").text(), "garbage");
  EXPECT_EQ(recorded_status("garbage").state(), view_state::unrecognised);
  EXPECT_EQ(recorded_status(view_status::pending_rebuild), recorded_status("pending-rebuild"));
  EXPECT_EQ(recorded_status().text(), "");
}

TEST(ViewStatus, EveryStateHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < view_state_count; ++i)
    names.insert(name(static_cast<view_state>(i)));
  EXPECT_EQ(names.size(), view_state_count);
  EXPECT_EQ(name(view_state::none), "(none)");
  EXPECT_EQ(name(view_state::unrecognised), "(unrecognised text)");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
