// Merging documents by their members, without git: the merge of lines is what each test gives.
#include "agentslock/io/merge_document.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/lock_document.hpp"
#include "agentslock/kernel/merge.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using names = std::vector<std::string>;

constexpr std::string_view base = R"({
  "adapters": {
    "comp": {
      "source_digest": "s",
      "schema_digest": "d",
      "activated_at": "2026-07-01T12:00:00Z",
      "materialized_views": {
        "a": {
          "view_digest": "v",
          "view_status": "ready",
          "depends_on": [
            {"adapter": "crg", "schema_digest": "d0", "x": 1.0}
          ],
          "state_history": [
            {"at": "2026-07-01T12:00:00Z", "to": "ready", "trigger": "registered"}
          ]
        }
      }
    },
    "crg": {
      "source_digest": "s0",
      "schema_digest": "d0",
      "activated_at": "2026-07-01T12:00:00Z"
    }
  },
  "config": {"one": 1e400},
  "lock_version": 1,
  "units": {"u": "\u0031"}
}
)";

std::string with(std::string text, std::string_view old, std::string_view now) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, text.npos) << old;
  return text.replace(at, old.size(), now);
}

std::string with(std::string_view old, std::string_view now) {
  return with(std::string(base), old, now);
}

/// The base with a view in another status, and the item that says so.
std::string moved(std::string_view status, std::string_view at, std::string_view more = "") {
  const std::string item = R"("registered"},
            {"at": ")" + std::string(at) +
                           R"(", "from": "ready", "to": ")" + std::string(status) + R"(", "trigger": "t")" +
                           std::string(more) + "}";
  return with(with(R"("view_status": "ready")", R"("view_status": ")" + std::string(status) + '"'),
              R"("registered"})", item);
}

/// What the merge of lines was asked, and what it answers; without an answer, all between marks.
struct lines {
  std::string answer;
  bool clean = false;
  std::vector<std::string> asked;

  result<merged_lines> operator()(const document_versions& versions) {
    asked.emplace_back(versions.ours);
    if (clean) return merged_lines{answer, true};
    const std::string marked = "<<<<<<< ours\n" + std::string(versions.ours) + "=======\n" +
                               std::string(versions.theirs) + ">>>>>>> theirs\n";
    return merged_lines{marked, false};
  }
};

merged_document merged(std::string_view before, std::string_view ours, std::string_view theirs,
                       std::size_t mark_size = 7) {
  lines never;
  return merge_documents({before, ours, theirs}, {mark_size}, never).value();
}

lockfile lockfile_of(std::string_view text) {
  return lock_document::parse(text_buffer(text), "document").value().adapters;
}

TEST(MergeDocuments, AnUnchangedSideGivesTheOthersBytes) {
  const std::string changed = with("1e400", "2  ");
  EXPECT_EQ(merged(base, changed, base).text, changed);
  EXPECT_EQ(merged(base, base, changed).text, changed);
  EXPECT_EQ(merged("", changed, changed).text, changed);
  EXPECT_EQ(merged(base, "no JSON", base).text, "no JSON");
}

TEST(MergeDocuments, WhatOneSideChangedHasItsBytes) {
  const std::string ours = with("1e400", "1E400");
  const std::string theirs = with(with(R"("\u0031")", R"("1",  "w": -0)"), R"("x": 1.0)", R"("x": 1.00)");
  const auto done = merged(base, ours, theirs);
  EXPECT_EQ(done.text, with(theirs, "1e400", "1E400"));
  EXPECT_EQ(done.conflicts, names());
  EXPECT_FALSE(done.by_lines);
}

TEST(MergeDocuments, AViewThatBothChangedIsWhatTheKernelMakesOfIt) {
  const std::string ours = moved("pending-rebuild", "2026-07-01T12:00:02Z");
  const std::string theirs = moved("pending-recompat-check", "2026-07-01T12:00:01Z");
  const auto done = merged(base, ours, theirs);
  EXPECT_EQ(done.conflicts, names());
  const auto expected =
      merge_lockfiles(lockfile_of(base), lockfile_of(ours), lockfile_of(theirs), merge_side::ours);
  EXPECT_TRUE(lockfile_of(done.text) == expected.file) << done.text;
  EXPECT_EQ(lockfile_of(done.text).find_view({"comp", "a"})->status.text(), "pending-recompat-check");
  EXPECT_TRUE(lockfile_of(merged(base, theirs, ours).text) == expected.file);
}

