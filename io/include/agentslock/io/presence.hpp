/// What a store really holds for a view.
///
/// A presence source answers one question and never guesses: a view is there with the digest of its schema, or it
/// is not there, or it could not be found out, which is an error and never "not there".
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/entries.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// A view in a store: nothing when it is absent, else the digest of its on-disk schema.
using stored_view = std::optional<std::string>;

/// A store that can be asked. Whoever writes one needs `find` alone; a store in which opening costs more than looking also
/// answers for several views at once.
/// An object is for one thread at a time, unless it says otherwise by `adapters_at_once`.
class presence_source {
 public:
  virtual ~presence_source() = default;
  /// Errors: store_unreachable, store_corrupt, store_busy, store_empty, name_too_long. Nothing is changed in the
  /// store.
  [[nodiscard]] virtual result<stored_view> find(view_key key) = 0;
  /// What the store holds for some views of one adapter: an answer for each, in the order of the names. What a source says
  /// itself is all from one moment; unless it does, each view is looked for by `find`, in order, up to the first error.
  /// Errors: those of find. One that is about a single view is the answer for all.
  [[nodiscard]] virtual result<std::vector<stored_view>> find_views(std::string_view adapter,
                                                                    std::span<const std::string_view> views);
  /// How many adapters may be asked about at once by find_views, each in a thread of its own; never 0. Where it is 1, as it
  /// is unless a source says otherwise, a pass calls from the thread that it was called from, and from no other.
  [[nodiscard]] virtual std::size_t adapters_at_once() const noexcept { return 1; }
};

/// What a store holds for views of any adapters: an answer for each, in the order of the keys. Asks once for the views of
/// one adapter that follow one another, and about as many adapters side by side as the source allows, in threads to which
/// no signal is delivered and which end before the call does; where no thread can be had, in the caller's own.
/// Errors: that of the first adapter in order that has one; then later ones may not have been asked. One that said
/// store_unreachable beside others is asked once more, alone: what it was short of may be there then. What a source throws
/// is thrown on.
[[nodiscard]] result<std::vector<stored_view>> find_all(presence_source& source,
                                                        std::span<const view_key> keys);

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
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
