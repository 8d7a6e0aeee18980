// Documents of an etcd cluster as a kind of document store: each place is a key of its own.
#include <memory>
#include <stdexcept>

#include "agentslock/io/etcd_documents.hpp"
#include "store/document_store_kinds.hpp"
#include "support/etcd_cluster.hpp"
#include "support/relay.hpp"

namespace agentslock::testing {
namespace {

class key_of_a_cluster final : public shared_document {
 public:
  std::shared_ptr<const document_store> ours() override { return ours_.document(key_); }
  std::shared_ptr<const document_store> theirs() override { return theirs_.document(key_); }

 private:
  std::string key_ = next_key();
  etcd_documents ours_{shared_etcd_cluster().access()};
  etcd_documents theirs_{shared_etcd_cluster().access()};
};

class key_of_a_cut_off_cluster final : public shared_document {
 public:
  key_of_a_cut_off_cluster(cut_at where, std::string_view before) {
    if (!theirs_.put(key_, before)) throw std::runtime_error("no document to begin with");
    relay_.cut_off(where, "request_put");
  }
  std::shared_ptr<const document_store> ours() override { return ours_.document(key_); }
  std::shared_ptr<const document_store> theirs() override { return theirs_.document(key_); }

 private:
  [[nodiscard]] etcd_access through_the_relay() const {
    etcd_access access;
    access.endpoints = {"127.0.0.1:" + std::to_string(relay_.port())};
    return access;
  }
  std::string key_ = next_key();
  etcd_documents theirs_{shared_etcd_cluster().access()};
  relay relay_{socket_address::of_loopback(), socket_address::of_loopback(shared_etcd_cluster().port())};
  etcd_documents ours_{through_the_relay()};
};

}  // namespace

/// Wherever a write is cut off, it is found out what became of it, and what was not done is done.
document_store_kind etcd_kind_of_store() {
  return {"etcd",
          [] { return std::make_unique<key_of_a_cluster>(); },
          [](cut_at where, std::string_view before) {
            return std::make_unique<key_of_a_cut_off_cluster>(where, before);
          },
          {std::nullopt, std::nullopt, std::nullopt}};
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
