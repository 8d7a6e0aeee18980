/// The lock that keeps writers of one document apart, shared with the Go tool. docs/durability.md tells it step by step.
///
///     auto lock = sidecar_lock::acquire(on, path);      // waits up to 5 s
///     if (!lock) return lock.error();
///     // ... read lock->document_path(), decide, stage the new document
///     auto done = lock->publish({check, put, is_seen});   // puts it in place, if nothing has changed
///     lock->release();                                  // or let the guard go
///
/// Two things are held: the queue, an advisory lock on the document's directory at which our processes queue and which
/// the kernel drops when its holder dies; and the sidecar, a file PATH.lock that says who holds it, which is what the
/// Go tool looks at. A sidecar whose holder died with the queue is taken over at once; any other is left alone until
/// it is 30 s old.
///
/// What it does not do: keep apart programs that don't ask for it, and keep out a Go tool that takes away a live
/// sidecar, as it was measured to do. `publish` finds that before it writes, and writes nothing; or when it was too late, and
/// calls the outcome uncertain.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/error.hpp"
#include "agentslock/io/host.hpp"
#include "agentslock/kernel/function_ref.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// How a lock document is called. A path whose sidecar would have this name is refused: it is a document's name that lacks
/// its end.
inline constexpr std::string_view usual_document_name = ".agentsrc.lock";

/// The protocol's times, and what a caller may want to know. The times are shared with other programs: only `wait` is a
/// caller's to choose.
struct lock_options {
  /// How long acquire waits in all. An earlier wait of this process that was given up still gets the queue when its turn
  /// comes, and lets it go at once. An acquire with a wait of zero may come in that moment, and is refused.
  std::chrono::nanoseconds wait = std::chrono::seconds(5);
  /// How long between two looks at a sidecar.
  std::chrono::nanoseconds poll = std::chrono::milliseconds(10);
  /// After that a holder does not write any more.
  std::chrono::nanoseconds lease = std::chrono::seconds(20);
  /// After that a sidecar may be reclaimed.
  std::chrono::nanoseconds stale = std::chrono::seconds(30);
  /// After that the remains of a claim that was cut off may be reclaimed.
  std::chrono::nanoseconds garbled = std::chrono::seconds(2);
  /// Whether missing directories of the path are made.
  bool make_directories = true;
  /// Is called with true right before the sidecar may become ours, and with false when it is not or no longer: a
  /// command holds off signals meanwhile. Must not throw.
  std::function<void(bool)> on_hold;
};

/// A held lock. Move-only; releases when it goes. In a forked child it is inert.
/// One object is for one thread at a time; different objects are independent.
class sidecar_lock {
 public:
  /// Takes the lock of a document, whether the document exists or not; makes its missing directories, if it may.
  /// Where the path is a symlink, the lock of the file that it points to is taken too.
  /// Errors, with nothing held and nothing left behind: lock_timeout, which names the holder; access_denied, at
  /// once, when the directory can't be written, or the path is a symlink that another user may have planted;
  /// invalid_argument when this thread holds the lock already, or when the sidecar's name is a lock document's;
  /// not_a_lock when something stands in the sidecar's place that is none; name_too_long; document_missing when
  /// the directory is missing and may not be made; lock_lost when a third program claimed the sidecar's name while
  /// this one had the sidecar moved aside to look at it; no_space, out_of_memory, io_failed, also when descriptors or memory are short.
  /// Blocks up to options.wait; sends and takes no signal.
  [[nodiscard]] static result<sidecar_lock> acquire(platform on, std::string_view path,
                                                    const lock_options& options = {});

  sidecar_lock(sidecar_lock&&) noexcept;
  sidecar_lock& operator=(sidecar_lock&&) noexcept;
  ~sidecar_lock();

  /// The file that is to be replaced: the path, or what the symlink there points to.
  [[nodiscard]] const std::string& document_path() const noexcept;
  /// Whether the queue is held, and not the sidecar alone.
  [[nodiscard]] bool has_queue() const noexcept;

