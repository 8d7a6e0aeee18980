// Looking at a sidecar from outside, and taking one away by its token.
#include <algorithm>

#include "agentslock/io/sidecar_lock.hpp"
#include "folder_gate.hpp"
#include "sidecar_file.hpp"
#include "system_error.hpp"

namespace agentslock {

result<sidecar_status> look_at_sidecar(platform on, std::string_view path, const lock_options& options) {
  if (const auto path_ok = check_path(path); !path_ok) return path_ok.error();
  sidecar_status status;
  const std::string document = clean_path(path);
  status.path = document + std::string(sidecar_suffix);
  const auto who = look_at(on, status.path);
  if (!who) return system_failure("look at the lock", status.path, who.error());
  if (const auto leads_to = follow_links(on.files, document)) {
    const auto folder = on.files.status_at(folder_of(*leads_to));
    if (folder) status.gate_holder = on.machine.lock_holder(folder->id);
  }
  if (who->absent) return status;
  const occupant_age age = age_of(*who, on.machine.now(), options);
  status.identity = who->identity;
  status.age = age.age;
  status.stale_in = std::max(age.limit - age.age, std::chrono::nanoseconds(0));
  status.now = age.over()                        ? sidecar_status::state::stale
               : who->identity || !who->readable ? sidecar_status::state::held
                                                 : sidecar_status::state::garbled;
  return status;
}

result<> break_sidecar(platform on, std::string_view path, std::string_view token) {
  if (const auto path_ok = check_path(path); !path_ok) return path_ok.error();
  const std::string document = clean_path(path);
  const std::string name = document + std::string(sidecar_suffix);
  if (token.empty()) return error(errc::invalid_argument, "a sidecar is broken by its token; none was given");
  const auto leads_to = follow_links(on.files, document);
  if (!leads_to) return system_failure("follow the link", document, leads_to.error());
  folder_gate gate = folder_gate::enter(on, folder_of(*leads_to), std::chrono::nanoseconds(0));
  if (gate.result() == folder_gate::outcome::timed_out) {
    const auto holder = on.machine.lock_holder(gate.folder());
    return error(errc::lock_timeout,
                 "the lock of " + document + " is in use by " +
                     (holder ? "process " + std::to_string(*holder) : "a running process") +
                     ": continue or end it; it can't be broken while it runs");
  }
  const auto who = look_at(on, name);
  if (!who) return system_failure("look at the lock", name, who.error());
  if (who->absent) return error(errc::invalid_argument, document + " is not locked: there is no " + name);
  const auto another = [&] {
    return error(errc::conflict, name + " carries another token: it is not the lock that was to be broken");
  };
  if (!who->identity || who->identity->token != token) return another();
  const auto gone = take_away(on, name, [&](const occupant& moved) { return moved.is_same_as(*who); });
  gate.leave(on, false);
  if (!gone) return system_failure("take away the lock", name, gone.error());
  if (*gone == removal::was_another) return another();
  return {};
}

}  // namespace agentslock
