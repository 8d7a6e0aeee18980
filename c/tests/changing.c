/* Operations on a lockfile, writing it, callbacks that answer, fail or say nothing, and the life of a document's views. */
#include "expect.h"

#define TEXT(string) agentslock_text_of(string)
#define OWNERS agentslock_key_of("comp", "owners")
static const int64_t noon = 1782907200; /* 2026-07-01T12:00:00Z */

/* A store of one table for each view, a validator and a builder, which do what the test says. */
struct world {
  const char* owners; /* The digest that the store has; NULL: absent. */
  int32_t find_answers;
  int32_t judge_answers;
  int32_t build_answers;
  int judged, built, told;
  const char* why;
  int digest_is_said;
  int dependencies_are_wrong;
  agentslock_work* stop_at_once;
};

static int32_t find(void* user, const agentslock_key* key, agentslock_answer* answer) {
  const struct world* of = user;
  EXPECT(says(key->adapter, "comp"));
  if (of->why != NULL) agentslock_answer_why(answer, TEXT(of->why));
  if (of->find_answers != -1) {
    if (of->digest_is_said) agentslock_answer_digest(answer, TEXT("sha256:said"));
    return of->find_answers;
  }
  if (of->owners == NULL || !says(key->view, "owners")) return AGENTSLOCK_ABSENT;
  agentslock_answer_digest(answer, TEXT(of->owners));
  return AGENTSLOCK_PRESENT;
}

static int32_t judge(void* user, const agentslock_facts* facts, agentslock_answer* answer) {
  struct world* of = user;
  ++of->judged;
  EXPECT(says(facts->key.view, "owners") && facts->token.size == 71 && facts->dependee_count == 1);
  EXPECT(says(facts->dependees[0].adapter, "crg") && says(facts->dependees[0].recorded_digest, "sha256:s1"));
  EXPECT(says(facts->dependees[0].new_digest, "sha256:s2"));
  EXPECT(agentslock_answer_is_stopped(answer) == 0);
  if (of->why != NULL) agentslock_answer_why(answer, TEXT(of->why));
  if (of->dependencies_are_wrong) agentslock_answer_depends_on(answer, NULL, 3);
  return of->judge_answers;
}

static int32_t build(void* user, const agentslock_facts* facts, agentslock_answer* answer) {
  struct world* of = user;
  ++of->built;
  EXPECT(says(facts->status, "pending-rebuild"));
  if (of->stop_at_once != NULL) {
    agentslock_work_stop(of->stop_at_once);
    EXPECT(agentslock_answer_is_stopped(answer) == 1);
  }
  if (of->build_answers == AGENTSLOCK_PASSED) of->owners = "sha256:v2";
  return of->build_answers;
}

static void tell(void* user, const agentslock_progress* progress) {
  struct world* of = user;
  ++of->told;
  EXPECT(says(progress->name, "comp/owners") && progress->total == 1);
}

static struct world new_world(void) {
  struct world made = {"sha256:v1", -1, AGENTSLOCK_PASSED, AGENTSLOCK_PASSED, 0, 0, 0, NULL, 0, 0, NULL};
  return made;
}

static agentslock_item item_at(const agentslock_report* report, int32_t list, size_t index) {
  agentslock_item item;
  EXPECT(agentslock_report_item(report, list, index, &item) == 1);
  return item;
}

/* crg with its first schema, and a view that reads from it. */
static int32_t begin(void* user, agentslock_lockfile* file) {
  const agentslock_dependency on_crg = {{"crg", 3}, {"sha256:s1", 9}, {"1", 1}};
  (void)user;
  OK(agentslock_activate(file, TEXT("crg"), TEXT("sha256:y"), TEXT("sha256:s1"), noon, &why));
  OK(agentslock_register_view(file, OWNERS, TEXT("sha256:v1"), &on_crg, 1, noon, &why));
  FAILS(AGENTSLOCK_REFUSED, agentslock_register_view(file, OWNERS, TEXT("sha256:v1"), NULL, 0, noon, &why));
  agentslock_lockfile_free(file); /* lent: stays */
  return AGENTSLOCK_WRITE;
}
static int32_t changes_mind(void* user, agentslock_lockfile* file) {
  OK(agentslock_remove_view(file, OWNERS, &why));
  return *(const int32_t*)user;
}

static agentslock_document* begun(void) {
  agentslock_document* document = NULL;
  remove("doc.lock");
  OK(agentslock_document_open(TEXT("doc.lock"), &document, &why));
  OK(agentslock_update(document, begin, NULL, &why));
  return document;
}

