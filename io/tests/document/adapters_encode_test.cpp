// A lockfile put back into its document: in a document of one layout throughout, the result is what writing the
// whole document anew in that layout would give.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "agentslock/io/detail/adapters_codec.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "support/adapters_text.hpp"
#include "support/adapters_world.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::adapters_world;
using testing::decode_in;
using testing::document_of;
using testing::operation;
using testing::operations_on_world;
using testing::rebuilt;
using testing::same_text;

struct named_layout {
  const char* name;
  json_layout layout;
};

const named_layout layouts[] = {
    {"the Go tool's", {}},
    {"four spaces", {"\n", "    ", ": ", " ", ""}},
    {"tabs", {"\n", "\t", ": ", " ", ""}},
    {"CRLF", {"\r\n", "  ", ": ", " ", ""}},
    {"no indentation", {"\n", "", ":", "", ""}},
    {"one line, tight", {"", "", ":", "", ""}},
    {"one line, spaced", {"", "", ": ", " ", ""}},
    {"one line, padded", {"", "", " : ", "  ", " "}},
};

/// The document with its section made to say what a lockfile says. `before`, for one that was not decoded from it.
std::string encoded(const text_buffer& text, const adapters_index& index, const lockfile& wanted,
                    const lockfile* before = nullptr) {
  splice into(text);
  const json_layout layout = detect_layout(text.view(), list_container(text.view(), text.view().find('{')));
  encode_adapters(into, layout, index, wanted, before);
  return std::string(into.text().view());
}

TEST(EncodeAdapters, InEveryLayoutEveryOperationGivesWhatWritingAnewWouldGive) {
  const lockfile world = adapters_world();
  for (const named_layout& in : layouts) {
    const text_buffer text(document_of(world, in.layout));
    for (const operation& one : operations_on_world()) {
      SCOPED_TRACE(std::string(in.name) + ", " + one.name);
      auto section = decode_in(text);
      ASSERT_TRUE(section) << section.error().what;
      ASSERT_EQ(section->file, world);
      one.apply(section->file);
      lockfile expected = rebuilt(world);
      one.apply(expected);
      ASSERT_EQ(section->file, expected);

      const std::string result = encoded(text, section->index, section->file);
      EXPECT_TRUE(same_text(result, document_of(expected, in.layout)));
      const auto again = decode_in(result);
      ASSERT_TRUE(again) << again.error().what;
      EXPECT_EQ(again->file, expected);
    }
  }
}

TEST(EncodeAdapters, ALockfileOfAnotherOriginGivesTheSameText) {
  const lockfile world = adapters_world();
  for (const named_layout& in : layouts) {
    const text_buffer text(document_of(world, in.layout));
    for (const operation& one : operations_on_world()) {
      SCOPED_TRACE(std::string(in.name) + ", " + one.name);
      const auto before = decode_in(text);
      ASSERT_TRUE(before);
      lockfile wanted = rebuilt(world);
      one.apply(wanted);
      const std::string expected = document_of(wanted, in.layout);
      EXPECT_TRUE(same_text(encoded(text, before->index, wanted, &before->file), expected));
      // A copy of one that was decoded from this text, and one that was decoded from a text with the same bytes.
      lockfile copy = before->file;
      one.apply(copy);
      EXPECT_TRUE(same_text(encoded(text, before->index, copy, &before->file), expected));
      auto twin = decode_in(text_buffer(text.view()));
      one.apply(twin->file);
      EXPECT_TRUE(same_text(encoded(text, before->index, twin->file, &before->file), expected));
    }
  }
}

TEST(EncodeAdapters, WhatChangedNothingMakesNoEdit) {
  for (const named_layout& in : layouts) {
    const text_buffer text(document_of(adapters_world(), in.layout));
    const auto section = decode_in(text);
    ASSERT_TRUE(section);
    splice same(text);
    encode_adapters(same, in.layout, section->index, section->file);
    EXPECT_TRUE(same.changes_nothing()) << in.name;
    const lockfile copy = section->file;
    encode_adapters(same, in.layout, section->index, copy, &section->file);
    EXPECT_TRUE(same.changes_nothing()) << in.name;
  }
}

TEST(EncodeAdapters, AnOperationThatEndsWhereItBeganMakesNoEdit) {
  const text_buffer text(document_of(adapters_world(), {}));
  auto section = decode_in(text);
  ASSERT_TRUE(section);
  const adapter old = *section->file.find_adapter("alpha");
  ASSERT_TRUE(section->file.activate("alpha", "sha256:x", "sha256:y", testing::at(1)));
  ASSERT_TRUE(section->file.activate("alpha", old.source_digest, old.schema_digest, testing::at(0)));
  splice same(text);
  encode_adapters(same, {}, section->index, section->file);
  EXPECT_TRUE(same.changes_nothing());
}

