#include "agentslock/io/cutover_document.hpp"

#include "lifecycle_fixture.hpp"
#include "support/printers.hpp"

namespace agentslock::testing {
namespace {

class CutoverDocument : public lifecycle_fixture {
 protected:
  const new_dependee wanted{"crg", "sha256:s2", "sha256:d1", "2.0.0"};

  [[nodiscard]] std::string active() const { return std::string(now().find_adapter("crg")->schema_digest); }
};

TEST_F(CutoverDocument, WhenAllPassTheDependeeIsActivated) {
  function_validator judge([](const view_facts& of, const std::stop_token&) -> validator_answer {
    EXPECT_EQ(of.dependees.front().now->digest, "sha256:d1");
    EXPECT_EQ(of.dependees.front().now->version, "2.0.0");
    return {program_verdict::passed, {}, {}};
  });
  const auto done = cutover_document(store, wanted, judge);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->activated);
  EXPECT_EQ(done->frozen.size(), 2U);
  EXPECT_EQ(active(), "sha256:d1");
  EXPECT_EQ(status("a"), "pending-rebuild");
  EXPECT_EQ(recorded("a"), "sha256:d1@2.0.0");
}

TEST_F(CutoverDocument, OneThatFailsBlocksAndIsNamed) {
  function_validator judge([](const view_facts& of, const std::stop_token& stop) -> validator_answer {
    return of.view == "b" ? fails(of, stop) : passes(of, stop);
  });
  const auto blocked = cutover_document(store, wanted, judge);
  ASSERT_TRUE(blocked) << blocked.error().message();
  EXPECT_FALSE(blocked->activated);
  EXPECT_EQ(blocked->blockers, std::vector<named_view>({{"comp", "b"}}));
  EXPECT_EQ(blocked->judged.at(1).why, "owner_id is gone");
  EXPECT_EQ(active(), "sha256:d0");
  EXPECT_EQ(status("b"), "dsl-update-required");

  function_validator mended(passes);
  const auto done = cutover_document(store, wanted, mended);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->activated);
  EXPECT_EQ(active(), "sha256:d1");
}

TEST_F(CutoverDocument, ABlockedOneIsAbandonedByOneBackToTheActiveSchema) {
  function_validator no(fails);
  ASSERT_FALSE(cutover_document(store, wanted, no)->activated);
  function_validator yes(passes);
  const auto back = cutover_document(store, {"crg", "sha256:s", "sha256:d0", "1"}, yes);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_TRUE(back->activated);
  EXPECT_EQ(active(), "sha256:d0");
  EXPECT_EQ(status("a"), "pending-rebuild");
}

TEST_F(CutoverDocument, WhoCanNotTellLeavesEverythingAsItIs) {
  const auto before = bytes_of(store.path());
  function_validator judge([](const view_facts& of, const std::stop_token& stop) -> validator_answer {
    return of.view == "b" ? validator_answer{program_verdict::could_not_tell, "no network", {}}
                          : fails(of, stop);
  });
  const auto done = cutover_document(store, wanted, judge);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->undecided());
  EXPECT_FALSE(done->activated);
  EXPECT_EQ(bytes_of(store.path()), before);
}

TEST_F(CutoverDocument, ACheckWritesNothingAndSaysWhatWouldCome) {
  const auto before = bytes_of(store.path());
  function_validator judge(passes);
  const auto done = cutover_document(store, wanted, judge, {}, cutover_mode::check);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->activated);
  EXPECT_EQ(bytes_of(store.path()), before);
}

TEST_F(CutoverDocument, AViewThatCameMeanwhileIsJudgedToo) {
  std::vector<std::string> judged;
  function_validator judge([&](const view_facts& of, const std::stop_token&) -> validator_answer {
    judged.push_back(of.view);
    if (judged.size() == 1) {
      change([](lockfile& file) {
        const dependency on_crg[] = {{"crg", "sha256:d0", "1"}};
        EXPECT_TRUE(file.register_view({"comp", "c"}, "sha256:c", on_crg, at(1)));
      });
    }
    return {program_verdict::passed, {}, {}};
  });
  const auto done = cutover_document(store, wanted, judge);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->activated);
  EXPECT_EQ(judged, (std::vector<std::string>{"a", "b", "a", "b", "c"}));
  EXPECT_EQ(status("c"), "pending-rebuild");
}

