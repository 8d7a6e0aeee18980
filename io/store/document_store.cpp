#include "agentslock/io/document_store.hpp"

namespace agentslock {

result<> document_store::store_if(const document_revision& as_read,
                                  std::span<const std::string_view> pieces) const {
  const auto turn = take_turn();
  if (!turn) return turn.error();
  return (*turn)->store_if(as_read, pieces);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
