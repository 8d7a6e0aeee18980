// What a validator or a builder is told, and how its answer is read.

#include "agentslock/io/view_facts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "program_fixture.hpp"

namespace agentslock::testing {
namespace {

view_facts some_facts() {
  view_facts facts;
  facts.adapter = "comp";
  facts.view = "own\"ers\n";
  facts.status = "pending-recompat-check";
  facts.token = "sha256:0a";
  facts.document = "/p/.agentsrc.lock";
  facts.store = "sqlite:/p/store";
  facts.dependees = {{"crg", {"sha256:1", "1.4.0"}, schema_identity{"sha256:2", "2.0.0"}},
                     {"gone", {"sha256:3", ""}, std::nullopt}};
  return facts;
}

std::optional<std::string> value_of(const std::vector<environment_variable>& variables,
                                    std::string_view name) {
  const auto found = std::ranges::find(variables, name, &environment_variable::name);
  return found == variables.end() ? "no such variable" : found->value;
}

TEST(ProgramFacts, AreOneLineOfJson) {
  EXPECT_EQ(
      facts_json(some_facts()),
      R"({"adapter": "comp", "view": "own\"ers\n", "status": "pending-recompat-check", "facts": "sha256:0a", )"
      R"("document": "/p/.agentsrc.lock", "store": "sqlite:/p/store", "dependees": [)"
      R"({"adapter": "crg", "recorded": {"schema_digest": "sha256:1", "version": "1.4.0"}, )"
      R"("new": {"schema_digest": "sha256:2", "version": "2.0.0"}}, )"
      R"({"adapter": "gone", "recorded": {"schema_digest": "sha256:3", "version": ""}, "new": null}]})"
      "\n");
}

TEST(ProgramFacts, WithoutAPathThatJsonCanTellAreNull) {
  view_facts facts = some_facts();
  facts.document = "/p\xFF/.agentsrc.lock";
  facts.store.clear();
  facts.dependees.clear();
  EXPECT_NE(facts_json(facts).find(R"("document": null, "store": null, "dependees": [])"), std::string::npos);
  EXPECT_EQ(value_of(facts_environment(facts), "AGENTSLOCK_DOCUMENT"), facts.document);
  EXPECT_EQ(value_of(facts_environment(facts), "AGENTSLOCK_STORE"), std::nullopt);
  EXPECT_EQ(value_of(facts_environment(facts), "AGENTSLOCK_DEPENDEES"), "0");
}

TEST(ProgramFacts, AreVariables) {
  const auto variables = facts_environment(some_facts());
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_ADAPTER"), "comp");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_VIEW"), "own\"ers\n");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_STATUS"), "pending-recompat-check");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_FACTS"), "sha256:0a");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DOCUMENT"), "/p/.agentsrc.lock");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_STORE"), "sqlite:/p/store");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEES"), "2");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_1"), "crg");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_1_RECORDED_DIGEST"), "sha256:1");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_1_RECORDED_VERSION"), "1.4.0");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_1_NEW_DIGEST"), "sha256:2");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_1_NEW_VERSION"), "2.0.0");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_2"), "gone");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_2_RECORDED_VERSION"), "");
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_2_NEW_DIGEST"), std::nullopt);
  EXPECT_EQ(value_of(variables, "AGENTSLOCK_DEPENDEE_2_NEW_VERSION"), std::nullopt);
  EXPECT_EQ(variables.size(), 17);
}

TEST(ProgramFacts, ThatAreNotThereHideOurs) {
  ASSERT_EQ(::setenv("AGENTSLOCK_STORE", "of the caller", 1), 0);
  program_call call;
  call.command = "echo \"${AGENTSLOCK_STORE-none}\"";
  call.environment = facts_environment({});
  EXPECT_EQ(run(call).outcome.output, "none\n");
  ::unsetenv("AGENTSLOCK_STORE");
}

TEST(NewDependencies, AreReadInTheirOrder) {
  const auto read = parse_new_dependencies(
      "\n {\"depends_on\": [{\"version\": \"\\u00e9\", \"adapter\": \"b\", \"schema_digest\": \"d\"},"
      " {\"adapter\": \"a\", \"schema_digest\": \"e\"}]}\n");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(*read, (std::vector<owned_dependency>{{"b", "d", "é"}, {"a", "e", ""}}));
}

TEST(NewDependencies, AreNoneWhenNothingIsSaid) {
  for (const char* printed : {"", " \r\n\t", "{}", "{\"depends_on\": []}"}) {
    const auto read = parse_new_dependencies(printed);
    ASSERT_TRUE(read) << printed;
    EXPECT_TRUE(read->empty()) << printed;
  }
}

