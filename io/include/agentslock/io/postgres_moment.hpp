/// A document and its views that are in one PostgreSQL database, at one moment: read in one snapshot, or recorded with the
/// build in one transaction.
///
///     postgres_moment moment("service=agents", "team/project");
///     auto done = reconcile_at_one_moment(moment, reconcile_mode::write);
///
/// With a document and a store that are read one after the other a pass may see a table that was built between, and find a
/// view that is fine to be wrong; it errs on the safe side, and costs a rebuild. At one moment it does not.
///
/// What builds in a transaction of its own records there that it is ready; no crash can part the two:
///
///     auto documents = postgres_documents::within(connection);      // after BEGIN and the build
///     postgres_views_within views(connection);
///     auto digest = views.find({"comp", "summary"});                // of what was built just now
///     auto done = lockfile_store(documents->document("team/project")).update([&](lockfile& file) -> result<> {
///       return file.mark_view_rebuilt({"comp", "summary"}, **digest, built_from, now);
///     });                                                            // then COMMIT; ROLLBACK if anything failed
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/postgres_documents.hpp"
#include "agentslock/io/presence.hpp"
#include "agentslock/io/reconcile_document.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The views as a transaction of the caller's sees them, what it has not committed yet included.
/// Preconditions: those of postgres_documents::within. Nothing is changed; the search path is as before after each call.
class postgres_views_within final : public presence_source {
 public:
  explicit postgres_views_within(pg_conn* connection, postgres_limits limits = {})
      : connection_(connection), limits_(limits) {}
  /// Errors, here and below: those of postgres_presence, after which the transaction may have failed; invalid_argument
  /// as postgres_documents::within.
  [[nodiscard]] result<stored_view> find(view_key key) override;
  [[nodiscard]] result<std::vector<stored_view>> find_views(std::string_view adapter,
                                                            std::span<const std::string_view> views) override;

 private:
  pg_conn* connection_;
  postgres_limits limits_;
};

/// Connects when it is first asked, and keeps the connection. For one thread at a time.
class postgres_moment {
 public:
  /// The connection string is that of postgres_documents. Connects to nothing yet.
  postgres_moment(std::string connection_string, std::string_view key,
                  postgres_documents_options options = {});
  postgres_moment(postgres_moment&&) noexcept;
  postgres_moment& operator=(postgres_moment&&) noexcept;
  ~postgres_moment();

  /// The document. Each `read` is the beginning of a new snapshot; a write is one of postgres_documents, and succeeds only if
  /// the document is still the one that was read. Lives as long as this.
  [[nodiscard]] std::shared_ptr<const document_store> document() const;
  /// The views, in the snapshot in which the document was read last. Errors: those of postgres_presence; store_busy when some of
  /// what the catalog said is of another moment, as its functions do not obey a snapshot.
  [[nodiscard]] presence_source& views() const;

 private:
  class session;
  friend result<reconciled> reconcile_at_one_moment(const postgres_moment&, reconcile_mode);
  std::shared_ptr<session> session_;
};

/// reconcile_document on the two. Looks again, in a new snapshot, at most five times, where the catalog was changed while it
/// was looked at. A server that only reads will do for reconcile_mode::check.
/// Errors: those of reconcile_document.
[[nodiscard]] result<reconciled> reconcile_at_one_moment(const postgres_moment& moment, reconcile_mode mode);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
