/* A document in the directory that it is run in, where there is none: opened, asked, and the error told. */
#include <agentslock.h>
#include <stdio.h>

int main(void) {
  agentslock_document* document = NULL;
  agentslock_error* why = NULL;
  if (agentslock_document_open(agentslock_text_of("example.lock"), &document, &why) != AGENTSLOCK_OK) {
    fprintf(stderr, "%s\n", agentslock_error_message(why).data);
    agentslock_error_free(why);
    return 1;
  }
  printf("agentslock %s\n", agentslock_version().data);
  agentslock_document_close(document);
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
