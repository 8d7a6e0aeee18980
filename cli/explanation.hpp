// Why a view is what it is: what a document says of it, put together.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/waiting.hpp"
#include "exit_code.hpp"
#include "next_commands.hpp"

namespace agentslock::cli {

/// A view's explanation. It borrows from the lockfile.
struct explanation {
  view_key key;
  const view* entry;
  view_state state;
  /// Whether it is ready by its status, over a schema that is gone.
  bool missed_bump;
  /// Why it may not be queried, and what unblocks it; empty when it may.
  std::string_view reason;
  std::string_view unblocked_by;
  std::vector<wait_step> waits_for;
};

/// Precondition: the view exists in the lockfile that `waits` was made from.
[[nodiscard]] explanation explain_view(const lockfile& file, const waiting& waits, view_key key);

/// What explain has to say: of one view, or of an adapter, its views, and those that read from it. It borrows from the
/// lockfile.
struct findings {
  const lockfile& file;
  const waiting& waits;
  in_use with;
  std::string_view adapter_name;
  const adapter& owner;
  bool of_adapter;
  /// The named one, or all that the adapter keeps.
  std::vector<explanation> views;
  /// The views of all adapters that read from it.
  std::vector<view_key> readers;
};

/// How a reader's records of the adapter stand: the last one that is not current counts.
[[nodiscard]] record_state record_of(const findings& all, view_key reader);

/// The findings as JSON, and for people.
[[nodiscard]] std::string to_json(const findings& all);
[[nodiscard]] std::string to_text(const findings& all, bool coloured);

/// The exit code for these views.
[[nodiscard]] exit_code code_for(std::span<const explanation> views);

/// A step in words: "the cutover of crg".
[[nodiscard]] std::string in_words(const wait_step& step);
/// A step's kind as JSON names it: "cutover".
[[nodiscard]] std::string_view name(wait_for what) noexcept;
/// What JSON calls the state of a record: "another_is_active".
[[nodiscard]] std::string_view name(record_state state) noexcept;

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
