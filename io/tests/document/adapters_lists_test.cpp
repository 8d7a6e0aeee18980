// Dependencies and logs: what their items keep when the lists change.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/adapters_codec.hpp"
#include "support/adapters_text.hpp"
#include "support/adapters_world.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::after;
using testing::at;
using testing::made_to_say;

/// A view whose dependencies carry members that nobody knows.
constexpr std::string_view noted = R"({
  "adapters": {
    "comp": {
      "materialized_views": {
        "v": {
          "view_digest": "sha256:v",
          "view_status": "pending-recompat-check",
          "depends_on": [
            {"note": 1.0, "adapter": "crg", "schema_digest": "sha256:\u0064", "version": "1"},
            {
              "adapter": "other",
              "schema_digest": "sha256:o",
              "note": {"x": [ ]}
            },
            {"adapter": "crg", "schema_digest": "sha256:e", "version": "1", "note": 3}
          ]
        }
      }
    }
  }
}
)";

std::string dependencies_after(std::vector<dependency> now) {
  const std::string text = after(noted, [&](lockfile& file) {
    EXPECT_TRUE(file.resolve_recompat({"comp", "v"}, verdict::passed, now, at(0)));
  });
  const auto begin = text.find("\"depends_on\": ") + 14;
  return text.substr(begin, list_container(text, begin).span.size());
}

TEST(EncodeAdapters, DependenciesKeepWhatNobodyKnowsWhereverTheyGo) {
  const dependency crg{"crg", "sha256:d", "1"};
  const dependency crg_e{"crg", "sha256:e", "1"};
  const dependency other{"other", "sha256:o", ""};
  const std::string crg_text =
      R"({"note": 1.0, "adapter": "crg", "schema_digest": "sha256:\u0064", "version": "1"})";
  const std::string crg_e_text =
      R"({"adapter": "crg", "schema_digest": "sha256:e", "version": "1", "note": 3})";
  const std::string other_text = R"({
              "adapter": "other",
              "schema_digest": "sha256:o",
              "note": {"x": [ ]}
            })";
  const auto list = [](const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items)
      text += (text.empty() ? "[\n            " : ",\n            ") + item;
    return text + "\n          ]";
  };
  // The same; fewer; the order turned.
  EXPECT_EQ(dependencies_after({crg, other, crg_e}), list({crg_text, other_text, crg_e_text}));
  EXPECT_EQ(dependencies_after({crg, other}), list({crg_text, other_text}));
  EXPECT_EQ(dependencies_after({other}), list({other_text}));
  EXPECT_EQ(dependencies_after({other, crg}), list({other_text, crg_text}));
  // Another schema: the rest of the record stays.
  EXPECT_EQ(dependencies_after({{"crg", "sha256:n", "1"}}),
            list({R"({"note": 1.0, "adapter": "crg", "schema_digest": "sha256:n", "version": "1"})"}));
  // A version comes in its place, before what nobody knows, in the lines that are there.
  EXPECT_EQ(dependencies_after({crg, {"other", "sha256:o", "9"}, crg_e}), list({crg_text, R"({
              "adapter": "other",
              "schema_digest": "sha256:o",
              "version": "9",
              "note": {"x": [ ]}
            })",
                                                                                crg_e_text}));
  // A new one among them.
  EXPECT_EQ(dependencies_after({crg, {"new", "sha256:n", ""}, other}), list({crg_text, R"({
              "adapter": "new",
              "schema_digest": "sha256:n",
              "version": ""
            })",
                                                                             other_text}));
}

TEST(EncodeAdapters, ALogThatDropsItsOldestKeepsWhatNobodyKnowsOfTheOthers) {
  for (const int count : {19, 20, 21, 25}) {
    std::vector<std::string> entries;
    for (int i = 0; i < count; ++i) {
      entries.push_back(R"({"note": )" + std::to_string(i) +
                        R"(.0, "at": "\u0074", "to": "ready", "trigger": "e)" + std::to_string(i) + "\"}");
    }
    const auto document = [&](const std::vector<std::string>& log, std::string_view status) {
      std::string text =
          R"({"adapters": {"a": {"materialized_views": {"v": {"view_digest": "g", "view_status": ")" +
          std::string(status) + R"(", "depends_on": [{"adapter": "b"}], "state_history": [)";
      for (std::size_t i = 0; i < log.size(); ++i)
        text += (i == 0 ? "" : ", ") + log[i];
      return text + "]}}}}}";
    };
    std::vector<std::string> expected = entries;
    expected.push_back(R"({"at": "2026-07-01T12:00:00Z", "from": "ready", "to": "pending-recompat-check", )"
                       R"("trigger": "dependee-bump:b"})");
    if (expected.size() > 20) expected.erase(expected.begin(), expected.end() - 20);
    EXPECT_EQ(after(document(entries, "ready"),
                    [](lockfile& file) { EXPECT_TRUE(file.mark_dependee_bumped("b", at(0))); }),
              document(expected, "pending-recompat-check"))
        << count;
  }
}

TEST(EncodeAdapters, ALogOfEqualEntriesKeepsTheYoungest) {
  // What a log says can't tell equal entries apart; the oldest go.
  const std::string_view document =
      R"({"adapters": {"a": {"materialized_views": {"v": {"state_history": [{"n": 1}, {"n": 2}, {"n": 3}]}}}}})";
  EXPECT_EQ(
      made_to_say(document, R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{},{}]}}}}})"),
      R"({"adapters": {"a": {"materialized_views": {"v": {"state_history": [{"n": 2}, {"n": 3}]}}}}})");
}

TEST(EncodeAdapters, EntriesOnLinesOfTheirOwnGetNewOnesOnLinesOfTheirOwn) {
  constexpr std::string_view document = R"({
	"adapters": {
		"a": { "materialized_views": {
			"v": { "view_status": "ready", "depends_on": [ {"adapter": "b"} ],
				"state_history": [
					{ "to": "ready" }
				] }
		} }
	}
}
)";
  EXPECT_EQ(after(document, [](lockfile& file) { EXPECT_TRUE(file.mark_dependee_bumped("b", at(0))); }), R"({
	"adapters": {
		"a": { "materialized_views": {
			"v": { "view_status": "pending-recompat-check", "depends_on": [ {"adapter": "b"} ],
				"state_history": [
					{ "to": "ready" },
					{
						"at": "2026-07-01T12:00:00Z",
						"from": "ready",
						"to": "pending-recompat-check",
						"trigger": "dependee-bump:b"
					}
				] }
		} }
	}
}
)");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
