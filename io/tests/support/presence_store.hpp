// A store of any engine that a test fills by SQL; each engine's tests say how it is made.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/presence.hpp"
#include "agentslock/io/store_listing.hpp"

namespace agentslock::testing {

/// How an engine spells what all engines have.
struct engine_words {
  /// A column of whole numbers and one of texts, declared as INTEGER and TEXT, and a TEXT(10) or varchar(10).
  std::string integer;
  std::string text;
  std::string short_text;
  /// Whether what is in a primary key is not null for that alone.
  bool key_is_not_null;
};

class presence_store {
 public:
  virtual ~presence_store() = default;
  [[nodiscard]] virtual const engine_words& words() const = 0;
  /// Makes a place for an adapter unless it is there, and runs statements in it.
  virtual void put(std::string_view adapter, const std::string& sql) = 0;
  /// What is tested: a new source, and a listing.
  [[nodiscard]] virtual std::unique_ptr<presence_source> source() = 0;
  [[nodiscard]] virtual std::unique_ptr<store_listing> listing() = 0;
};

/// An empty store of the engine that this test program is for.
[[nodiscard]] std::unique_ptr<presence_store> make_presence_store();

/// What a source answered, in a word: the digest, "absent", or what went wrong; the same of many, a word each.
[[nodiscard]] inline std::string in_words(const result<stored_view>& answer) {
  if (!answer) return "error: " + answer.error().message();
  return answer->value_or("absent");
}
[[nodiscard]] inline std::vector<std::string> in_words(const result<std::vector<stored_view>>& answers) {
  if (!answers) return {"error: " + answers.error().message()};
  std::vector<std::string> all;
  for (const stored_view& one : *answers)
    all.push_back(one.value_or("absent"));
  return all;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
