#include "agentslock/io/sqlite_presence.hpp"

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "sqlite_directory.hpp"
#include "sqlite_reading.hpp"

namespace agentslock {

std::string sqlite_file_name(std::string_view adapter) {
  return "kg_" + percent_encode(adapter) + ".db";
}

/// What the database held whose schema was last read.
///
/// It need not be read again while SQLite's number of the schema stays: whoever changes the schema changes the number.
/// That goes for one and the same file. Another file, or other bytes copied into this one, have another stamp, if the
/// file was at rest when it was stamped.
class sqlite_presence::memory {
 public:
  result<stored_view> ask(sqlite_reading& database, const std::string& path, const file_stamp& stamp,
                          std::string_view view) {
    const auto version = database.begin();
    if (!version) return version.error();
    state now{path, stamp, *version};
    if (now != read_ || !stamp.is_at_rest) {
      auto schema = database.schema();
      if (!schema) return schema.error();
      read_ = std::move(now);
      schema_ = std::move(*schema);
    }
    const auto found = schema_.find(view);
    if (found == schema_.end()) return stored_view();
    auto& digest = found->second.digest;
    // What went wrong then may go well now.
    if (!digest || !*digest) digest = database.digest_of(view, found->second);
    if (!*digest) return digest->error();
    return stored_view(**digest);
  }
  void forget() { read_.reset(); }

 private:
  struct state {
    std::string path;
    file_stamp stamp;
    int schema_version;

    friend bool operator==(const state&, const state&) = default;
  };

  std::optional<state> read_;
  stored_schema schema_;
};

sqlite_presence::sqlite_presence(std::string folder)
    : folder_(std::move(folder)), memory_(std::make_unique<memory>()) {}
sqlite_presence::sqlite_presence(sqlite_presence&&) noexcept = default;
sqlite_presence& sqlite_presence::operator=(sqlite_presence&&) noexcept = default;
sqlite_presence::~sqlite_presence() = default;

result<stored_view> sqlite_presence::find(view_key key) {
  const sqlite_place place(folder_, key.adapter);
  if (const auto usable = place.check_directory(); !usable) return usable.error();
  constexpr int tries_max = 10;
  for (int tries = 1; tries <= tries_max; ++tries) {
    if (tries > 1) {
      memory_->forget();
      std::this_thread::sleep_for(stamp_step_max);
    }
    const auto stamp = place.look();
    if (!stamp) return stamp.error();
    if (!*stamp) return stored_view();
    sqlite_reading database(place.path(), place.where());
    auto answer = memory_->ask(database, place.path(), **stamp, key.view);
    // A writer that comes or goes may have been in the way for a moment.
    if (!answer && database.may_pass() && tries < tries_max) continue;
    if (!database.is_from_one_moment()) continue;
    if (!database.is_unlocked()) return answer;
    // What was read without locks holds if nobody wrote meanwhile, neither to the file nor to a log.
    const auto now = place.look();
    if (now && *now == *stamp && (*stamp)->is_at_rest && !database.has_log()) return answer;
  }
  memory_->forget();
  return error(errc::store_busy, place.where() + " keeps changing while it is read; try again");
}

}  // namespace agentslock
