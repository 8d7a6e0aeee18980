#include "agentslock/io/sidecar_identity.hpp"

#include <charconv>

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

std::optional<gate_mark> parse_mark(std::string_view boot, std::string_view gate) {
  constexpr std::string_view boot_word = "boot ";
  constexpr std::string_view gate_word = "gate ";
  if (!boot.starts_with(boot_word) || !gate.starts_with(gate_word)) return std::nullopt;
  boot.remove_prefix(boot_word.size());
  gate.remove_prefix(gate_word.size());
  const std::size_t space = gate.find(' ');
  if (boot.empty() || space == std::string_view::npos) return std::nullopt;
  const auto device = whole_number<std::uint64_t>(gate.substr(0, space));
  const auto inode = whole_number<std::uint64_t>(gate.substr(space + 1));
  if (!device || !inode) return std::nullopt;
  return gate_mark{std::string(boot), {*device, *inode}};
}

}  // namespace

std::string to_text(const sidecar_identity& identity) {
  std::string text = std::to_string(identity.process) + "\n" +
                     std::to_string(identity.acquired.time_since_epoch().count()) + "\n" + identity.token +
                     "\n";
  if (identity.mark) {
    text += "boot " + identity.mark->boot_id + "\ngate " + std::to_string(identity.mark->folder.device) +
            " " + std::to_string(identity.mark->folder.inode) + "\n";
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
  return identity;
}

}  // namespace agentslock
