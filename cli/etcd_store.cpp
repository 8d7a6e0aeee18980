#include "etcd_store.hpp"

#include <memory>
#include <utility>

#include "agentslock/io/etcd_documents.hpp"
#include "libcurl.hpp"

namespace agentslock::cli {
namespace {

class etcd_keyed_documents final : public keyed_documents {
 public:
  result<std::vector<std::string>> init() const override { return std::vector<std::string>(); }
  std::string_view privileges() const noexcept override {
    return "to read, the permission to read all keys that begin with the document's; to write, to write them "
           "besides";
  }
  result<std::vector<listed_document>> list(std::string_view prefix) const override {
    auto found = all_.list(prefix);
    if (!found) return found.error();
    std::vector<listed_document> listed;
    for (etcd_documents::listed& one : *found)
      listed.push_back({std::move(one.key), one.revision, std::nullopt, {}});
    return listed;
  }
  std::shared_ptr<const document_store> document(std::string_view key) const override {
    return all_.document(key);
  }
  result<> put(std::string_view key, std::string_view bytes) const override { return all_.put(key, bytes); }
  result<bool> remove(std::string_view key) const override { return all_.remove(key); }

 private:
  etcd_documents all_{etcd_access::from_environment()};
};

}  // namespace

result<std::unique_ptr<keyed_documents>> open_etcd_documents() {
  if (const auto loaded = load_libcurl(); !loaded) return loaded.error();
  return std::unique_ptr<keyed_documents>(std::make_unique<etcd_keyed_documents>());
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