TEST_F(CutoverDocument, ADocumentThatNeverComesToRestIsAConflict) {
  int times = 0;
  function_validator judge([&](const view_facts&, const std::stop_token&) -> validator_answer {
    change([&](lockfile& file) {
      const dependency on_crg[] = {{"crg", "sha256:d0", "1"}};
      EXPECT_TRUE(file.register_view({"comp", "n" + std::to_string(++times)}, "sha256:c", on_crg, at(1)));
    });
    return {program_verdict::passed, {}, {}};
  });
  const auto done = cutover_document(store, wanted, judge);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::conflict);
  EXPECT_EQ(active(), "sha256:d0");
}

TEST_F(CutoverDocument, AViewThatWasReplacedMeanwhileIsJudgedAgain) {
  std::vector<std::string> judged;
  function_validator judge([&](const view_facts& of, const std::stop_token&) -> validator_answer {
    judged.push_back(of.view + " " + of.dependees.front().recorded.version);
    if (judged.size() == 1) {
      change([](lockfile& file) {
        const dependency on_crg[] = {{"crg", "sha256:d0", "1.5"}};
        EXPECT_TRUE(file.remove_view({"comp", "a"}));
        EXPECT_TRUE(file.register_view({"comp", "a"}, "sha256:replaced", on_crg, at(1)));
      });
    }
    return {program_verdict::passed, {}, {}};
  });
  const auto done = cutover_document(store, wanted, judge);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->activated);
  EXPECT_EQ(judged, (std::vector<std::string>{"a 1", "b 1", "a 1.5", "b 1"}));
  EXPECT_EQ(now().find_view({"comp", "a"})->view_digest, "sha256:replaced");
}

TEST_F(CutoverDocument, OnlyTheDependeeIsJudgedByItsNewSchema) {
  change([](lockfile& file) {
    EXPECT_TRUE(file.activate("other", "sha256:s", "sha256:o0", at(0)));
    const dependency on_both[] = {{"other", "sha256:o0", "7"}, {"crg", "sha256:d0", "1"}};
    EXPECT_TRUE(file.register_view({"comp", "both"}, "sha256:c", on_both, at(0)));
  });
  std::vector<std::string> told;
  function_validator judge([&](const view_facts& of, const std::stop_token&) -> validator_answer {
    for (const dependee_schemas& one : of.dependees)
      told.push_back(of.view + " " + one.adapter + " " + one.now.value().digest);
    return {program_verdict::passed, {}, {}};
  });
  ASSERT_TRUE(cutover_document(store, wanted, judge));
  EXPECT_EQ(told, (std::vector<std::string>{"a crg sha256:d1", "b crg sha256:d1", "both other sha256:o0",
                                            "both crg sha256:d1"}));
}

TEST_F(CutoverDocument, TheDependenciesThatAValidatorNamesAreRecorded) {
  change([](lockfile& file) { EXPECT_TRUE(file.activate("other", "sha256:s", "sha256:o0", at(0))); });
  function_validator judge([](const view_facts& of, const std::stop_token&) -> validator_answer {
    if (of.view == "b") return {program_verdict::passed, {}, {}};
    return {program_verdict::passed, {}, {{"other", "sha256:o0", "7"}, {"crg", "sha256:d1", "2"}}};
  });
  const auto done = cutover_document(store, wanted, judge);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(recorded("a"), "sha256:o0@7");
  EXPECT_EQ(now().find_view({"comp", "a"})->depends_on.size(), 2U);
  EXPECT_EQ(recorded("b"), "sha256:d1@2.0.0");
}

TEST_F(CutoverDocument, ADocumentThatIsBrokenIsAnErrorAndNobodyIsAsked) {
  (void)directory.make_file("lock", "{");
  function_validator judge([](const view_facts&, const std::stop_token&) -> validator_answer {
    ADD_FAILURE() << "it was asked";
    return {};
  });
  const auto done = cutover_document(store, wanted, judge);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::not_json) << done.error().message();
  EXPECT_EQ(bytes_of(store.path()), "{");
}

TEST_F(CutoverDocument, ACheckIsRefusedForWhatACutoverIsRefusedFor) {
  function_validator judge(passes);
  const new_dependee nothing{"crg", "s", "", ""};
  const auto checked = cutover_document(store, nothing, judge, {}, cutover_mode::check);
  const auto done = cutover_document(store, nothing, judge);
  ASSERT_FALSE(checked);
  ASSERT_FALSE(done);
  EXPECT_EQ(checked.error().message(), done.error().message());
  EXPECT_NE(checked.error().message().find("schema digest"), std::string::npos) << checked.error().message();
}

TEST_F(CutoverDocument, ARequestThatIsRefusedSaysWhy) {
  function_validator judge(passes);
  EXPECT_FALSE(cutover_document(store, {"", "s", "d", ""}, judge));
  EXPECT_FALSE(cutover_document(store, {"crg", "s", "", ""}, judge));
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
