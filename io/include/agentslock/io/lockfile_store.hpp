/// One lock document where it lives, a file as a rule: load, save, update, flush.
///
/// Which one to take:
///
///     lockfile_store store(".agentsrc.lock");
///
///     auto done = store.update([&](lockfile& file) -> result<> {   // read, change and write under one lock
///       return file.activate("crg", source, schema, now);
///     });
///
///     auto loaded = store.load();                           // read without a lock, change at leisure,
///     auto frozen = loaded->file().mark_dependee_bumped("crg", now);
///     auto saved = store.save(*loaded);                     // write, unless it changed on disk meanwhile
///
///     staged_changes changes;                               // sections of other programs
///     auto staged = changes.set_section("units", json);
///     auto flushed = store.flush(changes);
///
/// Every write is atomic and durable, replaces only the bytes that change, and is made, in a file, under the lock that the Go
/// tool shares (sidecar_lock.hpp). Elsewhere it is made where the document's revision is still the one that was read
/// (document_store.hpp), and begun again where it is not. A document that would not change is not written. A document that could not
/// be read is never written over. In any error but not_durable and outcome_uncertain the document is what it was
/// before the call, or what another program made of it.
///
/// A store is a place and a platform: copy it freely, use it from any thread. A loaded_lockfile is for one thread at a
/// time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/atomic_write.hpp"
#include "agentslock/io/document_store.hpp"
#include "agentslock/io/error.hpp"
#include "agentslock/io/host.hpp"
#include "agentslock/io/lock_document.hpp"
#include "agentslock/io/sidecar_lock.hpp"
#include "agentslock/kernel/function_ref.hpp"
#include "agentslock/kernel/lifetime.hpp"
#include "agentslock/kernel/lockfile.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What a caller may choose about a store.
struct store_options {
  /// Whether documents of other versions are taken for version 1's.
  version_rule version = version_rule::only_version_1;
  /// Whether a write waits until the disk has it. Without that, a power cut may lose or mix what was written.
  durability durable = durability::synced;
  lock_options lock = {};
};

/// A lockfile, and the document that it was loaded from. As a lockfile, one that was moved from may only be assigned or
/// destroyed.
class loaded_lockfile {
 public:
  [[nodiscard]] lockfile& file() noexcept { return file_; }
  [[nodiscard]] const lockfile& file() const noexcept { return file_; }
  /// Whether the document existed.
  [[nodiscard]] bool existed() const noexcept { return existed_; }
  /// The document's text as it was loaded, or, after a save, as it was written.
  [[nodiscard]] text_buffer text() const { return base_.text(); }

 private:
  friend class lockfile_store;
  struct snapshot;
  loaded_lockfile() = default;

  lockfile file_;
  bool existed_ = false;
  /// The document that it was loaded from, as it was then; nothing after a save.
  std::shared_ptr<snapshot> from_;
  splice base_;
};

/// What is changed under the lock by lockfile_store::edit.
struct document_edit {
  /// The document as it is.
  const lock_document& document;
  /// Its adapters; to be changed by operations.
  lockfile& adapters;
  /// Whether the adapters section is to be stated even when it is missing and stays empty.
  bool writes_empty_section = false;
  /// Sections to be changed.
  staged_changes& sections;
};

class lockfile_store {
 public:
  explicit lockfile_store(std::string_view path, store_options options = {},
                          platform on = platform::system());
  /// A document that lives elsewhere. Of the options count the version, and the lock's `wait`: so long a write begins again
  /// when others come first.
  /// Precondition: not null.
  explicit lockfile_store(std::shared_ptr<const document_store> documents, store_options options = {},
                          platform on = platform::system());

  /// What the document is called: its path, or the name that its document store gives it.
  [[nodiscard]] const std::string& path() const noexcept { return documents_->name(); }
  /// Where it lives.
  [[nodiscard]] const document_store& documents() const noexcept AGENTSLOCK_LIFETIMEBOUND {
    return *documents_;
  }
  /// The time on the store's machine, for operations that want one.
  [[nodiscard]] timestamp now() const { return std::chrono::floor<std::chrono::seconds>(on_.machine.now()); }

