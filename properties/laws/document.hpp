/// The laws of changing a document: it says what was wanted, and everything else is, byte for byte, what it was.
///
///     auto step = laws::take_document_step(text, change);
///     if (step) … laws::first_broken(laws::document_laws(), *step)
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/lock_document.hpp"
#include "agentslock/kernel/operation.hpp"
#include "law.hpp"

namespace agentslock::laws {

/// What is done to a document.
struct document_change {
  /// Operations on its adapters. With none, and `states_adapters` false, the section is not asked for.
  std::vector<operation> operations;
  bool states_adapters = false;
  std::map<std::string, std::string> sections;
  std::optional<std::string> inputs_digest;
};

/// One change of one document.
struct document_step {
  std::string before;
  document_change change;
  /// What its adapters said, and what they were to say.
  lockfile was;
  lockfile wanted;
  bool asked_for_adapters = false;
  splice edited;
  std::string after;
  /// The same change, with a lockfile that does not know what was changed in it.
  std::string after_by_comparison;
};

/// Makes the change. Errors: those of lock_document::parse and of staged_changes.
[[nodiscard]] result<document_step> take_document_step(std::string_view document,
                                                       const document_change& change);

/// Writes any value over what the document's adapters say, as lockfile_store::save_over does.
[[nodiscard]] result<document_step> write_over(std::string_view document, const lockfile& value);

using document_law = named_law<const document_step&>;
[[nodiscard]] std::span<const document_law> document_laws() noexcept;

/// A document that was well formed stays so, whatever the value.
[[nodiscard]] breach the_document_stays_well_formed(const document_step& step);
/// Reading what was written gives the value.
[[nodiscard]] breach reading_what_was_written_gives_the_value(const document_step& step);
/// Writing what was read gives the bytes: nothing wanted, nothing edited.
[[nodiscard]] breach writing_what_was_read_gives_the_bytes(const document_step& step);
/// Top-level members that the change does not name stay, byte for byte and in their order.
[[nodiscard]] breach whatever_is_not_ours_survives(const document_step& step);
/// Members that we do not know stay, byte for byte, in every object that remains.
[[nodiscard]] breach unknown_members_survive(const document_step& step);
/// Adapters and views that say the same as before keep their bytes.
[[nodiscard]] breach entries_that_did_not_change_keep_their_bytes(const document_step& step);
/// A document in the Go tool's format stays in it.
[[nodiscard]] breach the_go_tools_format_stays(const document_step& step);
/// A section that was staged says what was staged; inputs_digest too.
[[nodiscard]] breach what_was_staged_is_said(const document_step& step);
/// lock_version stays, or is added when something else is written.
[[nodiscard]] breach lock_version_comes_with_the_first_change(const document_step& step);
/// An operation that knows what it changed and a comparison of values write the same bytes.
[[nodiscard]] breach both_ways_of_encoding_write_the_same(const document_step& step);
/// The laws of the splice hold of the edits.
[[nodiscard]] breach the_edits_keep_the_laws_of_splices(const document_step& step);

/// Whether a text is, byte for byte, what the Go tool would make of it.
[[nodiscard]] bool is_in_the_go_tools_format(std::string_view document);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
