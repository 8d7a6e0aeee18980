/* Reading a document, asking the gate, taking and looking at the lock. */
#include "expect.h"

static const char document_text[] =
    "{\n"
    "  \"adapters\": {\n"
    "    \"comp\": {\n"
    "      \"source_digest\": \"\", \"schema_digest\": \"\", \"activated_at\": \"\",\n"
    "      \"materialized_views\": {\n"
    "        \"owners\": {\"view_digest\": \"sha256:1\", \"view_status\": \"ready\",\n"
    "          \"depends_on\": [{\"adapter\": \"crg\", \"schema_digest\": \"sha256:s1\", \"version\": "
    "\"1\"}],\n"
    "          \"state_history\": [{\"at\": \"2026-07-01T12:00:00Z\", \"to\": \"ready\", \"trigger\": "
    "\"registered\"}]},\n"
    "        \"size\": {\"view_digest\": \"sha256:2\", \"view_status\": \"pending-rebuild\",\n"
    "          \"depends_on\": [{\"adapter\": \"gone\", \"schema_digest\": \"\", \"version\": \"\"}]},\n"
    "        \"strange\": {\"view_status\": \"Ready\"}\n"
    "      }\n"
    "    },\n"
    "    \"crg\": {\"source_digest\": \"sha256:y\", \"schema_digest\": \"sha256:s1\", "
    "\"activated_at\": \"2026-07-01T12:00:00Z\"}\n"
    "  }\n"
    "}\n";

static void write_file(const char* path, const char* text) {
  FILE* file = fopen(path, "wb");
  EXPECT(file != NULL);
  EXPECT(fwrite(text, 1, strlen(text), file) == strlen(text));
  EXPECT(fclose(file) == 0);
}

static void codes(void) {
  int32_t code = 0;
  int named = 0;
  EXPECT(AGENTSLOCK_OK == 0);
  for (code = -2; code < 100; ++code) {
    const agentslock_text name = agentslock_code_name(code);
    EXPECT(name.size == strlen(name.data));
    if (says(name, "unknown")) continue;
    ++named;
    EXPECT(agentslock_code_meaning(code).size > 0);
    EXPECT(agentslock_code_on_disk(code).size > 0);
  }
  EXPECT(named >= 36);
  EXPECT(says(agentslock_code_name(AGENTSLOCK_LOCK_TIMEOUT), "lock_timeout"));
  EXPECT(says(agentslock_code_name(AGENTSLOCK_GIVEN_UP), "given_up"));
  EXPECT(agentslock_error_message(NULL).size == 0);
  agentslock_error_free(NULL);
}

static void digests(void) {
  char digest[72];
  OK(agentslock_digest(agentslock_text_of("abc"), digest, &why));
  EXPECT(strcmp(digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0);
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_digest(agentslock_text_of("abc"), NULL, &why));
}

static void listing(const agentslock_document* document) {
  agentslock_lockfile* file = NULL;
  agentslock_listing* all = NULL;
  const agentslock_view_entry* view = NULL;
  OK(agentslock_load(document, &file, &why));
  EXPECT(agentslock_lockfile_existed(file) == 1);
  EXPECT(agentslock_lockfile_state(file, agentslock_key_of("comp", "owners")) == AGENTSLOCK_READY);
  EXPECT(agentslock_lockfile_state(file, agentslock_key_of("comp", "nothing")) == AGENTSLOCK_NONE);
  OK(agentslock_lockfile_list(file, &all, &why));
  agentslock_lockfile_free(file);

  EXPECT(agentslock_listing_adapter_count(all) == 2);
  EXPECT(agentslock_listing_view_count(all) == 3);
  EXPECT(says(agentslock_listing_adapter(all, 1)->name, "crg"));
  EXPECT(says(agentslock_listing_find_adapter(all, agentslock_text_of("crg"))->schema_digest, "sha256:s1"));
  EXPECT(agentslock_listing_find_adapter(all, agentslock_text_of("cr")) == NULL);
  EXPECT(agentslock_listing_adapter(all, 2) == NULL);
  EXPECT(agentslock_listing_view(all, 3) == NULL);

  view = agentslock_listing_find_view(all, agentslock_key_of("comp", "owners"));
  EXPECT(view == agentslock_listing_view(all, 0));
  EXPECT(view->state == AGENTSLOCK_READY && says(view->status, "ready") &&
         says(view->view_digest, "sha256:1"));
  EXPECT(view->dependency_count == 1 && says(view->dependencies[0].version, "1"));
  EXPECT(view->history_count == 1 && says(view->history[0].trigger, "registered") &&
         says(view->history[0].from, ""));
  EXPECT(view->step_count == 0 && !view->is_rebuildable && !view->is_validation_due && !view->missed_a_bump);
  EXPECT(view->facts.size == 71);

  view = agentslock_listing_view(all, 1);
  EXPECT(view->state == AGENTSLOCK_PENDING_REBUILD && view->is_rebuildable == 1);
  EXPECT(view->step_count == 1 && view->steps[0].what == AGENTSLOCK_WAITS_FOR_REBUILD);
  view = agentslock_listing_view(all, 2);
  EXPECT(view->state == AGENTSLOCK_UNRECOGNISED && says(view->status, "Ready"));
  agentslock_listing_free(all);
}

