// Waiting for a document that is no file to change.
#pragma once

#include <memory>

#include "agentslock/io/document_store.hpp"
#include "change_watch.hpp"

namespace agentslock::cli {

/// Asks each second whether the document is still the one that it was, which costs no more than its revision; its bytes are read
/// when it is not. That it can't be asked counts as a change, so that the caller finds out what is the matter.
/// A call to a server that says nothing takes as long as its limits say, also beyond the deadline.
class stored_document_watch final : public change_watch {
 public:
  /// Precondition: the documents live as long as this.
  explicit stored_document_watch(const document_store& documents);

  [[nodiscard]] bool wait_until(clock::time_point deadline) override;

 private:
  /// Keeps what the document is now as what it was.
  void look();

  const document_store& documents_;
  /// Null where it could not be read.
  std::shared_ptr<document_revision> seen_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
