// The text of a sidecar lock: read as the plain reader below reads it, and written so that it reads again.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

#include "../properties/laws/shown.hpp"
#include "agentslock/io/detail/sidecar_identity.hpp"
#include "harness.hpp"

using namespace agentslock;

namespace {

/// The lines of a text, without their ends; at least six.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines(1);
  for (char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  for (std::string& line : lines) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
  }
  lines.resize(std::max<std::size_t>(lines.size(), 6));
  return lines;
}

/// A number as decimal digits and nothing else, at most the largest one.
template <class Number>
std::optional<Number> number_in(const std::string& text, Number largest) {
  Number value = 0;
  if (text.empty()) return std::nullopt;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<Number>(c - '0');
    if (digit > largest || value > (largest - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

/// The second reader, said plainly.
std::optional<sidecar_identity> read_plainly(std::string_view text) {
  if (text.size() > 4096) return std::nullopt;
  const auto lines = lines_of(text);
  const auto process = number_in<std::int64_t>(lines[0], INT64_MAX);
  // A minus before zeros only is still zero.
  const bool minus = lines[1].starts_with('-');
  const auto acquired = number_in<std::int64_t>(lines[1].substr(minus ? 1 : 0), minus ? 0 : INT64_MAX);
  if (!process || *process == 0 || !acquired) return std::nullopt;
  sidecar_identity identity{*process, wall_time(std::chrono::nanoseconds(*acquired)), lines[2], std::nullopt};
  const std::string& boot = lines[3];
  const std::string& queue = lines[4];
  const std::size_t space = queue.find(' ', 5);
  if (!boot.starts_with("boot ") || boot.size() == 5 || !queue.starts_with("gate ") ||
      space == std::string::npos)
    return identity;
  const auto device = number_in<std::uint64_t>(queue.substr(5, space - 5), UINT64_MAX);
  const auto inode = number_in<std::uint64_t>(queue.substr(space + 1), UINT64_MAX);
  const auto pids = lines[5].starts_with("pids ") ? number_in<std::uint64_t>(lines[5].substr(5), UINT64_MAX)
                                                  : std::optional<std::uint64_t>();
  if (device && inode) identity.mark = queue_mark{boot.substr(5), {*device, *inode}, pids.value_or(0)};
  return identity;
}

laws::breach both_readers_agree(std::string_view text) {
  const auto really = parse_identity(text);
  const auto plainly = read_plainly(text);
  if (really == plainly) return laws::kept;
  return laws::shown(text) + " is read as " + laws::shown(really ? to_text(*really) : "nothing") +
         " and not " + laws::shown(plainly ? to_text(*plainly) : "nothing");
}

/// What was written is read as what was to be written, and never as another's.
laws::breach an_identity_that_was_written_is_read(const sidecar_identity& identity) {
  const std::string text = to_text(identity);
  if (text.size() > sidecar_identity::size_bytes_max) return laws::kept;
  const auto again = parse_identity(text);
  if (again == identity) return laws::kept;
  return laws::shown(text) + (again ? " is read as " + laws::shown(to_text(*again)) : " is no identity");
}

/// Only what begins as an identity does is ever moved, and a text that ends within its first two lines is none: a time
/// that lacks digits would look like one of long ago.
laws::breach only_identities_and_their_remains_are_moved(std::string_view text) {
  const std::string_view written = text.substr(0, text.find_last_not_of('\0') + 1);
  const bool two_lines = std::count(written.begin(), written.end(), '\n') >= 2;
  const bool fits = text.size() <= sidecar_identity::size_bytes_max;
  sidecar_text expected = sidecar_text::foreign;
  if (fits && two_lines && read_plainly(written)) {
    expected = written.size() == text.size() ? sidecar_text::identity : sidecar_text::remains;
  } else if (fits && !two_lines) {
    // A whole identity that begins with these bytes: the lines that are there, each filled up.
    const std::size_t end = written.find('\n');
    const std::string first(written.substr(0, end));
    const std::string second(end == std::string_view::npos ? "" : written.substr(end + 1));
    const auto digits = [](const std::string& part) {
      return part.size() < 20 && part.find_first_not_of("0123456789") == std::string::npos;
    };
    if (digits(first) && digits(second) && (end != 0)) expected = sidecar_text::remains;
  }
  if (kind_of(text) == expected) return laws::kept;
  return laws::shown(text) + " is taken for kind " + std::to_string(static_cast<int>(kind_of(text)));
}

/// The Go tool looks at the first two lines alone: what follows changes neither.
laws::breach further_lines_change_no_holder(std::string_view text, const sidecar_identity& identity) {
  const auto lines = lines_of(text);
  const auto old = parse_identity(lines[0] + "\n" + lines[1]);
  if (old && old->process == identity.process && old->acquired == identity.acquired) return laws::kept;
  return laws::shown(text) + " is another holder's without its further lines";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  fuzz::hold("both_readers_agree", both_readers_agree(text));
  fuzz::hold("only_identities_and_their_remains_are_moved",
             only_identities_and_their_remains_are_moved(text));
  if (auto identity = parse_identity(text)) {
    fuzz::hold("further_lines_change_no_holder", further_lines_change_no_holder(text, *identity));
    // A line's end in a token or a boot's id can't come from a text but as a stray carriage return.
    const auto ends_in_return = [](const std::string& line) { return line.ends_with('\r'); };
    if (!ends_in_return(identity->token) && !(identity->mark && ends_in_return(identity->mark->boot_id)))
      fuzz::hold("an_identity_that_was_written_is_read", an_identity_that_was_written_is_read(*identity));
  }
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
