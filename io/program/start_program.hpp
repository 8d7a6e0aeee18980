// Starting one program; private to the io layer.
#pragma once

#include <boost/system/result.hpp>
#include <string>

#include "agentslock/io/program.hpp"
#include "descriptor.hpp"
#include "process_group.hpp"

namespace agentslock {

/// A program that has been started.
struct started_program {
  process_group processes;
  /// Our ends of what it writes to; neither blocks who reads.
  descriptor output;
  descriptor errors;
};

/// Why a program could not be started.
struct start_fault {
  /// Whether it may be possible later: processes, memory or descriptors are short.
  bool passing = false;
  std::string what;
};

/// Starts `sh -c COMMAND`, as program.hpp says.
[[nodiscard]] boost::system::result<started_program, start_fault> start_program(const program_call& call);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
