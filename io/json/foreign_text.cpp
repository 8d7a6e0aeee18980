#include "foreign_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace agentslock {
namespace {

using namespace std::string_view_literals;

/// Git's marks have seven characters, or as many as the attribute conflict-marker-size says.
constexpr std::size_t usual_mark = 7;

/// A line that may be one of git's conflict marks.
struct mark {
  char character = '\0';
  std::size_t size = 0;
};

mark mark_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty() || "<|=>"sv.find(line.front()) == std::string_view::npos) return {};
  const std::size_t size = std::min(line.find_first_not_of(line.front()), line.size());
  const bool has_label = size < line.size();
  // What follows the mark is a label, which the one in the middle has not.
  if (has_label && (line[size] != ' ' || line.front() == '=')) return {};
  return {line.front(), size};
}

/// The first of git's conflict marks. One of the usual size or more is enough, as of a conflict that is half resolved; a
/// few such characters mean something only as the three marks of a conflict.
std::optional<std::size_t> find_conflict_mark(std::string_view text) {
  struct conflict {
    std::size_t begin = 0;
    char last = '\0';
  };
  std::array<conflict, usual_mark> small{};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const mark found = mark_of(text.substr(at, end - at));
    if (found.size >= usual_mark) return at;
    if (found.size > 0) {
      conflict& of_size = small[found.size];
      if (found.character == '<' && of_size.last == '\0') {
        of_size = {at, '<'};
      } else if (found.character == '=' && of_size.last == '<') {
        of_size.last = '=';
      } else if (found.character == '>' && of_size.last == '=') {
        return of_size.begin;
      }
    }
    at = end + 1;
  }
  return std::nullopt;
}

/// What a file begins with.
struct format {
  std::string_view begins_with;
  errc code;
  std::string_view what;
};

constexpr std::string_view lfs =
    "it is a Git LFS pointer, and not the document that it stands for: run git lfs pull, and better keep the "
    "document out "
    "of Git LFS";
constexpr std::string_view annex =
    "it is a git-annex pointer, and not the document that it stands for: run git annex get";
constexpr std::string_view utf16 =
    "it is UTF-16 text, and must be UTF-8: save it so, or convert it (iconv -f UTF-16 -t UTF-8)";
constexpr std::string_view utf32 =
    "it is UTF-32 text, and must be UTF-8: save it so, or convert it (iconv -f UTF-32 -t UTF-8)";

constexpr std::array formats{
    format{"version https://git-lfs", errc::lfs_pointer, lfs},
    format{"version https://hawser", errc::lfs_pointer, lfs},
    format{"/annex/objects/", errc::lfs_pointer, annex},
    format{"\0GITCRYPT\0"sv, errc::encrypted, "it is encrypted by git-crypt: run git-crypt unlock"},
    format{"U2FsdGVkX1", errc::encrypted, "it is encrypted by OpenSSL, as transcrypt does: decrypt it first"},
    format{"-----BEGIN PGP MESSAGE-----", errc::encrypted, "it is encrypted by PGP: decrypt it first"},
    format{"age-encryption.org/", errc::encrypted, "it is encrypted by age: decrypt it first"},
    format{"$ANSIBLE_VAULT;", errc::encrypted, "it is encrypted by Ansible Vault: decrypt it first"},
    // UTF-32 first: its mark of the lowest byte first begins with UTF-16's.
    format{"\xFF\xFE\0\0"sv, errc::wrong_encoding, utf32},
    format{"\0\0\xFE\xFF"sv, errc::wrong_encoding, utf32},
    format{"\xFF\xFE"sv, errc::wrong_encoding, utf16},
    format{"\xFE\xFF"sv, errc::wrong_encoding, utf16},
    format{"SQLite format 3\0"sv, errc::not_json,
           "it is an SQLite database: is it the store's, and not the document?"},
    format{"\x1F\x8B"sv, errc::not_json, "it is compressed by gzip: decompress it first"},
    format{"\x28\xB5\x2F\xFD"sv, errc::not_json, "it is compressed by zstd: decompress it first"},
    format{"\xFD\x37zXZ\0"sv, errc::not_json, "it is compressed by xz: decompress it first"},
    format{"PK\x03\x04"sv, errc::not_json, "it is a zip archive: unpack it first"},
};

/// UTF-16 and UTF-32 without a mark: a document begins with two characters of ASCII.
std::optional<std::string_view> wide_without_mark(std::string_view text) {
  constexpr std::size_t enough = 4;
  if (text.size() < enough) return std::nullopt;
  unsigned zeros = 0;
  for (std::size_t i = 0; i < enough; ++i)
    zeros = zeros << 1 | (text[i] == '\0' ? 1U : 0U);
  if (zeros == 0b0101 || zeros == 0b1010) return utf16;
  if (zeros == 0b0111 || zeros == 0b1110) return utf32;
  return std::nullopt;
}

}  // namespace

std::optional<json_fault> recognise_foreign(std::string_view text) {
  if (const auto at = find_conflict_mark(text)) {
    return json_fault{errc::conflict_marks, *at,
                      "git left conflict marks here; resolve the conflict and try again"};
  }
  for (const format& one : formats) {
    if (text.starts_with(one.begins_with)) return json_fault{one.code, 0, std::string(one.what)};
  }
  if (const auto wide = wide_without_mark(text))
    return json_fault{errc::wrong_encoding, 0, std::string(*wide)};
  if (!text.empty() && text.find_first_not_of('\0') == std::string_view::npos) {
    return json_fault{
        errc::not_json, 0,
        "it holds nothing but NUL bytes, as a power cut may leave a file: restore it from git or a backup"};
  }
  return std::nullopt;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
