// What the adapters section means when it is read.
#include "agentslock/io/detail/adapters_codec.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/adapters_text.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::decode_in;
using testing::marked;
using testing::marked_text;

constexpr std::string_view whole_section = R"({
  "config": {"x": 1},
  "adapters": {
    "comp": {
      "source_digest": "sha256:s",
      "schema_digest": "sha256:d",
      "activated_at": "2026-07-01T12:00:00Z",
      "unknown": [{"x": 1.0}],
      "materialized_views": {
        "summary": {
          "view_digest": "sha256:v",
          "view_status": "pending-rebuild",
          "depends_on": [
            {"adapter": "crg", "schema_digest": "sha256:d0", "version": "1.0.0", "note": null},
            {"adapter": "crg", "schema_digest": "sha256:d1", "version": ""}
          ],
          "last_rebuilt_at": "2026-07-01T12:00:01Z",
          "last_validation_at": "2026-07-01T12:00:02Z",
          "state_history": [
            {"at": "2026-07-01T12:00:01Z", "to": "ready", "trigger": "registered"},
            {"at": "2026-07-01T12:00:02Z", "from": "ready", "to": "pending-rebuild", "trigger": "t"}
          ],
          "unknown": {"state_history": {}}
        },
        "other": {"view_status": "what is this"}
      }
    },
    "crg": {"source_digest": "", "schema_digest": "sha256:d1", "activated_at": ""}
  },
  "lock_version": 1
}
)";

TEST(DecodeAdapters, ReadsEveryMember) {
  const auto section = decode_in(whole_section);
  ASSERT_TRUE(section) << section.error().what;
  const lockfile& file = section->file;
  ASSERT_EQ(file.adapter_names(), (std::vector<std::string_view>{"comp", "crg"}));
  const adapter& comp = *file.find_adapter("comp");
  EXPECT_EQ(comp.source_digest, "sha256:s");
  EXPECT_EQ(comp.schema_digest, "sha256:d");
  EXPECT_EQ(comp.activated_at, "2026-07-01T12:00:00Z");
  EXPECT_FALSE(comp.touched);
  ASSERT_EQ(comp.views.size(), 2U);

  const view& summary = *file.find_view({"comp", "summary"});
  EXPECT_FALSE(summary.touched);
  EXPECT_EQ(summary.view_digest, "sha256:v");
  EXPECT_EQ(summary.status.state(), view_state::pending_rebuild);
  ASSERT_EQ(summary.depends_on.size(), 2U);
  EXPECT_EQ(summary.depends_on[0], (dependency{"crg", "sha256:d0", "1.0.0"}));
  EXPECT_EQ(summary.depends_on[1], (dependency{"crg", "sha256:d1", ""}));
  EXPECT_EQ(summary.last_rebuilt_at, "2026-07-01T12:00:01Z");
  EXPECT_EQ(summary.last_validation_at, "2026-07-01T12:00:02Z");
  const auto log = summary.state_history.entries();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0], (audit_entry{"2026-07-01T12:00:01Z", "", "ready", "registered"}));
  EXPECT_EQ(log[1], (audit_entry{"2026-07-01T12:00:02Z", "ready", "pending-rebuild", "t"}));

  EXPECT_EQ(file.find_view({"comp", "other"})->status.state(), view_state::unrecognised);
  EXPECT_EQ(file.find_view({"comp", "other"})->status.text(), "what is this");
  EXPECT_TRUE(file.find_adapter("crg")->views.empty());
}

TEST(DecodeAdapters, TellsWhereEntriesStand) {
  const text_buffer text(whole_section);
  const auto section = decode_in(text);
  ASSERT_TRUE(section);
  const adapters_index& index = section->index;
  EXPECT_EQ(index.name_at, text.view().find("\"adapters\""));
  EXPECT_TRUE(index.value.in(text.view()).starts_with("{\n    \"comp\""));
  EXPECT_TRUE(index.value.in(text.view()).ends_with("\"\"}\n  }"));
  EXPECT_EQ(section->end, index.value.end);
  ASSERT_EQ(index.adapters.size(), 2U);
  EXPECT_EQ(index.adapters[0].name, "comp");
  EXPECT_TRUE(index.adapters[0].whole.in(text.view()).starts_with("\"comp\": {"));
  EXPECT_EQ(text.view()[index.adapters[0].value_at], '{');
  EXPECT_TRUE(text.view().substr(index.adapters[0].views_name_at).starts_with("\"materialized_views\""));
  EXPECT_EQ(index.adapters[0].view_count, 2U);
  EXPECT_EQ(index.adapters[1].whole.in(text.view()),
            R"("crg": {"source_digest": "", "schema_digest": "sha256:d1", "activated_at": ""})");
  EXPECT_EQ(index.adapters[1].view_count, 0U);
  EXPECT_EQ(index.adapters[1].views_value.size(), 0U);
  ASSERT_EQ(index.views.size(), 2U);
  EXPECT_EQ(index.views[1].name, "other");
  EXPECT_EQ(index.views[1].whole.in(text.view()), R"("other": {"view_status": "what is this"})");
}

