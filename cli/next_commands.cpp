#include "next_commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agentslock/io/sidecar_lock.hpp"
#include "display_width.hpp"
#include "shortened.hpp"

namespace agentslock::cli {
namespace {

/// An argument: a name that begins with "-" would be taken for an option.
std::string as_argument(std::string_view name) {
  return shell_word(shortened(name));
}

std::string view_arguments(view_key key) {
  const bool looks_like_option = key.adapter.starts_with('-') || key.view.starts_with('-');
  return fmt::format("{}{} {}", looks_like_option ? "-- " : "", as_argument(key.adapter),
                     as_argument(key.view));
}

/// A word of the command, or what stands for it.
std::string or_placeholder(std::string_view word, std::string_view placeholder) {
  return word.empty() ? std::string(placeholder) : shell_word(word);
}

/// The schema of an adapter that a view was validated against, other than the active one; nothing in it when that is not
/// recorded.
new_schema recorded_schema(const lockfile& file, view_key key, std::string_view adapter_name) {
  const view* const entry = file.find_view(key);
  if (entry == nullptr) return {};
  const auto found = std::ranges::find_if(entry->depends_on, [&](const dependency& item) {
    return item.adapter == adapter_name && !item.schema_digest.empty();
  });
  return found == entry->depends_on.end() ? new_schema() : new_schema{found->schema_digest, found->version};
}

/// A word in $'…': byte by byte where a terminal could not show a character as it is.
std::string escaped_word(std::string_view text, charset in) {
  std::string quoted = "$'";
  while (!text.empty()) {
    const auto c = first_character(text);
    const std::string_view whole = text.substr(0, c ? c->size_bytes : 1);
    if (whole == "\\" || whole == "'") {
      quoted.append("\\").append(whole);
    } else if (printable(whole, in) == whole) {
      quoted += whole;
    } else {
      for (const char byte : whole)
        quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    text.remove_prefix(whole.size());
  }
  return quoted + "'";
}

}  // namespace

std::string shell_word(std::string_view text, charset in) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
  if (!text.empty() && text.find_first_not_of(plain) == text.npos) return std::string(text);
  if (printable(text, in) != text) return escaped_word(text, in);
  std::string quoted = "'";
  for (const char c : text)
    c == '\'' ? quoted.append("'\\''") : quoted.append(1, c);
  return quoted + "'";
}

std::vector<std::string> commands_for(std::span<const wait_step> steps, const lockfile& file, view_key key,
                                      const in_use& with) {
  const std::string place = with.document == usual_document_name
                                ? std::string()
                                : fmt::format(" --document {}", shell_word(with.document));
  const std::string store = fmt::format(" --store {}", or_placeholder(with.store, "sqlite:DIRECTORY"));
  const std::string validator = fmt::format(" --validator {}", or_placeholder(with.validator, "COMMAND"));
  const std::string builder = fmt::format(" --builder {}", or_placeholder(with.builder, "COMMAND"));
  std::vector<std::string> commands;
  const auto add = [&](std::string command) {
    if (std::ranges::find(commands, command) == commands.end()) commands.push_back(std::move(command));
  };
  for (const wait_step& step : steps) {
    switch (step.what) {
      case wait_for::reconciliation:
        add(fmt::format("agentslock reconcile{}{}", place, store));
        break;
      case wait_for::verdict:
      case wait_for::changed_program:
        add(fmt::format("agentslock validate{}{} {}", place, validator, view_arguments(key)));
        break;
      case wait_for::cutover: {
        const new_schema schema = recorded_schema(file, key, step.adapter);
        const std::string version =
            schema.version.empty() ? "" : fmt::format(" --version {}", shell_word(shortened(schema.version)));
        add(fmt::format("agentslock cutover{} --schema-digest {}{}{} {}{}", place,
                        or_placeholder(shortened(schema.schema_digest), "DIGEST"), version, validator,
                        step.adapter.starts_with('-') ? "-- " : "", as_argument(step.adapter)));
        break;
      }
      case wait_for::rebuild:
        add(fmt::format("agentslock rebuild{}{}{} {}", place, store, builder, view_arguments(key)));
        break;
      case wait_for::registration:
        add(fmt::format("agentslock register{}{} {}", place, store, view_arguments(key)));
        break;
    }
  }
  return commands;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
