#include "agentslock/io/sidecar_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "directory_queue.hpp"
#include "leftovers.hpp"
#include "lock_timeout.hpp"
#include "path.hpp"
#include "sidecar_claim.hpp"
#include "sidecar_place.hpp"
#include "system_call.hpp"
#include "thread_holders.hpp"

namespace agentslock {

/// All that a guard holds, and the steps by which it is taken and let go.
struct sidecar_lock::held {
  held(platform where, std::string_view given, const lock_options& chosen)
      : on(where),
        options(chosen),
        path(clean_path(given)),
        process(where.machine.process_id()),
        deadline(where.machine.boot_time() + chosen.wait) {}
  held(const held&) = delete;
  held& operator=(const held&) = delete;
  ~held() { (void)release(); }

  result<> take();
  result<> held_by_this_process() const;
  /// What a look at the sidecars saw: their ctimes.
  struct look {
    std::array<wall_time, 2> changed{};
  };
  result<look> still_held() const;
  /// Whether it is still held, and was all the time since that look: a sidecar that was moved aside and put back has
  /// another ctime. (Linux before 6.13 counts ctimes in ticks of up to 10 ms: what happens within the tick of the claim
  /// is not seen there.)
  result<> held_since(const look& before) const;
  /// Whether the holder may still write: others reclaim a sidecar that is 30 s old, so ours give up after 20 s.
  /// Reads a clock and nothing else, so that it can be the last thing before the document is replaced.
  result<> lease_left() const;
  result<> publish(const replacement& with) const;
  result<> release() noexcept;

  result<> enter_queue();
  result<> claim_all();
  /// Tells the caller when we may be the holder.
  void hold(bool may_hold) noexcept {
    if (std::exchange(holding_off, may_hold) != may_hold && options.on_hold) options.on_hold(may_hold);
  }
  [[nodiscard]] std::chrono::nanoseconds time_left() const {
    return std::max(deadline - on.machine.boot_time(), std::chrono::nanoseconds(0));
  }
  [[nodiscard]] error timed_out_at_queue() const {
    const std::string sidecar = path + std::string(sidecar_suffix);
    return timed_out(path, holder_of_queue(on, queue.directory(), sidecar), options);
  }

