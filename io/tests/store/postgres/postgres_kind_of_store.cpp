// Documents of a PostgreSQL server as a kind of document store: each place is a key of its own.
#include <memory>
#include <stdexcept>

#include "agentslock/io/postgres_documents.hpp"
#include "store/document_store_kinds.hpp"
#include "support/postgres_relay.hpp"
#include "support/postgres_server.hpp"

namespace agentslock::testing {
namespace {

postgres_documents at_the_server() {
  const postgres_documents documents(shared_postgres_server().connection());
  static const bool is_ready = documents.init().has_value();
  if (!is_ready) throw std::runtime_error("no table for documents");
  return documents;
}

class key_of_a_server final : public shared_document {
 public:
  std::shared_ptr<const document_store> ours() override { return ours_.document(key_); }
  std::shared_ptr<const document_store> theirs() override { return theirs_.document(key_); }

 private:
  std::string key_ = next_key();
  postgres_documents ours_ = at_the_server();
  postgres_documents theirs_ = at_the_server();
};

class key_of_a_cut_off_server final : public shared_document {
 public:
  key_of_a_cut_off_server(cut_at where, std::string_view before) {
    if (!theirs_.put(key_, before)) throw std::runtime_error("no document to begin with");
    relay_.cut_off(where, "UPDATE agentslock.document");
  }
  std::shared_ptr<const document_store> ours() override { return ours_.document(key_); }
  std::shared_ptr<const document_store> theirs() override { return theirs_.document(key_); }

 private:
  std::string key_ = next_key();
  postgres_documents theirs_ = at_the_server();
  postgres_relay relay_{shared_postgres_server()};
  postgres_documents ours_{relay_.connection()};
};

}  // namespace

/// Wherever a write is cut off, it is found out what became of it, and what was not done is done.
document_store_kind postgres_kind_of_store() {
  return {"postgres",
          [] { return std::make_unique<key_of_a_server>(); },
          [](cut_at where, std::string_view before) {
            return std::make_unique<key_of_a_cut_off_server>(where, before);
          },
          {std::nullopt, std::nullopt, std::nullopt}};
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
