/// The laws of a document on disk: nothing is lost, nothing is written that was not wanted, and what did not change is
/// not touched.
///
/// Each law is given a path at which it may write; what stood there before does not matter. It runs on the real file
/// system, or on any other that the options' platform brings.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/io/lockfile_store.hpp"
#include "document.hpp"
#include "law.hpp"

namespace agentslock::laws {

/// A store, and how to look at its file behind its back.
struct store_under_test {
  lockfile_store store;
  /// Puts these bytes in the document's place, as an editor would.
  std::function<void(std::string_view bytes)> put;
  /// The bytes that are there.
  std::function<std::string()> bytes;
  /// Something that is another after every write of the file, even of the same bytes.
  std::function<std::string()> stamp;
};

/// What a store law is about: a document, what we do to it, and what another program does meanwhile.
struct store_case {
  std::string document;
  document_change ours;
  document_change theirs;
};

using store_law = named_law<const store_under_test&, const store_case&>;
[[nodiscard]] std::span<const store_law> store_laws() noexcept;

/// What is saved is loaded again, and the bytes are those of the pure edit.
[[nodiscard]] breach a_save_is_the_edit_and_loads_again(const store_under_test& on, const store_case& given);
/// Saving what was loaded, or updating nothing, does not touch the file.
[[nodiscard]] breach what_did_not_change_is_not_touched(const store_under_test& on, const store_case& given);
/// A save over an adapters section that has come to mean something else is a conflict, and leaves theirs.
[[nodiscard]] breach a_save_over_another_meaning_is_a_conflict(const store_under_test& on,
                                                               const store_case& given);
/// A save after another program changed other sections keeps their change, and is no conflict.
[[nodiscard]] breach a_save_keeps_what_others_wrote_elsewhere(const store_under_test& on,
                                                              const store_case& given);
/// An update whose function fails writes nothing, and returns its error.
[[nodiscard]] breach a_failed_update_writes_nothing(const store_under_test& on, const store_case& given);
/// A flush writes what is staged into what is there; a second one does not touch the file.
[[nodiscard]] breach a_flush_writes_what_is_staged_once(const store_under_test& on, const store_case& given);
/// A document that can't be read is never written over.
[[nodiscard]] breach nothing_is_written_over_what_can_not_be_read(const store_under_test& on,
                                                                  const store_case& given);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
