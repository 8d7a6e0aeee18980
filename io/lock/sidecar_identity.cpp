#include "agentslock/io/detail/sidecar_identity.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace agentslock {
namespace {

/// A number that a whole text is.
template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Takes the first line off a text, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<queue_mark> parse_mark(std::string_view boot, std::string_view queue) {
  constexpr std::string_view boot_word = "boot ";
  constexpr std::string_view gate_word = "gate ";
  if (!boot.starts_with(boot_word) || !queue.starts_with(gate_word)) return std::nullopt;
  boot.remove_prefix(boot_word.size());
  queue.remove_prefix(gate_word.size());
  const std::size_t space = queue.find(' ');
  if (boot.empty() || space == std::string_view::npos) return std::nullopt;
  const auto device = whole_number<std::uint64_t>(queue.substr(0, space));
  const auto inode = whole_number<std::uint64_t>(queue.substr(space + 1));
  if (!device || !inode) return std::nullopt;
  return queue_mark{std::string(boot), {*device, *inode}, 0};
}

/// The namespace that a line names; 0 when it names none.
std::uint64_t parse_namespace(std::string_view line) {
  constexpr std::string_view word = "pids ";
  if (!line.starts_with(word)) return 0;
  return whole_number<std::uint64_t>(line.substr(word.size())).value_or(0);
}

/// Whether a text begins a number, or is one.
bool begins_a_number(std::string_view text) {
  constexpr std::size_t digits_max = 19;
  return text.size() <= digits_max && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string to_text(const sidecar_identity& identity) {
  std::string text = std::to_string(identity.process) + "\n" +
                     std::to_string(identity.acquired.time_since_epoch().count()) + "\n" + identity.token +
                     "\n";
  if (identity.mark) {
    text += "boot " + identity.mark->boot_id + "\ngate " + std::to_string(identity.mark->directory.device) +
            " " + std::to_string(identity.mark->directory.inode) + "\n";
    if (identity.mark->pid_namespace != 0)
      text += "pids " + std::to_string(identity.mark->pid_namespace) + "\n";
  }
  return text;
}

std::optional<sidecar_identity> parse_identity(std::string_view text) {
  if (text.size() > sidecar_identity::size_bytes_max) return std::nullopt;
  const auto process = whole_number<std::int64_t>(take_line(text));
  const auto acquired = whole_number<std::int64_t>(take_line(text));
  if (!process || *process <= 0 || !acquired || *acquired < 0) return std::nullopt;
  sidecar_identity identity{*process, wall_time(std::chrono::nanoseconds(*acquired)),
                            std::string(take_line(text)), std::nullopt};
  const std::string_view boot = take_line(text);
  identity.mark = parse_mark(boot, take_line(text));
  if (identity.mark) identity.mark->pid_namespace = parse_namespace(take_line(text));
  return identity;
}

sidecar_text kind_of(std::string_view text) {
  if (text.size() > sidecar_identity::size_bytes_max) return sidecar_text::foreign;
  const std::string_view written = text.substr(0, text.find_last_not_of('\0') + 1);
  const std::size_t first_line = written.find('\n');
  const bool two_lines =
      first_line != std::string_view::npos && written.find('\n', first_line + 1) != std::string_view::npos;
  if (two_lines) {
    if (!parse_identity(written)) return sidecar_text::foreign;
    return written.size() == text.size() ? sidecar_text::identity : sidecar_text::remains;
  }
  // Cut off within the first two lines: a time that lacks its last digits would look like one of long ago.
  const bool begun = first_line == std::string_view::npos
                         ? begins_a_number(written)
                         : first_line > 0 && begins_a_number(written.substr(0, first_line)) &&
                               begins_a_number(written.substr(first_line + 1));
  return begun ? sidecar_text::remains : sidecar_text::foreign;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
