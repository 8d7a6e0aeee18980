// What the definitions of commands share.
#pragma once

#include <string>

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

/// The commands, by what they are for; set_up adds them all.
void add_lifecycle_commands(CLI::App& app, arguments& given);
void add_looking_commands(CLI::App& app, arguments& given);
void add_recording_commands(CLI::App& app, arguments& given);
void add_merging_commands(CLI::App& app, arguments& given);
void add_document_commands(CLI::App& app, arguments& given);
void add_lock_commands(CLI::App& app, arguments& given);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