  platform on;
  lock_options options;
  /// As given, cleaned; and where it leads.
  std::string path;
  std::string document;
  int process;
  std::chrono::nanoseconds deadline;
  directory_queue queue;
  std::vector<sidecar_claim> claimed;
  /// When the lease began: before anybody could see us as the holder.
  std::chrono::nanoseconds acquired{0};
  thread_holders::key holding{};
  bool registered = false;
  bool holding_off = false;
};

result<> sidecar_lock::held::take() {
  const std::string directory = directory_of(path);
  if (!options.make_directories) {
    const auto there = uninterrupted([&] { return on.files.status_at(directory); });
    if (!there && is(there.error(), ENOENT)) {
      return error(errc::document_missing, "there is no directory " + directory, there.error());
    }
  } else if (const auto made = make_directories(on.files, directory); !made) {
    return system_failure("make the directory", directory, made.error());
  }
  if (const auto entered = enter_queue(); !entered) return entered;

  acquired = on.machine.boot_time();
  if (const auto done = claim_all(); !done) return done;
  thread_holders::add(holding);
  registered = true;
  return {};
}

result<> sidecar_lock::held::claim_all() {
  claimed.reserve(2);  // so that no claim is made that can not be kept
  claim_setting in{on, options, queue, path, document, deadline};
  const auto may_hold = [&](bool may) {
    if (may || claimed.empty()) hold(may);
  };
  for (const std::string& of : {path, document}) {
    if (!claimed.empty() && of == path) break;  // the path is no symlink
    auto one = sidecar_claim::make(in, of + std::string(sidecar_suffix), may_hold);
    if (!one) return one.error();
    claimed.push_back(std::move(*one));
  }
  return {};
}

result<> sidecar_lock::held::enter_queue() {
  for (;;) {
    auto leads_to = follow_symlinks(on, path);
    if (!leads_to) return leads_to.error();
    document = std::move(*leads_to);
    if (document != path) {
      if (const auto place = check_place(document); !place) return place;
    }
    const std::string directory = directory_of(document);
    const auto directory_now = uninterrupted([&] { return on.files.status_at(directory); });
    if (!directory_now) return system_failure("look at the directory", directory, directory_now.error());
    holding = {&on.machine, process, directory_now->id};
    if (thread_holders::this_thread_holds(holding)) {
      return error(errc::invalid_argument, "this thread holds the lock of " + path +
                                               ", or of another document in its directory, already");
    }

    queue = directory_queue::enter(on, directory, time_left());
    if (queue.result() == directory_queue::outcome::failed)
      return system_failure("lock the directory", directory, queue.cause());
    if (queue.result() == directory_queue::outcome::timed_out) return timed_out_at_queue();
    if (!queue.entered()) return {};
    // While we waited, the directory may have been replaced, or the symlink turned elsewhere.
    const auto again = follow_symlinks(on, path);
    const auto directory_again = uninterrupted([&] { return on.files.status_at(directory); });
    if (again && *again == document && directory_again && directory_again->id == queue.directory()) return {};
    queue.leave(on, false);
    if (time_left().count() == 0) return timed_out_at_queue();
  }
}

result<> sidecar_lock::held::held_by_this_process() const {
  if (process == on.machine.process_id()) return {};
  return error(errc::invalid_argument,
               "the lock of " + path +
                   " is held by the process that this one was forked from: nothing can be "
                   "done with it here");
}

result<sidecar_lock::held::look> sidecar_lock::held::still_held() const {
  if (const auto ours = held_by_this_process(); !ours) return ours.error();
  look seen;
  auto changed = seen.changed.begin();
  for (const sidecar_claim& one : claimed) {
    const auto since = one.still_held(on, path);
    if (!since) return since.error();
    *changed++ = *since;
  }
  const auto leads_to = follow_symlinks(on, path);
  if (!leads_to || *leads_to != document) return lock_was_lost(path, "the symlink points elsewhere now");
  return seen;
}

result<> sidecar_lock::held::held_since(const look& before) const {
  const auto now = still_held();
  if (!now) return now.error();
  if (now->changed != before.changed) {
    return lock_was_lost(path, "another program took it away and put it back");
  }
  return {};
}

result<> sidecar_lock::held::lease_left() const {
  if (const auto ours = held_by_this_process(); !ours) return ours.error();
  if (on.machine.boot_time() - acquired > options.lease) {
    return lock_was_lost(
        path, "it was held for more than " + in_seconds(options.lease) + ", after which others may take it");
  }
  return {};
}

result<> sidecar_lock::held::publish(const replacement& with) const {
  const auto before = still_held();
  if (!before) return before.error();
  if (auto checked = with.check(); !checked) return checked;
  if (auto lease = lease_left(); !lease) return lease;

  auto put = with.put();
  if (!put && put.error().code() != errc::not_durable) return put;

  try {
    const bool is_seen = with.is_seen();
    if (const auto again = held_since(*before); !again || !is_seen) return outcome_is_uncertain(path);
    return put;
  } catch (const std::bad_alloc&) {
    // It is there: that memory ran out would say that it is not.
    return error(errc::outcome_uncertain, {});
  }
}

result<> sidecar_lock::held::release() noexcept {
  const bool forked_child = process != on.machine.process_id();
  bool displaced = false;
  if (!forked_child) {
    try {
      // The newest first.
      for (; !claimed.empty(); claimed.pop_back()) {
        const sidecar_claim& last = claimed.back();
        if (last.displaces_another_when_released(on)) displaced = true;
        sweep_leftovers(on, last.document(), options.stale);
      }
    } catch (const std::bad_alloc&) {
      // The queue must be left whatever happens.
    }
    if (std::exchange(registered, false)) thread_holders::remove(holding);
  }
  claimed.clear();
  queue.leave(on, forked_child);
  hold(false);
  try {
    if (displaced) return lock_was_lost(path, another_was_displaced);
  } catch (const std::bad_alloc&) {
    return error(errc::lock_lost, {});
  }
  return {};
}

sidecar_lock::sidecar_lock(std::unique_ptr<held> what) noexcept : held_(std::move(what)) {}
sidecar_lock::sidecar_lock(sidecar_lock&&) noexcept = default;
sidecar_lock& sidecar_lock::operator=(sidecar_lock&&) noexcept = default;
sidecar_lock::~sidecar_lock() = default;

result<sidecar_lock> sidecar_lock::acquire(platform on, std::string_view path, const lock_options& options) {
  if (const auto path_ok = check_path(path); !path_ok) return path_ok.error();
  auto what = std::make_unique<held>(on, path, options);
  if (const auto place = check_place(what->path); !place) return place.error();
  if (const auto taken = what->take(); !taken) return taken.error();
  return sidecar_lock(std::move(what));
}

const std::string& sidecar_lock::document_path() const noexcept {
  return held_->document;
}
bool sidecar_lock::has_queue() const noexcept {
  return held_->queue.entered();
}
result<> sidecar_lock::still_held() const {
  if (const auto seen = held_->still_held(); !seen) return seen.error();
  return {};
}
result<> sidecar_lock::publish(const replacement& with) const {
  return held_->publish(with);
}
result<> sidecar_lock::held_by_this_process() const {
  return held_->held_by_this_process();
}
result<> sidecar_lock::release() noexcept {
  return held_->release();
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