TEST(NewDependencies, ThatAreWrittenWronglyAreAnErrorThatSaysWhere) {
  struct wrong {
    const char* printed;
    errc code;
    const char* message;
  };
  const wrong all[] = {
      {"checked 3 tables", errc::not_json, "standard output:1:"},
      {"{\"depends_on\": [}", errc::not_json, "standard output:1:17"},
      {"{\"depends_on\": []}\nok", errc::not_json, "standard output:2:1"},
      {"{\"depends_on\": [", errc::not_json, "ends too early"},
      {"[]", errc::not_an_object, "not an object"},
      {"{\"depends_on\": null}", errc::wrong_type, "depends_on must be an array"},
      {"{\"dependson\": []}", errc::wrong_type, "\"dependson\" is not known"},
      {"{\"depends_on\": [], \"depends_on\": []}", errc::repeated_name, "depends_on stands twice"},
      {"{\"depends_on\": [\"crg\"]}", errc::wrong_type, "1:17: a dependency must be an object"},
      {"{\"depends_on\": [{}]}", errc::wrong_type, "needs an adapter"},
      {"{\"depends_on\": [{\"adapter\": \"\", \"schema_digest\": \"d\"}]}", errc::wrong_type,
       "needs an adapter"},
      {"{\"depends_on\": [{\"adapter\": \"a\"}]}", errc::wrong_type, "needs a schema_digest"},
      {"{\"depends_on\": [{\"adapter\": \"a\", \"adapter\": \"a\"}]}", errc::repeated_name,
       "adapter stands twice"},
      {"{\"depends_on\": [{\"adapter\": 1}]}", errc::wrong_type, "1:29: adapter must be a string"},
      {"{\"depends_on\": [{\"digest\": \"d\"}]}", errc::wrong_type, "\"digest\" is not known"},
      {"{\"depends_on\": [{\"adapter\": \"\xFF\"}]}", errc::not_json, "1:30"},
  };
  for (const wrong& one : all) {
    const auto read = parse_new_dependencies(one.printed);
    ASSERT_FALSE(read) << one.printed;
    EXPECT_EQ(read.error().code(), one.code) << one.printed;
    EXPECT_NE(read.error().message().find(one.message), std::string::npos) << read.error().message();
  }
}

program_outcome outcome_of(program_verdict verdict, std::string output) {
  program_outcome outcome;
  outcome.verdict = verdict;
  outcome.output = std::move(output);
  return outcome;
}

TEST(ValidatorAnswer, OfAPassHasTheNewDependencies) {
  const auto answer = answer_of(
      run(R"(echo '{"depends_on":[{"adapter":"crg","schema_digest":"d","version":"2"}]}')").outcome);
  EXPECT_EQ(answer.verdict, program_verdict::passed);
  EXPECT_EQ(answer.new_dependencies, (std::vector<owned_dependency>{{"crg", "d", "2"}}));
  EXPECT_EQ(answer_of(run("exit 0").outcome), (validator_answer{program_verdict::passed, "", {}}));
}

TEST(ValidatorAnswer, OfAPassWithSomethingElsePrintedIsNone) {
  const auto answer = answer_of(run("echo all is well").outcome);
  EXPECT_EQ(answer.verdict, program_verdict::could_not_tell);
  EXPECT_TRUE(
      answer.why.starts_with("it passed, but what it printed is no object with new dependencies: "
                             "standard output:1:1: "))
      << answer.why;
}

TEST(ValidatorAnswer, HasAShortReasonHoweverLongTheMistake) {
  const auto answer =
      answer_of(outcome_of(program_verdict::passed, "{\"" + std::string(100'000, 'x') + "\": 1}"));
  EXPECT_EQ(answer.verdict, program_verdict::could_not_tell);
  EXPECT_EQ(answer.why.size(), program_reason_bytes_max + std::string_view("…").size());
}

TEST(ValidatorAnswer, OfAPassThatPrintedTooMuchIsNone) {
  program_outcome outcome = outcome_of(program_verdict::passed, "{}");
  outcome.output_cut = true;
  const auto answer = answer_of(outcome);
  EXPECT_EQ(answer.verdict, program_verdict::could_not_tell);
  EXPECT_NE(answer.why.find("more than 1 MiB"), std::string::npos);
}

TEST(ValidatorAnswer, OfAFailureDoesNotLookAtWhatWasPrinted) {
  program_outcome outcome =
      outcome_of(program_verdict::failed, R"({"depends_on":[{"adapter":"a","schema_digest":"d"}]})");
  outcome.why = "why";
  EXPECT_EQ(answer_of(outcome), (validator_answer{program_verdict::failed, "why", {}}));
  EXPECT_EQ(answer_of(outcome_of(program_verdict::could_not_tell, "checking")).why, "");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
