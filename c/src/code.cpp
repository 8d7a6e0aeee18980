// The numbers of the C interface. They never change, whatever becomes of the enumerations: a new enumerator does not compile
// until it has a number here and in agentslock.h.
#include <algorithm>
#include <array>

#include "border.hpp"

namespace agentslock::c {
namespace {

struct own_code {
  agentslock_code code;
  std::string_view name;
  std::string_view meaning;
  std::string_view on_disk;
};

/// The codes that the C interface has besides errc.
constexpr std::array own_codes{
    own_code{AGENTSLOCK_OK, "ok", "success", "what was asked for"},
    own_code{AGENTSLOCK_GIVEN_UP, "given_up", "a callback of the caller's did not want the call to go on",
             "as it was"},
    own_code{AGENTSLOCK_INTERNAL, "internal", "a fault of the library's",
             "the old or the new document, whole"},
};

/// Asks a row, or one of our own, about a code.
template <class Row, class Own>
agentslock_text of_code(agentslock_code code, Row errc_row::*told, Own own_code::*own_told,
                        std::string_view otherwise) noexcept {
  for (const own_code& one : own_codes) {
    if (one.code == code) return text_out(one.*own_told);
  }
  for (const errc_row& one : errc_table()) {
    if (code_of(one.code) == code) return text_out(one.*told);
  }
  return text_out(otherwise);
}

}  // namespace

agentslock_code code_of(errc code) noexcept {
  switch (code) {
    case errc::not_json:
      return AGENTSLOCK_NOT_JSON;
    case errc::conflict_marks:
      return AGENTSLOCK_CONFLICT_MARKS;
    case errc::wrong_encoding:
      return AGENTSLOCK_WRONG_ENCODING;
    case errc::lfs_pointer:
      return AGENTSLOCK_LFS_POINTER;
    case errc::encrypted:
      return AGENTSLOCK_ENCRYPTED;
    case errc::not_an_object:
      return AGENTSLOCK_NOT_AN_OBJECT;
    case errc::too_deep:
      return AGENTSLOCK_TOO_DEEP;
    case errc::too_large:
      return AGENTSLOCK_TOO_LARGE;
    case errc::number_out_of_range:
      return AGENTSLOCK_NUMBER_OUT_OF_RANGE;
    case errc::repeated_name:
      return AGENTSLOCK_REPEATED_NAME;
    case errc::name_differs_in_case:
      return AGENTSLOCK_NAME_DIFFERS_IN_CASE;
    case errc::wrong_type:
      return AGENTSLOCK_WRONG_TYPE;
    case errc::unsupported_version:
      return AGENTSLOCK_UNSUPPORTED_VERSION;
    case errc::reserved_section:
      return AGENTSLOCK_RESERVED_SECTION;
    case errc::document_missing:
      return AGENTSLOCK_DOCUMENT_MISSING;
    case errc::not_a_file:
      return AGENTSLOCK_NOT_A_FILE;
    case errc::access_denied:
      return AGENTSLOCK_ACCESS_DENIED;
    case errc::no_space:
      return AGENTSLOCK_NO_SPACE;
    case errc::io_failed:
      return AGENTSLOCK_IO_FAILED;
    case errc::out_of_memory:
      return AGENTSLOCK_OUT_OF_MEMORY;
    case errc::conflict:
      return AGENTSLOCK_CONFLICT;
    case errc::lock_timeout:
      return AGENTSLOCK_LOCK_TIMEOUT;
    case errc::lock_lost:
      return AGENTSLOCK_LOCK_LOST;
    case errc::outcome_uncertain:
      return AGENTSLOCK_OUTCOME_UNCERTAIN;
    case errc::not_durable:
      return AGENTSLOCK_NOT_DURABLE;
    case errc::not_a_lock:
      return AGENTSLOCK_NOT_A_LOCK;
    case errc::refused:
      return AGENTSLOCK_REFUSED;
    case errc::store_unreachable:
      return AGENTSLOCK_STORE_UNREACHABLE;
    case errc::store_corrupt:
      return AGENTSLOCK_STORE_CORRUPT;
    case errc::store_busy:
      return AGENTSLOCK_STORE_BUSY;
    case errc::store_empty:
      return AGENTSLOCK_STORE_EMPTY;
    case errc::name_too_long:
      return AGENTSLOCK_NAME_TOO_LONG;
    case errc::invalid_argument:
      return AGENTSLOCK_INVALID_ARGUMENT;
  }
  return AGENTSLOCK_INTERNAL;
}

std::int32_t number_of(refusal_code code) noexcept {
  switch (code) {
    case refusal_code::empty_name:
      return AGENTSLOCK_EMPTY_NAME;
    case refusal_code::not_utf8:
      return AGENTSLOCK_NOT_UTF8;
    case refusal_code::empty_digest:
      return AGENTSLOCK_EMPTY_DIGEST;
    case refusal_code::time_out_of_range:
      return AGENTSLOCK_TIME_OUT_OF_RANGE;
    case refusal_code::unknown_adapter:
      return AGENTSLOCK_UNKNOWN_ADAPTER;
    case refusal_code::unknown_view:
      return AGENTSLOCK_UNKNOWN_VIEW;
    case refusal_code::already_registered:
      return AGENTSLOCK_ALREADY_REGISTERED;
    case refusal_code::no_such_transition:
      return AGENTSLOCK_NO_SUCH_TRANSITION;
    case refusal_code::built_against_another_schema:
      return AGENTSLOCK_BUILT_AGAINST_ANOTHER_SCHEMA;
    case refusal_code::needed_by_ready_views:
      return AGENTSLOCK_NEEDED_BY_READY_VIEWS;
    case refusal_code::facts_are_stale:
      return AGENTSLOCK_FACTS_ARE_STALE;
    case refusal_code::verdict_missing:
      return AGENTSLOCK_VERDICT_MISSING;
    case refusal_code::presence_unknown:
      return AGENTSLOCK_PRESENCE_UNKNOWN;
  }
  return 0;
}

std::int32_t number_of(view_state state) noexcept {
  switch (state) {
    case view_state::ready:
      return AGENTSLOCK_READY;
    case view_state::pending_recompat_check:
      return AGENTSLOCK_PENDING_RECOMPAT_CHECK;
    case view_state::pending_rebuild:
      return AGENTSLOCK_PENDING_REBUILD;
    case view_state::dsl_update_required:
      return AGENTSLOCK_DSL_UPDATE_REQUIRED;
    case view_state::unrecognised:
      return AGENTSLOCK_UNRECOGNISED;
    case view_state::none:
      return AGENTSLOCK_NONE;
  }
  return AGENTSLOCK_NONE;
}

}  // namespace agentslock::c

using namespace agentslock::c;
using agentslock::errc_row;

extern "C" {

agentslock_text agentslock_code_name(agentslock_code code) {
  return of_code(code, &errc_row::name, &own_code::name, "unknown");
}
agentslock_text agentslock_code_meaning(agentslock_code code) {
  return of_code(code, &errc_row::meaning, &own_code::meaning, "");
}
agentslock_text agentslock_code_on_disk(agentslock_code code) {
  return of_code(code, &errc_row::on_disk, &own_code::on_disk, "");
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