TEST(MergeDocuments, AnEntryWithoutMembersTakesTheViewsOfTheOther) {
  constexpr std::string_view head = "{\"lock_version\": 1, \"adapters\": {\"comp\": ";
  constexpr std::string_view views =
      "\"materialized_views\": {\"v\": {\"view_digest\": \"d\", \"view_status\": \"pending-rebuild\"}}";
  const auto of = [&](std::string_view entry) { return std::string(head) + std::string(entry) + "}}"; };
  const std::string theirs = of("{\"z\": 1, " + std::string(views) + "}");
  for (const std::string& old : {of("{\"y\": 0}"), of("null"), std::string("{}"), std::string()}) {
    for (std::string_view empty : {"{}", "{ }", "{\n}"}) {
      const auto done = merged(old, of(empty), theirs);
      EXPECT_EQ(done.conflicts, names());
      EXPECT_NE(done.text.find(views), done.text.npos) << done.text;
      EXPECT_EQ(lockfile_of(done.text).find_view({"comp", "v"})->status.text(), "pending-rebuild");
      EXPECT_TRUE(lockfile_of(merged(old, theirs, of(empty)).text) == lockfile_of(done.text));
    }
  }
}

// Members left out, null, empty, and of others: each shape as base, as ours and as theirs.
TEST(MergeDocuments, ViewsThatComeIntoAnEmptyMapStandOnLinesBelowIt) {
  const std::string empty = with(R"("schema_digest": "d0",
      "activated_at")",
                                 R"("schema_digest": "d0", "materialized_views": {},
      "activated_at")");
  const std::string theirs = with(empty, R"("materialized_views": {},)", R"("materialized_views": {
        "n": {
          "view_digest": "v",
          "view_status": "pending-rebuild"
        }
      },)");
  const auto later = [](const std::string& text) {
    return with(text, "12:00:00Z\"\n    }\n  },\n  \"config\"", "12:00:09Z\"\n    }\n  },\n  \"config\"");
  };
  EXPECT_EQ(merged(empty, later(empty), theirs).text, later(theirs));
}

TEST(MergeDocuments, EveryShapeOfAnEntryMerges) {
  constexpr std::string_view digests = "\"source_digest\": \"s\", \"schema_digest\": \"d\"";
  constexpr std::string_view ready = "{\"view_digest\": \"v\", \"view_status\": \"ready\"}";
  constexpr std::string_view due = "{\"view_digest\": \"v\", \"view_status\": \"pending-rebuild\"}";
  const auto with_views = [&](std::string_view views) {
    return "{" + std::string(digests) + ", \"materialized_views\": " + std::string(views) + "}";
  };
  const std::string shapes[] = {
      "{}",
      "{" + std::string(digests) + "}",
      "{\"x\": 1}",
      "{\"materialized_views\": null}",
      "{\"materialized_views\": {}}",
      "{\"materialized_views\": {\"v\": {}}}",
      with_views("null"),
      with_views("{\"v\": " + std::string(ready) + "}"),
      with_views("{\"v\": " + std::string(due) + ", \"w\": " + std::string(ready) + "}")};
  std::vector<std::string> documents{"{}", R"({"adapters": null})", R"({"adapters": {}})"};
  for (const std::string& shape : shapes)
    documents.push_back("{\"adapters\": {\n  \"comp\": " + shape + "}, \"lock_version\": 1}\n");
  for (const std::string& old : documents) {
    for (const std::string& ours : documents) {
      for (const std::string& theirs : documents) {
        const auto done = merged(old, ours, theirs);
        if (!done.conflicts.empty() || done.by_lines) continue;
        const auto expected =
            merge_lockfiles(lockfile_of(old), lockfile_of(ours), lockfile_of(theirs), merge_side::ours);
        EXPECT_TRUE(lockfile_of(done.text) == expected.file) << old << ours << theirs << done.text;
        EXPECT_TRUE(lockfile_of(merged(old, theirs, ours).text) == expected.file) << old << ours << theirs;
      }
    }
  }
}

