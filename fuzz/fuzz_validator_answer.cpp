// What a validator prints: read as the plain reader below reads it, and an answer only where that can be.

#include <set>

#include "../properties/laws/json_tree.hpp"
#include "../properties/laws/shown.hpp"
#include "agentslock/io/view_facts.hpp"
#include "agentslock/kernel/detail/utf8.hpp"
#include "harness.hpp"

using namespace agentslock;

namespace {

using laws::json_member;
using laws::json_node;
using kind = json_node::kind;
using dependencies = std::vector<owned_dependency>;

/// Whether an object has only members of these names, each once.
bool has_only(const json_node& object, const std::set<std::string>& names) {
  std::set<std::string> seen;
  for (const json_member& one : object.members) {
    if (!names.contains(one.name()) || !seen.insert(one.name()).second) return false;
  }
  return object.what == kind::object;
}

/// The second reader, said plainly over a tree.
std::optional<dependencies> read_plainly(std::string_view printed) {
  if (printed.find_first_not_of(" \t\n\r") == std::string_view::npos) return dependencies();
  const auto tree = laws::read_json(printed);
  if (!tree || !is_utf8(printed) || !has_only(*tree, {"depends_on"})) return std::nullopt;
  dependencies found;
  if (tree->members.empty()) return found;
  const json_node& list = tree->members.front().value;
  if (list.what != kind::array) return std::nullopt;
  for (const json_node& item : list.items) {
    if (!has_only(item, {"adapter", "schema_digest", "version"})) return std::nullopt;
    for (const json_member& one : item.members) {
      if (one.value.what != kind::string) return std::nullopt;
    }
    const auto text = [&](const char* name) {
      const json_node* value = item.find(name);
      return value == nullptr ? std::string() : value->text();
    };
    if (text("adapter").empty() || text("schema_digest").empty()) return std::nullopt;
    found.push_back({text("adapter"), text("schema_digest"), text("version")});
  }
  return found;
}

/// A refusal says what is wrong and where, in words that a terminal and a document can take.
laws::breach is_good_error(const error& why) {
  const std::set<errc> listed{errc::not_json,      errc::conflict_marks, errc::wrong_encoding,
                              errc::lfs_pointer,   errc::encrypted,      errc::not_an_object,
                              errc::too_deep,      errc::wrong_type,     errc::number_out_of_range,
                              errc::repeated_name, errc::too_large};
  if (!why.position()) return "it is refused without a place: " + why.message();
  if (!why.message().starts_with("standard output:")) return "the message names no stream: " + why.message();
  return listed.contains(why.code()) ? laws::breach() : "it is refused as " + std::string(name(why.code()));
}

laws::breach both_readers_agree(std::string_view printed) {
  const auto read = parse_new_dependencies(printed);
  const auto plainly = read_plainly(printed);
  if (!read) {
    if (plainly) return "it is an answer, and is refused: " + read.error().message();
    return is_good_error(read.error());
  }
  if (!plainly) return laws::shown(printed) + " is taken, and is none";
  return *read == *plainly ? laws::breach() : laws::shown(printed) + " is read as other dependencies";
}

/// Printed again by the plain writer, it says the same.
laws::breach what_is_read_can_be_printed_again(const dependencies& found) {
  json_node list = laws::array_node({});
  for (const owned_dependency& one : found) {
    list.items.push_back(
        laws::object_node({laws::member_node("adapter", laws::string_node(one.adapter)),
                           laws::member_node("schema_digest", laws::string_node(one.schema_digest)),
                           laws::member_node("version", laws::string_node(one.version))}));
  }
  const std::string text = laws::go_text(laws::object_node({laws::member_node("depends_on", list)}));
  const auto again = parse_new_dependencies(text);
  return again && *again == found ? laws::breach() : laws::shown(text) + " is read as another answer";
}

/// The verdict is the exit status's, but for a pass with something else printed; only a pass brings dependencies.
laws::breach the_answer_is_the_verdict_s(std::string_view printed) {
  const auto read = parse_new_dependencies(printed);
  for (const auto verdict :
       {program_verdict::passed, program_verdict::failed, program_verdict::could_not_tell}) {
    for (const bool cut : {false, true}) {
      program_outcome ended;
      ended.verdict = verdict;
      ended.why = "said";
      ended.output = printed;
      ended.output_cut = cut;
      const validator_answer answer = answer_of(ended);
      const bool passes = verdict == program_verdict::passed;
      const bool counts = passes && !cut && read.has_value();
      const auto expected = passes && !counts ? program_verdict::could_not_tell : verdict;
      if (answer.verdict != expected) return "the verdict is another";
      if (answer.new_dependencies != (counts ? *read : dependencies())) return "it brings other dependencies";
      if (passes && !counts ? answer.why.empty() || !is_utf8(answer.why) : answer.why != "said")
        return "the reason is " + laws::shown(answer.why);
    }
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view printed = fuzz::as_text(data, size);
  fuzz::hold("both_readers_agree", both_readers_agree(printed));
  fuzz::hold("the_answer_is_the_verdict_s", the_answer_is_the_verdict_s(printed));
  if (const auto read = parse_new_dependencies(printed))
    fuzz::hold("what_is_read_can_be_printed_again", what_is_read_can_be_printed_again(*read));
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
