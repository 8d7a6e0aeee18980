#include "memory_calls.hpp"

#include <gtest/gtest.h>

#include <string>

int32_t answer_presence(void*, const agentslock_key*, agentslock_answer* answer) {
  agentslock_answer_digest(answer, text("sha256:another-digest-that-fits-no-small-string"));
  return AGENTSLOCK_PRESENT;
}
int32_t answer_passed(void*, const agentslock_facts*, agentslock_answer* answer) {
  agentslock_answer_why(answer, text("a reason that is long enough for an allocation of its own"));
  return AGENTSLOCK_PASSED;
}
int32_t activate_other(void*, agentslock_lockfile* file) {
  // Whatever it is told: the update must find out by itself.
  agentslock_activate(file, text("other"), text("sha256:y"),
                      text("sha256:a-digest-that-fits-no-small-string"), noon, nullptr);
  return AGENTSLOCK_WRITE;
}

namespace {

const agentslock_schema second{{"crg", 3}, {"sha256:y", 8}, {"sha256:a-second-schema-of-crg", 25}, {"2", 1}};
const agentslock_key view_v = {{"comp", 4}, {"v", 1}};
const agentslock_dependency on_second{{"crg", 3}, {"sha256:a-second-schema-of-crg", 25}, {"2", 1}};

const memory_call calls[] = {
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
    {"update", [](world& on) { return agentslock_update(on.document, activate_other, nullptr, &on.why); }},
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
       const auto code = agentslock_validator_new(answer_passed, nullptr, &made, &on.why);
       agentslock_validator_free(made);
       return code;
     }},
};

}  // namespace

std::span<const memory_call> memory_calls() {
  return calls;
}
// SPDX-License-Identifier: Apache-2.0
