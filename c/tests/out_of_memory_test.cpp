// Memory runs out at each allocation of each call, once or from then on: the call says so, the document is the old one, and
// the next call goes on as if nothing had been.
#include <agentslock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "allocation_counter.hpp"

namespace {

using agentslock::testing::allocation_failure;

constexpr std::int64_t noon = 1782907200;

agentslock_text text(const char* of) {
  return agentslock_text_of(of);
}

int32_t find(void*, const agentslock_key*, agentslock_answer* answer) {
  agentslock_answer_digest(answer, text("sha256:another-digest-that-fits-no-small-string"));
  return AGENTSLOCK_PRESENT;
}
int32_t pass(void*, const agentslock_facts*, agentslock_answer* answer) {
  agentslock_answer_why(answer, text("a reason that is long enough for an allocation of its own"));
  return AGENTSLOCK_PASSED;
}
int32_t activate(void*, agentslock_lockfile* file) {
  // Whatever it is told: the update must find out by itself.
  agentslock_activate(file, text("other"), text("sha256:y"),
                      text("sha256:a-digest-that-fits-no-small-string"), noon, nullptr);
  return AGENTSLOCK_WRITE;
}

/// What the calls work on. All of it is made before memory runs out.
struct world {
  agentslock_document* document = nullptr;
  agentslock_lockfile* file = nullptr;
  agentslock_lockfile* as_given = nullptr;
  agentslock_gate* gate = nullptr;
  agentslock_presence* presence = nullptr;
  agentslock_validator* validator = nullptr;
  agentslock_builder* builder = nullptr;
  agentslock_changes* changes = nullptr;
  agentslock_error* why = nullptr;
  agentslock_report* report = nullptr;
};

/// One call. Whether it may have written when memory ran out after that: it does more than one thing.
struct call {
  const char* name;
  std::function<agentslock_code(world&)> make;
  bool writes_several_times = false;
  /// Whether it changes the lockfile in memory before it writes that.
  bool changes_before = false;
};

class OutOfMemory : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("agentslock-oom-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory_);
    path_ = (directory_ / "doc.lock").string();
    world begin;
    ASSERT_EQ(agentslock_document_open(text(path_.c_str()), &begin.document, nullptr), AGENTSLOCK_OK);
    ASSERT_EQ(agentslock_update(begin.document, first, nullptr, nullptr), AGENTSLOCK_OK);
    agentslock_document_close(begin.document);
    before_ = content();
    ASSERT_NE(before_, "");
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

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
    ok(agentslock_presence_new(find, nullptr, &of.presence, nullptr));
    ok(agentslock_validator_new(pass, nullptr, &of.validator, nullptr));
    ok(agentslock_builder_new(pass, nullptr, &of.builder, nullptr));
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

  /// Runs out of memory at each allocation of the call; for good at every third. How many there were.
  long run_out(const call& of, bool from_then_on) {
    for (long at = 0;; at += from_then_on ? 3 : 1) {
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
      EXPECT_EQ(agentslock_update(on.document, activate, nullptr, nullptr), AGENTSLOCK_OK);
      close(on);
    }
  }

  std::filesystem::path directory_;
  std::string path_;
  std::string before_;
};

const agentslock_schema second{{"crg", 3}, {"sha256:y", 8}, {"sha256:a-second-schema-of-crg", 25}, {"2", 1}};
const agentslock_key view_v = {{"comp", 4}, {"v", 1}};
const agentslock_dependency on_second{{"crg", 3}, {"sha256:a-second-schema-of-crg", 25}, {"2", 1}};

const call calls[] = {
    {"open",
     [](world& on) {
       agentslock_document* made = nullptr;
       const auto code = agentslock_document_open(text("/a/path/that/fits/no/small/string"), &made, &on.why);
       agentslock_document_close(made);
       return code;
     }},
    {"set_wait", [](world& on) { return agentslock_document_set_wait(on.document, 100, &on.why); }},
    {"load",
     [](world& on) {
       agentslock_lockfile* made = nullptr;
       const auto code = agentslock_load(on.document, &made, &on.why);
       agentslock_lockfile_free(made);
       return code;
     }},
    {"list",
     [](world& on) {
       agentslock_listing* made = nullptr;
       const auto code = agentslock_lockfile_list(on.file, &made, &on.why);
       agentslock_listing_free(made);
       return code;
     }},
    {"gate_ask",
     [](world& on) {
       const agentslock_gate_answer* answer = nullptr;
       const auto code = agentslock_gate_ask(on.gate, agentslock_key_of("comp", "v"), 0, &answer, &on.why);
       EXPECT_EQ(code == AGENTSLOCK_OK, answer != nullptr);
       return code;
     }},
    {"may_query of what is refused",
     [](world& on) {
       const agentslock_gate_answer* answer = nullptr;
       const auto code =
           agentslock_lockfile_may_query(on.file, agentslock_key_of("comp", "none"), 0, &answer, &on.why);
       EXPECT_TRUE(answer == nullptr || answer->decision == AGENTSLOCK_QUERY_REFUSED);
       return code;
     }},
    {"update", [](world& on) { return agentslock_update(on.document, activate, nullptr, &on.why); }},
    {"save",
     [](world& on) {
       const auto code = agentslock_activate(on.file, text("other"), text("s"), text("d"), noon, &on.why);
       return code == AGENTSLOCK_OK ? agentslock_save(on.document, on.file, &on.why) : code;
     },
     false, true},
    {"save_over",
     [](world& on) {
       const auto code = agentslock_activate(on.file, text("other"), text("s"), text("d"), noon, &on.why);
       return code == AGENTSLOCK_OK ? agentslock_save_over(on.document, on.file, &on.why) : code;
     },
     false, true},
    {"flush", [](world& on) { return agentslock_flush(on.document, on.changes, &on.why); }},
    {"set_section",
     [](world& on) {
       return agentslock_changes_set_section(on.changes, text("packages"), text("[1, 2]"), &on.why);
     }},
    {"sections_read",
     [](world& on) {
       agentslock_sections* made = nullptr;
       const auto code = agentslock_sections_read(on.document, &made, &on.why);
       agentslock_sections_free(made);
       return code;
     }},
    {"activate",
     [](world& on) {
       return agentslock_activate(on.file, text("other"), text("s"), text("d"), noon, &on.why);
     }},
    {"register_view",
     [](world& on) {
       return agentslock_register_view(on.file, agentslock_key_of("comp", "new"), text("d"), &on_second, 1,
                                       noon, &on.why);
     }},
    {"mark_dependee_bumped",
     [](world& on) {
       return agentslock_mark_dependee_bumped(on.file, text("crg"), second.schema_digest, text("2"), noon,
                                              &on.report, &on.why);
     }},
    {"resolve, revalidate, rebuilt",
     [](world& on) {
       auto code =
           agentslock_mark_dependee_bumped(on.file, text("crg"), text(""), text(""), noon, nullptr, &on.why);
       if (code == AGENTSLOCK_OK)
         code = agentslock_resolve_recompat(on.file, view_v, AGENTSLOCK_PASSED, &on_second, 1, noon, &on.why);
       if (code == AGENTSLOCK_OK)
         code = agentslock_revalidate(on.file, view_v, AGENTSLOCK_PASSED, nullptr, 0, noon, &on.why);
       if (code == AGENTSLOCK_OK)
         code = agentslock_mark_view_rebuilt(on.file, view_v, text("d"), nullptr, 0, noon, &on.why);
       return code;
     },
     true},
    {"remove_adapter", [](world& on) { return agentslock_remove_adapter(on.file, text("comp"), &on.why); }},
    {"cutover_candidates",
     [](world& on) {
       return agentslock_cutover_candidates(on.file, text("crg"), second.schema_digest, &on.report, &on.why);
     }},
    {"apply_cutover",
     [](world& on) {
       const agentslock_verdict verdicts[] = {
           {view_v, AGENTSLOCK_PASSED, nullptr, 0},
           {agentslock_key_of("comp", "w"), AGENTSLOCK_FAILED, nullptr, 0}};
       return agentslock_apply_cutover(on.file, second, verdicts, 2, on.as_given, noon, &on.report, &on.why);
     }},
    {"reconcile_lockfile",
     [](world& on) {
       return agentslock_reconcile_lockfile(on.file, on.presence, noon, &on.report, &on.why);
     }},
    {"reconcile",
     [](world& on) { return agentslock_reconcile(on.document, on.presence, 0, &on.report, &on.why); }},
    {"check", [](world& on) { return agentslock_check(on.document, &on.report, &on.why); }},
    {"cutover",
     [](world& on) {
       return agentslock_cutover(on.document, second, on.validator, nullptr, 0, &on.report, &on.why);
     },
     true},
    {"recover",
     [](world& on) {
       return agentslock_recover(on.document, on.presence, on.validator, on.builder, nullptr, &on.report,
                                 &on.why);
     },
     true},
    {"lock",
     [](world& on) {
       agentslock_lock* held = nullptr;
       const auto code = agentslock_lock_acquire(on.document, &held, &on.why);
       return code == AGENTSLOCK_OK ? agentslock_lock_release(held, &on.why) : code;
     }},
    {"lock_look",
     [](world& on) {
       agentslock_lock_status* made = nullptr;
       const auto code = agentslock_lock_look(on.document, &made, &on.why);
       agentslock_lock_status_free(made);
       return code;
     }},
    {"validator_new",
     [](world& on) {
       agentslock_validator* made = nullptr;
       const auto code = agentslock_validator_new(pass, nullptr, &made, &on.why);
       agentslock_validator_free(made);
       return code;
     }},
};

TEST_F(OutOfMemory, IsSaidAndTheDocumentIsTheOldOne) {
  long all = 0;
  for (const call& one : calls) {
    all += run_out(one, false);
    if (HasFailure()) return;
  }
  EXPECT_GT(all, 1000);
  std::printf("memory ran out %ld times\n", all);
}

TEST_F(OutOfMemory, ForGoodIsSaidToo) {
  for (const call& one : calls) {
    run_out(one, true);
    if (HasFailure()) return;
  }
}

}  // namespace
// SPDX-License-Identifier: Apache-2.0
