// A suite that finds nothing proves little unless it is seen to find something: each seeded bug is put into the
// libraries, and the law that is named beside it must find it.

#include <gtest/gtest.h>

#include <cstdio>
#include <ostream>
#include <string>
#include <string_view>

#include "figure.hpp"
#include "io_bugs.hpp"
#include "kernel_bugs.hpp"
#include "property.hpp"

namespace agentslock::properties {
namespace {

using testing::print_figure;

/// A bug, and how it is found.
struct seeded_bug {
  std::string_view name;
  kernel_bug in_kernel;
  io_bug in_io;
  std::string_view property;
  std::string_view law;
};

void PrintTo(const seeded_bug& one, std::ostream* out) {
  *out << one.name;
}

constexpr std::string_view steps = "every_step_keeps_its_laws";
constexpr std::string_view twin = "the_kernel_is_the_plain_machine_from_any_lockfile";
constexpr std::string_view gate = "the_gate_keeps_its_laws";
constexpr std::string_view files = "every_lockfile_keeps_its_laws";
constexpr std::string_view change = "every_change_keeps_its_laws";
constexpr std::string_view by_go = "a_document_by_the_go_writer_stays_one";
constexpr std::string_view store = "every_store_keeps_its_laws";

#define IN_KERNEL(bug, property, law) \
  { #bug, kernel_bug::bug, io_bug::none, property, law }
#define IN_IO(bug, property, law) \
  { #bug, kernel_bug::none, io_bug::bug, property, law }

// clang-format off
constexpr seeded_bug bugs[] = {
    // bug                                     found by property                        and law
    IN_KERNEL(log_keeps_one_more,              steps,                                   "the_log_is_the_last_20_of_the_full_trace"),
    IN_KERNEL(log_drops_the_newest,            steps,                                   "the_log_ends_in_the_current_status"),
    IN_KERNEL(from_is_the_new_status,          steps,                                   "each_entry_begins_where_its_predecessor_ended"),
    IN_KERNEL(copy_forgets_validation,         files,                                   "a_copy_shares_nothing_with_its_original"),
    IN_KERNEL(register_again,                  steps,                                   "a_registration_records_what_it_was_given"),
    IN_KERNEL(remove_adapter_that_is_needed,   steps,                                   "a_removal_takes_out_what_nobody_needs"),
    IN_KERNEL(stale_verdicts_count,            steps,                                   "a_cutover_believes_no_stale_verdict"),
    IN_KERNEL(only_first_dependency_counts,    twin,                                    "the_kernel_answers_as_the_plain_machine"),
    IN_KERNEL(one_record_is_enough,            twin,                                    "the_kernel_answers_as_the_plain_machine"),
    IN_KERNEL(rebuild_unguarded,               steps,                                   "a_build_against_another_schema_is_refused"),
    IN_KERNEL(rebuild_keeps_old_digest,        steps,                                   "a_rebuild_records_its_digest"),
    IN_KERNEL(failure_replaces_dependencies,   steps,                                   "a_verdict_replaces_dependencies_only_by_new_ones"),
    IN_KERNEL(no_dependencies_replace,         steps,                                   "a_verdict_replaces_dependencies_only_by_new_ones"),
    IN_KERNEL(bump_ignores_new_digest,         steps,                                   "a_bump_freezes_exactly_the_ready_dependents"),
    IN_KERNEL(repeated_failure_untouched,      steps,                                   "what_changed_is_marked_as_touched"),
    IN_KERNEL(empty_digests_match,             steps,                                   "reconcile_does_what_its_table_says"),
    IN_KERNEL(pass_asks_for_all,               steps,                                   "reconcile_asks_once_for_each_ready_view"),
    IN_KERNEL(unknown_is_absent,               twin,                                    "the_kernel_answers_as_the_plain_machine"),
    IN_KERNEL(report_says_the_new_status,      steps,                                   "reconcile_reports_exactly_what_it_changed"),
    IN_KERNEL(cutover_ignores_blockers,        steps,                                   "a_cutover_activates_exactly_when_nothing_blocks"),
    IN_KERNEL(cutover_skips_pending_rebuild,   steps,                                   "a_cutover_records_the_schema_that_was_judged"),
    IN_KERNEL(cutover_forgets_version,         steps,                                   "a_cutover_records_the_schema_that_was_judged"),
    IN_KERNEL(cutover_trigger_without_version, steps,                                   "every_trigger_is_what_happened"),
    IN_KERNEL(gate_falls_through_unasked,      gate,                                    "only_a_view_that_awaits_its_rebuild_falls_through"),
    IN_KERNEL(gate_says_recorded_is_active,    gate,                                    "a_refusal_names_all_that_it_must"),

    IN_IO(ampersand_unescaped,                 "every_text_is_quoted_right",            "a_quoted_text_says_the_text"),
    IN_IO(upper_case_digits,                   "every_text_is_quoted_right",            "a_quoted_text_says_the_text"),
    IN_IO(no_tab_escape,                       "a_written_section_says_the_value",      "reading_a_written_section_gives_the_value"),
    IN_IO(empty_edits_stay,                    "every_splice_keeps_its_laws",           "edits_are_in_order_and_change_something"),
    IN_IO(size_forgets_removed_bytes,          "every_splice_keeps_its_laws",           "pieces_text_and_size_agree"),
    IN_IO(last_piece_is_lost,                  "every_splice_keeps_its_laws",           "pieces_text_and_size_agree"),
    IN_IO(comma_stays_behind,                  change,                                  "the_document_stays_well_formed"),
    IN_IO(no_comma_before_first,               "containers_are_edited_as_planned",      "a_container_has_the_planned_items"),
    IN_IO(new_names_go_last,                   by_go,                                   "the_go_writers_format_stays"),
    IN_IO(new_members_go_last,                 by_go,                                   "the_edited_document_is_the_rewritten_one"),
    IN_IO(whole_history_is_new,                change,                                  "unknown_members_survive"),
    IN_IO(whole_dependencies_are_new,          change,                                  "unknown_members_survive"),
    IN_IO(adapters_never_change,               change,                                  "reading_what_was_written_gives_the_value"),
    IN_IO(empty_views_stay,                    by_go,                                   "the_go_writers_format_stays"),
    IN_IO(null_items_are_dropped,              "a_document_is_read_as_the_twin_reads_it", "the_codec_reads_as_the_plain_reader"),
    IN_IO(repeated_unknown_is_taken,           "near_misses_are_refused",               "a_near_miss_is_refused"),
    IN_IO(case_folds_in_ascii_only,            "near_misses_are_refused",               "a_near_miss_is_refused"),
    IN_IO(trailing_bytes_are_taken,            "near_misses_are_refused",               "a_near_miss_is_refused"),
    IN_IO(open_end_is_taken,                   "prefixes_are_refused",                  "every_prefix_of_a_document_is_refused"),
    IN_IO(version_is_never_added,              change,                                  "lock_version_comes_with_the_first_change"),
    IN_IO(cleared_digest_stays,                change,                                  "what_was_staged_is_said"),
    IN_IO(section_is_not_stated,               change,                                  "reading_what_was_written_gives_the_value"),
    IN_IO(save_never_conflicts,                store,                                   "a_save_over_another_meaning_is_a_conflict"),
    IN_IO(save_believes_old_text,              store,                                   "a_save_over_another_meaning_is_a_conflict"),
    IN_IO(write_without_change,                store,                                   "what_did_not_change_is_not_touched"),
    IN_IO(failed_update_is_written,            store,                                   "a_failed_update_writes_nothing"),
};
// clang-format on

#undef IN_KERNEL
#undef IN_IO

class SeededBug : public ::testing::TestWithParam<seeded_bug> {
 protected:
  ~SeededBug() override {
    seed(kernel_bug::none);
    seed(io_bug::none);
  }
};

TEST_P(SeededBug, IsFoundByItsLaw) {
  const seeded_bug& bug = GetParam();
  seed(bug.in_kernel);
  seed(bug.in_io);
  const check_outcome outcome = find_breach(property_named(bug.property), bug.law, 10);
  ASSERT_FALSE(outcome.holds) << bug.law << " does not find it";
  EXPECT_NE(outcome.report.find(std::string(bug.law) + ": "), std::string::npos) << outcome.report;
  print_figure("seeded bugs", "%-34s found by %s", std::string(bug.name).c_str(),
               std::string(bug.law).c_str());
}

INSTANTIATE_TEST_SUITE_P(All, SeededBug, ::testing::ValuesIn(bugs),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace agentslock::properties
