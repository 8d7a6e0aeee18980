#include <algorithm>
#include <chrono>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "lock_parties.hpp"

namespace agentslock::testing {

std::optional<std::string> lock_scenario::check_step() {
  const auto sidecar = sidecar_text();
  const bool is_file = sidecar && disk->find(sidecar_path, false)->kind == file_kind::regular;
  if (is_file && !parse_identity(*sidecar)) wrong("the sidecar does not say who holds it");
  const int owner = owner_of_sidecar();
  if (owner != owner_) {
    if (owner_ >= 0) {
      of(owner_).lost_sidecar = step_;
      of(owner_).was_away = true;
    }
    // A sidecar that somebody took away by mistake and put back is no new claim.
    if (owner >= 0 && owner == linked_last_) {
      party& who = of(owner);
      who.acquired = disk->clock.boot;
      who.claimed = step_;
      who.was_away = false;
      who.claimed_token = parse_identity(*sidecar)->token;
      who.claimed_too_late = who.is_ours() && disk->clock.boot - who.claim_began > lock_options().lease;
      for (const party& other : parties_) {
        const bool both_ours = other.plays == role::queued && who.plays == role::queued;
        if (&other != &who && both_ours && other.in_section && !who.claimed_too_late) {
          wrong(who.name + " holds the lock while " + other.name + " holds it");
        }
      }
      who.in_section = !who.claimed_too_late;
    }
    owner_ = owner;
  }
  if (const auto now = number_of(document_path); now != document_) {
    document_ = now;
    if (replacing_) has_replaced_document(*replacing_);
    for (party& who : parties_) {
      if (who.document_read != 0 && who.document_read != now) who.document_changed = step_;
    }
  }
  replacing_.reset();
  return wrong_;
}

std::optional<std::string> lock_scenario::check_end() {
  if (auto lost = check_losses()) return lost;
  const bool alone =
      setup_.go_tools == 0 && setup_.old_go_tools == 0 && !setup_.editor && !setup_.directory_is_replaced;
  for (const party& who : parties_) {
    if (!who.is_ours() || who.killed) continue;
    if (!who.ended) return who.name + " never came to an end";
    if (alone && setup_.without_queue == 0 && !time_passed_ && !who.acknowledged()) {
      return who.name + " did not get on: " + who.ended->error().message();
    }
    const bool uncertain = !*who.ended && who.ended->error().code() == errc::outcome_uncertain;
    if (who.lost_lock_unseen && !uncertain) {
      return who.name + " lost the lock right before it wrote, and did not say that the outcome is uncertain";
    }
  }
  // A wait that is over is over; but whoever was neither killed nor kept waiting has written.
  // A first holder that is paused keeps all the others waiting, and then gets on itself; so does what the dead left, while the clock
  // is set back to before it was made.
  const bool held_long = setup_.holder_leaves && time_passed_;
  const bool nobody_got_on =
      !held_long && !leftover_is_of_the_future() && std::ranges::none_of(parties_, [](const party& who) {
        return who.killed || who.acknowledged() || who.replaced_document;
      });
  if (nobody_got_on && !setup_.directory_is_replaced) return "no process got on";
  return check_what_is_left();
}

std::optional<std::string> lock_scenario::check_losses() {
  // What the last look can't see, and what others do who don't look at all: the residual schedules.
  const bool escaped = std::ranges::any_of(parties_, [](const party& who) { return who.escaped_the_look; });
  if (setup_.directory_is_replaced) return std::nullopt;  // with the directory goes what was written into it
  if (escaped && setup_.go_tools == 0 && setup_.old_go_tools == 0 && setup_.without_queue == 0 &&
      !setup_.editor) {
    return "without anybody else, something escaped a last look";
  }
  if (go_wrote_without_lock_ || editor_wrote_ || escaped) return std::nullopt;
  const auto document =
      lock_document::parse(text_buffer(disk->text_of(document_path).value_or("")), document_path);
  if (!document) return "the document can't be read: " + document.error().message();
  for (const party& who : parties_) {
    if (!who.acknowledged()) continue;
    const bool there = who.is_ours() ? document->adapters.find_adapter(who.name) != nullptr
                                     : document->document.section(who.name).has_value();
    if (!there) return "the acknowledged update of " + who.name + " is lost";
  }
  return std::nullopt;
}

std::optional<std::string> lock_scenario::check_what_is_left() {
  call_hook nothing;
  const auto update = [&](int number) {
    memory_process next(*disk, nothing, number);
    // What a process left that used the link is in the way of those only that use it too.
    const char* path = setup_.path_is_symlink && number == 81 ? symlink_path : document_path;
    return lockfile_store(path, {}, next.on()).update([](lockfile& file) -> result<> {
      if (auto done = file.activate("next", "s", "d", timestamp()); !done) return error(done.why());
      return {};
    });
  };
  const auto left = parse_identity(sidecar_text().value_or(""));
  const bool at_once = disk->find(sidecar_path, false) == nullptr ||
                       (left && left->mark && left->mark->directory.inode == number_of(directory));
  const auto before = disk->clock.boot;
  const auto first = update(80);
  if (at_once && !first) return "the next writer does not go on: " + first.error().message();
  if (at_once && disk->clock.boot != before) return "the next writer had to wait";
  // What is dated in the future, because the clock was set back, is young until the clock has caught up.
  const auto clocks_apart = [](const sim_clock& clock) { return clock.wall.time_since_epoch() - clock.boot; };
  const auto set_back =
      std::max(clocks_apart(sim_clock()) - clocks_apart(disk->clock), std::chrono::nanoseconds(0));
  for (int number : {81, 82, 83}) {
    disk->clock.pass(set_back + std::chrono::seconds(62));
    if (const auto later = update(number); !later) {
      return "a minute later the next writer does not go on: " + later.error().message();
    }
  }
  for (const std::string& name : disk->names_in(directory)) {
    // What a Go tool, an editor or a link is called is not ours to sweep.
    const bool ours = name.find(".stale-") != std::string::npos ||
                      name.find(".lock.tmp-") != std::string::npos || name.ends_with(".lock.lock");
    if (ours) return "left behind: " + name;
  }
  return std::nullopt;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
