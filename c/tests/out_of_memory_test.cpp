// Memory runs out at each allocation of each call, once or from then on: the call says so, the document is the old one, and
// the next call goes on as if nothing had been.
#include <agentslock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "allocation_counter.hpp"
#include "memory_calls.hpp"

namespace {

using agentslock::testing::allocation_failure;

class OutOfMemory : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = boost::filesystem::temp_directory_path() / ("agentslock-oom-" + std::to_string(::getpid()));
    boost::filesystem::create_directories(directory_);
    path_ = (directory_ / "doc.lock").string();
    world begin;
    ASSERT_EQ(agentslock_document_open(text(path_.c_str()), &begin.document, nullptr), AGENTSLOCK_OK);
    ASSERT_EQ(agentslock_update(begin.document, first, nullptr, nullptr), AGENTSLOCK_OK);
    agentslock_document_close(begin.document);
    before_ = content();
    ASSERT_NE(before_, "");
  }
  void TearDown() override { boost::filesystem::remove_all(directory_); }

  /// comp/v is ready over crg's first schema, and the store has another digest for it; comp/w awaits a rebuild.
  static int32_t first(void*, agentslock_lockfile* file) {
    const agentslock_dependency on_crg{text("crg"), text("sha256:s1"), text("1")};
    const auto ok = [](agentslock_code code) { EXPECT_EQ(code, AGENTSLOCK_OK); };
    ok(agentslock_activate(file, text("crg"), text("sha256:y"), text("sha256:s1"), noon, nullptr));
    for (const char* view : {"v", "w"})
      ok(agentslock_register_view(file, agentslock_key_of("comp", view), text("sha256:v"), &on_crg, 1, noon,
                                  nullptr));
    return AGENTSLOCK_WRITE;
  }

  std::string content() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  world made() {
    std::ofstream(path_) << before_;
    world of;
    const auto ok = [](agentslock_code code) { ASSERT_EQ(code, AGENTSLOCK_OK); };
    ok(agentslock_document_open(text(path_.c_str()), &of.document, nullptr));
    ok(agentslock_document_set_synced(of.document, 0, nullptr));
    ok(agentslock_load(of.document, &of.file, nullptr));
    ok(agentslock_load(of.document, &of.as_given, nullptr));
    ok(agentslock_gate_open(of.document, &of.gate, nullptr));
    ok(agentslock_presence_new(answer_presence, nullptr, &of.presence, nullptr));
    ok(agentslock_validator_new(answer_passed, nullptr, &of.validator, nullptr));
    ok(agentslock_builder_new(answer_passed, nullptr, &of.builder, nullptr));
    ok(agentslock_changes_new(&of.changes, nullptr));
    ok(agentslock_changes_set_section(of.changes, text("units"), text("{\"a\": 1}"), nullptr));
    return of;
  }
  static void close(world& of) {
    agentslock_error_free(of.why);
    agentslock_report_free(of.report);
    agentslock_changes_free(of.changes);
    agentslock_builder_free(of.builder);
    agentslock_validator_free(of.validator);
    agentslock_presence_free(of.presence);
    agentslock_gate_close(of.gate);
    agentslock_lockfile_free(of.as_given);
    agentslock_lockfile_free(of.file);
    agentslock_document_close(of.document);
  }

  /// Runs out of memory at each allocation of the call, for good at every third; where nights do not ask for so many, at the
  /// first twenty and then at every seventh or every twenty-first of those. How many allocations there were.
  long run_out(const memory_call& of, bool from_then_on) {
    const char* const wish = std::getenv("AGENTSLOCK_EXPLORE");
    const bool all = wish != nullptr && std::string_view(wish) == "large";
    for (long at = 0;; at += (from_then_on ? 3 : 1) * (all || at < 20 ? 1 : 7)) {
      world on = made();
      allocation_failure failure(at, from_then_on);
      const agentslock_code code = of.make(on);
      failure.end();
      if (!failure.happened()) {
        EXPECT_EQ(code, AGENTSLOCK_OK) << of.name;
        close(on);
        return at;
      }
      SCOPED_TRACE(std::string(of.name) + ", allocation " + std::to_string(at));
      const std::string now = content();
      if (code == AGENTSLOCK_OUT_OF_MEMORY) {
        EXPECT_EQ(agentslock_error_code(on.why), AGENTSLOCK_OUT_OF_MEMORY);
        EXPECT_NE(agentslock_error_message(on.why).size, 0U);
        EXPECT_EQ(on.report, nullptr);
        if (!of.writes_several_times) {
          EXPECT_EQ(now, before_);
        }
        // What is in memory is the old value, or nobody may look at it.
        if (agentslock_save(on.document, on.file, nullptr) == AGENTSLOCK_OK && !of.writes_several_times &&
            !of.changes_before) {
          EXPECT_EQ(content(), before_);
        }
      } else {
        // It did without the memory, or can't say what became of the document.
        EXPECT_TRUE(code == AGENTSLOCK_OK || code == AGENTSLOCK_OUTCOME_UNCERTAIN) << code;
        if (code == AGENTSLOCK_OUTCOME_UNCERTAIN) {
          EXPECT_NE(now, before_);
        }
      }
      if (HasFailure()) return at;
      // Whatever happened, the next one can read and write.
      EXPECT_EQ(agentslock_update(on.document, activate_other, nullptr, nullptr), AGENTSLOCK_OK);
      close(on);
    }
  }

  boost::filesystem::path directory_;
  std::string path_;
  std::string before_;
};

TEST_F(OutOfMemory, IsSaidAndTheDocumentIsTheOldOne) {
  long all = 0;
  for (const memory_call& one : memory_calls()) {
    all += run_out(one, false);
    if (HasFailure()) return;
  }
  EXPECT_GT(all, 1000);
  std::printf("memory ran out %ld times\n", all);
}

TEST_F(OutOfMemory, ForGoodIsSaidToo) {
  for (const memory_call& one : memory_calls()) {
    run_out(one, true);
    if (HasFailure()) return;
  }
}

}  // namespace
// SPDX-License-Identifier: Apache-2.0
