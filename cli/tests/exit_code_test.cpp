#include "exit_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace agentslock::cli {
namespace {

TEST(ExitCode, TheTableHasEachCodeOnceInTheOrderInWhichTheyCount) {
  std::vector<exit_code> order;
  for (const exit_code_row& row : exit_code_table()) {
    order.push_back(row.code);
    EXPECT_FALSE(row.meaning.empty());
  }
  using enum exit_code;
  EXPECT_EQ(order, (std::vector{failed, lock_timeout, could_not_verify, blocked, not_ready, fine}));
}

TEST(ExitCode, NoErrorIsFineOrAStateOfTheViews) {
  for (const errc_row& row : errc_table()) {
    const exit_code code = code_for(row.code);
    EXPECT_TRUE(code == exit_code::failed || code == exit_code::could_not_verify ||
                code == exit_code::lock_timeout)
        << row.name;
  }
}

TEST(ExitCode, OnlyALockTimeoutIsALockTimeout) {
  for (const errc_row& row : errc_table())
    EXPECT_EQ(code_for(row.code) == exit_code::lock_timeout, row.code == errc::lock_timeout) << row.name;
}

TEST(ExitCode, WhatIsWrongWithTheDocumentOrTheStoreCouldNotBeVerified) {
  for (errc code : {errc::not_json,
                    errc::conflict_marks,
                    errc::wrong_encoding,
                    errc::lfs_pointer,
                    errc::encrypted,
                    errc::not_an_object,
                    errc::too_deep,
                    errc::too_large,
                    errc::number_out_of_range,
                    errc::repeated_name,
                    errc::name_differs_in_case,
                    errc::wrong_type,
                    errc::unsupported_version,
                    errc::not_a_file,
                    errc::access_denied,
                    errc::store_unreachable,
                    errc::store_corrupt,
                    errc::store_busy,
                    errc::store_empty,
                    errc::name_too_long}) {
    EXPECT_EQ(code_for(code), exit_code::could_not_verify) << name(code);
  }
}

TEST(ExitCode, WhatCouldNotBeWrittenForAReasonOutsideCouldNotBeVerified) {
  for (errc code : {errc::no_space, errc::access_denied, errc::io_failed, errc::out_of_memory,
                    errc::lock_lost, errc::outcome_uncertain, errc::not_durable, errc::not_a_lock}) {
    EXPECT_EQ(code_for(code), exit_code::could_not_verify) << name(code);
  }
}

TEST(ExitCode, WhatWasAskedForWronglyHasFailed) {
  for (errc code : {errc::refused, errc::invalid_argument, errc::reserved_section, errc::conflict})
    EXPECT_EQ(code_for(code), exit_code::failed) << name(code);
}

/// The code of a document that has one view in each of these states.
exit_code code_of(const std::vector<view_state>& views) {
  return code_for_states([&](view_state state) { return std::ranges::count(views, state); });
}

TEST(ExitCode, ADocumentIsFineWhenAllItsViewsAreReadyOrItHasNone) {
  EXPECT_EQ(code_of({}), exit_code::fine);
  EXPECT_EQ(code_of({view_state::ready, view_state::ready}), exit_code::fine);
}

TEST(ExitCode, OneViewThatIsNotReadyOutweighsAllThatAre) {
  for (view_state state :
       {view_state::pending_rebuild, view_state::pending_recompat_check, view_state::unrecognised}) {
    EXPECT_EQ(code_of({view_state::ready, state}), exit_code::not_ready) << name(state);
  }
}

TEST(ExitCode, OneBlockedViewOutweighsAllOthers) {
  for (view_state state : recorded_states)
    EXPECT_EQ(code_of({state, view_state::dsl_update_required}), exit_code::blocked) << name(state);
}

}  // namespace
}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
