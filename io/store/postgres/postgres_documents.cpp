#include "agentslock/io/postgres_documents.hpp"

#include <memory>
#include <utility>

#include "postgres_errors.hpp"
#include "postgres_table.hpp"

namespace agentslock {
namespace {

class postgres_revision final : public document_revision {
 public:
  explicit postgres_revision(row_revision as_read) : row(std::move(as_read)) {}
  row_revision row;
};

class postgres_document final : public document_store {
 public:
  postgres_document(std::shared_ptr<postgres_table> table, std::string_view key)
      : table_(std::move(table)), key_(key), name_(document_name(key)) {}

  const std::string& name() const noexcept override { return name_; }
  /// In a transaction of a caller's a conflict is final: what was read once can't be read anew there.
  bool takes_turns() const noexcept override { return table_->is_of_a_caller(); }

  result<stored_document> read() const override {
    if (const auto key_ok = check_key(key_); !key_ok) return key_ok.error();
    auto row = table_->read(key_);
    if (!row) return row.error();
    return stored_document{std::move(row->content), row->exists,
                           std::make_shared<postgres_revision>(std::move(row->revision))};
  }
  result<bool> is_current(document_revision& as_read) const override { return is_still(as_read); }
  result<std::unique_ptr<document_turn>> take_turn() const override {
    if (const auto key_ok = check_key(key_); !key_ok) return key_ok.error();
    return std::unique_ptr<document_turn>(std::make_unique<turn>(*this));
  }

 private:
  class turn final : public document_turn {
   public:
    explicit turn(const postgres_document& of) : of_(of) {}
    result<stored_document> read() override { return of_.read(); }
    result<bool> is_current(const document_revision& as_read) override { return of_.is_still(as_read); }
    result<> store_if(const document_revision& as_read, std::span<const std::string_view> pieces) override {
      return of_.write(as_read, pieces);
    }

   private:
    const postgres_document& of_;
  };

  [[nodiscard]] result<row_revision> known(const document_revision& as_read) const {
    const auto* revision = dynamic_cast<const postgres_revision*>(&as_read);
    if (revision != nullptr) return revision->row;
    return error(errc::invalid_argument, "what was read elsewhere can't be compared with " + name_);
  }

  [[nodiscard]] result<bool> is_still(const document_revision& as_read) const {
    const auto row = known(as_read);
    if (!row) return row.error();
    if (const auto key_ok = check_key(key_); !key_ok) return key_ok.error();
    const auto now = table_->look_at(key_);
    if (!now) return now.error();
    return result<bool>(now->revision == *row);
  }

  [[nodiscard]] result<> write(const document_revision& as_read,
                               std::span<const std::string_view> pieces) const {
    const auto row = known(as_read);
    if (!row) return row.error();
    if (pieces.size() == 1) return table_->swap(key_, *row, pieces.front());
    std::size_t size = 0;
    for (const std::string_view piece : pieces)
      size += piece.size();
    if (size > postgres_document_size_bytes_max) return too_large_for_a_row(key_, size);
    std::string whole;
    whole.reserve(size);
    for (const std::string_view piece : pieces)
      whole += piece;
    return table_->swap(key_, *row, whole);
  }

  std::shared_ptr<postgres_table> table_;
  std::string key_;
  std::string name_;
};

/// Writes whatever is there, as often as another writer is first.
template <class Write>
auto whoever_is_first(postgres_table& table, std::string_view key, Write write)
    -> decltype(write(document_row())) {
  constexpr int tries_max = 20;
  if (const auto key_ok = check_key(key); !key_ok) return key_ok.error();
  for (int tries = 1;; ++tries) {
    const auto row = table.look_at(key);
    if (!row) return row.error();
    auto done = write(*row);
    const bool was_overtaken = !done && done.error().code() == errc::conflict;
    if (!was_overtaken || tries == tries_max || table.is_of_a_caller()) return done;
  }
}

}  // namespace

postgres_documents::postgres_documents(std::string connection_string, postgres_documents_options options)
    : table_(std::make_shared<postgres_table>(std::move(connection_string), options)) {}

result<postgres_documents> postgres_documents::within(pg_conn* connection,
                                                      postgres_documents_options options) {
  if (PQtransactionStatus(connection) != PQTRANS_INTRANS) {
    return error(
        errc::invalid_argument,
        "the connection is in no transaction, or in one that has failed: begin one, build, then record");
  }
  return postgres_documents(std::make_shared<postgres_table>(connection, options));
}

result<postgres_documents::initialised> postgres_documents::init() const {
  return table_->init();
}

result<std::vector<postgres_documents::listed>> postgres_documents::list(std::string_view prefix) const {
  if (!prefix.empty()) {
    if (const auto key_ok = check_key(prefix); !key_ok) return key_ok.error();
  }
  return table_->list(prefix);
}

std::shared_ptr<const document_store> postgres_documents::document(std::string_view key) const {
  return std::make_shared<postgres_document>(table_, key);
}

result<> postgres_documents::put(std::string_view key, std::string_view bytes) const {
  return whoever_is_first(*table_, key, [&](const document_row& now) -> result<> {
    return table_->swap(key, now.revision, bytes);
  });
}

result<bool> postgres_documents::remove(std::string_view key) const {
  return whoever_is_first(*table_, key, [&](const document_row& now) -> result<bool> {
    if (!now.exists) return result<bool>(false);
    if (const auto done = table_->swap(key, now.revision, std::nullopt); !done) return done.error();
    return result<bool>(true);
  });
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
