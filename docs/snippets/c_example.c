/* The example of docs/c.md: compiled, and run by test_docs.py, which also holds it against the page. */

/* [example] */
#include <agentslock.h>
#include <stdio.h>

static int32_t begin(void* user, agentslock_lockfile* file) {
  const agentslock_dependency on_crg = {{"crg", 3}, {"sha256:s1", 9}, {"1.0.0", 5}};
  agentslock_error** why = user;
  if (agentslock_activate(file, agentslock_text_of("crg"), agentslock_text_of("sha256:y"),
                          on_crg.schema_digest, agentslock_now(), why) != AGENTSLOCK_OK)
    return AGENTSLOCK_COULD_NOT_TELL;
  if (agentslock_register_view(file, agentslock_key_of("comp", "owners"), agentslock_text_of("sha256:v1"),
                               &on_crg, 1, agentslock_now(), why) != AGENTSLOCK_OK)
    return AGENTSLOCK_COULD_NOT_TELL;
  return AGENTSLOCK_WRITE;
}

/* A store that holds nothing. */
static int32_t find(void* user, const agentslock_key* key, agentslock_answer* answer) {
  (void)user, (void)key, (void)answer;
  return AGENTSLOCK_ABSENT;
}

int main(void) {
  agentslock_error *why = NULL, *refused = NULL;
  agentslock_document* document = NULL;
  agentslock_presence* store = NULL;
  agentslock_gate* gate = NULL;
  const agentslock_gate_answer* answer = NULL;
  int failed = agentslock_document_open(agentslock_text_of(".agentsrc.lock"), &document, &why) ||
               agentslock_update(document, begin, &refused, &why) ||
               agentslock_presence_new(find, NULL, &store, &why) ||
               agentslock_reconcile(document, store, 0, NULL, &why) ||
               agentslock_gate_open(document, &gate, &why) ||
               agentslock_gate_ask(gate, agentslock_key_of("comp", "owners"), AGENTSLOCK_NO_FALL_THROUGH,
                                   &answer, &why);
  if (failed)
    fprintf(stderr, "%s\n", agentslock_error_message(refused != NULL ? refused : why).data);
  else
    printf("%s: %s; needs %s\n", answer->status.data, answer->reason.data, answer->unblocked_by.data);
  agentslock_gate_close(gate);
  agentslock_presence_free(store);
  agentslock_document_close(document);
  agentslock_error_free(refused);
  agentslock_error_free(why);
  return failed != 0;
}
/* [end example] */
// SPDX-License-Identifier: Apache-2.0
