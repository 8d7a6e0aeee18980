// The validators and builders that a command was given, ready to be run.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "agentslock/io/view_work.hpp"
#include "common_options.hpp"
#include "next_commands.hpp"

namespace agentslock::cli {

/// What the command line says of programs.
struct program_options {
  /// Command lines for the shell; empty: from AGENTSLOCK_VALIDATOR, AGENTSLOCK_BUILDER.
  std::string validator;
  std::string builder;
  /// How long each may run; empty: as long as it likes.
  std::string timeout;
  std::size_t jobs = 1;
};

/// What a command works with, for the commands that it names at its end.
[[nodiscard]] in_use what_is_in_use(const common_options& common, const program_options& programs = {});

/// A validator, and a builder, that run in the document's directory and are told absolute paths. What they write and how far
/// they are goes to standard error; with --json only what they write. What a validator prints is its answer, and not shown.
/// A signal that ends the command ends them first, and then the process, before anything of that round is recorded.
/// Error: invalid_argument, when no program, no store or no time is named where one must be.
[[nodiscard]] result<std::unique_ptr<view_validator>> validator_of(const common_options& common,
                                                                   const program_options& options);
[[nodiscard]] result<std::unique_ptr<view_builder>> builder_of(const common_options& common,
                                                               const program_options& options);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
