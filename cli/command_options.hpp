// What the definitions of commands share.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "command_line.hpp"

namespace agentslock::cli {

inline constexpr const char* json_flag = "Print one JSON object instead of text";

/// For options: an empty value is a script's unset variable, and never what was meant.
[[nodiscard]] std::string is_given(const std::string& value);

/// What --document takes.
[[nodiscard]] std::string document_help();

/// Adds the options that every command has.
void add_common(CLI::App& command, common_options& common, bool with_store);

using command_work = outcome_report (*)(const arguments&);

/// Does a command's work on the document that was named, or else found.
[[nodiscard]] outcome_report on_document(arguments& given, command_work work);

/// A command that works on a document.
CLI::App& add_command(CLI::App& app, arguments& given, const std::string& name, const std::string& what,
                      bool with_store, command_work work);

/// The format in which the result is printed, beside --json.
CLI::Option* add_format(CLI::App& command, arguments& given);

/// The name of an adapter, which must be there, and that of a view. The latter may be left out, but never be an unset
/// variable: that would name the whole adapter.
CLI::Option* add_adapter(CLI::App& command, arguments& given);
void add_view(CLI::App& command, arguments& given);

/// A command, and what defines it in the app, by these names.
struct command_row {
  std::string_view name;
  void (*add)(CLI::App& app, arguments& given);
  std::string_view alias = {};
};

/// The commands, by what they are for, in the order in which help lists them. Those about the command itself are in set_up.
[[nodiscard]] std::span<const command_row> lifecycle_commands();
[[nodiscard]] std::span<const command_row> looking_commands();
[[nodiscard]] std::span<const command_row> recording_commands();
[[nodiscard]] std::span<const command_row> merging_commands();
[[nodiscard]] std::span<const command_row> document_commands();
[[nodiscard]] std::span<const command_row> lock_commands();

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
