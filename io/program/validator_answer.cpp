#include <array>
#include <utility>

#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/io/view_facts.hpp"
#include "program_output.hpp"

namespace agentslock {
namespace {

using std::string_view;

/// Reads one object that says what is new.
class answer_reader {
 public:
  explicit answer_reader(string_view printed) : walk_(printed) {}

  [[nodiscard]] json_result<std::vector<owned_dependency>> read() && {
    bool seen = false;
    const auto whole =
        walk_.document([&](const json_string& name, std::size_t at) -> json_result<std::size_t> {
          if (name.text != "depends_on") return unknown(name);
          if (std::exchange(seen, true)) return repeated(name);
          if (walk_.peek(at) != '[') return wrong_type(at, 1, "depends_on must be an array");
          return walk_.array(at, 1, [&](std::size_t, std::size_t item) { return read_item(item); });
        });
    if (!whole) return whole.error();
    return std::move(found_);
  }

 private:
  /// Of a value that is JSON, but another kind of it.
  [[nodiscard]] json_fault wrong_type(std::size_t at, std::size_t depth, std::string what) const {
    const auto end = walk_.skip(at, depth);
    return end ? json_fault{errc::wrong_type, at, std::move(what)} : end.error();
  }
  static json_fault unknown(const json_string& name) {
    return {errc::wrong_type, name.span.begin, "the member \"" + std::string(name.text) + "\" is not known"};
  }
  static json_fault repeated(const json_string& name) {
    return {errc::repeated_name, name.span.begin, std::string(name.text) + " stands twice"};
  }

  [[nodiscard]] json_result<std::size_t> read_item(std::size_t at) {
    if (walk_.peek(at) != '{') return wrong_type(at, 2, "a dependency must be an object");
    item_ = {};
    seen_ = {};
    const auto end =
        walk_.object(at, 2, [&](const json_string& name, std::size_t value) -> json_result<std::size_t> {
          if (name.text == "adapter") return read_text(name, value, 0, item_.adapter);
          if (name.text == "schema_digest") return read_text(name, value, 1, item_.schema_digest);
          if (name.text == "version") return read_text(name, value, 2, item_.version);
          return unknown(name);
        });
    if (!end) return end;
    if (item_.adapter.empty()) return json_fault{errc::wrong_type, at, "a dependency needs an adapter"};
    if (item_.schema_digest.empty())
      return json_fault{errc::wrong_type, at, "a dependency needs a schema_digest"};
    found_.push_back(std::move(item_));
    return end;
  }

  /// Reads the value of an item's member, which is the `which`-th of ours.
  [[nodiscard]] json_result<std::size_t> read_text(const json_string& name, std::size_t at, std::size_t which,
                                                   std::string& into) {
    if (std::exchange(seen_.at(which), true)) return repeated(name);
    if (walk_.peek(at) != '"') return wrong_type(at, 3, std::string(name.text) + " must be a string");
    std::string scratch;
    const auto value = walk_.string(at, scratch);
    if (!value) return value.error();
    into = value->text;
    return value->span.end;
  }

  json_walker walk_;
  /// The item that is being read, and which of its members have been.
  owned_dependency item_;
  std::array<bool, 3> seen_{};
  std::vector<owned_dependency> found_;
};

}  // namespace

result<std::vector<owned_dependency>> parse_new_dependencies(string_view printed) {
  const json_walker walk(printed);
  if (walk.past_space(0) == printed.size()) return std::vector<owned_dependency>();
  auto read = answer_reader(printed).read();
  if (!read) return to_error(read.error(), printed, "standard output");
  return std::move(*read);
}

validator_answer answer_of(program_outcome outcome) {
  validator_answer answer;
  answer.verdict = outcome.verdict;
  answer.why = std::move(outcome.why);
  if (answer.verdict != program_verdict::passed) return answer;
  const auto could_not_tell = [&](const std::string& why) {
    answer.verdict = program_verdict::could_not_tell;
    answer.why = as_reason(why);
  };
  if (outcome.output_cut) {
    could_not_tell("it passed, but printed more than 1 MiB: what it prints must be its new dependencies");
  } else if (auto read = parse_new_dependencies(outcome.output)) {
    answer.new_dependencies = std::move(*read);
  } else {
    could_not_tell("it passed, but what it printed is no object with new dependencies: " +
                   read.error().message());
  }
  return answer;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
