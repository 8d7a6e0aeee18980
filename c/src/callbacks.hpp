// Functions of C's as stores, validators and builders.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "agentslock/io/presence.hpp"
#include "agentslock/io/view_work.hpp"
#include "border.hpp"

struct agentslock_answer {
  explicit agentslock_answer(std::stop_token of = {}) : stop(std::move(of)) {}

  std::stop_token stop;
  std::optional<std::string> digest;
  std::string why;
  std::vector<agentslock::owned_dependency> depends_on;
  /// Whether something that was handed in could not be taken.
  bool incomplete = false;
  bool out_of_memory = false;
};

struct agentslock_presence {
  std::unique_ptr<agentslock::presence_source> source;
};
struct agentslock_validator {
  std::unique_ptr<agentslock::view_validator> judge;
};
struct agentslock_builder {
  std::unique_ptr<agentslock::view_builder> build;
};
// SPDX-License-Identifier: Apache-2.0