  /// Whether this process took the lock: one that was forked from the holder did not, can do nothing with it, and every
  /// function here but the first two says so.
  /// Error: invalid_argument.
  [[nodiscard]] result<> held_by_this_process() const;
  /// Whether the lock is still held: each sidecar carries our token, and the path leads to the same file.
  /// Errors: lock_lost; access_denied, io_failed.
  [[nodiscard]] result<> still_held() const;

  /// A new document that is to take the old one's place.
  struct replacement {
    /// Fails when the old document is no longer the one that the new one was made of.
    function_ref<result<>()> check;
    /// Puts the new one in its place. not_durable says that it is there, and that a power cut may undo that.
    function_ref<result<>()> put;
    /// Whether the path shows the new one.
    function_ref<bool()> is_seen;
  };
  /// Replaces the document, by the steps of the protocol in their order: looks whether the lock is held, checks the
  /// document, reads the lease, puts the new document in its place, looks again at both.
  /// Errors: lock_lost and what `check` says: the old document stands; what `put` says; outcome_uncertain: the new one
  /// was put there, and another program had the lock or the document by then.
  [[nodiscard]] result<> publish(const replacement& with) const;

  /// Lets go: looks whether the sidecar is ours, moves it aside, checks that again, removes it, sweeps what killed
  /// processes left, lets the queue go. A second release does nothing, nor does one in a forked child.
  /// Error: lock_lost, when the lock had been lost, and another holder's sidecar lost its place to a third program when
  /// it was looked at: then both of these may believe that they hold the lock. The lock is let go all the same.
  result<> release() noexcept;

 private:
  struct held;
  explicit sidecar_lock(std::unique_ptr<held> what) noexcept;
  std::unique_ptr<held> held_;
};

/// Whether a writer of ours would get a document's lock now, and what would be in its way.
struct sidecar_status {
  enum class state : std::uint8_t {
    /// Nothing is in the way; the sidecar of a dead holder of ours is taken over at once.
    free,
    /// A holder that may be alive.
    held,
    /// Old enough to be reclaimed by the next writer.
    stale,
    /// The remains of a claim, too young to be reclaimed.
    garbled,
    /// Something that is no lock. No writer gets past it.
    not_a_lock,
  };
  state now = state::free;
  /// The sidecar that is in the way, of the path or of the file that it leads to; else the path's.
  std::string path;
  /// What it says, if it is an identity.
  std::optional<sidecar_identity> identity;
  /// The process that it names, unless that is one of another boot or another container. The Go tool's sidecars do not say
  /// which container theirs is of.
  std::optional<std::int64_t> process;
  /// Who holds the lock, in words; empty when nobody does. A process is named only where its number means something
  /// here.
  std::string holder;
  /// How long it has been there; negative when it is dated in the future.
  std::chrono::nanoseconds age{0};
  /// How long until it may be reclaimed; zero when it may.
  std::chrono::nanoseconds stale_in{0};
  /// The process that holds the queue, as far as the kernel tells.
  std::optional<int> queue_holder;
};

/// Looks at a document's lock by the rules of a writer: through symlinks, at both sidecars, at the queue. Changes nothing.
/// Where a sidecar is marked with the queue and the kernel's list names no holder, the queue is tried: a writer that comes
/// in these microseconds waits for them.
/// Errors: access_denied, io_failed.
[[nodiscard]] result<sidecar_status> look_at_sidecar(platform on, std::string_view path,
                                                     const lock_options& options = {});

/// Takes away a sidecar of a document, of the path or of the file that it leads to, by the protocol's own way: the one that
/// carries this token, or, when none is given, one that carries none.
/// Errors, with the sidecar in place: lock_timeout when another process holds the queue (the message says which one
/// to continue or end); conflict when no sidecar carries that token, or one was to be broken without a token and has one;
/// not_a_lock; invalid_argument when there is none, or the token is empty; lock_lost, when another holder's sidecar
/// was moved aside for it and could not be put back; access_denied, io_failed.
[[nodiscard]] result<> break_sidecar(platform on, std::string_view path,
                                     std::optional<std::string_view> token);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
