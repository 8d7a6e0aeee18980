#include "agentslock/io/sqlite_presence.hpp"

#include <optional>
#include <utility>

#include "sqlite_steady.hpp"

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

sqlite_presence::sqlite_presence(std::string directory)
    : directory_(std::move(directory)), memory_(std::make_unique<memory>()) {}
sqlite_presence::sqlite_presence(sqlite_presence&&) noexcept = default;
sqlite_presence& sqlite_presence::operator=(sqlite_presence&&) noexcept = default;
sqlite_presence::~sqlite_presence() = default;

result<stored_view> sqlite_presence::find(view_key key) {
  const sqlite_place place(directory_, key.adapter);
  return read_steadily(
      place, stored_view(),
      [&](sqlite_reading& database, const file_stamp& stamp) {
        return memory_->ask(database, place.path(), stamp, key.view);
      },
      [&] { memory_->forget(); });
}

}  // namespace agentslock
