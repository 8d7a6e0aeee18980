// The structure-aware mutator of the targets whose inputs begin with a JSON text. Half of the time it changes one thing of the
// text's structure, in place, so that layout and spelling stay: it takes out, repeats or swaps items, or puts a value, a
// name or white space of our own in. Otherwise the engine's own mutations, and its dictionary, do it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "../properties/laws/json_tree.hpp"
#include "harness.hpp"

/// The engine's own mutations. Engines other than libFuzzer may have none.
extern "C" [[gnu::weak]] std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                                      std::size_t size_max);
/// What the engine calls.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed);

namespace agentslock::fuzz {
namespace {

using laws::json_node;
using kind = json_node::kind;

struct span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Where things stand in a text that can be changed.
struct places {
  std::vector<span> values;
  std::vector<span> names;
  /// The members or items of each container that has any.
  std::vector<std::vector<span>> containers;
};

void list_places(const json_node& node, places& into) {
  into.values.push_back({node.begin, node.end});
  std::vector<span> items;
  for (const laws::json_member& one : node.members) {
    items.push_back({one.begin, one.value.end});
    into.names.push_back({one.begin, one.begin + one.name_spelling.size()});
    list_places(one.value, into);
  }
  for (const json_node& one : node.items) {
    items.push_back({one.begin, one.end});
    list_places(one, into);
  }
  if (!items.empty()) into.containers.push_back(std::move(items));
}

constexpr const char* values[] = {
    "null",
    "{}",
    "[]",
    "\"\"",
    "1",
    "1.0",
    "true",
    "\"ready\"",
    "\"pending-rebuild\"",
    "\"pending-recompat-check\"",
    "\"dsl-update-required\"",
    "\"crg\"",
    "\"comp\"",
    "\"d0\"",
    "\"d1\"",
    "\"\\u003c\\ud83d\\ude00\"",
    "\"2026-07-01T12:00:00Z\"",
    "[null]",
    "[{}]",
    "{\"x\":{\"x\":1e5}}",
    "{\"adapter\":\"crg\",\"schema_digest\":\"d0\",\"version\":\"1\"}",
    "{\"at\":\"t\",\"to\":\"ready\",\"trigger\":\"registered\"}",
    "{\"op\":\"save\"}",
    "{\"op\":\"activate\",\"name\":\"crg\",\"source_digest\":\"s\",\"schema_digest\":\"d1\"}",
    "{\"op\":\"mark_dependee_bumped\",\"dependee\":\"crg\"}",
    "{\"op\":\"reconcile\",\"nil_presence\":true}",
};
constexpr const char* names[] = {
    "\"adapters\"",
    "\"lock_version\"",
    "\"inputs_digest\"",
    "\"materialized_views\"",
    "\"view_status\"",
    "\"view_digest\"",
    "\"depends_on\"",
    "\"state_history\"",
    "\"last_rebuilt_at\"",
    "\"last_validation_at\"",
    "\"adapter\"",
    "\"schema_digest\"",
    "\"source_digest\"",
    "\"activated_at\"",
    "\"version\"",
    "\"at\"",
    "\"from\"",
    "\"to\"",
    "\"trigger\"",
    "\"View_status\"",
    "\"\\u0061dapter\"",
    "\"x\"",
    "\"now\"",
    "\"deps\"",
    "\"\u017Fchema_digest\"",
    "\"verdicts\"",
    "\"presence\"",
    "\"schemas_read\"",
    "\"compatible\"",
};
constexpr const char* spaces[] = {" ", "\n", "\r\n", "\t", "\n    ", ""};

class mutation {
  template <class All>
  const auto& pick(const All& all) {
    return all[below(std::size(all))];
  }

 public:
  mutation(std::string_view text, unsigned seed) : text_(text), random_(seed) {}

  /// The text with one thing changed; the same text when it is no JSON.
  std::string changed() {
    const auto tree = laws::read_json(text_);
    if (!tree) return text_;
    list_places(*tree, places_);
    switch (below(7)) {
      case 0:
        return replaced(pick(places_.values), pick(values));
      case 1:
        return replaced(pick(places_.values), of(pick(places_.values)));
      case 2:
        return places_.names.empty() ? text_ : replaced(pick(places_.names), pick(names));
      case 3:
        return replaced({pick(places_.values).begin, 0}, pick(spaces));
      default:
        return places_.containers.empty() ? text_ : container_changed(pick(places_.containers));
    }
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  [[nodiscard]] std::string of(span part) const { return text_.substr(part.begin, part.end - part.begin); }

  /// An empty span inserts.
  [[nodiscard]] std::string replaced(span part, const std::string& by) const {
    std::string text = text_;
    return text.replace(part.begin, part.end > part.begin ? part.end - part.begin : 0, by);
  }

  std::string container_changed(const std::vector<span>& items) {
    const std::size_t i = below(items.size());
    const std::size_t k = below(items.size());
    switch (below(4)) {
      case 0: {  // out
        if (i > 0) return replaced({items[i - 1].end, items[i].end}, "");
        return replaced({items[0].begin, items.size() > 1 ? items[1].begin : items[0].end}, "");
      }
      case 1: {  // swapped
        const auto [first, second] = std::minmax(i, k);
        std::string text = replaced(items[second], of(items[first]));
        return text.replace(items[first].begin, items[first].end - items[first].begin, of(items[second]));
      }
      case 2: {  // a copy, under another name when it has one
        std::string copy = of(items[i]);
        if (copy.size() > 2 && copy[0] == '"')
          copy.insert(1, std::string(1, static_cast<char>('a' + below(3))));
        return replaced({items[k].end, 0}, "," + copy);
      }
      default: {  // many times
        std::string copies;
        for (std::size_t n = below(24); n > 0; --n)
          copies += "," + of(items[i]);
        return replaced({items[i].end, 0}, copies);
      }
    }
  }

  std::string text_;
  std::minstd_rand random_;
  places places_;
};

}  // namespace
}  // namespace agentslock::fuzz

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                    unsigned seed) {
  using namespace agentslock::fuzz;
  const auto input = as_text(data, size);
  // Both parts of an input may be JSON.
  const std::size_t nul = std::min(input.find('\0'), size);
  const bool second = nul < size && seed % 3 == 0;
  const std::size_t begin = second ? nul + 1 : 0;
  const std::size_t end = second ? size : nul;
  mutation one(input.substr(begin, end - begin), seed);
  if (LLVMFuzzerMutate != nullptr && one.below(2) == 0) return LLVMFuzzerMutate(data, size, size_max);
  const std::string part = one.changed();
  const std::string whole = std::string(input.substr(0, begin)) + part + std::string(input.substr(end));
  if (whole.size() > size_max || whole == input)
    return LLVMFuzzerMutate != nullptr ? LLVMFuzzerMutate(data, size, size_max) : size;
  std::memcpy(data, whole.data(), whole.size());
  return whole.size();
}
// SPDX-License-Identifier: Apache-2.0