static int32_t state_on_disk(const agentslock_document* document) {
  agentslock_lockfile* file = NULL;
  int32_t state = 0;
  OK(agentslock_load(document, &file, &why));
  state = agentslock_lockfile_state(file, OWNERS);
  agentslock_lockfile_free(file);
  return state;
}

static void updates(void) {
  agentslock_document* document = begun();
  const int32_t answers[] = {0, 1, 2, 3, 4, 6, -1};
  size_t i = 0;
  EXPECT(state_on_disk(document) == AGENTSLOCK_READY);
  for (i = 0; i < sizeof answers / sizeof answers[0]; ++i) {
    int32_t answer = answers[i];
    FAILS(AGENTSLOCK_GIVEN_UP, agentslock_update(document, changes_mind, &answer, &why));
    EXPECT(state_on_disk(document) == AGENTSLOCK_READY);
  }
  agentslock_document_close(document);
}

static void operations(void) {
  agentslock_document* document = begun();
  agentslock_lockfile* file = NULL;
  agentslock_lockfile* as_given = NULL;
  agentslock_report* report = NULL;
  const agentslock_dependency on_s2 = {{"crg", 3}, {"sha256:s2", 9}, {"2", 1}};
  const agentslock_schema s3 = {{"crg", 3}, {"sha256:y", 8}, {"sha256:s3", 9}, {"3", 1}};
  agentslock_verdict verdict = {{{"comp", 4}, {"owners", 6}}, AGENTSLOCK_FAILED, NULL, 0};
  agentslock_error* refused = NULL;
  OK(agentslock_load(document, &file, &why));

  OK(agentslock_dependents_on_another_schema(file, TEXT("crg"), TEXT("sha256:s2"), &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_CANDIDATE) == 1);
  agentslock_report_free(report);
  OK(agentslock_mark_dependee_bumped(file, TEXT("crg"), TEXT("sha256:s2"), TEXT("2"), noon, &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_FROZEN) == 1);
  EXPECT(says(item_at(report, AGENTSLOCK_FROZEN, 0).key.view, "owners"));
  agentslock_report_free(report);
  OK(agentslock_mark_dependee_bumped(file, TEXT("crg"), TEXT("sha256:s2"), TEXT("2"), noon, NULL, &why));

  FAILS(AGENTSLOCK_INVALID_ARGUMENT,
        agentslock_resolve_recompat(file, OWNERS, AGENTSLOCK_WRITE, NULL, 0, noon, &why));
  OK(agentslock_resolve_recompat(file, OWNERS, AGENTSLOCK_FAILED, NULL, 0, noon, &why));
  OK(agentslock_activation_blockers(file, TEXT("crg"), &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_BLOCKER) == 1);
  agentslock_report_free(report);
  OK(agentslock_resolve_recompat(file, OWNERS, AGENTSLOCK_PASSED, &on_s2, 1, noon, &why));
  FAILS(AGENTSLOCK_REFUSED, agentslock_mark_view_rebuilt(file, OWNERS, TEXT(""), NULL, 0, noon, &why));
  OK(agentslock_activate(file, TEXT("crg"), TEXT("sha256:y"), TEXT("sha256:s2"), noon, &why));
  {
    const agentslock_dependency read_s1 = {{"crg", 3}, {"sha256:s1", 9}, {NULL, 0}};
    EXPECT(agentslock_mark_view_rebuilt(file, OWNERS, TEXT("sha256:v2"), &read_s1, 1, noon, &refused) ==
           AGENTSLOCK_REFUSED);
    EXPECT(agentslock_error_refusal(refused) == AGENTSLOCK_BUILT_AGAINST_ANOTHER_SCHEMA);
    agentslock_error_free(refused);
  }
  OK(agentslock_mark_view_rebuilt(file, OWNERS, TEXT("sha256:v2"), &on_s2, 1, noon, &why));
  EXPECT(agentslock_lockfile_state(file, OWNERS) == AGENTSLOCK_READY);

  /* An activation that is no cutover: the bump is missed. */
  OK(agentslock_activate(file, TEXT("crg"), TEXT("sha256:y"), TEXT("sha256:s1"), noon, &why));
  OK(agentslock_mark_missed_bumps(file, noon, &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_MISSED_BUMP) == 1);
  EXPECT(says(item_at(report, AGENTSLOCK_MISSED_BUMP, 0).recorded_digest, "sha256:s2"));
  EXPECT(says(item_at(report, AGENTSLOCK_MISSED_BUMP, 0).active_digest, "sha256:s1"));
  agentslock_report_free(report);
  OK(agentslock_revalidate(file, OWNERS, AGENTSLOCK_PASSED, NULL, 0, noon, &why));
  OK(agentslock_mark_view_rebuilt(file, OWNERS, TEXT("sha256:v3"), NULL, 0, noon, &why));

  /* A cutover that is blocked, then one that goes through. */
  OK(agentslock_save(document, file, &why));
  OK(agentslock_load(document, &as_given, &why));
  OK(agentslock_cutover_candidates(file, TEXT("crg"), TEXT("sha256:s3"), &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_CANDIDATE) == 1);
  agentslock_report_free(report);
  FAILS(AGENTSLOCK_REFUSED, agentslock_apply_cutover(file, s3, NULL, 0, as_given, noon, NULL, &why));
  OK(agentslock_apply_cutover(file, s3, &verdict, 1, as_given, noon, &report, &why));
  EXPECT(agentslock_report_activated(report) == 0 &&
         agentslock_report_count(report, AGENTSLOCK_BLOCKER) == 1);
  EXPECT(item_at(report, AGENTSLOCK_JUDGED, 0).outcome == AGENTSLOCK_FAILED);
  agentslock_report_free(report);
  OK(agentslock_save(document, file, &why));
  agentslock_lockfile_free(as_given);
  OK(agentslock_load(document, &as_given, &why));
  verdict.verdict = AGENTSLOCK_PASSED;
  OK(agentslock_apply_cutover(file, s3, &verdict, 1, as_given, noon, &report, &why));
  EXPECT(agentslock_report_activated(report) == 1 &&
         agentslock_report_count(report, AGENTSLOCK_BLOCKER) == 0);
  agentslock_report_free(report);

  /* Somebody else has written meanwhile. */
  OK(agentslock_remove_view(as_given, OWNERS, &why));
  OK(agentslock_save(document, as_given, &why));
  FAILS(AGENTSLOCK_CONFLICT, agentslock_save(document, file, &why));
  EXPECT(state_on_disk(document) == AGENTSLOCK_NONE);
  OK(agentslock_save_over(document, file, &why));
  EXPECT(state_on_disk(document) == AGENTSLOCK_PENDING_REBUILD);
  FAILS(AGENTSLOCK_REFUSED, agentslock_remove_adapter(file, TEXT("nobody"), &why));
  OK(agentslock_remove_adapter(file, TEXT("comp"), &why));
  agentslock_lockfile_free(as_given);
  agentslock_lockfile_free(file);
  agentslock_document_close(document);
}

