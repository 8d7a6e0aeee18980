#include "exit_code.hpp"

#include <algorithm>
#include <array>

namespace agentslock::cli {
namespace {

constexpr std::array<exit_code_row, 6> exit_codes{{
    {exit_code::failed,
     "wrong usage, an unknown name, a refused operation, or output that could not be written",
     "wrong usage, an unknown name, an operation that was refused, output that could not be written, or an "
     "internal error"},
    {exit_code::lock_timeout, "the lock could not be had",
     "another process held the lock for the whole time that we wait"},
    {exit_code::could_not_verify, "could not verify, or could not write for a reason outside",
     "could not verify, or could not write for a reason outside: the store can't be reached, the document is "
     "missing or can't be read, the disk is full, access is denied, another program came between"},
    {exit_code::blocked, "a view is dsl-update-required, or blocks a cutover",
     "a view is dsl-update-required: its program must change; also a cutover that such a view blocks"},
    {exit_code::not_ready, "not ready; or something would change, differs, or was found",
     "a view is not ready, or something would change; also documents that differ, a wait whose time is over, "
     "and what a store holds that no entry records"},
    {exit_code::fine, "fine, all ready",
     "fine: all views are ready, or there are none, and the command did what it was told"},
}};

}  // namespace

std::span<const exit_code_row> exit_code_table() noexcept {
  return exit_codes;
}

exit_code first_of(exit_code a, exit_code b) noexcept {
  return std::ranges::find_if(exit_codes,
                              [=](const exit_code_row& row) { return row.code == a || row.code == b; })
      ->code;
}

exit_code code_for(errc code) noexcept {
  switch (code) {
    case errc::lock_timeout:
      return exit_code::lock_timeout;
    case errc::not_json:
    case errc::conflict_marks:
    case errc::wrong_encoding:
    case errc::lfs_pointer:
    case errc::encrypted:
    case errc::not_an_object:
    case errc::too_deep:
    case errc::too_large:
    case errc::number_out_of_range:
    case errc::repeated_name:
    case errc::name_differs_in_case:
    case errc::wrong_type:
    case errc::unsupported_version:
    case errc::document_missing:
    case errc::not_a_file:
    case errc::access_denied:
    case errc::io_failed:
    case errc::store_unreachable:
    case errc::store_corrupt:
    case errc::store_busy:
    case errc::store_empty:
    case errc::name_too_long:
    // It could not be written, or nobody can say how it stands now; nothing was wrong with what was asked for.
    case errc::not_a_lock:
    case errc::no_space:
    case errc::out_of_memory:
    case errc::lock_lost:
    case errc::outcome_uncertain:
    case errc::not_durable:
      return exit_code::could_not_verify;
    case errc::reserved_section:
    case errc::conflict:
    case errc::refused:
    case errc::invalid_argument:
      break;
  }
  return exit_code::failed;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