TEST(MergeDocuments, AVersionThatOneSideTookOutIsThereWhereTheEntriesAreWrittenAnew) {
  constexpr std::string_view version = "  \"lock_version\": 1,\n";
  // Nothing but bytes is taken: as the one side wants it.
  EXPECT_EQ(merged(base, with(version, ""), with("1e400", "2")).text, with(with(version, ""), "1e400", "2"));
  const std::string ours = with(moved("pending-rebuild", "2026-07-01T12:00:02Z"), version, "");
  const std::string theirs = moved("pending-recompat-check", "2026-07-01T12:00:01Z");
  for (const auto& done : {merged(base, ours, theirs), merged(base, theirs, ours)}) {
    EXPECT_EQ(done.conflicts, names());
    EXPECT_NE(done.text.find(version), done.text.npos) << done.text;
    EXPECT_EQ(lockfile_of(done.text).find_view({"comp", "a"})->status.text(), "pending-recompat-check");
  }
}

/// The base with another schema of crg.
std::string activated(std::string_view schema) {
  return with("\"s0\",\n      \"schema_digest\": \"d0\"",
              "\"s0\",\n      \"schema_digest\": \"" + std::string(schema) + "\"");
}

TEST(MergeDocuments, TwoDigestsAreAConflictAroundThatEntryAlone) {
  const std::string ours = activated("d1");
  const std::string theirs = with(activated("d2"), "1e400", "2");
  const auto done = merged(base, ours, theirs, 9);
  EXPECT_EQ(done.conflicts, names{"/adapters/crg"});
  EXPECT_EQ(done.text.find("<<<<<<<<< ours\n    \"crg\""), done.text.find("<<<<"));
  EXPECT_NE(done.text.find("\n>>>>>>>>> theirs\n  },\n  \"config\": {\"one\": 2}"), done.text.npos)
      << done.text;
  const auto sides = split_conflicts(done.text).value();
  EXPECT_EQ(lockfile_of(sides.ours).find_adapter("crg")->schema_digest, "d1");
  EXPECT_EQ(lockfile_of(sides.theirs).find_adapter("crg")->schema_digest, "d2");
  EXPECT_EQ(lockfile_of(sides.ours).find_view({"comp", "a"})->status.text(), "pending-recompat-check");
}

TEST(MergeDocuments, ASectionThatBothChangedIsTakenIfItsLinesMergeIntoJson) {
  const std::string ours = with("1e400", "2");
  const std::string theirs = with("1e400", "3");
  lines answers{"\"config\": {\"one\": 2.3}\n", true, {}};
  const auto done = merge_documents({base, ours, theirs}, {}, answers).value();
  EXPECT_EQ(done.text, with("1e400", "2.3"));
  EXPECT_EQ(answers.asked, names{"  \"config\": {\"one\": 2}\n"});
  for (const char* bad : {"\"config\": {\"one\": 2", "\"config\": tru", "\"config\": {\"a\": 1, \"a\": 1}",
                          "\"other\": {}", "\"config\": 1, \"config\": 2", ""}) {
    lines never{bad, true, {}};
    const auto refused = merge_documents({base, ours, theirs}, {}, never).value();
    EXPECT_EQ(refused.conflicts, names{"/config"}) << bad;
    const auto sides = split_conflicts(refused.text).value();
    EXPECT_EQ(sides.ours, ours);
    EXPECT_EQ(sides.theirs, theirs);
  }
}

TEST(MergeDocuments, WhatIsRemovedOnOneSideAndChangedOnTheOtherIsAConflict) {
  const std::string ours = with("  \"config\": {\"one\": 1e400},\n", "");
  const auto done = merged(base, ours, with("1e400", "3"));
  EXPECT_EQ(done.conflicts, names{"/config"});
  EXPECT_EQ(split_conflicts(done.text).value().ours, ours);
  EXPECT_EQ(merged(base, ours, with("\\u0031", "7")).text, with(ours, "\\u0031", "7"));
}

