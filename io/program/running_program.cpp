#include "running_program.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

namespace agentslock {
namespace {

/// How much is read of a stream before everything else gets its turn.
constexpr std::size_t turn_bytes_max = std::size_t{64} << 10;
/// Longer than anything waits, and short enough to be added to any time.
constexpr std::chrono::milliseconds longest_wait = std::chrono::hours(24 * 365);

/// What a program that was killed may take to go.
constexpr std::chrono::milliseconds time_to_die{2000};

std::string to_text(std::chrono::milliseconds time) {
  const auto count = time.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

std::string name_of_signal(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

/// The reason for "could not tell", of a program that has ended by itself.
std::string no_answer(const siginfo_t& end) {
  if (end.si_code != CLD_EXITED) return "it was ended by " + name_of_signal(end.si_status);
  switch (end.si_status) {
    case 126:
      return "it exited with 126, which from a shell means that a command can't be executed";
    case 127:
      return "it exited with 127, which from a shell means that a command was not found";
    default:
      return "it exited with " + std::to_string(end.si_status) + ", which is no answer";
  }
}

}  // namespace

running_program::running_program(started_program program, std::size_t number, const program_limits& limits,
                                 program_clock::time_point now)
    : processes_(std::move(program.processes)),
      output_{std::move(program.output), {}},
      errors_{std::move(program.errors), {}},
      number_(number),
      grace_(std::min(limits.grace, longest_wait)),
      timeout_(limits.timeout),
      began_(now) {
  if (timeout_) deadline_ = now + std::min(*timeout_, longest_wait);
}

std::array<pollfd, running_program::descriptors> running_program::waits_for() const noexcept {
  return {pollfd{processes_.ending().number(), POLLIN, 0}, pollfd{output_.end.number(), POLLIN, 0},
          pollfd{errors_.end.number(), POLLIN, 0}};
}

std::optional<program_clock::time_point> running_program::due() const noexcept {
  if (processes_.ending()) return deadline_;
  // Nothing tells when it ends.
  const auto soon = program_clock::now() + std::chrono::milliseconds(10);
  return deadline_ ? std::min(*deadline_, soon) : soon;
}

std::optional<program_outcome> running_program::go_on(program_clock::time_point now, bool stop,
                                                      program_output_visitor output) {
  read_from(program_stream::output, turn_bytes_max, output);
  read_from(program_stream::errors, turn_bytes_max, output);
  switch (processes_.look()) {
    case process_group::state::runs:
      if (!end_if_due(now, stop)) return std::nullopt;
      processes_.abandon();
      return outcome_of(program_verdict::could_not_tell, reason_for_end() + ", and could not be ended", now);
    case process_group::state::unknown:
      processes_.abandon();
      read_rest(output);
      return outcome_of(program_verdict::could_not_tell,
                        "its exit status was lost: this process ignores SIGCHLD, or waits for every child",
                        now);
    case process_group::state::has_ended:
      break;
  }
  processes_.send(SIGKILL);
  read_rest(output);
  processes_.wait();
  return outcome_of_end(now);
}

bool running_program::end_if_due(program_clock::time_point now, bool stop) noexcept {
  const bool is_due = deadline_ && now >= *deadline_;
  if (told_ == told::nothing) {
    if (stop || is_due) tell_to_end(stop ? told::stop : told::time_is_over, now);
    return false;
  }
  if (!is_due) return false;
  if (killed_) return true;
  processes_.send(SIGKILL);
  killed_ = true;
  deadline_ = now + time_to_die;
  return false;
}

void running_program::tell_to_end(told why, program_clock::time_point now) noexcept {
  told_ = why;
  processes_.send(SIGTERM);
  processes_.send(SIGCONT);  // one that was stopped could not obey
  deadline_ = now + grace_;
}

running_program::stream& running_program::stream_of(program_stream from) noexcept {
  return from == program_stream::output ? output_ : errors_;
}

void running_program::read_from(program_stream from, std::size_t bytes_max, program_output_visitor output) {
  auto& [end, lines] = stream_of(from);
  std::array<char, 16384> some;
  while (end && bytes_max > 0) {
    const ssize_t got = ::read(end.number(), some.data(), std::min(some.size(), bytes_max));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return end.close();
    const std::string_view bytes(some.data(), static_cast<std::size_t>(got));
    bytes_max -= bytes.size();
    if (from == program_stream::output) kept_.take(bytes);
    lines.take(bytes, [&](std::string_view text, bool ended) { take_line(from, text, ended, output); });
  }
}

void running_program::read_rest(program_output_visitor output) {
  for (const program_stream from : {program_stream::output, program_stream::errors}) {
    const stream& one = stream_of(from);
    int bytes = 0;
    if (one.end && ::ioctl(one.end.number(), FIONREAD, &bytes) == 0 && bytes > 0)
      read_from(from, static_cast<std::size_t>(bytes), output);
    stream_of(from).lines.finish(
        [&](std::string_view text, bool ended) { take_line(from, text, ended, output); });
  }
}

void running_program::take_line(program_stream from, std::string_view text, bool ended,
                                program_output_visitor output) {
  if (from == program_stream::errors) last_error_.take(text, ended);
  output({number_, from, text, ended});
}

std::string running_program::reason_for_end() const {
  if (told_ == told::stop) return "it was ended early, as a stop was asked for";
  return "it did not end within " + to_text(timeout_.value_or(std::chrono::milliseconds(0)));
}

program_outcome running_program::outcome_of_end(program_clock::time_point now) {
  const siginfo_t& end = processes_.end();
  if (told_ != told::nothing) return outcome_of(program_verdict::could_not_tell, reason_for_end(), now);
  if (end.si_code == CLD_EXITED && end.si_status == 0) return outcome_of(program_verdict::passed, {}, now);
  if (end.si_code == CLD_EXITED && end.si_status == 1) return outcome_of(program_verdict::failed, {}, now);
  return outcome_of(program_verdict::could_not_tell, no_answer(end), now);
}

program_outcome running_program::outcome_of(program_verdict verdict, std::string why,
                                            program_clock::time_point now) {
  program_outcome outcome;
  outcome.verdict = verdict;
  const std::string said = last_error_.text();
  if (verdict == program_verdict::failed)
    outcome.why = said.empty() ? "it exited with 1 and wrote no reason to standard error" : said;
  if (verdict == program_verdict::could_not_tell)
    outcome.why = said.empty() ? std::move(why) : std::move(why) + "; its last line was: " + said;
  outcome.output_cut = kept_.is_cut();
  outcome.output = std::move(kept_).take_text();
  outcome.took = now - began_;
  return outcome;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
