// The document stores that the one table of laws is held against, each at a new place that holds no document.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "agentslock/io/document_store.hpp"
#include "support/memory_document.hpp"

namespace agentslock::testing {

/// One document, as two processes see it.
class shared_document {
 public:
  virtual ~shared_document() = default;
  [[nodiscard]] virtual std::shared_ptr<const document_store> ours() = 0;
  [[nodiscard]] virtual std::shared_ptr<const document_store> theirs() = 0;
};

/// A key that none has had, of a store with keys.
[[nodiscard]] inline std::string next_key() {
  static std::atomic<int> number{0};
  return "kinds/" + std::to_string(++number);
}

struct document_store_kind {
  std::string name;
  std::function<std::unique_ptr<shared_document>()> make;
  /// The same, where the next write of ours is cut off.
  std::function<std::unique_ptr<shared_document>(cut_at, std::string_view before)> make_cut_off;
  /// What such a write answers: a code, or nothing when it succeeds all the same. In the order of cut_at.
  std::array<std::optional<errc>, 3> answers;
};

inline std::ostream& operator<<(std::ostream& out, const document_store_kind& kind) {
  return out << kind.name;
}

[[nodiscard]] document_store_kind file_kind_of_store();
[[nodiscard]] document_store_kind memory_kind_of_store();
#ifdef AGENTSLOCK_POSTGRES
[[nodiscard]] document_store_kind postgres_kind_of_store();
#endif
#ifdef AGENTSLOCK_ETCD
[[nodiscard]] document_store_kind etcd_kind_of_store();
#endif
/// All that this program was built with.
[[nodiscard]] std::vector<document_store_kind> document_store_kinds();

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