TEST(MergeDocuments, LinesThatMergeAreTakenIfTheySayWhatTheMembersDo) {
  // Both wrote the section, so that its members are a conflict, and the lines of the document are asked.
  const std::string ours = with("1e400", "2");
  const std::string theirs = with("1e400", "3");
  const auto with_lines = [&](const std::string& whole) {
    const auto answer = [&](const document_versions& versions) -> result<merged_lines> {
      return merged_lines{versions.ours == ours ? whole : "", versions.ours == ours};
    };
    return merge_documents({base, ours, theirs}, {}, answer).value();
  };
  const auto done = with_lines(with("1e400", "[2, 3]"));
  EXPECT_EQ(done.text, with("1e400", "[2, 3]"));
  EXPECT_TRUE(done.by_lines);
  for (const std::string& bad : {with("1e400", "{\"a\": 1, \"a\": 1}"), activated("d9"), with("1e400}", "2"),
                                 with("\"lock_version\": 1", "\"lock_version\": 2"), std::string()}) {
    EXPECT_EQ(with_lines(bad).conflicts, names{"/config"}) << bad;
  }
}

TEST(MergeDocuments, LinesNeverDecideBetweenTwoSchemas) {
  const std::string ours = activated("d1");
  const std::string theirs = activated("d2");
  lines clean{ours, true, {}};
  EXPECT_EQ(merge_documents({base, ours, theirs}, {}, clean).value().conflicts, names{"/adapters/crg"});
}

TEST(MergeDocuments, ItemsWithMembersThatAreNotOursAreKeptOrChosen) {
  const std::string plain = moved("pending-rebuild", "2026-07-01T12:00:02Z");
  const std::string noted = moved("pending-recompat-check", "2026-07-01T12:00:01Z", ", \"y\": 1e5");
  for (const bool ours_is_noted : {true, false}) {
    const std::string& ours = ours_is_noted ? noted : plain;
    const std::string& theirs = ours_is_noted ? plain : noted;
    const auto done = merged(base, ours, theirs);
    EXPECT_EQ(done.conflicts, names{"/adapters/comp/materialized_views/a"});
    const auto sides = split_conflicts(done.text).value();
    EXPECT_EQ(sides.ours, ours);
    EXPECT_EQ(sides.theirs, theirs);
  }
  // An item that both have is kept; so is a list that one side alone changed.
  const auto shared = merged(base, moved("pending-recompat-check", "2026-07-01T12:00:01Z"), plain);
  EXPECT_EQ(shared.conflicts, names());
  EXPECT_NE(shared.text.find(R"("schema_digest": "d0", "x": 1.0})"), shared.text.npos);
  for (const bool ours_is_changed : {true, false}) {
    const std::string other = with("\"x\": 1.0", "\"x\": 2e0");
    const auto done = ours_is_changed ? merged(base, other, plain) : merged(base, plain, other);
    EXPECT_EQ(done.conflicts, names());
    EXPECT_NE(done.text.find("\"x\": 2e0"), done.text.npos) << done.text;
  }
}

TEST(MergeDocuments, ASideThatCannotBeReadLeavesAllToTheLines) {
  const std::string ours = with("1e400", "2");
  for (const std::string& theirs : {std::string("{\n"), with("\"lock_version\": 1", "\"lock_version\": 2")}) {
    lines never;
    const auto done = merge_documents({base, ours, theirs}, {}, never).value();
    EXPECT_TRUE(done.by_lines);
    EXPECT_EQ(done.conflicts, names{""});
    EXPECT_EQ(split_conflicts(done.text).value().ours, ours);
    lines clean{"anything", true, {}};
    EXPECT_EQ(merge_documents({base, theirs, ours}, {}, clean).value().text, "anything");
    EXPECT_EQ(clean.asked, names{theirs});
  }
}

TEST(MergeDocuments, ABaseWithMarksCountsAsNone) {
  const std::string ours = with("1e400", "2");
  const std::string theirs = with("\"u\"", "\"w\"");
  const auto done = merged("<<<<<<< a\n=======\n>>>>>>> b\n", ours, theirs);
  EXPECT_EQ(done.conflicts, (names{"/config", "/units"}));
  EXPECT_EQ(split_conflicts(done.text).value().theirs, theirs);
}

TEST(MergeDocuments, LineEndingsAreThoseOfTheSideThatChangedThem) {
  std::string crlf;
  for (char c : base)
    crlf += c == '\n' ? "\r\n" : std::string(1, c);
  const auto done = merged(base, crlf, with("1e400", "2"));
  EXPECT_EQ(done.text, with(crlf, "1e400", "2"));
  EXPECT_EQ(merged(base, with("1e400", "2"), crlf).text, done.text);
}

