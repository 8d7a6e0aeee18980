#include "kept_exploration.hpp"

#include <boost/filesystem.hpp>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <ios>
#include <iterator>
#include <stdexcept>

#include "agentslock/io/digest.hpp"

namespace agentslock::testing {
namespace {

constexpr std::string_view first_line = "agentslock exploration 1";
constexpr std::string_view last_line = "end";

/// Of the program that runs.
std::string digest_of_program() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file || bytes.empty()) throw std::runtime_error("the program can't read itself");
  return digest(bytes);
}

void write(std::ostream& out, const decision& one) {
  out << ' ' << static_cast<int>(one.what) << ' ' << one.process << ' ' << one.time.count();
}

decision read_decision(std::istream& in) {
  int what = 0;
  decision one;
  std::chrono::nanoseconds::rep time = 0;
  in >> what >> one.process >> time;
  one.what = static_cast<decision::kind>(what);
  one.time = std::chrono::nanoseconds(time);
  return one;
}

}  // namespace

exploration_limits limits_of(std::string_view name, schedule_bounds bounds) {
  exploration_limits limits;
  if (const char* const seconds = std::getenv("AGENTSLOCK_EXPLORE_SECONDS"))
    limits.time_max = std::chrono::seconds(std::strtol(seconds, nullptr, 10));
  const char* const directory = std::getenv("AGENTSLOCK_EXPLORE_KEPT");
  if (directory == nullptr) return limits;

  static const std::string program = digest_of_program();
  boost::filesystem::create_directories(directory);
  std::string file;
  for (char c : name)
    file += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  for (int bound : {bounds.preemptions, bounds.crashes, bounds.time_events})
    file += '.' + std::to_string(bound);
  limits.kept = std::string(directory) + '/' + file + '.' + program.substr(program.rfind(':') + 1, 16);
  return limits;
}

explored_part read_kept(const std::string& path) {
  if (!boost::filesystem::exists(path)) return {};
  std::ifstream in(path);
  explored_part part;
  std::string line;
  std::getline(in, line);
  std::size_t to_do = 0;
  std::size_t seen = 0;
  std::chrono::milliseconds::rep time = 0;
  in >> part.schedules >> part.steps >> time >> to_do >> seen;
  part.processor_time = std::chrono::milliseconds(time);
  part.to_do.clear();
  for (std::size_t i = 0; i < to_do && in; ++i) {
    std::size_t steps = 0;
    in >> steps;
    std::vector<decision>& schedule = part.to_do.emplace_back();
    for (std::size_t k = 0; k < steps && in; ++k)
      schedule.push_back(read_decision(in));
  }
  part.seen.reserve(in ? seen : 0);
  for (std::size_t i = 0; i < seen && in; ++i) {
    std::uint64_t state = 0;
    in >> state;
    part.seen.insert(state);
  }
  std::string end;
  in >> end;
  if (line != first_line || end != last_line || part.seen.size() != seen)
    throw std::runtime_error(path + " is not a whole exploration: remove it to begin anew");
  return part;
}

void write_kept(const std::string& path, const explored_part& part) {
  const std::string young = path + ".new";
  std::ofstream out(young);
  out << first_line << '\n'
      << part.schedules << ' ' << part.steps << ' ' << part.processor_time.count() << ' ' << part.to_do.size()
      << ' ' << part.seen.size() << '\n';
  for (const std::vector<decision>& schedule : part.to_do) {
    out << schedule.size();
    for (const decision& one : schedule)
      write(out, one);
    out << '\n';
  }
  for (const std::uint64_t state : part.seen)
    out << state << '\n';
  out << last_line << '\n';
  out.close();
  if (!out) throw std::runtime_error("can't write " + young);
  boost::filesystem::rename(young, path);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