static void gate(const agentslock_document* document) {
  agentslock_gate* open = NULL;
  const agentslock_gate_answer* answer = NULL;
  OK(agentslock_gate_open(document, &open, &why));
  OK(agentslock_gate_ask(open, agentslock_key_of("comp", "owners"), AGENTSLOCK_NO_FALL_THROUGH, &answer,
                         &why));
  EXPECT(answer->decision == AGENTSLOCK_ALLOWED && answer->state == AGENTSLOCK_READY &&
         answer->dependee_count == 0);
  EXPECT(says(answer->status, "ready"));

  OK(agentslock_gate_ask(open, agentslock_key_of("comp", "size"), AGENTSLOCK_NO_FALL_THROUGH, &answer, &why));
  EXPECT(answer->decision == AGENTSLOCK_QUERY_REFUSED && says(answer->status, "pending-rebuild"));
  EXPECT(answer->reason.size == strlen(answer->reason.data) && answer->reason.size > 0);
  EXPECT(answer->unblocked_by.size == strlen(answer->unblocked_by.data) && answer->unblocked_by.size > 0);
  EXPECT(answer->dependee_count == 1 && says(answer->dependees[0].adapter, "gone"));
  EXPECT(answer->dependees[0].active_digest.data == NULL);
  OK(agentslock_gate_ask(open, agentslock_key_of("comp", "size"), AGENTSLOCK_FALL_THROUGH, &answer, &why));
  EXPECT(answer->decision == AGENTSLOCK_MAY_FALL_THROUGH);

  OK(agentslock_gate_ask(open, agentslock_key_of("comp", "strange"), AGENTSLOCK_FALL_THROUGH, &answer, &why));
  EXPECT(answer->decision == AGENTSLOCK_QUERY_REFUSED && says(answer->status, "Ready"));
  FAILS(AGENTSLOCK_INVALID_ARGUMENT,
        agentslock_gate_ask(open, agentslock_key_of("comp", "size"), 2, &answer, &why));
  EXPECT(answer == NULL);

  /* A document that can't be read: nobody can say. */
  write_file("doc.lock", "{\n  \"adapters\": 7\n}\n");
  answer =
      agentslock_gate_ask(open, agentslock_key_of("comp", "owners"), 0, &answer, NULL) == 0 ? answer : NULL;
  EXPECT(answer == NULL);
  {
    agentslock_error* why = NULL;
    EXPECT(agentslock_gate_ask(open, agentslock_key_of("comp", "owners"), 0, &answer, &why) ==
           AGENTSLOCK_WRONG_TYPE);
    EXPECT(agentslock_error_line(why) == 2 && agentslock_error_column(why) == 15);
    EXPECT(agentslock_error_refusal(why) == 0 && agentslock_error_errno(why) == 0);
    agentslock_error_free(why);
  }
  write_file("doc.lock", document_text);
  OK(agentslock_gate_ask(open, agentslock_key_of("comp", "owners"), 0, &answer, &why));
  EXPECT(answer->decision == AGENTSLOCK_ALLOWED);
  agentslock_gate_close(open);
}

static void lock(agentslock_document* document) {
  agentslock_lock* held = NULL;
  agentslock_lock* second = NULL;
  agentslock_lock_status* status = NULL;
  OK(agentslock_lock_look(document, &status, &why));
  EXPECT(status->state == AGENTSLOCK_LOCK_FREE && says(status->holder, "") &&
         says(status->path, "doc.lock.lock"));
  EXPECT(status->token.data == NULL && status->process == 0);
  agentslock_lock_status_free(status);

  OK(agentslock_lock_acquire(document, &held, &why));
  EXPECT(says(agentslock_lock_document_path(held), "doc.lock"));
  EXPECT(agentslock_lock_has_queue(held) == 1);
  EXPECT(agentslock_lock_has_queue(NULL) == 0);
  OK(agentslock_lock_still_held(held, &why));
  OK(agentslock_lock_look(document, &status, &why));
  EXPECT(status->state == AGENTSLOCK_LOCK_HELD && status->holder.size > 0 && status->token.size == 32);
  EXPECT(status->process > 0 && status->acquired_nanoseconds > 0 && status->stale_in_nanoseconds > 0);
  agentslock_lock_status_free(status);
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_lock_acquire(document, &second, &why));
  EXPECT(second == NULL);
  OK(agentslock_lock_release(held, &why));
  OK(agentslock_lock_release(NULL, &why));

  write_file("doc.lock.lock", "1\n1782907200000000000\n0123456789abcdef0123456789abcdef\n");
  FAILS(AGENTSLOCK_CONFLICT, agentslock_lock_break(document, agentslock_text_of("another"), &why));
  OK(agentslock_lock_break(document, agentslock_text_of("0123456789abcdef0123456789abcdef"), &why));
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_lock_break(document, agentslock_text_of(NULL), &why));
}

static void document_settings(agentslock_document* document) {
  OK(agentslock_document_set_wait(document, 1000, &why));
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_document_set_wait(document, -1, &why));
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_document_set_wait(document, INT64_MAX, &why));
  OK(agentslock_document_set_synced(document, 0, &why));
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_document_set_synced(document, 2, &why));
  OK(agentslock_document_set_any_version(document, 0, &why));
  EXPECT(says(agentslock_document_path(document), "doc.lock"));
}

int main(void) {
  agentslock_document* document = NULL;
  const agentslock_text with_nul = {"a\0b", 3};
  EXPECT(agentslock_version().size > 0);
  codes();
  digests();
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_document_open(agentslock_text_of(""), &document, &why));
  FAILS(AGENTSLOCK_INVALID_ARGUMENT, agentslock_document_open(with_nul, &document, &why));
  OK(agentslock_document_open(agentslock_text_of("./doc.lock"), &document, &why));
  write_file("doc.lock", document_text);
  document_settings(document);
  listing(document);
  gate(document);
  lock(document);
  agentslock_document_close(document);
  printf("%d expectations held\n", expectations);
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
