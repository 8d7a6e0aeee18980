// What is told and kept of a program's output.

#include "program_output.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "program_fixture.hpp"

namespace agentslock::testing {
namespace {

TEST(ProgramOutput, IsToldInLinesOfEachStream) {
  const ran seen = run("echo one; echo ONE >&2; printf 'two\\n\\nthree'; printf '\\377\\000\\n' >&2");
  using lines = std::vector<std::string>;
  EXPECT_EQ(seen.lines.at(program_stream::output), (lines{"one", "two", "", "three"}));
  EXPECT_EQ(seen.bytes.at(program_stream::output), "one\ntwo\n\nthree");
  EXPECT_EQ(seen.lines.at(program_stream::errors), (lines{"ONE", std::string("\xFF\0", 2)}));
}

TEST(ProgramOutput, IsToldWhileTheProgramRuns) {
  program_call call;
  call.command = "echo on; sleep 1000";
  std::stop_source stop;
  program_limits limits = within(20s);
  limits.stop = stop.get_token();
  const auto done = run_program(call, limits, [&](const program_line&) { stop.request_stop(); });
  EXPECT_LT(done.took, 10s);
}

TEST(ProgramOutput, OfALongLineIsToldInPiecesThatEndWithACharacter) {
  const ran seen =
      run("printf x; for i in 1 2 3 4 5; do printf '%02000d' 0; done | sed 's/0/é/g'; echo; echo end");
  std::string whole = "x";
  for (int i = 0; i < 10'000; ++i)
    whole += "é";
  EXPECT_EQ(seen.bytes.at(program_stream::output), whole + "\nend\n");
  const auto& lines = seen.lines.at(program_stream::output);
  ASSERT_EQ(lines.size(), 4);
  EXPECT_EQ(lines[0].size(), program_line_bytes_max - 1);
  EXPECT_EQ(lines[1].size(), program_line_bytes_max);
  EXPECT_EQ(lines[3], "end");
}

TEST(ProgramOutput, OfALongLineThatIsNoTextIsToldInPiecesOfTheLargestSize) {
  std::vector<std::size_t> sizes;
  line_splitter lines;
  const auto visit = [&](std::string_view text, bool) { sizes.push_back(text.size()); };
  lines.take(std::string(2 * program_line_bytes_max + 1, '\x80'), visit);
  lines.finish(visit);
  EXPECT_EQ(sizes, (std::vector<std::size_t>{program_line_bytes_max, program_line_bytes_max, 1}));
}

TEST(ProgramOutput, OfALongLineNoMoreIsLookedAtThanACharacterIsLong) {
  std::vector<std::size_t> sizes;
  line_splitter lines;
  const auto visit = [&](std::string_view text, bool) { sizes.push_back(text.size()); };
  lines.take(std::string(program_line_bytes_max - 5, 'x') + "\xF0" + std::string(10, '\x80'), visit);
  EXPECT_EQ(sizes, std::vector<std::size_t>{program_line_bytes_max}) << "none begins in the last four bytes";
}

TEST(ProgramOutput, TheSameLinesComeHoweverTheBytesArrive) {
  const std::string text = "one\n\ntwo\r\n" + std::string(20'000, 'l') + "\nétail";
  const auto lines_by = [&](std::size_t step) {
    std::vector<std::pair<std::string, bool>> seen;
    line_splitter lines;
    last_line last;
    const auto visit = [&](std::string_view line, bool ended) {
      seen.emplace_back(line, ended);
      last.take(line, ended);
    };
    for (std::size_t at = 0; at < text.size(); at += step)
      lines.take(std::string_view(text).substr(at, step), visit);
    lines.finish(visit);
    EXPECT_EQ(last.text(), "étail");
    return seen;
  };
  const auto whole = lines_by(text.size());
  EXPECT_EQ(whole.size(), 7);
  for (const std::size_t step : {1UL, 2UL, 3UL, 7UL, 4096UL, 8192UL, 8193UL})
    EXPECT_EQ(lines_by(step), whole) << step;
}

TEST(ProgramOutput, IsKeptUpToALimit) {
  const ran exact = run("head -c 1048576 /dev/zero");
  EXPECT_EQ(exact.outcome.output.size(), program_output_bytes_max);
  EXPECT_FALSE(exact.outcome.output_cut);
  const ran more = run("head -c 1048577 /dev/zero");
  EXPECT_EQ(more.outcome.output.size(), program_output_bytes_max);
  EXPECT_TRUE(more.outcome.output_cut);
}

std::size_t most_memory_kb() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return static_cast<std::size_t>(use.ru_maxrss);
}

TEST(ProgramOutput, AFloodIsToldInBoundedMemory) {
  constexpr std::size_t flood = 100'000'000;
  for (const char* form : {"", " | tr '\\0' '\\n'", " >&2"}) {
    program_call call;
    call.command = "head -c " + std::to_string(flood) + " /dev/zero" + form + "; echo over >&2; exit 1";
    const std::size_t before = most_memory_kb();
    std::size_t bytes = 0;
    std::size_t longest = 0;
    const auto done = run_program(call, within(100s), [&](const program_line& line) {
      bytes += line.text.size() + (line.ended ? 1 : 0);
      longest = std::max(longest, line.text.size());
    });
    EXPECT_EQ(done.verdict, program_verdict::failed);
    EXPECT_EQ(bytes, flood + 5);
    EXPECT_LE(longest, program_line_bytes_max);
    EXPECT_LE(done.output.size(), program_output_bytes_max);
    EXPECT_LT(most_memory_kb(), before + 20'000);
  }
}

TEST(ProgramOutput, AFloodDoesNotKeepATimeOutFromComing) {
  const ran seen = [] {
    ran counted;
    program_call call;
    call.command = "yes";
    counted.outcome = run_program(call, within(200ms), ignored_output);
    return counted;
  }();
  EXPECT_EQ(seen.outcome.why, "it did not end within 200 ms");
  EXPECT_LT(seen.outcome.took, 10s);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
