/// Runs programs that judge or build something: a command line for the shell, told about its task on standard input and in
/// the environment, whose exit status is the answer.
///
///     program_call call;
///     call.name = "comp/owners";
///     call.command = "./validate.sh";
///     call.directory = "/project";
///     call.input = R"({"adapter": "comp"})" "\n";
///     program_limits limits;
///     limits.timeout = std::chrono::minutes(1);
///     const program_outcome done = run_program(call, limits, ignored_output);
///     if (done.verdict == program_verdict::failed) report(done.why);
///
/// What is run, and what the answer is for, is not known here: not the document, its lock or its views. See view_facts.hpp
/// for what a validator or a builder of a view is told and answers.
///
/// A program has a session and a process group of its own, hence no terminal. It has no descriptors but the three standard
/// streams, no signal blocked and none ignored. Its standard input is a file in memory that holds the whole input, which it
/// may read or not.
///
/// A program has ended when its first process has, which is the shell or what the shell was told to `exec`; not when its
/// output has been closed. What is left of its process group then is killed, whatever the answer. A process that has left
/// the group (`setsid`) stays, and nobody waits for it.
///
/// A program that must end early, because its time is over or a stop was asked for, is sent SIGTERM with its whole group, and
/// SIGKILL after a grace. One that has become another user's (`sudo`), whom we may send no signal, is left 2 s later; it is
/// said of it that it could not be ended. When our own process is killed by SIGKILL, its programs run on.
///
/// No thread is started: whatever is called back is called in the thread of the caller, between the calls of poll(2).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/function_ref.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// How much of a program's standard output is kept, in bytes.
inline constexpr std::size_t program_output_bytes_max = std::size_t{1} << 20;
/// How long a line of its output may be, in bytes; a longer one is told in pieces.
inline constexpr std::size_t program_line_bytes_max = 8192;
/// How much of the last line on standard error is kept as a reason, in bytes.
inline constexpr std::size_t program_reason_bytes_max = 1000;
/// How long a variable may be, in bytes: name, equals sign, value and the NUL at its end. The system has this limit.
inline constexpr std::size_t program_variable_bytes_max = std::size_t{128} << 10;
/// How long all variables of one call may be together, in bytes. The system's limit is one for arguments and environment,
/// by default 2 MiB.
inline constexpr std::size_t program_variables_bytes_max = std::size_t{1} << 20;

/// A variable of the environment.
struct environment_variable {
  std::string name;
  /// Nothing: the program has no variable of that name.
  std::optional<std::string> value;

  friend bool operator==(const environment_variable&, const environment_variable&) = default;
};

/// What to run.
struct program_call {
  /// For people, in progress: whose program this is.
  std::string name;
  /// A command line for `sh -c`.
  std::string command;
  /// Where it runs; empty: where we do.
  std::string directory;
  /// Added to our own environment, instead of what that says. A variable that the system can't hand over is left out, and
  /// the program has none of that name then: one whose name is empty or has an equals sign, one with a NUL, one that is
  /// longer than program_variable_bytes_max, and one with which all would be longer than program_variables_bytes_max.
  std::vector<environment_variable> environment;
  /// Its standard input.
  std::string input;
};

/// How programs are run, and how long.
struct program_limits {
  /// How long each may run; nothing: as long as it likes.
  std::optional<std::chrono::milliseconds> timeout;
  /// How long one that was told to end may take for it.
  std::chrono::milliseconds grace{2000};
  /// How many may run at once; 0 means 1.
  std::size_t jobs = 1;
  /// When a stop is asked for, running programs are ended, and no more are started.
  std::stop_token stop;
};

enum class program_verdict : std::uint8_t {
  /// It exited with 0.
  passed,
  /// It exited with 1.
  failed,
  /// It did neither, or was told to end: by itself it has answered nothing.
  could_not_tell,
};

/// What a program answered.
struct program_outcome {
  program_verdict verdict = program_verdict::could_not_tell;
  /// Of a failure, the last line on standard error that says something, or that there was none; of "could not tell", what
  /// happened; of a pass, empty. UTF-8: other bytes are replaced by U+FFFD. May hold control characters.
  std::string why;
  /// What it wrote to standard output, at most program_output_bytes_max of it.
  std::string output;
  /// Whether it wrote more.
  bool output_cut = false;
  /// From its start to its end. Zero when it was not started.
  std::chrono::nanoseconds took{};
};

enum class program_stream : std::uint8_t { output, errors };

/// A line of a program's output, or a piece of one. Written one after the other, with a line feed wherever a line ends,
/// they are the bytes of that stream.
struct program_line {
  /// Which call's program, counted from 0.
  std::size_t number = 0;
  program_stream from = program_stream::output;
  /// Without the line feed, at most program_line_bytes_max. Any bytes. Borrowed until the callback returns.
  std::string_view text;
  /// Whether the line ends here. It does not in a piece of a line that is too long, but for the last one, nor at the end of
  /// an output that does not end in a line feed.
  bool ended = true;
};

enum class program_phase : std::uint8_t {
  started,
  /// Told about each second that it runs.
  running,
  ended,
};

/// How far the programs are.
struct program_progress {
  program_phase phase = program_phase::started;
  /// Which call's program, counted from 0, and its name.
  std::size_t number = 0;
  std::string_view name;
  /// How long it runs now, or ran.
  std::chrono::nanoseconds took{};
  /// How many programs have ended, this one included when it has, and how many there are.
  std::size_t ended = 0;
  std::size_t total = 0;
  /// What it answered, when it has ended.
  const program_outcome* outcome = nullptr;
};

/// One line for people: "3/40 comp/owners 12 s". Seconds are rounded down.
[[nodiscard]] std::string to_string(const program_progress& progress);

/// Is told each line. Called often when a program writes much; the program waits for it once the pipe is full.
using program_output_visitor = function_ref<void(const program_line&)>;
/// Is told how far the programs are.
using program_progress_visitor = function_ref<void(const program_progress&)>;

/// For callers whom the output, or the progress, is nothing to.
inline constexpr auto ignored_output = [](const program_line&) {};
inline constexpr auto ignored_progress = [](const program_progress&) {};

/// Runs one program and waits for its end. `limits.jobs` does not count.
/// Result: its answer; when it could not be started, could_not_tell and the reason. A system that is short of processes,
/// memory or descriptors is tried again for about 2 s.
/// Preconditions: SIGCHLD is not ignored, nobody else waits for any child process of ours, and no thread changes the
/// environment meanwhile; else the answer is could_not_tell, or the program's environment not what it should be.
/// What the visitor throws is passed on, and the program is killed before.
/// Safe from any thread. Memory: the input twice, and what is kept of the output, however much there is.
[[nodiscard]] program_outcome run_program(const program_call& call, const program_limits& limits,
                                          program_output_visitor output);

/// Runs one program for each call, in their order, at most `limits.jobs` at once, and waits for the end of all.
/// Result: an answer for each call, in the order of the calls. After a stop, could_not_tell for those that had not ended.
/// While others run, a system that is short of something is waited for; else as run_program.
/// Preconditions, exceptions, threads, memory: as run_program.
[[nodiscard]] std::vector<program_outcome> run_programs(std::span<const program_call> calls,
                                                        const program_limits& limits,
                                                        program_output_visitor output,
                                                        program_progress_visitor progress);

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