  /// Reads the document, without a lock; a missing one is empty.
  /// Errors: not_a_file, access_denied, io_failed, out_of_memory, and those of lock_document::parse.
  /// One pass; linear.
  [[nodiscard]] result<parsed_document> read() const;

  /// Reads the adapters section, without a lock. A missing document or section is an empty lockfile.
  /// Errors: those of read, and unsupported_version.
  [[nodiscard]] result<loaded_lockfile> load() const;

  /// Whether the document is still the one that was loaded, as far as a look at its file tells; its bytes are compared where
  /// it is too young for that (cached_lockfile.hpp). After a save that changed something the answer is no.
  /// Errors: access_denied, io_failed. One system call, and no allocation, unless the file is young.
  [[nodiscard]] result<bool> is_current(loaded_lockfile& loaded) const;

  /// Writes a lockfile that was loaded, if the section on disk still means what was loaded; what else
  /// changed on disk stays. The section is stated even when it is empty. May be called again after more changes.
  /// Errors: conflict, with the document as the other program wrote it; those of load; those of writing:
  /// lock_timeout, lock_lost, access_denied, no_space, io_failed, not_durable, outcome_uncertain; and too_large for a
  /// document that would be too large to be read again.
  [[nodiscard]] result<> save(loaded_lockfile& loaded) const;

  /// Writes a lockfile over whatever the section says, for a caller who asks for that. Bytes of entries that say
  /// the same stay. Errors: as save, without conflict.
  [[nodiscard]] result<> save_over(const lockfile& file) const;

  /// Holds the lock across read, `change` and write. When `change` fails nothing is written and its error is
  /// returned. When the document or the lock turns out to have changed hands, `change` is called again with
  /// the new state, at most three times more, or, where writers do not wait for each other, as long as they would wait; so it must have no effects of its own, and must not take long.
  /// Where the document's directory is missing, `change` is called before it is made and locked, and its result counts if
  /// there still is no document then. `change` may throw; then nothing is written. A process that is forked in it
  /// writes nothing: there the error is invalid_argument.
  /// Errors: those of load and of writing, and of `change`; lock_lost after the last time.
  [[nodiscard]] result<> update(function_ref<result<>(lockfile&)> change) const;

  /// Writes what is staged into the document as it is now. May be called again, after more was staged.
  /// The document's version does not matter.
  /// Errors: those of read and of writing.
  [[nodiscard]] result<> flush(const staged_changes& changes) const;

  /// The general form of update: the whole document, its adapters and its sections, under one lock.
  [[nodiscard]] result<> edit(function_ref<result<>(document_edit&)> change) const;

 private:
  using snapshot = loaded_lockfile::snapshot;
  /// Turns a document as it is into the document as it is to be.
  using rewrite = function_ref<result<splice>(parsed_document&)>;
  /// What was written, or would have been had it changed anything.
  struct written {
    splice text;
    /// not_durable, when that is all that went wrong.
    std::optional<error> not_durable;
  };
  /// How often a write starts over when the lock or the document changed hands.
  enum class patience : std::uint8_t { three_times, until_deadline };

  /// The document that `from`, a store or a turn in one, reads; parsed while it arrives, where that is shown.
  template <class Source>
  [[nodiscard]] result<snapshot> parsed(Source& from) const;
  [[nodiscard]] result<written> write(rewrite make, patience how_long, snapshot* known = nullptr) const;
  /// `was_overtaken`: another writer's document stands there, and ours may be tried again.
  [[nodiscard]] result<written> write_once(rewrite make, snapshot* known, bool& was_overtaken) const;
  void let_others_go_first(int again) const;
  [[nodiscard]] static result<> outcome_of(const result<written>& write);

  std::shared_ptr<const document_store> documents_;
  store_options options_;
  platform on_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
