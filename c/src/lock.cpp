// The lock, and looking at it.
#include <chrono>
#include <memory>
#include <string>

#include "agentslock/io/sidecar_lock.hpp"
#include "document.hpp"

using namespace agentslock;
using namespace agentslock::c;

struct agentslock_lock {
  sidecar_lock held;
};

namespace {

/// A status with its texts.
struct owned_status : agentslock_lock_status {
  explicit owned_status(sidecar_status seen)
      : agentslock_lock_status{}, own_path(std::move(seen.path)), own_holder(std::move(seen.holder)) {
    state = number_of(seen.now);
    path = text_out(own_path);
    holder = text_out(own_holder);
    token = nothing;
    if (seen.identity) {
      own_token = std::move(seen.identity->token);
      if (!own_token.empty()) token = text_out(own_token);
      acquired_nanoseconds = nanoseconds(seen.identity->acquired.time_since_epoch());
    }
    process = seen.process.value_or(0);
    age_nanoseconds = nanoseconds(seen.age);
    stale_in_nanoseconds = nanoseconds(seen.stale_in);
    queue_holder = seen.queue_holder.value_or(0);
  }

  static std::int64_t nanoseconds(std::chrono::nanoseconds time) noexcept { return time.count(); }
  static std::int32_t number_of(sidecar_status::state state) noexcept {
    switch (state) {
      case sidecar_status::state::free:
        return AGENTSLOCK_LOCK_FREE;
      case sidecar_status::state::held:
        return AGENTSLOCK_LOCK_HELD;
      case sidecar_status::state::stale:
        return AGENTSLOCK_LOCK_STALE;
      case sidecar_status::state::garbled:
        return AGENTSLOCK_LOCK_GARBLED;
      case sidecar_status::state::not_a_lock:
        break;
    }
    return AGENTSLOCK_LOCK_NOT_A_LOCK;
  }

  std::string own_path;
  std::string own_holder;
  std::string own_token;
};

}  // namespace

extern "C" {

agentslock_code agentslock_lock_acquire(const agentslock_document* document, agentslock_lock** lock,
                                        agentslock_error** why) {
  return made(lock, why, [&]() -> result<std::unique_ptr<agentslock_lock>> {
    const agentslock_document& of = given(document);
    auto held = sidecar_lock::acquire(platform::system(), of.store().path(), of.options().lock);
    if (!held) return held.error();
    return std::make_unique<agentslock_lock>(agentslock_lock{std::move(*held)});
  });
}

agentslock_text agentslock_lock_document_path(const agentslock_lock* lock) {
  return lock == nullptr ? text_out("") : text_out(lock->held.document_path());
}

int32_t agentslock_lock_has_queue(const agentslock_lock* lock) {
  return looked_at(lock, [](const agentslock_lock& one) { return std::int32_t{one.held.has_queue()}; });
}

agentslock_code agentslock_lock_still_held(const agentslock_lock* lock, agentslock_error** why) {
  return guarded(why, [&] { return given(lock).held.still_held(); });
}

agentslock_code agentslock_lock_release(agentslock_lock* lock, agentslock_error** why) {
  const std::unique_ptr<agentslock_lock> own(lock);
  return guarded(why, [&] { return own ? own->held.release() : result<>(); });
}

agentslock_code agentslock_lock_look(const agentslock_document* document, agentslock_lock_status** status,
                                     agentslock_error** why) {
  return made(status, why, [&]() -> result<std::unique_ptr<owned_status>> {
    const agentslock_document& of = given(document);
    auto seen = look_at_sidecar(platform::system(), of.store().path(), of.options().lock);
    if (!seen) return seen.error();
    return std::make_unique<owned_status>(std::move(*seen));
  });
}

void agentslock_lock_status_free(agentslock_lock_status* status) {
  delete static_cast<owned_status*>(status);
}

agentslock_code agentslock_lock_break(const agentslock_document* document, agentslock_text token,
                                      agentslock_error** why) {
  return guarded(why, [&] {
    const std::string_view wanted = text_in(token);
    const auto with = token.data == nullptr ? std::nullopt : std::optional<std::string_view>(wanted);
    return break_sidecar(platform::system(), given(document).store().path(), with);
  });
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
