// How the work of a call is done, and on which views.
#pragma once

#include "agentslock/io/view_work.hpp"
#include "border.hpp"

struct agentslock_work {
  std::size_t jobs = 1;
  agentslock::view_choice chosen = agentslock::view_choice::all();
  agentslock_tell tell = nullptr;
  void* user = nullptr;
  std::stop_source stop;

  [[nodiscard]] agentslock::work_options options() const;
};
// SPDX-License-Identifier: Apache-2.0
