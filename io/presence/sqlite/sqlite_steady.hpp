// Reading a database that others may be changing, until what was read is from one moment; private to the SQLite source.
#pragma once

#include <thread>

#include "sqlite_directory.hpp"
#include "sqlite_reading.hpp"

namespace agentslock {

/// What `read(database)` answers about the database in a place, all from one moment; `when_missing` where there is none in a
/// directory that holds others. It is called once for each time that the database is opened.
/// Errors: those of the place, of opening and of the reading; store_busy.
template <class T, class Read>
[[nodiscard]] result<T> read_steadily(const sqlite_place& place, T when_missing, Read read) {
  if (const auto usable = place.check_directory(); !usable) return usable.error();
  constexpr int tries_max = 10;
  for (int tries = 1; tries <= tries_max; ++tries) {
    if (tries > 1) std::this_thread::sleep_for(stamp_step_max);
    const auto stamp = place.look();
    if (!stamp) return stamp.error();
    if (!*stamp) return when_missing;
    sqlite_reading database(place.path(), place.where());
    const auto begun = database.begin();
    result<T> answer = begun ? read(database) : result<T>(begun.error());
    // A writer that comes or goes may have been in the way for a moment.
    if (!answer && database.may_pass() && tries < tries_max) continue;
    if (!database.is_from_one_moment()) continue;
    if (!database.is_unlocked()) return answer;
    // What was read without locks holds if nobody wrote meanwhile, neither to the file nor to a log.
    const auto now = place.look();
    if (now && *now == *stamp && (*stamp)->is_at_rest && !database.has_log()) return answer;
  }
  return error(errc::store_busy, place.where() + " keeps changing while it is read; try again");
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
