#include "agentslock/io/error.hpp"

#include <algorithm>
#include <array>

namespace agentslock {
namespace {

constexpr std::string_view as_before = "as it was";

// clang-format off
constexpr std::array errc_rows{
    // code                         name                     meaning                                                                          the file
    errc_row{errc::not_json,             "not_json",             "the document is not JSON: empty, cut short, followed by something, or not UTF-8",  as_before},
    errc_row{errc::conflict_marks,       "conflict_marks",       "the document holds git conflict marks",                                            as_before},
    errc_row{errc::wrong_encoding,       "wrong_encoding",       "the document is UTF-16 or UTF-32 text",                                            as_before},
    errc_row{errc::lfs_pointer,          "lfs_pointer",          "the document is a pointer that Git LFS or git-annex left in its place",            as_before},
    errc_row{errc::encrypted,            "encrypted",            "the document is encrypted, by git-crypt or another program",                       as_before},
    errc_row{errc::not_an_object,        "not_an_object",        "the document is JSON, but not one object",                                         as_before},
    errc_row{errc::too_deep,             "too_deep",             "the document is nested deeper than 2,000 levels",                                  as_before},
    errc_row{errc::too_large,            "too_large",            "the document is larger than 1 GiB, or would be",                                    as_before},
    errc_row{errc::number_out_of_range,  "number_out_of_range",  "a number's exponent is beyond 2147483647, in either direction",                    as_before},
    errc_row{errc::repeated_name,        "repeated_name",        "a member stands twice in an object that is ours, or at the top level",             as_before},
    errc_row{errc::name_differs_in_case, "name_differs_in_case", "a member's name differs from one of ours only in letter case",                     as_before},
    errc_row{errc::wrong_type,           "wrong_type",           "a member of the adapters section has another type than it must have",              as_before},
    errc_row{errc::unsupported_version,  "unsupported_version",  "lock_version is not 1, and the caller did not opt in to that",                     as_before},
    errc_row{errc::reserved_section,     "reserved_section",     "lock_version and inputs_digest are no sections",                                   as_before},
    errc_row{errc::document_missing,     "document_missing",     "there is no document where one is needed; the library takes it for an empty one",  as_before},
    errc_row{errc::not_a_file,           "not_a_file",           "the path is a directory, a device or another thing that is no file",                  as_before},
    errc_row{errc::access_denied,        "access_denied",        "the system denies access to the file or its directory",                               as_before},
    errc_row{errc::no_space,             "no_space",             "the disk or the quota is full, or the file would be larger than it may be",         as_before},
    errc_row{errc::io_failed,            "io_failed",            "a system call failed for a reason that has no code here",                          as_before},
    errc_row{errc::out_of_memory,        "out_of_memory",        "memory ran out",                                                                   as_before},
    errc_row{errc::conflict,             "conflict",             "the section on disk has come to mean something else since it was loaded",          "what the other program wrote"},
    errc_row{errc::lock_timeout,         "lock_timeout",         "another process held the lock for the whole time that we wait",                    as_before},
    errc_row{errc::lock_lost,            "lock_lost",            "the lock, or the document under it, was taken over before we wrote",               "what the other program wrote"},
    errc_row{errc::outcome_uncertain,    "outcome_uncertain",    "our document was put in place, but the lock or the document changed hands then",    "ours or the other program's"},
    errc_row{errc::not_durable,          "not_durable",          "our document is in place, but the directory could not be synced: a power cut may undo it", "the new document"},
    errc_row{errc::not_a_lock,           "not_a_lock",           "something that is no lock stands in the place of the document's lock",             as_before},
    errc_row{errc::refused,              "refused",              "the state machine has no such step; the refusal's code says which",                as_before},
    errc_row{errc::store_unreachable,    "store_unreachable",    "the store could not be opened or asked",                                           as_before},
    errc_row{errc::store_corrupt,        "store_corrupt",        "the store is no database, or a damaged one",                                       as_before},
    errc_row{errc::store_busy,           "store_busy",           "another process keeps the store locked",                                           as_before},
    errc_row{errc::store_empty,          "store_empty",          "the store's directory holds no database at all: it is more likely the wrong one",  as_before},
    errc_row{errc::name_too_long,        "name_too_long",        "a name, with what is put before and after it, is longer than the file system takes",         as_before},
    errc_row{errc::invalid_argument,     "invalid_argument",     "the call itself is wrong",                                                         as_before},
};
// clang-format on

static_assert(std::ranges::all_of(errc_rows, [](const errc_row& row) {
  return &row - errc_rows.data() == static_cast<std::ptrdiff_t>(row.code);
}));
static_assert(errc_rows.back().code == errc::invalid_argument, "the last code, so that none is missing");

}  // namespace

std::span<const errc_row> errc_table() noexcept {
  return errc_rows;
}

std::string_view name(errc code) noexcept {
  return errc_rows[static_cast<std::size_t>(code)].name;
}

text_position position_of(std::string_view text, std::size_t offset) noexcept {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return {1 + static_cast<std::size_t>(std::ranges::count(before, '\n')),
          1 + static_cast<std::size_t>(std::ranges::count_if(before.substr(line_begin), begins_character))};
}

void throw_exception_from_error(const error& why, const boost::source_location&) {
  throw error_exception(why);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
