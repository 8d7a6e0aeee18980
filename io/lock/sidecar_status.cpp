// Looking at a document's lock from outside, and taking a sidecar away by its token.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "agentslock/io/sidecar_lock.hpp"
#include "directory_queue.hpp"
#include "lock_timeout.hpp"
#include "path.hpp"
#include "sidecar_claim.hpp"
#include "sidecar_file.hpp"
#include "system_call.hpp"

namespace agentslock {
namespace {

using state = sidecar_status::state;

/// A document's place, as a writer finds it.
struct place {
  std::string path;
  /// Where the path leads.
  std::string document;
  std::optional<file_id> directory;

  /// The sidecars that a writer claims, in its order.
  [[nodiscard]] std::vector<std::string> sidecars() const {
    std::vector<std::string> all{path + std::string(sidecar_suffix)};
    if (document != path) all.push_back(document + std::string(sidecar_suffix));
    return all;
  }
};

result<place> find_place(platform on, std::string_view path) {
  if (const auto path_ok = check_path(path); !path_ok) return path_ok.error();
  place found{clean_path(path), {}, std::nullopt};
  auto leads_to = follow_symlinks(on, found.path);
  if (!leads_to) return leads_to.error();
  found.document = std::move(*leads_to);
  if (const auto directory = on.files.status_at(directory_of(found.document)))
    found.directory = directory->id;
  return found;
}

/// Whether a sidecar says that its holder has the queue of this very directory, in this boot.
bool is_marked_with(platform on, const occupant& who, const place& where) {
  return who.identity && who.identity->mark && where.directory &&
         who.identity->mark->directory == *where.directory &&
         who.identity->mark->boot_id == on.machine.boot_id();
}

/// Whether a writer would have to wait at the queue.
bool queue_is_held(platform on, const place& where) {
  const directory_queue queue =
      directory_queue::enter(on, directory_of(where.document), std::chrono::nanoseconds(0));
  return queue.result() == directory_queue::outcome::timed_out;
}

state judge(const occupant& who, const occupant_age& age) {
  if (who.is_absent()) return state::free;
  if (who.what == occupant::kind::foreign) return state::not_a_lock;
  if (age.over()) return state::stale;
  return who.what == occupant::kind::remains ? state::garbled : state::held;
}

/// Fills in what one sidecar says. A marked one whose queue nobody holds is in nobody's way.
result<> read_sidecar(platform on, const place& where, const std::string& name, const lock_options& options,
                      sidecar_status& status) {
  const auto who = occupant_of(on, name);
  if (!who) return system_failure("look at the lock", name, who.error());
  if (who->is_absent()) return {};
  const occupant_age age = age_of(*who, on.machine.now(), options);
  status.path = name;
  status.identity = who->identity;
  status.process.reset();
  if (who->identity && (!who->identity->mark || means_something_here(on.machine, *who->identity)))
    status.process = who->identity->process;
  status.age = age.age;
  status.stale_in = std::clamp(age.limit - age.age, std::chrono::nanoseconds(0), age.limit);
  status.now = judge(*who, age);
  if (is_marked_with(on, *who, where)) {
    const bool alive = status.queue_holder || queue_is_held(on, where);
    status.now = alive ? state::held : state::free;
    if (!alive) {
      status.stale_in = std::chrono::nanoseconds(0);
      return {};
    }
  }
  if (status.now == state::held || status.now == state::garbled)
    status.holder = holder_of_sidecar(on, *who, options);
  return {};
}

}  // namespace

result<sidecar_status> look_at_sidecar(platform on, std::string_view path, const lock_options& options) {
  const auto where = find_place(on, path);
  if (!where) return where.error();
  sidecar_status status;
  status.path = where->sidecars().front();
  if (where->directory) status.queue_holder = on.machine.lock_holder(*where->directory);
  for (const std::string& name : where->sidecars()) {
    if (const auto looked = read_sidecar(on, *where, name, options, status); !looked) return looked.error();
    if (status.now != state::free) break;
  }
  if (status.queue_holder) {
    if (status.now != state::not_a_lock) status.now = state::held;
    status.holder = holder_of_queue(on, *where->directory, status.path);
  }
  return status;
}

result<> break_sidecar(platform on, std::string_view path, std::optional<std::string_view> token) {
  if (token && token->empty())
    return error(errc::invalid_argument, "a sidecar is broken by its token; an empty one was given");
  const auto where = find_place(on, path);
  if (!where) return where.error();
  directory_queue queue =
      directory_queue::enter(on, directory_of(where->document), std::chrono::nanoseconds(0));
  if (queue.result() == directory_queue::outcome::failed)
    return system_failure("lock the directory", directory_of(where->document), queue.cause());
  if (queue.result() == directory_queue::outcome::timed_out) {
    return error(errc::lock_timeout, "the lock of " + where->path + " is in use by " +
                                         holder_of_queue(on, queue.directory(), where->sidecars().front()) +
                                         ": continue or end it; it can't be broken while it runs");
  }
  std::string with_another;
  for (const std::string& name : where->sidecars()) {
    const auto who = occupant_of(on, name);
    if (!who) return system_failure("look at the lock", name, who.error());
    if (who->is_absent()) continue;
    if (who->what == occupant::kind::foreign) return not_a_lock(name, *who);
    const bool has_none = !who->identity || who->identity->token.empty();
    if (token ? !who->carries(*token) : !has_none) {
      with_another = name;
      continue;
    }
    const auto gone = take_away(on, name, [&](const occupant& moved) { return moved.is_same_as(*who); });
    queue.leave(on, false);
    if (!gone) return system_failure("take away the lock", name, gone.error());
    if (*gone == removal::displaced_another) return lock_was_lost(where->path, another_was_displaced);
    if (*gone == removal::was_another) {
      with_another = name;
      continue;
    }
    return {};
  }
  if (with_another.empty()) {
    return error(errc::invalid_argument,
                 where->path + " is not locked: there is no " + where->sidecars().front());
  }
  return error(errc::conflict,
               with_another + (token ? " carries another token: it is not the lock that was to be broken"
                                     : " carries a token: break it by that"));
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
