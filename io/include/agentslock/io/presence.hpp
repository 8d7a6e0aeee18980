/// What a store really holds for a view.
///
/// A presence source answers one question and never guesses: a view is there with the digest of its schema, or it
/// is not there, or it could not be found out, which is an error and never "not there".
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/entries.hpp"

namespace agentslock {

/// A view in a store: nothing when it is absent, else the digest of its on-disk schema.
using stored_view = std::optional<std::string>;

/// A store that can be asked. An object is for one thread at a time.
class presence_source {
 public:
  virtual ~presence_source() = default;
  /// Errors: store_unreachable, store_corrupt, store_busy, store_empty, name_too_long. Nothing is changed in the
  /// store.
  [[nodiscard]] virtual result<stored_view> find(view_key key) = 0;
};

/// A caller's function as a source.
class function_presence final : public presence_source {
 public:
  explicit function_presence(std::function<result<stored_view>(view_key)> find) : find_(std::move(find)) {}
  [[nodiscard]] result<stored_view> find(view_key key) override { return find_(key); }

 private:
  std::function<result<stored_view>(view_key)> find_;
};

/// One column of a table, as far as its schema's digest looks at it.
struct column {
  std::string name;
  std::string declared_type;
  bool not_null = false;
  /// Its position in the primary key, from 1; 0 when it is not in it.
  int primary_key_position = 0;
};

/// The digest of a table's schema: that of one line a column, in order, each a JSON array with the column's name, its
/// declared type, 1 or 0 for not null, and its primary-key position, after a first line that names the formula:
///
///     agentslock-view-schema-1
///     ["id","INTEGER",0,1]
///     ["name","TEXT",1,0]
///
/// Names and types are spelt as the store spells them, in UTF-8, escaped as `quote` does.
[[nodiscard]] std::string schema_digest(std::span<const column> columns);

}  // namespace agentslock