TEST(DecodeAdapters, TextsLiveAsLongAsTheLockfileAndAreNotCopied) {
  lockfile file;
  const char* begin = nullptr;
  const char* end = nullptr;
  {
    const text_buffer text(whole_section);
    begin = text.view().data();
    end = begin + text.view().size();
    auto section = decode_in(text);
    ASSERT_TRUE(section);
    EXPECT_EQ(section->file.restored_from(), text.owner().get());
    file = std::move(section->file);
  }
  const view& summary = *file.find_view({"comp", "summary"});
  for (std::string_view text : {summary.view_digest, summary.depends_on[0].adapter,
                                summary.state_history.entries()[1].trigger, file.adapter_names()[0]}) {
    EXPECT_TRUE(text.data() >= begin && text.data() < end) << text;
  }
  EXPECT_EQ(summary.state_history.entries()[1].trigger, "t");
}

TEST(DecodeAdapters, MissingAndNullAreEmpty) {
  for (std::string_view document : {
           R"({"adapters": null})",
           R"({"adapters": {}})",
       }) {
    const auto section = decode_in(document);
    ASSERT_TRUE(section) << document;
    EXPECT_TRUE(section->file.adapters().empty());
    EXPECT_EQ(section->index.value.size() == 0, document.find("null") != std::string_view::npos);
  }
  for (std::string_view entry :
       {R"({})",
        R"({"source_digest":null,"schema_digest":null,"activated_at":null,"materialized_views":null})",
        R"({"materialized_views":{}})"}) {
    const auto section = decode_in(R"({"adapters":{"a":)" + std::string(entry) + "}}");
    ASSERT_TRUE(section) << entry;
    EXPECT_EQ(*section->file.find_adapter("a"), adapter());
  }
  for (std::string_view entry :
       {R"({})",
        R"({"view_digest":null,"view_status":null,"depends_on":null,"last_rebuilt_at":null,)"
        R"("last_validation_at":null,"state_history":null})",
        R"({"view_status":"","depends_on":[],"state_history":[]})"}) {
    const auto section =
        decode_in(R"({"adapters":{"a":{"materialized_views":{"v":)" + std::string(entry) + "}}}}");
    ASSERT_TRUE(section) << entry;
    const view& found = *section->file.find_view({"a", "v"});
    EXPECT_EQ(found, view());
    EXPECT_EQ(found.status.state(), view_state::unrecognised);
  }
}

TEST(DecodeAdapters, ANullItemAndOneWithNullsIsAnItemWithEmptyMembers) {
  const auto section = decode_in(
      R"({"adapters":{"a":{"materialized_views":{"v":{)"
      R"("depends_on":[null,{"adapter":"x"},{},{"adapter":null,"schema_digest":null,"version":null},null],)"
      R"("state_history":[{"to":"ready"},null,{"at":null,"from":null,"to":null,"trigger":null},{}]}}}}})");
  ASSERT_TRUE(section) << section.error().what;
  const view& found = *section->file.find_view({"a", "v"});
  ASSERT_EQ(found.depends_on.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(found.depends_on[i], (dependency{i == 1 ? "x" : "", "", ""})) << i;
  }
  const auto log = found.state_history.entries();
  ASSERT_EQ(log.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(log[i], (audit_entry{"", "", i == 0 ? "ready" : "", ""})) << i;
  }
}

TEST(DecodeAdapters, AHistoryLongerThanTheBoundIsRead) {
  std::string items;
  for (int i = 0; i < 45; ++i)
    items += (i == 0 ? "" : ",") + (R"({"trigger":")" + std::to_string(i)) + "\"}";
  const auto section =
      decode_in(R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[)" + items + "]}}}}}");
  ASSERT_TRUE(section);
  const auto log = section->file.find_view({"a", "v"})->state_history.entries();
  ASSERT_EQ(log.size(), 45U);
  EXPECT_EQ(log[0].trigger, "0");
  EXPECT_EQ(log[44].trigger, "44");
}

