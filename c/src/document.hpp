// A document: a path and how it is written.
#pragma once

#include <memory>

#include "agentslock/io/lockfile_store.hpp"
#include "border.hpp"

struct agentslock_document {
  explicit agentslock_document(std::string_view path)
      : held_(std::make_unique<agentslock::lockfile_store>(path)) {}

  [[nodiscard]] const agentslock::lockfile_store& store() const noexcept { return *held_; }
  [[nodiscard]] const agentslock::store_options& options() const noexcept { return options_; }
  void set(agentslock::store_options options) {
    held_ = std::make_unique<agentslock::lockfile_store>(held_->path(), options);
    options_ = std::move(options);
  }

 private:
  std::unique_ptr<const agentslock::lockfile_store> held_;
  agentslock::store_options options_ = {};
};
// SPDX-License-Identifier: Apache-2.0
