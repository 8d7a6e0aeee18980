#include "agentslock/io/etcd_documents.hpp"

#include <memory>
#include <utility>

#include "etcd_pairs.hpp"
#include "swapped_document.hpp"

namespace agentslock {

etcd_documents::etcd_documents(const etcd_access& access, etcd_documents_options options)
    : pairs_(std::make_shared<etcd_pairs>(access, options)) {}

result<std::vector<etcd_documents::listed>> etcd_documents::list(std::string_view prefix) const {
  if (!prefix.empty()) {
    if (const auto key_ok = etcd_pairs::check_key(prefix); !key_ok) return key_ok.error();
  }
  return pairs_->list(prefix);
}

std::shared_ptr<const document_store> etcd_documents::document(std::string_view key) const {
  return std::make_shared<swapped_document<etcd_pairs>>(pairs_, key);
}

result<> etcd_documents::put(std::string_view key, std::string_view bytes) const {
  return swap_whatever_is_there(*pairs_, key, [&](const etcd_pairs::found_row& now) -> result<> {
    return pairs_->swap(key, now.revision, bytes);
  });
}

result<bool> etcd_documents::remove(std::string_view key) const {
  return swap_whatever_is_there(*pairs_, key, [&](const etcd_pairs::found_row& now) -> result<bool> {
    if (!now.exists) return result<bool>(false);
    if (const auto done = pairs_->swap(key, now.revision, std::nullopt); !done) return done.error();
    return result<bool>(true);
  });
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