TEST(DecodeAdapters, EscapedNamesAndTextsAreReadAtEveryLevel) {
  auto section = decode_in(
      R"({"\u0061dapters":{"c\u006fmp\n":{"source\u005fdigest":"\u0073\t","schema_digest":"\ud83d\ude00",)"
      R"("activated_a\u0074":"\/","materialized\u005fviews":{"\"v\\":{"view\u005fdigest":"\u003c",)"
      R"("view_status":"r\u0065ady","depends\u005fon":[{"\u0061dapter":"c\u0072g","schema_digest":"\b",)"
      R"("version":"1\u002e0"}],"last_rebuilt_at":"\r","last_validation_at":"\f",)"
      R"("state\u005fhistory":[{"\u0061t":"\u0000","fr\u006fm":"\u00e9","t\u006f":"\\","trigger":"\u2028"}]}}}}})");
  ASSERT_TRUE(section) << section.error().what;
  const adapter* comp = section->file.find_adapter("comp\n");
  ASSERT_NE(comp, nullptr);
  EXPECT_EQ(comp->source_digest, "s\t");
  EXPECT_EQ(comp->schema_digest, "\U0001F600");
  EXPECT_EQ(comp->activated_at, "/");
  const view* found = section->file.find_view({"comp\n", "\"v\\"});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->view_digest, "<");
  EXPECT_EQ(found->status.state(), view_state::ready);
  EXPECT_EQ(found->depends_on.at(0), (dependency{"crg", "\b", "1.0"}));
  EXPECT_EQ(found->last_rebuilt_at, "\r");
  EXPECT_EQ(found->last_validation_at, "\f");
  EXPECT_EQ(found->state_history.entries()[0], (audit_entry{std::string_view("\0", 1), "é", "\\", "\u2028"}));
  // The index's names must not hang on the lockfile's life.
  EXPECT_EQ(section->index.adapters.at(0).name, "comp\n");
  EXPECT_EQ(section->index.views.at(0).name, "\"v\\");
  section->file = lockfile();
  EXPECT_EQ(section->index.adapters.at(0).name, "comp\n");
  EXPECT_EQ(section->index.views.at(0).name, "\"v\\");
}

TEST(DecodeAdapters, LongTextsWithEscapesAreWhole) {
  const std::string plain(5000, 'x');
  const auto section =
      decode_in(R"({"adapters":{"a":{"materialized_views":{"v":{"unknown)" + plain + R"(\n":"y\n)" + plain +
                R"(","view_digest":")" + plain + R"(\t)" + plain + R"(","view_status":"ready"}}}}})");
  ASSERT_TRUE(section) << section.error().what;
  EXPECT_EQ(section->file.find_view({"a", "v"})->view_digest, plain + "\t" + plain);
  EXPECT_EQ(section->file.state({"a", "v"}), view_state::ready);
}

TEST(DecodeAdapters, UnknownMembersMayHoldAnything) {
  for (std::string_view value :
       {"1", "1e400", "\"x\"", "true", "null", "[]", "{}", "[[{\"a\":[1,\"\\u0061\"]}]]",
        R"({"a":1,"a":2,"View_Digest":{}})", R"([null,{"adapter":1,"adapter":2}])"}) {
    const std::string unknown = "\"unknown\": " + std::string(value);
    for (std::string_view with_mark :
         {R"({"adapters":{"a":{@@}}})", R"({"adapters":{"a":{"materialized_views":{"v":{@@}}}}})",
          R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{@@,"adapter":"x"}]}}}}})",
          R"({"adapters":{"a":{"materialized_views":{"v":{"state_history":[{"to":"y",@@}]}}}}})"}) {
      const marked_text document = testing::filled(with_mark, unknown);
      const auto section = decode_in(document.text);
      ASSERT_TRUE(section) << document.text << ": " << section.error().what;
      const view* found = section->file.find_view({"a", "v"});
      if (found == nullptr) continue;
      if (!found->depends_on.empty()) {
        EXPECT_EQ(found->depends_on[0], (dependency{"x", "", ""}));
      }
      if (!found->state_history.entries().empty()) {
        EXPECT_EQ(found->state_history.entries()[0].to, "y");
      }
    }
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