/* A store that can't say is an error, whatever it returns, and nothing is written. */
static void stores(void) {
  agentslock_document* document = begun();
  agentslock_presence* views = NULL;
  agentslock_report* report = NULL;
  agentslock_lockfile* file = NULL;
  struct world of = new_world();
  const int32_t no_answers[] = {0, 1, 2, 3, 5, 6, 99, -7};
  size_t i = 0;
  OK(agentslock_presence_new(find, &of, &views, &why));
  of.why = "the disk is on fire";
  for (i = 0; i < sizeof no_answers / sizeof no_answers[0]; ++i) {
    of.find_answers = no_answers[i];
    FAILS(AGENTSLOCK_STORE_UNREACHABLE, agentslock_reconcile(document, views, 0, &report, &why));
    EXPECT(report == NULL && state_on_disk(document) == AGENTSLOCK_READY);
  }
  OK(agentslock_load(document, &file, &why));
  FAILS(AGENTSLOCK_STORE_UNREACHABLE, agentslock_reconcile_lockfile(file, views, noon, NULL, &why));
  of.find_answers = -1;
  OK(agentslock_reconcile_lockfile(file, views, noon, &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_CHANGED) == 0 && agentslock_report_views(report) == 1);
  agentslock_report_free(report);
  of.owners = "sha256:other";
  OK(agentslock_reconcile_lockfile(file, views, noon, &report, &why));
  EXPECT(says(item_at(report, AGENTSLOCK_CHANGED, 0).why, "view digest mismatch"));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_EVERY_DIGEST_DIFFERS) == 1);
  agentslock_report_free(report);
  agentslock_lockfile_free(file);

  of.owners = NULL;
  OK(agentslock_reconcile(document, views, 1, &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_CHANGED) == 1 && agentslock_report_written(report) == 0);
  EXPECT(says(item_at(report, AGENTSLOCK_CHANGED, 0).from, "ready"));
  EXPECT(says(item_at(report, AGENTSLOCK_CHANGED, 0).to, "pending-rebuild"));
  agentslock_report_free(report);
  EXPECT(state_on_disk(document) == AGENTSLOCK_READY);
  OK(agentslock_reconcile(document, views, 0, &report, &why));
  EXPECT(agentslock_report_written(report) == 1 &&
         agentslock_report_in_state(report, AGENTSLOCK_PENDING_REBUILD) == 1);
  agentslock_report_free(report);
  EXPECT(state_on_disk(document) == AGENTSLOCK_PENDING_REBUILD);
  agentslock_presence_free(views);
  agentslock_document_close(document);
}

