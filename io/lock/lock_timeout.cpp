#include "lock_timeout.hpp"

#include <chrono>

namespace agentslock {
namespace {

constexpr std::string_view unknown = "another program, which is not known";

}  // namespace

std::string in_seconds(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

std::string holder_of_queue(platform on, file_id directory, const std::string& sidecar) {
  if (const auto listed = on.machine.lock_holder(directory)) {
    const std::string number = "process " + std::to_string(*listed);
    if (!on.machine.is_self_or_ancestor(*listed)) return number;
    const bool self = *listed == on.machine.process_id();
    return number +
           (self ? ", which is this one: it was given a descriptor by which the directory is locked"
                 : ", which started this one: it has locked the directory, as `flock DIRECTORY COMMAND` "
                   "does") +
           ", and this one takes its own lock and needs no other";
  }
  // Held, and not to be seen from here.
  const auto who = occupant_of(on, sidecar);
  const bool marked =
      who && who->identity && who->identity->mark && who->identity->mark->directory == directory;
  return marked ? "a process in another container" : std::string(unknown);
}

std::string holder_of_sidecar(platform on, const occupant& who, const lock_options& times) {
  if (who.what == occupant::kind::unreadable) return "another user's program, whose lock may not be read";
  if (!who.identity) return std::string(unknown);
  const auto age = age_of(who, on.machine.now(), times).age;
  return name_of_holder(on.machine, *who.identity) +
         (age.count() < 0 ? ", by a time in the future" : ", for " + in_seconds(age));
}

error timed_out(const std::string& path, const std::string& holder, const lock_options& options) {
  return {errc::lock_timeout, path + " is locked by " + holder + "; gave up after " +
                                  in_seconds(options.wait) +
                                  ". Try again when it has finished, or continue or end it"};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