TEST(EncodeAdapters, NamesOutOfOrderGetNewOnesAtTheEnd) {
  const text_buffer text(std::string_view(R"({
  "adapters": {
    "b": {"materialized_views": {"z": {"view_status": "ready"}, "y": {"view_status": "ready"}}},
    "a": {}
  }
}
)"));
  auto section = decode_in(text);
  ASSERT_TRUE(section);
  ASSERT_TRUE(section->file.activate("aa", "s", "d", testing::at(0)));
  ASSERT_TRUE(section->file.register_view({"b", "yy"}, "sha256:n", {}, testing::at(0)));
  EXPECT_EQ(encoded(text, section->index, section->file), R"({
  "adapters": {
    "b": {"materialized_views": {"z": {"view_status": "ready"}, "y": {"view_status": "ready"}, "yy": {"view_digest": "sha256:n", "view_status": "ready", "last_rebuilt_at": "2026-07-01T12:00:00Z", "state_history": [{"at": "2026-07-01T12:00:00Z", "to": "ready", "trigger": "registered"}]}}},
    "a": {},
    "aa": {
      "source_digest": "s",
      "schema_digest": "d",
      "activated_at": "2026-07-01T12:00:00Z"
    }
  }
}
)");
}

TEST(EncodeAdapters, EntriesWhoseNamesAreSpeltWithEscapesAreFound) {
  const text_buffer text(std::string_view(
      R"({"adapters":{"\u0061":{"source_digest":"\u0073","materialized_views":{"\u0076":{"view_status":"r\u0065ady"},"w":{}}}}})"));
  auto section = decode_in(text);
  ASSERT_TRUE(section);
  ASSERT_TRUE(section->file.remove_view({"a", "w"}));
  EXPECT_EQ(
      encoded(text, section->index, section->file),
      R"({"adapters":{"\u0061":{"source_digest":"\u0073","materialized_views":{"\u0076":{"view_status":"r\u0065ady"}}}}})");
  ASSERT_TRUE(section->file.activate("a", "s", "d", testing::at(0)));
  EXPECT_EQ(
      encoded(text, section->index, section->file),
      R"({"adapters":{"\u0061":{"source_digest":"\u0073","schema_digest":"d","activated_at":"2026-07-01T12:00:00Z","materialized_views":{"\u0076":{"view_status":"r\u0065ady"}}}}})");
}

TEST(WriteAdapters, WritesMembersInOrderAndLeavesOutEmptyOnes) {
  lockfile_restorer restore;
  adapter& empty = *restore.add_adapter("a");
  (void)restore.add_view(empty, "v");
  (void)restore.add_adapter("b");
  const lockfile file = std::move(restore).finish();
  const json_layout one_line{"", "", ":", "", ""};
  json_writer write(one_line, std::nullopt);
  write_adapters(write, file);
  EXPECT_EQ(
      std::move(write).text(),
      R"({"a":{"source_digest":"","schema_digest":"","activated_at":"","materialized_views":{"v":{"view_status":""}}},)"
      R"("b":{"source_digest":"","schema_digest":"","activated_at":""}})");
  json_writer nothing(one_line, std::nullopt);
  write_adapters(nothing, lockfile());
  EXPECT_EQ(std::move(nothing).text(), "{}");
}

TEST(WriteAdapters, AWholeEntryIsWhatTheGoWriterWrites) {
  lockfile file;
  const dependency on[] = {{"crg", "sha256:d", ""}};
  ASSERT_TRUE(file.register_view({"comp", "a<b>&"}, "sha256:v", on, testing::at(0)));
  ASSERT_TRUE(file.mark_dependee_bumped("crg", testing::at(1)));
  ASSERT_TRUE(file.resolve_recompat({"comp", "a<b>&"}, verdict::failed, {}, testing::at(2)));
  json_layout layout;
  json_writer write(layout, "");
  write_adapters(write, file);
  EXPECT_EQ(std::move(write).text(), R"({
  "comp": {
    "source_digest": "",
    "schema_digest": "",
    "activated_at": "",
    "materialized_views": {
      "a\u003cb\u003e\u0026": {
        "view_digest": "sha256:v",
        "view_status": "dsl-update-required",
        "depends_on": [
          {
            "adapter": "crg",
            "schema_digest": "sha256:d",
            "version": ""
          }
        ],
        "last_rebuilt_at": "2026-07-01T12:00:00Z",
        "last_validation_at": "2026-07-01T12:00:02Z",
        "state_history": [
          {
            "at": "2026-07-01T12:00:00Z",
            "to": "ready",
            "trigger": "registered"
          },
          {
            "at": "2026-07-01T12:00:01Z",
            "from": "ready",
            "to": "pending-recompat-check",
            "trigger": "dependee-bump:crg"
          },
          {
            "at": "2026-07-01T12:00:02Z",
            "from": "pending-recompat-check",
            "to": "dsl-update-required",
            "trigger": "recompat-fail"
          }
        ]
      }
    }
  }
})");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