static void life(void) {
  agentslock_document* document = begun();
  agentslock_presence* views = NULL;
  agentslock_validator* judges = NULL;
  agentslock_builder* builds = NULL;
  agentslock_work* work = NULL;
  agentslock_report* report = NULL;
  struct world of = new_world();
  const agentslock_schema s2 = {{"crg", 3}, {"sha256:y", 8}, {"sha256:s2", 9}, {"2", 1}};
  const int32_t no_verdicts[] = {0, 3, 4, 5, 6, -1};
  size_t i = 0;
  OK(agentslock_presence_new(find, &of, &views, &why));
  OK(agentslock_validator_new(judge, &of, &judges, &why));
  OK(agentslock_builder_new(build, &of, &builds, &why));
  OK(agentslock_work_new(&work, &why));
  OK(agentslock_work_set_progress(work, tell, &of, &why));

  /* What is no verdict changes nothing. */
  for (i = 0; i < sizeof no_verdicts / sizeof no_verdicts[0]; ++i) {
    of.judge_answers = no_verdicts[i];
    OK(agentslock_cutover(document, s2, judges, work, 0, &report, &why));
    EXPECT(agentslock_report_undecided(report) == 1 && agentslock_report_written(report) == 0);
    EXPECT(item_at(report, AGENTSLOCK_JUDGED, 0).outcome == AGENTSLOCK_COULD_NOT_TELL);
    EXPECT(item_at(report, AGENTSLOCK_JUDGED, 0).why.size > 0);
    agentslock_report_free(report);
    EXPECT(state_on_disk(document) == AGENTSLOCK_READY);
  }
  EXPECT(of.told > 0);
  of.judge_answers = AGENTSLOCK_PASSED;
  of.dependencies_are_wrong = 1;
  OK(agentslock_cutover(document, s2, judges, NULL, 0, &report, &why));
  EXPECT(agentslock_report_undecided(report) == 1);
  agentslock_report_free(report);
  of.dependencies_are_wrong = 0;

  of.judge_answers = AGENTSLOCK_FAILED;
  of.why = "owner_id is gone";
  OK(agentslock_cutover(document, s2, judges, NULL, 0, &report, &why));
  EXPECT(agentslock_report_activated(report) == 0 &&
         agentslock_report_count(report, AGENTSLOCK_BLOCKER) == 1);
  EXPECT(says(item_at(report, AGENTSLOCK_JUDGED, 0).why, "owner_id is gone"));
  agentslock_report_free(report);
  EXPECT(state_on_disk(document) == AGENTSLOCK_DSL_UPDATE_REQUIRED);
  OK(agentslock_check(document, &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_GATE_SHUT) == 1);
  agentslock_report_free(report);

  of.judge_answers = AGENTSLOCK_PASSED;
  of.why = NULL;
  OK(agentslock_cutover(document, s2, judges, NULL, 1, &report, &why));
  EXPECT(agentslock_report_activated(report) == 1 && agentslock_report_written(report) == 0);
  agentslock_report_free(report);
  EXPECT(state_on_disk(document) == AGENTSLOCK_DSL_UPDATE_REQUIRED);
  OK(agentslock_cutover(document, s2, judges, NULL, 0, &report, &why));
  EXPECT(agentslock_report_activated(report) == 1 && agentslock_report_written(report) == 1);
  agentslock_report_free(report);
  EXPECT(state_on_disk(document) == AGENTSLOCK_PENDING_REBUILD);

  /* A builder that could not tell, one that failed, one that was stopped; then one that builds. */
  of.build_answers = 0;
  OK(agentslock_rebuild(document, views, builds, NULL, &report, &why));
  EXPECT(item_at(report, AGENTSLOCK_BUILT, 0).outcome == AGENTSLOCK_COULD_NOT_TELL);
  agentslock_report_free(report);
  of.build_answers = AGENTSLOCK_FAILED;
  OK(agentslock_rebuild(document, views, builds, NULL, &report, &why));
  EXPECT(item_at(report, AGENTSLOCK_BUILT, 0).outcome == AGENTSLOCK_FAILED);
  agentslock_report_free(report);
  EXPECT(state_on_disk(document) == AGENTSLOCK_PENDING_REBUILD);
  of.stop_at_once = work;
  of.build_answers = 0;
  OK(agentslock_recover(document, views, judges, builds, work, &report, &why));
  EXPECT(agentslock_report_in_state(report, AGENTSLOCK_READY) == 0);
  agentslock_report_free(report);
  of.stop_at_once = NULL;
  of.build_answers = AGENTSLOCK_PASSED;
  OK(agentslock_recover(document, views, judges, builds, NULL, &report, &why));
  EXPECT(agentslock_report_in_state(report, AGENTSLOCK_READY) == 1 && agentslock_report_views(report) == 1);
  EXPECT(item_at(report, AGENTSLOCK_BUILT, 0).outcome == AGENTSLOCK_PASSED);
  EXPECT(says(item_at(report, AGENTSLOCK_BUILT, 0).view_digest, "sha256:v2"));
  EXPECT(agentslock_report_written(report) == 1);
  agentslock_report_free(report);
  EXPECT(state_on_disk(document) == AGENTSLOCK_READY);

  OK(agentslock_validate(document, judges, NULL, &report, &why));
  EXPECT(agentslock_report_count(report, AGENTSLOCK_JUDGED) == 0 && agentslock_report_written(report) == 0);
  agentslock_report_free(report);
  OK(agentslock_work_choose(work, TEXT("comp"), TEXT("nothing"), &why));
  FAILS(AGENTSLOCK_REFUSED, agentslock_validate(document, judges, work, &report, &why));
  OK(agentslock_work_choose(work, TEXT(NULL), TEXT(NULL), &why));
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_work_choose(work, TEXT(NULL), TEXT("owners"), &why));
  OK(agentslock_work_set_jobs(work, 4, &why));
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_work_set_jobs(work, 0, &why));
  OK(agentslock_work_set_retry(work, 1, &why));
  agentslock_work_free(work);
  agentslock_presence_free(views);
  agentslock_validator_free(judges);
  agentslock_builder_free(builds);
  agentslock_document_close(document);
}

