#include "sidecar_claim.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "lock_timeout.hpp"
#include "path.hpp"
#include "system_call.hpp"

namespace agentslock {
namespace {

sidecar_identity new_identity(const claim_setting& in) {
  host& machine = in.on.machine;
  sidecar_identity identity{machine.process_id(), machine.now(), machine.random_token(), std::nullopt};
  if (in.queue.entered() && in.queue.is_local()) {
    const std::string boot = machine.boot_id();
    if (!boot.empty()) identity.mark = queue_mark{boot, in.queue.directory(), machine.pid_namespace()};
  }
  return identity;
}

/// Whether its holder had the very queue that we have now: then it must have died.
bool is_of_a_dead_holder(const claim_setting& in, const occupant& who) {
  if (!who.identity || !who.identity->mark) return false;
  return in.queue.entered() && in.queue.is_local() && who.identity->mark->directory == in.queue.directory() &&
         who.identity->mark->boot_id == in.on.machine.boot_id();
}

sys_result<claim_outcome> try_to_claim(const claim_setting& in, const std::string& name,
                                       const sidecar_identity& identity) {
  constexpr int link_failures_max = 3;
  if (in.link_failures >= link_failures_max) return claim_by_creation(in.on, name, identity);
  // In the very directory whose queue we have, though its path may lead elsewhere by now.
  const bool at_queue = in.queue.entered() && directory_of(name) == directory_of(in.leads_to);
  if (in.has_nameless_files) {
    const auto directory = at_queue ? std::optional<int>(in.queue.descriptor()) : std::nullopt;
    return claim_by_nameless_file(in.on, name, directory, identity);
  }
  return claim_by_hard_link(in.on, name,
                            at_queue ? std::optional<file_id>(in.queue.directory()) : std::nullopt, identity);
}

/// Watches whoever has a name, and reclaims it when it may be.
class wait_for_name {
 public:
  wait_for_name(claim_setting& in, const std::string& name) : in_(in), name_(name) {}

  /// Waits a while, or takes the occupant away. Success means: try to claim again.
  result<> once() {
    auto who = occupant_of(in_.on, name_);
    if (!who && !is(who.error(), EAGAIN)) return system_failure("look at the lock", name_, who.error());
    if (!who) return pause(occupant());  // somebody has it open in a way that bars us for now
    if (who->is_absent()) return in_.time_left().count() > 0 ? result<>() : timeout(*who);
    if (who->what == occupant::kind::foreign) return not_a_lock(name_, *who);

    const auto now = in_.on.machine.boot_time();
    if (!who->is_same_as(watched_)) watched_since_ = now;
    const auto age = age_of(*who, in_.on.machine.now(), in_.options, now - watched_since_);
    const bool dead = is_of_a_dead_holder(in_, *who);
    if (dead || (age.over() && !reclaimed_)) {
      reclaimed_ = reclaimed_ || !dead;
      const auto gone =
          take_away(in_.on, name_, [&](const occupant& moved) { return moved.is_same_as(*who); });
      if (!gone) return system_failure("take over the lock", name_, gone.error());
      if (*gone == removal::displaced_another) return lock_was_lost(in_.document, another_was_displaced);
      // At once; but not for ever where what we write is not what we then read.
      constexpr int at_once_max = 3;
      if (*gone != removal::was_another && ++taken_away_ <= at_once_max) return {};
    }
    watched_ = std::move(*who);
    return pause(watched_);
  }

  [[nodiscard]] error timeout(const occupant& who) const {
    return timed_out(in_.document, holder_of_sidecar(in_.on, who, in_.options), in_.options);
  }

 private:
  result<> pause(const occupant& who) {
    if (in_.time_left().count() == 0) return timeout(who);
    in_.on.machine.sleep_for(std::min(in_.options.poll, in_.time_left()));
    return {};
  }

  claim_setting& in_;
  const std::string& name_;
  bool reclaimed_ = false;
  int taken_away_ = 0;
  occupant watched_;
  std::chrono::nanoseconds watched_since_{0};
};

}  // namespace

std::chrono::nanoseconds claim_setting::time_left() const {
  return std::max(deadline - on.machine.boot_time(), std::chrono::nanoseconds(0));
}

error lock_was_lost(const std::string& document, std::string_view why) {
  return {errc::lock_lost, "the lock of " + document + " was lost: " + std::string(why)};
}

error outcome_is_uncertain(const std::string& document) {
  return {errc::outcome_uncertain,
          document +
              " was written, but at that very moment another program took the lock or the "
              "document: read it again to see whose change stands"};
}

result<sidecar_claim> sidecar_claim::make(claim_setting& in, std::string name,
                                          function_ref<void(bool)> may_hold) {
  constexpr int swept_max = 3;  // whatever time is left
  int swept = 0;
  wait_for_name wait(in, name);
  for (;;) {
    sidecar_identity identity = new_identity(in);
    may_hold(true);
    const auto outcome = try_to_claim(in, name, identity);
    if (!outcome) return system_failure("create the lock", name, outcome.error());
    if (*outcome == claim_outcome::claimed) return sidecar_claim(std::move(name), std::move(identity.token));
    may_hold(false);
    switch (*outcome) {
      case claim_outcome::no_nameless_files:
        in.has_nameless_files = false;
        break;
      case claim_outcome::no_hard_links:
        ++in.link_failures;
        break;
      case claim_outcome::elsewhere:
        return lock_was_lost(in.document, "its directory was replaced by another");
      case claim_outcome::swept:
        if (++swept > swept_max && in.time_left().count() == 0) return wait.timeout(occupant());
        break;
      default:
        if (const auto again = wait.once(); !again) return again.error();
    }
  }
}

result<wall_time> sidecar_claim::still_held(platform on, const std::string& document) const {
  const auto who = occupant_of(on, name_);
  if (!who) return system_failure("look at the lock", name_, who.error());
  if (!who->carries(token_)) return lock_was_lost(document, "another program took it away");
  return who->status.changed;
}

bool sidecar_claim::displaces_another_when_released(platform on) const {
  // Somebody else's must not be moved aside, even for a moment: that holder would believe that it has lost it, and a
  // third could claim the name.
  const auto who = occupant_of(on, name_);
  if (who && !who->carries(token_)) return false;
  const auto gone = take_away(on, name_, [&](const occupant& moved) { return moved.carries(token_); });
  return gone && *gone == removal::displaced_another;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
