/// Where one lock document lives: its bytes, the revision that tells them from any others, and a write that happens only
/// while the revision is still the one that was read.
///
/// A lockfile_store does all its work on one of these; a file is the one that it makes of a path. Whoever keeps documents
/// elsewhere writes another one.
///
///     auto stored = documents.read();                            // bytes and a revision
///     if (!stored) return stored.error();
///     const std::string_view pieces[] = {new_text};
///     auto done = documents.store_if(*stored->revision, pieces);  // conflict: somebody else was first
///
/// What a store does not do: look at what the bytes say, or try again by itself.
///
/// The outcomes of a write, the same for all stores: success, the new document stands; not_durable, it stands, and a
/// power cut may undo that; outcome_uncertain, nobody can say whether it stands or stood; any other error, it does not
/// and will not.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/io/detail/text_arrival.hpp"
#include "agentslock/io/error.hpp"
#include "agentslock/io/text_buffer.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What tells a document as it was read from any other that stood or will stand in its place; that there is none is a
/// revision too. Each store has its own kind, and takes no other's: invalid_argument.
/// For one thread at a time.
class document_revision {
 public:
  document_revision() = default;
  document_revision(const document_revision&) = delete;
  document_revision& operator=(const document_revision&) = delete;
  virtual ~document_revision() = default;
};

/// A document as it was read.
struct stored_document {
  /// Empty when there is none.
  text_buffer text;
  bool exists = false;
  /// Never null.
  std::shared_ptr<document_revision> revision;
};

/// One writer's turn: it reads, and then it may write once. Where a store makes its writers wait for each other, no other
/// writer of ours comes between while this lives. For one thread at a time.
class document_turn {
 public:
  document_turn() = default;
  document_turn(const document_turn&) = delete;
  document_turn& operator=(const document_turn&) = delete;
  /// Ends the turn; writes nothing.
  virtual ~document_turn() = default;

  /// Errors: as document_store::read.
  [[nodiscard]] virtual result<stored_document> read() = 0;
  /// As document_store::read_and_show.
  [[nodiscard]] virtual result<stored_document> read_and_show(early_reader) { return read(); }
  /// Whether the document is still this one. No is always a right answer: the caller then reads.
  /// Errors: as document_store::read.
  [[nodiscard]] virtual result<bool> is_current(const document_revision& as_read) = 0;
  /// Puts these bytes in the document's place, if it is still the one that was read. Ends the turn: nothing may be asked
  /// of it afterwards.
  /// Errors: as document_store::store_if.
  [[nodiscard]] virtual result<> store_if(const document_revision& as_read,
                                          std::span<const std::string_view> pieces) = 0;
};

/// Safe from any thread and in any number of processes.
class document_store {
 public:
  document_store() = default;
  document_store(const document_store&) = delete;
  document_store& operator=(const document_store&) = delete;
  virtual ~document_store() = default;

  /// What the document is called: a path, or a name that can't be taken for one.
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  /// Whether its writers wait for each other. Where they do not, a conflict is ordinary, and a lockfile_store begins again
  /// for as long as it would have waited.
  [[nodiscard]] virtual bool takes_turns() const noexcept = 0;

  /// Reads the document, without waiting for a writer: the old or the new one, never a mixture.
  /// Errors: too_large, access_denied, io_failed, out_of_memory; not_a_file of a file; store_unreachable, store_busy of a
  /// database.
  [[nodiscard]] virtual result<stored_document> read() const = 0;
  /// The same, and may show the document meanwhile, in the caller's thread, so that it is parsed while it is read: never, or
  /// once for each time that it is read. The text that is returned was shown if its owner is the shown one's; any other is no
  /// document that ever stood there.
  [[nodiscard]] virtual result<stored_document> read_and_show(early_reader) const { return read(); }
  /// Whether the document is still this one. May keep in the revision what it has found, so that the next look costs less.
  /// Errors: those of read.
  [[nodiscard]] virtual result<bool> is_current(document_revision& as_read) const = 0;
  /// Waits for the turn to write, where there are turns.
  /// Errors: lock_timeout and the others of sidecar_lock::acquire, of a file.
  [[nodiscard]] virtual result<std::unique_ptr<document_turn>> take_turn() const = 0;

  /// Writes in a turn of its own.
  /// Errors: conflict or lock_lost: the document is another one now, or may become one while we write, and ours was not
  /// written; those of take_turn and of read; no_space, too_large; not_durable, outcome_uncertain.
  [[nodiscard]] result<> store_if(const document_revision& as_read,
                                  std::span<const std::string_view> pieces) const;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
