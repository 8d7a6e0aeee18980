// What the benchmarks share: the documents, and what a program must do at least, which is what they are held against.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agentslock::bench {

/// The directory for the benchmarks' files, on the disk on which the project was built.
[[nodiscard]] const std::string& work_directory();

/// A program as it is installed: a copy, in work_directory(). Of what a linker has just written the cache has small pages, which take
/// longer to map.
[[nodiscard]] std::string installed(const std::string& program);

/// The text of a document with so many views; made once.
[[nodiscard]] const std::string& document(std::size_t views);

/// Puts a text at a path, dated some seconds back: a file that has just been written is read twice by those who want to
/// be sure that it has not changed.
void put_file(const std::string& path, std::string_view text);

/// Gives all free memory back to the system, so that what is measured next pays for its own.
void give_back_memory();

/// How long some work takes by the clock, in nanoseconds.
template <class Work>
[[nodiscard]] double time_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
}

[[nodiscard]] double median(std::vector<double> values);

/// Measures the floor and ours in turn, so many rounds, and reports the medians; a first round is left out: memory that was
/// free for some seconds may have gone back to the machine's host, and whoever is the first to want it again waits for that.
/// In turn, because a disk or a neighbour that is slow for a while is then slow for both. What is measured are
/// nanoseconds, of the clock or others.
template <class Floor, class Ours>
void compare_measured(benchmark::State& state, int rounds, Floor&& floor, Ours&& ours) {
  std::vector<double> floors;
  std::vector<double> of_ours;
  for ([[maybe_unused]] auto once : state) {
    for (int round = 0; round <= rounds; ++round) {
      const double of_floor = floor();
      const double of_us = ours();
      if (round == 0) continue;
      floors.push_back(of_floor);
      of_ours.push_back(of_us);
    }
  }
  state.counters["floor_ns"] = median(floors);
  state.counters["ours_ns"] = median(of_ours);
  state.counters["ratio"] = median(of_ours) / median(floors);
}

/// The same of work in this process, by the clock; `prepare` is left out.
template <class Prepare, class Floor, class Ours>
void compare(benchmark::State& state, int rounds, Prepare&& prepare, Floor&& floor, Ours&& ours) {
  const auto measured = [&](auto& work) {
    prepare();
    give_back_memory();
    return time_of(work);
  };
  compare_measured(
      state, rounds, [&] { return measured(floor); }, [&] { return measured(ours); });
}

/// What a process took as a whole.
struct process_cost {
  double clock_ns;
  /// Of the processors, by itself and by the system for it.
  double processor_ns;
};

/// Runs a program to its end, with nothing to read, and with what it writes thrown away. It must end with 0.
[[nodiscard]] process_cost run_process(std::vector<std::string> command);

/// Bytes that were read.
struct bytes {
  std::unique_ptr<char[]> data;
  std::size_t size = 0;
};

/// Floor: opens a file, reads it whole, closes it.
[[nodiscard]] bytes read_file(const std::string& path);

enum class wait_for_disk : bool { no, yes };
/// Floor: writes a text to a temporary file and renames it into place; to be safe from a power cut, syncs the file before
/// and the directory after that.
void write_and_rename(const std::string& path, std::span<const char> text, wait_for_disk wait);

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