static void sections(void) {
  agentslock_document* document = begun();
  agentslock_changes* changes = NULL;
  agentslock_sections* read = NULL;
  OK(agentslock_changes_new(&changes, &why));
  OK(agentslock_changes_set_section(changes, TEXT("units"), TEXT("{\"n\": 1.0}"), &why));
  FAILS(AGENTSLOCK_RESERVED_SECTION,
        agentslock_changes_set_section(changes, TEXT("adapters"), TEXT("{}"), &why));
  FAILS(AGENTSLOCK_NOT_JSON, agentslock_changes_set_section(changes, TEXT("units"), TEXT("{"), &why));
  OK(agentslock_changes_set_inputs_digest(changes, TEXT("sha256:i"), &why));
  OK(agentslock_flush(document, changes, &why));
  OK(agentslock_sections_read(document, &read, &why));
  EXPECT(agentslock_sections_count(read) == 2);
  EXPECT(says(agentslock_sections_name(read, 0), "adapters") &&
         says(agentslock_sections_name(read, 1), "units"));
  EXPECT(agentslock_sections_name(read, 2).data == NULL);
  EXPECT(strstr(agentslock_sections_value(read, TEXT("units")).data, "1.0") != NULL);
  EXPECT(agentslock_sections_value(read, TEXT("nothing")).data == NULL);
  EXPECT(says(agentslock_sections_inputs_digest(read), "sha256:i"));
  agentslock_sections_free(read);
  agentslock_changes_free(changes);
  agentslock_document_close(document);
}

static void schemas(void) {
  const agentslock_column columns[] = {{{"id", 2}, {"INTEGER", 7}, 0, 1}, {{"name", 4}, {"TEXT", 4}, 1, 0}};
  char ours[72], plain[72];
  OK(agentslock_schema_digest(columns, 2, ours, &why));
  OK(agentslock_digest(TEXT("agentslock-view-schema-1\n[\"id\",\"INTEGER\",0,1]\n[\"name\",\"TEXT\",1,0]\n"),
                       plain, &why));
  EXPECT(strcmp(ours, plain) == 0);
}

int main(void) {
  updates();
  operations();
  stores();
  life();
  sections();
  schemas();
  printf("%d expectations held\n", expectations);
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
