// A document that is one row of a database, compared and swapped; private to the libraries of databases.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "agentslock/io/document_store.hpp"

namespace agentslock {

/// What is common to all databases. A Table has, for one row:
///
///     struct Table::found_row { Table::known_by revision; text_buffer content; bool exists; };
///     static std::string name_of(key);             // as the document is called
///     static result<> check_key(key);
///     static error too_large(key, size_bytes);     // where one is larger than Table::size_bytes_max
///     bool is_of_a_caller() const;                 // in a transaction of a caller's
///     result<found_row> read(key);
///     result<found_row> read_revision(key);              // the same without the content
///     result<> swap(key, const known_by& as_read, std::optional<std::string_view> content);
template <class Table>
class swapped_document final : public document_store {
 public:
  swapped_document(std::shared_ptr<Table> table, std::string_view key)
      : table_(std::move(table)), key_(key), name_(Table::name_of(key)) {}

  const std::string& name() const noexcept override { return name_; }
  /// In a transaction of a caller's a conflict is final: what was read once can't be read anew there.
  bool takes_turns() const noexcept override { return table_->is_of_a_caller(); }

  result<stored_document> read() const override {
    if (const auto key_ok = Table::check_key(key_); !key_ok) return key_ok.error();
    auto row = table_->read(key_);
    if (!row) return row.error();
    return stored_document{std::move(row->content), row->exists,
                           std::make_shared<revision>(std::move(row->revision))};
  }
  result<bool> is_current(document_revision& as_read) const override { return is_still(as_read); }
  result<std::unique_ptr<document_turn>> take_turn() const override {
    if (const auto key_ok = Table::check_key(key_); !key_ok) return key_ok.error();
    return std::unique_ptr<document_turn>(std::make_unique<turn>(*this));
  }

 private:
  using known_by = typename Table::known_by;

  class revision final : public document_revision {
   public:
    explicit revision(known_by as_read) : row(std::move(as_read)) {}
    known_by row;
  };
  class turn final : public document_turn {
   public:
    explicit turn(const swapped_document& of) : of_(of) {}
    result<stored_document> read() override { return of_.read(); }
    result<bool> is_current(const document_revision& as_read) override { return of_.is_still(as_read); }
    result<> store_if(const document_revision& as_read, std::span<const std::string_view> pieces) override {
      return of_.write(as_read, pieces);
    }

   private:
    const swapped_document& of_;
  };

  [[nodiscard]] result<known_by> known(const document_revision& as_read) const {
    const auto* one = dynamic_cast<const revision*>(&as_read);
    if (one != nullptr) return one->row;
    return error(errc::invalid_argument, "what was read elsewhere can't be compared with " + name_);
  }

  [[nodiscard]] result<bool> is_still(const document_revision& as_read) const {
    const auto row = known(as_read);
    if (!row) return row.error();
    if (const auto key_ok = Table::check_key(key_); !key_ok) return key_ok.error();
    const auto now = table_->read_revision(key_);
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
    if (size > Table::size_bytes_max) return Table::too_large(key_, size);
    std::string whole;
    whole.reserve(size);
    for (const std::string_view piece : pieces)
      whole += piece;
    return table_->swap(key_, *row, whole);
  }

  std::shared_ptr<Table> table_;
  std::string key_;
  std::string name_;
};

/// Writes whatever is there, as often as another writer is first.
template <class Table, class Write>
auto swap_whatever_is_there(Table& table, std::string_view key, Write write)
    -> decltype(write(std::declval<const typename Table::found_row&>())) {
  constexpr int tries_max = 20;
  if (const auto key_ok = Table::check_key(key); !key_ok) return key_ok.error();
  for (int tries = 1;; ++tries) {
    const auto row = table.read_revision(key);
    if (!row) return row.error();
    auto done = write(*row);
    const bool was_overtaken = !done && done.error().code() == errc::conflict;
    if (!was_overtaken || tries == tries_max || table.is_of_a_caller()) return done;
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
