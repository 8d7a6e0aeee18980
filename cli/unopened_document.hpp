// A document that could not be opened.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "agentslock/io/document_store.hpp"

namespace agentslock::cli {

/// Answers each question with the error that kept it from being opened, so that whoever works with it says so.
class unopened_document final : public document_store {
 public:
  unopened_document(std::string name, error why) : name_(std::move(name)), why_(std::move(why)) {}

  const std::string& name() const noexcept override { return name_; }
  bool takes_turns() const noexcept override { return true; }
  result<stored_document> read() const override { return why_; }
  result<bool> is_current(document_revision&) const override { return why_; }
  result<std::unique_ptr<document_turn>> take_turn() const override { return why_; }

 private:
  std::string name_;
  error why_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