TEST(MergeDocuments, WhatTheMergeOfLinesSaysOfItselfIsPassedOn) {
  const auto fails = [](const document_versions&) -> result<merged_lines> {
    return error(errc::io_failed, "there is no git");
  };
  const auto done = merge_documents({base, with("1e400", "2"), with("1e400", "3")}, {}, fails);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::io_failed);
}

TEST(MergeDocuments, ATextOfOneLineHasItsMarksOnLinesOfTheirOwn) {
  const auto of = [](std::string_view config) {
    return R"({"lock_version": 1, "config": )" + std::string(config) + "}";
  };
  const auto done = merged(of("1"), of("2"), of("3"));
  EXPECT_EQ(done.conflicts, names{"/config"});
  const auto sides = split_conflicts(done.text).value();
  EXPECT_NE(sides.ours.find("\"config\": 2"), sides.ours.npos) << done.text;
  EXPECT_NE(sides.theirs.find("\"config\": 3"), sides.theirs.npos) << done.text;
  EXPECT_EQ(lockfile_of(sides.ours), lockfile_of(of("2")));
}

TEST(MergeDocuments, TheLastMemberThatOneSideTookOutTakesItsCommaAlong) {
  constexpr std::string_view last = ",\n  \"units\": {\"u\": \"\\u0031\"}";
  const std::string ours = with(last, "");
  const std::string theirs = with("\\u0031", "7");
  for (const bool ours_is_without : {true, false}) {
    const auto done = ours_is_without ? merged(base, ours, theirs) : merged(base, theirs, ours);
    EXPECT_EQ(done.conflicts, names{"/units"});
    const auto sides = split_conflicts(done.text).value();
    const std::string& without = ours_is_without ? sides.ours : sides.theirs;
    const std::string& with_it = ours_is_without ? sides.theirs : sides.ours;
    EXPECT_EQ(lock_document::parse(text_buffer(without), "d").value().adapters, lockfile_of(ours));
    EXPECT_EQ(without.find("units"), without.npos) << done.text;
    EXPECT_TRUE(lock_document::parse(text_buffer(with_it), "d")) << with_it;
    EXPECT_NE(with_it.find("\"u\": \"7\""), with_it.npos) << done.text;
  }
}

TEST(MergeDocuments, ABareCarriageReturnStaysWhereLineEndingsChange) {
  const std::string plain = with("1e400}", "1e400\r }") + "\r";
  std::string crlf;
  for (char c : plain)
    crlf += c == '\n' ? "\r\n" : std::string(1, c);
  const auto done = merged(crlf, plain, with(crlf, "1e400", "2"));
  EXPECT_EQ(done.conflicts, names());
  EXPECT_EQ(done.text, with(plain, "1e400", "2"));
}

TEST(MergeDocuments, AFailureOfTheLinesIsPassedOnWhereverTheyAreAsked) {
  int asked = 0;
  int fails_at = 0;
  const auto fails = [&](const document_versions& versions) -> result<merged_lines> {
    if (++asked == fails_at) return error(errc::io_failed, "there is no git");
    return merged_lines{std::string(versions.ours), false};
  };
  const auto all_asked = [&](const std::string& old, const std::string& ours, const std::string& theirs) {
    asked = fails_at = 0;
    EXPECT_TRUE(merge_documents({old, ours, theirs}, {}, fails));
    const int count = asked;
    for (int at = 1; at <= count; ++at) {
      asked = 0;
      fails_at = at;
      const auto done = merge_documents({old, ours, theirs}, {}, fails);
      ASSERT_FALSE(done) << at;
      EXPECT_EQ(done.error().code(), errc::io_failed) << at;
    }
    EXPECT_GT(count, 0);
  };
  all_asked(std::string(base), with("1e400", "2"), with("1e400", "3"));
  all_asked(std::string(base), with("1e400", "2"), "{\n");
  const auto noted = [](std::string_view value) {
    return with("\"view_digest\": \"v\"", "\"view_digest\": \"v\", \"note\": " + std::string(value));
  };
  all_asked(noted("1"), noted("2"), noted("3"));
  const auto beside = [](std::string_view value) {
    return with("\"source_digest\": \"s\"", "\"source_digest\": \"s\", \"note\": " + std::string(value));
  };
  all_asked(beside("1"), beside("2"), beside("3"));
}

