/// A store in a PostgreSQL database: a schema for each adapter, of the same name.
///
///     postgres_presence store("service=agents");            // or "", for libpq's environment alone
///     auto view = store.find({"comp", "summary"});          // a digest, nothing, or an error
///     auto all = store.find_views("comp", names_of_views);  // the same for many, by one query
///
/// A view is present when the schema has a table, partitioned or foreign table, view or materialized view of exactly that
/// name; its digest is `schema_digest` of its columns in order: types as PostgreSQL's format_type spells them, with the
/// schema of those that are not its own; the position in the primary key, without what the key only includes. The digest
/// of a materialized view that holds no data is empty: it matches none. A view is absent when the schema has nothing of
/// that name, or when there is no such schema, but others with tables.
///
/// Anything else that keeps the answer from being certain is an error, never "absent", and names the adapter's schema:
///   store_unreachable  no connection came about, or it was cut off or silent for too long; the server did not finish the
///                      query in time, or refused it; the role has no USAGE on the schema or no SELECT on the view; a name
///                      holds a NUL. The cause tells these apart: EACCES is a privilege, ETIMEDOUT a time that was over,
///                      ECONNRESET a connection that was cut off
///   store_corrupt      a sequence, index or type stands in the place of the view; a name of a column is not UTF-8
///   store_busy         others went on changing what was looked at
///   store_empty        the database holds no table or view of anybody's, and so is more likely the wrong one
///   name_too_long      a name is longer than the 63 bytes that PostgreSQL keeps: it would be cut, and be another's
///   invalid_argument   the connection string is none
///
/// Nothing in the database is changed. No message holds what the connection string holds.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/postgres_limits.hpp"
#include "agentslock/io/presence.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Whether libpq takes a text for a connection string; the empty one too. Nothing is connected to.
/// Error: invalid_argument, without anything of the text.
[[nodiscard]] result<> check_connection_string(const std::string& text);

/// Connects when it is first asked, and keeps the connection; idle, it holds no transaction. For one thread at a time.
class postgres_presence final : public presence_source {
 public:
  /// The connection string is as libpq takes it, pairs or a URI; what it leaves out, and all when it is empty, comes from
  /// libpq's environment (PGHOST, PGSERVICE, PGPASSFILE and others). Connects to nothing yet.
  explicit postgres_presence(std::string connection_string, postgres_limits limits = {});
  postgres_presence(postgres_presence&&) noexcept;
  postgres_presence& operator=(postgres_presence&&) noexcept;
  ~postgres_presence() override;

  /// The same as find_views for one view.
  [[nodiscard]] result<stored_view> find(view_key key) override;
  /// Says what the schema holds now, all from one snapshot; what was committed before the call is seen. Three messages to
  /// the server and back, however many views; where a connection that was kept has gone meanwhile, one more is made.
  /// Whatever the search path of the role, and whatever shadows the catalog in it, the catalog itself is read.
  /// Waits as the limits say.
  [[nodiscard]] result<std::vector<stored_view>> find_views(std::string_view adapter,
                                                            std::span<const std::string_view> views) override;

 private:
  class session;
  std::unique_ptr<session> session_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
