// Names that differ from ours in their letters' case alone, which the Go tool takes for ours.
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "adapters_schema.hpp"
#include "agentslock/io/detail/adapters_codec.hpp"
#include "support/adapters_text.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::decode_in;
using testing::filled;
using testing::marked_text;

/// The name in every other letter case that the Go tool takes for it.
std::vector<std::string> other_cases(std::string_view name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string head(name.substr(0, i));
    const std::string tail(name.substr(i + 1));
    if (name[i] != '_') names.push_back(head + static_cast<char>(std::toupper(name[i])) + tail);
    if (name[i] == 's') names.push_back(head + "\u017F" + tail);
    if (name[i] == 's') names.push_back(head + "\\u017f" + tail);
    if (name[i] == 'k') names.push_back(head + "\u212A" + tail);
  }
  return names;
}

TEST(DecodeAdapters, ANameThatDiffersFromOneOfOursOnlyInCaseIsRefused) {
  struct object {
    std::string_view document;
    object_schema schema;
  };
  const object objects[] = {
      {R"({"adapters":{"a":{@@}}})", adapter_schema_members},
      {R"({"adapters":{"a":{"materialized_views":{"v":{@@}}}}})", view_schema_members},
      {R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{},{@@}]}}}}})",
       dependency_schema_members},
      {R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{},{@@}]}}}}})",
       entry_schema_members},
  };
  for (const object& one : objects) {
    for (const schema_member& member : one.schema) {
      for (const std::string& name : other_cases(member.name)) {
        for (std::string_view value : {"null", "\"x\"", "[{}]", "1"}) {
          const marked_text document = filled(one.document, "\"" + name + "\":" + std::string(value));
          const auto section = decode_in(document.text);
          ASSERT_FALSE(section) << document.text;
          EXPECT_EQ(section.error().code, errc::name_differs_in_case) << document.text;
          EXPECT_EQ(section.error().offset, document.at) << document.text;
          EXPECT_NE(section.error().what.find("\"" + std::string(member.name) + "\""), std::string::npos)
              << section.error().what;
        }
        // Also beside the right one.
        const std::string both = "\"" + name + "\":1,\"" + std::string(member.name) + "\":null";
        EXPECT_EQ(decode_in(filled(one.document, both).text).error().code, errc::name_differs_in_case);
      }
    }
  }
}

TEST(DecodeAdapters, ANameThatIsOnlySimilarIsUnknown) {
  for (std::string_view name :
       {"source_digests", "source_diges", "source-digest", "sourcedigest", " source_digest",
        "\u0455ource_digest", "source_digest\\u0000", "İ", "viev_digest"}) {
    EXPECT_TRUE(decode_in(filled(R"({"adapters":{"a":{@@:1}}})", "\"" + std::string(name) + "\"").text))
        << name;
  }
  // Ours of one object is unknown in another.
  EXPECT_TRUE(
      decode_in(R"({"adapters":{"a":{"View_Digest":1,"materialized_views":{"v":{"Source_digest":1}}}}})"));
  // Names of adapters and views are their owners'.
  EXPECT_TRUE(decode_in(R"({"adapters":{"a":{},"A":{},"Adapters":{"materialized_views":{"v":{},"V":{}}}}})"));
}

TEST(DiffersInCaseOnly, FoldsAsTheGoWriterDoes) {
  EXPECT_TRUE(differs_in_case_only("LOCK", "lock"));
  EXPECT_TRUE(differs_in_case_only("loc\u212A", "lock"));
  EXPECT_TRUE(differs_in_case_only("\u017Ft\u017F", "sts"));
  EXPECT_FALSE(differs_in_case_only("locks", "lock"));
  EXPECT_FALSE(differs_in_case_only("loc", "lock"));
  EXPECT_FALSE(differs_in_case_only("", "lock"));
  EXPECT_FALSE(differs_in_case_only("loc\u212B", "lock"));
  EXPECT_FALSE(differs_in_case_only("loc\xE2\x84", "lock"));
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
