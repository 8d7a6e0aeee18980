// Running a program in a test, and what it did.
#pragma once

#include <signal.h>

#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "agentslock/io/program.hpp"

namespace agentslock::testing {

using namespace std::chrono_literals;

/// A program's answer and its output, as bytes and as the lines that were told.
struct ran {
  program_outcome outcome;
  std::map<program_stream, std::string> bytes;
  std::map<program_stream, std::vector<std::string>> lines;

  void take(const program_line& line) {
    bytes[line.from].append(line.text).append(line.ended ? "\n" : "");
    lines[line.from].emplace_back(line.text);
  }
};

/// Runs a call to its end.
inline ran run(const program_call& call, const program_limits& limits = {}) {
  ran seen;
  seen.outcome = run_program(call, limits, [&](const program_line& line) { seen.take(line); });
  return seen;
}

/// Runs a command line.
inline ran run(const std::string& command, const program_limits& limits = {}) {
  program_call call;
  call.name = "a/v";
  call.command = command;
  return run(call, limits);
}

inline program_limits within(std::chrono::milliseconds timeout, std::chrono::milliseconds grace = 2000ms) {
  program_limits limits;
  limits.timeout = timeout;
  limits.grace = grace;
  return limits;
}

/// Whether a process runs. One that nobody has waited for has ended.
inline bool is_running(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return false;
  const char state = text.at(text.rfind(')') + 2);
  return state != 'Z' && state != 'X';
}

/// Whether a process ends within some seconds. A signal takes a while to be obeyed.
inline bool ends_soon(pid_t process) {
  for (int i = 0; i < 500 && is_running(process); ++i)
    std::this_thread::sleep_for(10ms);
  return !is_running(process);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