TEST(MergeDocuments, AConflictWithinAnAdapterIsOneOfTheAdapterAlone) {
  const auto of = [](std::string_view adapter_note, std::string_view view_note) {
    const std::string text =
        with("\"source_digest\": \"s\"", "\"source_digest\": \"s\", \"note\": " + std::string(adapter_note));
    return with(text, "\"view_digest\": \"v\"",
                "\"view_digest\": \"v\", \"note\": " + std::string(view_note));
  };
  const auto done = merged(of("1", "1"), of("2", "2"), of("3", "3"));
  EXPECT_EQ(done.conflicts, names{"/adapters/comp"});
  const auto sides = split_conflicts(done.text).value();
  EXPECT_EQ(sides.ours, of("2", "2"));
  EXPECT_EQ(sides.theirs, of("3", "3"));
}

TEST(MergeDocuments, ConflictsOfTwoAdaptersStandSideBySide) {
  const auto of = [](const std::string& note) {
    const std::string text = with("\"source_digest\": \"s\"", "\"source_digest\": \"s\", \"note\": " + note);
    return with(text, "\"source_digest\": \"s0\"",
                "\"source_digest\": \"s0\", \"materialized_views\": {\"v\": {\"view_digest\": \"v\", "
                "\"view_status\": \"ready\", \"note\": " +
                    note + "}}");
  };
  const auto done = merged(of("1"), of("2"), of("3"));
  EXPECT_EQ(done.conflicts, (names{"/adapters/comp", "/adapters/crg/materialized_views/v"}));
  const auto sides = split_conflicts(done.text).value();
  EXPECT_TRUE(lockfile_of(sides.ours) == lockfile_of(of("2"))) << done.text;
  EXPECT_TRUE(lockfile_of(sides.theirs) == lockfile_of(of("3"))) << done.text;
}

// The list with an item of others, without it, null, and gone: on both sides of a view that both changed.
TEST(MergeDocuments, AListOfOthersItemsThatIsGoneIsGoneOrChosen) {
  constexpr std::string_view list = R"("depends_on": [
            {"adapter": "crg", "schema_digest": "d0", "x": 1.0}
          ],
          )";
  const std::string kept = moved("pending-recompat-check", "2026-07-01T12:00:01Z");
  const std::string other = moved("pending-rebuild", "2026-07-01T12:00:02Z");
  for (const char* instead : {"", "\"depends_on\": null,\n          ", "\"depends_on\": [],\n          "}) {
    const std::string without = with(other, list, instead);
    const std::string old = with(list, instead);
    for (const std::string& before : {std::string(base), old}) {
      const auto one = merged(before, kept, without);
      const auto two = merged(before, without, kept);
      EXPECT_EQ(one.conflicts, two.conflicts) << instead;
      if (one.conflicts.empty()) {
        EXPECT_TRUE(lockfile_of(one.text) == lockfile_of(two.text)) << instead;
        continue;
      }
      EXPECT_EQ(split_conflicts(one.text).value().ours, kept) << instead;
      EXPECT_EQ(split_conflicts(two.text).value().theirs, kept) << instead;
    }
  }
}

TEST(SplitConflicts, ReadsTheVersionsBack) {
  const auto two = split_conflicts("a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> y\nd");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->ours, "a\nb\nd");
  EXPECT_EQ(two->theirs, "a\nc\nd");
  EXPECT_EQ(two->base, "");
  const auto three =
      split_conflicts("<<<<<<<<< x\r\nb\r\n|||||||||\r\n=======\r\n=========\r\n>>>>>>>>>\r\n");
  ASSERT_TRUE(three);
  EXPECT_EQ(three->ours, "b\r\n");
  EXPECT_EQ(three->base, "=======\r\n");
  EXPECT_EQ(three->theirs, "");
}

TEST(SplitConflicts, TakesOnlyWholeConflicts) {
  for (const char* text :
       {"", "{}", "<<<<<< x\n=======\n>>>>>>> y\n", "<<<<<<< x\n=======\n", "<<<<<<< x\n>>>>>>> y\n",
        "=======\n>>>>>>> y\n", "<<<<<<<x\n=======\n>>>>>>>y\n",
        "<<<<<<< x\n=======\n>>>>>>> y\n<<<<<<< x\n\n=======\n", "<<<<<<< x\n======= y\n>>>>>>> z\n"})
    EXPECT_FALSE(split_conflicts(text)) << text;
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
