#include "agentslock/io/postgres_moment.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "callers_connection.hpp"
#include "postgres_catalog.hpp"

namespace agentslock {
namespace {

constexpr int looks_max = 5;

error keeps_changing(const std::string& where) {
  return {errc::store_busy, where + " goes on being changed by others; try again"};
}

}  // namespace

result<stored_view> postgres_views_within::find(view_key key) {
  auto found = find_views(key.adapter, {&key.view, 1});
  if (!found) return found.error();
  return std::move(found->front());
}

result<std::vector<stored_view>> postgres_views_within::find_views(std::string_view adapter,
                                                                   std::span<const std::string_view> views) {
  constexpr const char* set_path = "SELECT pg_catalog.set_config('search_path', $1::pg_catalog.text, true)";
  const std::string where = postgres_schema(adapter);
  if (const auto fit = check_callers_connection(connection_); !fit) return fit.error();
  auto connection = postgres_connection::borrow(connection_, limits_);
  const auto path = connection.run("SELECT pg_catalog.current_setting('search_path')");
  if (!path) return store_error(path.error(), where);
  const std::string_view as_before = path->text(0, 0);
  const std::string_view nothing = "";
  if (const auto set = connection.run(set_path, {&nothing, 1}); !set) return store_error(set.error(), where);
  auto found = find_in_catalog(connection, adapter, views);
  for (int looks = 1; found && !*found && looks < looks_max; ++looks)
    found = find_in_catalog(connection, adapter, views);
  // Whatever was found; but where the transaction has failed, this fails too, and a rollback does it.
  const auto set = connection.run(set_path, {&as_before, 1});
  if (!found) return found.error();
  if (!set) return store_error(set.error(), where);
  if (!*found) return keeps_changing(where);
  return std::move(**found);
}

/// The connection with the snapshot, the document, and the views.
class postgres_moment::session {
 public:
  session(std::string connection_string, std::string_view key, const postgres_documents_options& options)
      : connection_string_(std::move(connection_string)),
        key_(key),
        options_(options),
        outside_(postgres_documents(connection_string_, options).document(key)),
        views_(*this) {}

  class of_the_views final : public presence_source {
   public:
    explicit of_the_views(session& of) : of_(of) {}
    result<stored_view> find(view_key key) override {
      auto found = find_views(key.adapter, {&key.view, 1});
      if (!found) return found.error();
      return std::move(found->front());
    }
    result<std::vector<stored_view>> find_views(std::string_view adapter,
                                                std::span<const std::string_view> views) override {
      return of_.find_views(adapter, views);
    }

   private:
    session& of_;
  };

  /// Begins a snapshot, and reads the document in it.
  result<stored_document> read() {
    if (const auto begun = begin(); !begun) return store_error(begun.error(), outside_->name());
    const auto inside = postgres_documents::within(connection_->raw(), options_);
    if (!inside) return inside.error();
    return inside->document(key_)->read();
  }

  result<std::vector<stored_view>> find_views(std::string_view adapter,
                                              std::span<const std::string_view> views) {
    const std::string where = postgres_schema(adapter);
    if (!connection_ || PQtransactionStatus(connection_->raw()) != PQTRANS_INTRANS) {
      if (const auto begun = begin(); !begun) return store_error(begun.error(), where);
    }
    auto found = find_in_catalog(*connection_, adapter, views);
    if (!found) return found.error();
    if (*found) return std::move(**found);
    has_moved_ = true;
    return keeps_changing(where);
  }

  /// Ends the snapshot.
  void end() {
    if (connection_ && !connection_->run("ROLLBACK")) connection_.reset();
  }

  [[nodiscard]] bool has_moved() { return std::exchange(has_moved_, false); }
  [[nodiscard]] const document_store& outside() const noexcept { return *outside_; }
  [[nodiscard]] presence_source& views() noexcept { return views_; }

 private:
  /// A connection that was kept may have gone without a word; that a new one goes is a failure.
  postgres_result<> begin() {
    end();
    if (connection_) {
      if (const auto begun = begin_reading(*connection_, options_.limits); begun || !connection_->is_gone())
        return begun;
    }
    auto made = postgres_connection::open(connection_string_, options_.limits);
    if (!made) return made.error();
    connection_ = std::move(*made);
    return begin_reading(*connection_, options_.limits);
  }

  std::string connection_string_;
  std::string key_;
  postgres_documents_options options_;
  std::shared_ptr<const document_store> outside_;
  of_the_views views_;
  std::optional<postgres_connection> connection_;
  bool has_moved_ = false;
};

namespace {

/// Read in the snapshot, written outside of it.
template <class Session>
class document_of_a_moment final : public document_store {
 public:
  explicit document_of_a_moment(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  const std::string& name() const noexcept override { return session_->outside().name(); }
  bool takes_turns() const noexcept override { return session_->outside().takes_turns(); }
  result<stored_document> read() const override { return session_->read(); }
  result<bool> is_current(document_revision& as_read) const override {
    return session_->outside().is_current(as_read);
  }
  result<std::unique_ptr<document_turn>> take_turn() const override {
    return session_->outside().take_turn();
  }

 private:
  std::shared_ptr<Session> session_;
};

}  // namespace

postgres_moment::postgres_moment(std::string connection_string, std::string_view key,
                                 postgres_documents_options options)
    : session_(std::make_shared<session>(std::move(connection_string), key, options)) {}
postgres_moment::postgres_moment(postgres_moment&&) noexcept = default;
postgres_moment& postgres_moment::operator=(postgres_moment&&) noexcept = default;
postgres_moment::~postgres_moment() = default;

std::shared_ptr<const document_store> postgres_moment::document() const {
  return std::make_shared<document_of_a_moment<session>>(session_);
}

presence_source& postgres_moment::views() const {
  return session_->views();
}

result<reconciled> reconcile_at_one_moment(const postgres_moment& moment, reconcile_mode mode) {
  const lockfile_store store(moment.document());
  for (int looks = 1;; ++looks) {
    auto done = reconcile_document(store, moment.views(), mode);
    moment.session_->end();
    if (!moment.session_->has_moved() || done || looks == looks_max) return done;
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
