/* What the C tests expect, in a few words: each says what it wanted, ends the program when it is not so, and counts. */
#ifndef EXPECT_H
#define EXPECT_H

#include <agentslock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int expectations = 0;

static void expect_at(int holds, const char* what, const char* file, int line) {
  ++expectations;
  if (holds) return;
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
  exit(1);
}
#define EXPECT(condition) expect_at((condition) != 0, #condition, __FILE__, __LINE__)

/* Whether a text says that, and has a NUL after it. */
static int says(agentslock_text text, const char* wanted) {
  return text.data != NULL && text.size == strlen(wanted) && memcmp(text.data, wanted, text.size + 1) == 0;
}

static void expect_ok(agentslock_code code, agentslock_error* why, const char* what, const char* file,
                      int line) {
  if (code != AGENTSLOCK_OK) fprintf(stderr, "%s: %s\n", what, agentslock_error_message(why).data);
  expect_at(code == AGENTSLOCK_OK && why == NULL, what, file, line);
}
/* Calls, with `why` as the last argument. */
#define OK(call)                                             \
  do {                                                       \
    agentslock_error* why = NULL;                            \
    const agentslock_code code_of_call = (call);             \
    expect_ok(code_of_call, why, #call, __FILE__, __LINE__); \
  } while (0)
#define FAILS(wanted, call)                                                               \
  do {                                                                                    \
    agentslock_error* why = NULL;                                                         \
    const agentslock_code code_of_call = (call);                                          \
    if (code_of_call != (wanted))                                                         \
      fprintf(stderr, "%d: %s\n", (int)code_of_call, agentslock_error_message(why).data); \
    EXPECT(code_of_call == (wanted));                                                     \
    EXPECT(agentslock_error_code(why) == (wanted));                                       \
    EXPECT(agentslock_error_message(why).size > 0);                                       \
    agentslock_error_free(why);                                                           \
  } while (0)

#endif
// SPDX-License-Identifier: Apache-2.0
