/*
 * agentslock in C: the lock document, its views and their statuses, the query gate, and the lock, for backends in any
 * language that can call C. docs/c.md tells how to use it, with an example that is compiled and run.
 *
 *     agentslock_document* document = NULL;
 *     agentslock_gate* gate = NULL;
 *     agentslock_error* why = NULL;
 *     const agentslock_gate_answer* answer = NULL;
 *     if (agentslock_document_open(agentslock_text_of(".agentsrc.lock"), &document, &why) != AGENTSLOCK_OK ||
 *         agentslock_gate_open(document, &gate, &why) != AGENTSLOCK_OK ||
 *         agentslock_gate_ask(gate, key, AGENTSLOCK_NO_FALL_THROUGH, &answer, &why) != AGENTSLOCK_OK)
 *       fprintf(stderr, "%s\n", agentslock_error_message(why).data);
 *     else if (answer->decision == AGENTSLOCK_ALLOWED)
 *       query();
 *
 * Results. A function that can fail returns AGENTSLOCK_OK, which is 0, or another code. Its last argument, `why`, may be NULL; else
 * *why becomes NULL on success, and on failure an error that the caller frees with agentslock_error_free. What an out-pointer
 * pointed to is not looked at; on failure *out is NULL. What a code means for the document on disk stands in
 * agentslock_code_on_disk: in nearly all cases it is as it was.
 *
 * Wrong calls. A NULL where a handle, a function or an out-pointer is asked for, a text or an array that is NULL and not empty, and
 * a size that no object can have, are AGENTSLOCK_INVALID_ARGUMENT. Functions that only look answer NULL with 0, an empty text or NULL.
 * agentslock_..._free and _close take NULL.
 *
 * Ownership. What comes out of an out-pointer that is not const belongs to the caller, who gives it to the function that is named
 * where its type is declared. What is const is borrowed, and says how long it lives. Texts and arrays that are passed in are
 * copied where they are kept: they need to live until the function returns.
 *
 * Texts are bytes with a length, UTF-8 unless said otherwise. A text with data == NULL is nothing, one with size == 0 is empty. Each
 * text that comes out of the library has a NUL after its last byte, which size does not count; names may hold NULs.
 *
 * No exception leaves the library; memory that runs out is AGENTSLOCK_OUT_OF_MEMORY. Callbacks must not throw, longjmp or end their
 * thread.
 *
 * Callbacks answer 0 for "could not tell", which changes nothing; each other answer is a named number. So a callback that failed
 * and returned nothing has never given a verdict. No callback is called while a lock is held, except agentslock_change.
 *
 * Threads. A const handle may be used by several threads at once, another by one at a time; different handles are
 * independent. No thread is bound to a handle: the next call may come from another one.
 *
 * The ABI: functions, structs and numbers stay while the library is called libagentslock.so.0. Structs that the library hands out
 * by pointer may get new members at their end: read them through the pointer, and never make an array of them.
 *
 * §10.1.3 and the like are sections of the graph-backend adapter contract, which defines the machine.
 */
#ifndef AGENTSLOCK_H
#define AGENTSLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define AGENTSLOCK_API __attribute__((visibility("default")))
#else
#define AGENTSLOCK_API
#endif

/* ---- Texts and names ---- */

/** Bytes and how many. Passed by value; owns nothing. */
typedef struct agentslock_text {
  const char* data;
  size_t size;
} agentslock_text;

/** Which view: the adapter that keeps it, and its name there. Names may hold any character, also '/'. */
typedef struct agentslock_key {
  agentslock_text adapter;
  agentslock_text view;
} agentslock_key;

/** What a view records of an adapter that it reads from. An empty version is not known. */
typedef struct agentslock_dependency {
  agentslock_text adapter;
  agentslock_text schema_digest;
  agentslock_text version;
} agentslock_dependency;

/** The text of a string that ends in NUL; nothing for NULL. Linear. */
static inline agentslock_text agentslock_text_of(const char* string) {
  agentslock_text text;
  text.data = string;
  text.size = string == NULL ? 0 : strlen(string);
  return text;
}

/** A key of two such strings. */
static inline agentslock_key agentslock_key_of(const char* adapter, const char* view) {
  agentslock_key key;
  key.adapter = agentslock_text_of(adapter);
  key.view = agentslock_text_of(view);
  return key;
}

/* ---- Errors ---- */

/** What went wrong; one of the numbers below. Later releases may add numbers. */
typedef int32_t agentslock_code;

enum {
  AGENTSLOCK_OK = 0,
  /* The document. */
  AGENTSLOCK_NOT_JSON = 1,
  AGENTSLOCK_CONFLICT_MARKS = 2,
  AGENTSLOCK_WRONG_ENCODING = 3,
  AGENTSLOCK_LFS_POINTER = 4,
  AGENTSLOCK_ENCRYPTED = 5,
  AGENTSLOCK_NOT_AN_OBJECT = 6,
  AGENTSLOCK_TOO_DEEP = 7,
  AGENTSLOCK_TOO_LARGE = 8,
  AGENTSLOCK_NUMBER_OUT_OF_RANGE = 9,
  AGENTSLOCK_REPEATED_NAME = 10,
  AGENTSLOCK_NAME_DIFFERS_IN_CASE = 11,
  AGENTSLOCK_WRONG_TYPE = 12,
  AGENTSLOCK_UNSUPPORTED_VERSION = 13,
  AGENTSLOCK_RESERVED_SECTION = 14,
  /* The file. */
  AGENTSLOCK_DOCUMENT_MISSING = 20,
  AGENTSLOCK_NOT_A_FILE = 21,
  AGENTSLOCK_ACCESS_DENIED = 22,
  AGENTSLOCK_NO_SPACE = 23,
  AGENTSLOCK_IO_FAILED = 24,
  AGENTSLOCK_OUT_OF_MEMORY = 25,
  AGENTSLOCK_NAME_TOO_LONG = 26,
  /* Writing together with others. */
  AGENTSLOCK_CONFLICT = 30,
  AGENTSLOCK_LOCK_TIMEOUT = 31,
  AGENTSLOCK_LOCK_LOST = 32,
  AGENTSLOCK_OUTCOME_UNCERTAIN = 33,
  AGENTSLOCK_NOT_DURABLE = 34,
  AGENTSLOCK_NOT_A_LOCK = 35,
  /* The state machine: agentslock_error_refusal says which of its reasons. */
  AGENTSLOCK_REFUSED = 40,
  /* Stores. */
  AGENTSLOCK_STORE_UNREACHABLE = 50,
  AGENTSLOCK_STORE_CORRUPT = 51,
  AGENTSLOCK_STORE_BUSY = 52,
  AGENTSLOCK_STORE_EMPTY = 53,
  /* The call. */
  AGENTSLOCK_INVALID_ARGUMENT = 60,
  /** A callback of the caller's did not want the call to go on. The document is as it was. */
  AGENTSLOCK_GIVEN_UP = 61,
  /** A fault of the library's, please report it. The document is the old or the new one, whole. */
  AGENTSLOCK_INTERNAL = 62
};

/** Why the state machine refused; 0 in every error but AGENTSLOCK_REFUSED. */
enum {
  AGENTSLOCK_EMPTY_NAME = 1,
  AGENTSLOCK_NOT_UTF8 = 2,
  AGENTSLOCK_EMPTY_DIGEST = 3,
  AGENTSLOCK_TIME_OUT_OF_RANGE = 4,
  AGENTSLOCK_UNKNOWN_ADAPTER = 5,
  AGENTSLOCK_UNKNOWN_VIEW = 6,
  AGENTSLOCK_ALREADY_REGISTERED = 7,
  AGENTSLOCK_NO_SUCH_TRANSITION = 8,
  AGENTSLOCK_BUILT_AGAINST_ANOTHER_SCHEMA = 9,
  AGENTSLOCK_NEEDED_BY_READY_VIEWS = 10,
  AGENTSLOCK_FACTS_ARE_STALE = 11,
  AGENTSLOCK_VERDICT_MISSING = 12,
  AGENTSLOCK_PRESENCE_UNKNOWN = 13
};

/** The name of a code as it is spelt in JSON, as "lock_timeout"; "unknown" for a number that is none. Static. */
AGENTSLOCK_API agentslock_text agentslock_code_name(agentslock_code code);
/** What a code means, and what the document's file holds after a call that returned it. Static; empty for a number that is none. */
AGENTSLOCK_API agentslock_text agentslock_code_meaning(agentslock_code code);
AGENTSLOCK_API agentslock_text agentslock_code_on_disk(agentslock_code code);

/** An error. Freed by agentslock_error_free; what it says lives until then. */
typedef struct agentslock_error agentslock_error;

AGENTSLOCK_API agentslock_code agentslock_error_code(const agentslock_error* error);
/** What, where, and what to do, for people. May hold characters of the document as they are, control characters too. */
AGENTSLOCK_API agentslock_text agentslock_error_message(const agentslock_error* error);
/** Which refusal. */
AGENTSLOCK_API int32_t agentslock_error_refusal(const agentslock_error* error);
/** The errno of the system call that failed; 0 when there was none. */
AGENTSLOCK_API int32_t agentslock_error_errno(const agentslock_error* error);
/** Where in the document's text, counted from 1, columns in characters; 0 when the error is not about its text. */
AGENTSLOCK_API size_t agentslock_error_line(const agentslock_error* error);
AGENTSLOCK_API size_t agentslock_error_column(const agentslock_error* error);
AGENTSLOCK_API void agentslock_error_free(agentslock_error* error);

/** The library's version, as "0.1.0". Static. */
AGENTSLOCK_API agentslock_text agentslock_version(void);
/** The digest of bytes: "sha256:" and 64 lower-case hexadecimal digits, and a NUL, into 72 bytes of the caller's.
 * Errors: AGENTSLOCK_INTERNAL when the cryptographic library fails. Linear. */
AGENTSLOCK_API agentslock_code agentslock_digest(agentslock_text bytes, char digest[72],
                                                 agentslock_error** why);

/* ---- Documents ---- */

/** Where a lock document lies, and how it is written. Closed by agentslock_document_close. Holds no file open. */
typedef struct agentslock_document agentslock_document;

/** Names a document; nothing is read. The path is bytes without NUL, and taken from the working directory of each call.
 * Error: AGENTSLOCK_INVALID_ARGUMENT for a path that is empty or has a NUL. */
AGENTSLOCK_API agentslock_code agentslock_document_open(agentslock_text path, agentslock_document** document,
                                                        agentslock_error** why);
AGENTSLOCK_API void agentslock_document_close(agentslock_document* document);
/** How long a write waits for the lock in all; 5,000 ms unless it is said. Error: AGENTSLOCK_INVALID_ARGUMENT for a negative time,
 * or one of more than a year. */
AGENTSLOCK_API agentslock_code agentslock_document_set_wait(agentslock_document* document,
                                                            int64_t milliseconds, agentslock_error** why);
/** Whether documents of other versions are taken for version 1's: 0, as it is unless said, or 1. */
AGENTSLOCK_API agentslock_code agentslock_document_set_any_version(agentslock_document* document,
                                                                   int32_t taken, agentslock_error** why);
/** Whether a write waits until the disk has it: 1, as it is unless said, or 0. Without it a power cut may lose or mix what was
 * written. */
AGENTSLOCK_API agentslock_code agentslock_document_set_synced(agentslock_document* document, int32_t synced,
                                                              agentslock_error** why);
/** The path, cleaned. Lives as long as the document. */
AGENTSLOCK_API agentslock_text agentslock_document_path(const agentslock_document* document);
/** The time on this machine, in seconds since 1970: for operations, all of which are told the time. */
AGENTSLOCK_API int64_t agentslock_now(void);

/* ---- What a document says ---- */

/** A view's status. */
enum {
  /** There is no such view. */
  AGENTSLOCK_NONE = 0,
  /** Its tables were there with the recorded digest when last looked at. */
  AGENTSLOCK_READY = 1,
  /** A dependee got another schema: the view's program must be validated again. */
  AGENTSLOCK_PENDING_RECOMPAT_CHECK = 2,
  /** The program is valid, the tables are not. */
  AGENTSLOCK_PENDING_REBUILD = 3,
  /** The program was found invalid: it must change. Blocks the activation of the dependee's schema. */
  AGENTSLOCK_DSL_UPDATE_REQUIRED = 4,
  /** The document holds another text. */
  AGENTSLOCK_UNRECOGNISED = 5
};

/** What a document's `adapters` section says, in memory: read, and changed by operations. Freed by agentslock_lockfile_free,
 * unless a callback was handed it. */
typedef struct agentslock_lockfile agentslock_lockfile;

/** Reads a document, without its lock. A missing one is an empty lockfile.
 * Errors: those of the document and of the file but AGENTSLOCK_NO_SPACE. One pass, linear. */
AGENTSLOCK_API agentslock_code agentslock_load(const agentslock_document* document,
                                               agentslock_lockfile** file, agentslock_error** why);
AGENTSLOCK_API void agentslock_lockfile_free(agentslock_lockfile* file);
/** Whether the document existed when it was loaded. */
AGENTSLOCK_API int32_t agentslock_lockfile_existed(const agentslock_lockfile* file);
/** A view's status; AGENTSLOCK_NONE also for a wrong call. Logarithmic, no allocation. */
AGENTSLOCK_API int32_t agentslock_lockfile_state(const agentslock_lockfile* file, agentslock_key key);

/** An adapter's entry, in a listing. */
typedef struct agentslock_adapter_entry {
  agentslock_text name;
  agentslock_text source_digest;
  agentslock_text schema_digest;
  agentslock_text activated_at;
} agentslock_adapter_entry;

/** One item of a view's log. `from` is empty where there was none. */
typedef struct agentslock_transition {
  agentslock_text at;
  agentslock_text from;
  agentslock_text to;
  agentslock_text trigger;
} agentslock_transition;

/** What a view waits for. */
enum {
  AGENTSLOCK_WAITS_FOR_RECONCILIATION = 1,
  AGENTSLOCK_WAITS_FOR_VERDICT = 2,
  AGENTSLOCK_WAITS_FOR_CHANGED_PROGRAM = 3,
  AGENTSLOCK_WAITS_FOR_CUTOVER = 4,
  AGENTSLOCK_WAITS_FOR_REBUILD = 5,
  AGENTSLOCK_WAITS_FOR_REGISTRATION = 6
};

/** One thing that must happen before a view may be queried. */
typedef struct agentslock_wait_step {
  int32_t what;
  /** Of a verdict the adapter whose schema it is about, of a cutover the adapter that gets another schema; else empty. */
  agentslock_text adapter;
} agentslock_wait_step;

/** A view's entry, in a listing. */
typedef struct agentslock_view_entry {
  agentslock_key key;
  /** The status as a number, and as the document spells it. */
  int32_t state;
  agentslock_text status;
  agentslock_text view_digest;
  agentslock_text last_rebuilt_at;
  agentslock_text last_validation_at;
  /** In the order recorded; one adapter may stand there more than once. */
  const agentslock_dependency* dependencies;
  size_t dependency_count;
  /** The oldest first. */
  const agentslock_transition* history;
  size_t history_count;
  /** In the order in which they must happen; none when the view may be queried as far as the document tells. */
  const agentslock_wait_step* steps;
  size_t step_count;
  /** Whether a validator should judge the view now, whether a rebuild would be taken now: 1 or 0. */
  int32_t is_validation_due;
  int32_t is_rebuildable;
  /** Whether it says ready over a schema of a dependee that is gone, so that it may not be queried: 1 or 0. */
  int32_t missed_a_bump;
  /** The token of the view's facts: the same while its entry and the active schemas of its dependees are. */
  agentslock_text facts;
} agentslock_view_entry;

/** All entries of a lockfile as they were. Freed by agentslock_listing_free; its entries live until then, whatever becomes of the
 * lockfile. */
typedef struct agentslock_listing agentslock_listing;

/** Lists a lockfile. Linear. */
AGENTSLOCK_API agentslock_code agentslock_lockfile_list(const agentslock_lockfile* file,
                                                        agentslock_listing** listing, agentslock_error** why);
AGENTSLOCK_API void agentslock_listing_free(agentslock_listing* listing);
/** The adapters in byte order of their names; the views in byte order of adapters, then views. NULL beyond the last one. */
AGENTSLOCK_API size_t agentslock_listing_adapter_count(const agentslock_listing* listing);
AGENTSLOCK_API const agentslock_adapter_entry* agentslock_listing_adapter(const agentslock_listing* listing,
                                                                          size_t index);
AGENTSLOCK_API size_t agentslock_listing_view_count(const agentslock_listing* listing);
AGENTSLOCK_API const agentslock_view_entry* agentslock_listing_view(const agentslock_listing* listing,
                                                                    size_t index);
/** The entry of a name; NULL when there is none. Logarithmic. */
AGENTSLOCK_API const agentslock_adapter_entry* agentslock_listing_find_adapter(
    const agentslock_listing* listing, agentslock_text name);
AGENTSLOCK_API const agentslock_view_entry* agentslock_listing_find_view(const agentslock_listing* listing,
                                                                         agentslock_key key);

/* ---- The query gate (§10.3.3) ---- */

/** What the gate says. */
enum {
  /** No. */
  AGENTSLOCK_QUERY_REFUSED = 0,
  /** The view's tables may be read. */
  AGENTSLOCK_ALLOWED = 1,
  /** They may not, but the caller, who opted in, may ask the source in their place. */
  AGENTSLOCK_MAY_FALL_THROUGH = 2
};

/** Whether the caller opted in to asking the source when a view awaits its rebuild. */
enum { AGENTSLOCK_NO_FALL_THROUGH = 0, AGENTSLOCK_FALL_THROUGH = 1 };

/** What a view recorded of a dependee, beside what is active now. */
typedef struct agentslock_dependee_facts {
  agentslock_text adapter;
  agentslock_text recorded_digest;
  agentslock_text recorded_version;
  /** Nothing when the document has no entry for the adapter. */
  agentslock_text active_digest;
} agentslock_dependee_facts;

/** The gate's answer. */
typedef struct agentslock_gate_answer {
  int32_t decision;
  int32_t state;
  /** As the document spells it; empty when there is no such view. */
  agentslock_text status;
  /** Why, and what unblocks the view; for people. */
  agentslock_text reason;
  agentslock_text unblocked_by;
  /** What the view depends on; none when the decision is AGENTSLOCK_ALLOWED. */
  const agentslock_dependee_facts* dependees;
  size_t dependee_count;
} agentslock_gate_answer;

/** A gate that stays open for questions, and reads the document again only when it has changed. For one thread at a time: each has
 * its own. Closed by agentslock_gate_close. Holds the document's text, and no file open. */
typedef struct agentslock_gate agentslock_gate;

/** Makes a gate for a document, with the settings that the document has now; needs the document no longer. Reads nothing. */
AGENTSLOCK_API agentslock_code agentslock_gate_open(const agentslock_document* document,
                                                    agentslock_gate** gate, agentslock_error** why);
AGENTSLOCK_API void agentslock_gate_close(agentslock_gate* gate);
/** May this view be queried? The answer lives until the next question, or until the gate is closed. It is no lock: the document may
 * change right after it.
 * Errors: those of agentslock_load. Then *answer is NULL, and nobody can say: no query.
 * One system call and no allocation when nothing has changed and the answer is AGENTSLOCK_ALLOWED; a load when it has changed. */
AGENTSLOCK_API agentslock_code agentslock_gate_ask(agentslock_gate* gate, agentslock_key key,
                                                   int32_t fall_through,
                                                   const agentslock_gate_answer** answer,
                                                   agentslock_error** why);
/** The same of a lockfile in memory. The answer lives until the lockfile is asked again, changed or freed. */
AGENTSLOCK_API agentslock_code agentslock_lockfile_may_query(agentslock_lockfile* file, agentslock_key key,
                                                             int32_t fall_through,
                                                             const agentslock_gate_answer** answer,
                                                             agentslock_error** why);

/* ---- The lock ---- */

/** A held lock of a document, as docs/durability.md describes it. agentslock_lock_release lets it go and frees it. */
typedef struct agentslock_lock agentslock_lock;

/** Takes the lock, for the time that agentslock_document_set_wait says; makes missing directories. Functions that write take it
 * themselves: called meanwhile by this thread for this document, or for another in its directory, they fail.
 * Errors, with nothing held: AGENTSLOCK_LOCK_TIMEOUT, which names the holder; AGENTSLOCK_ACCESS_DENIED, AGENTSLOCK_NOT_A_LOCK,
 * AGENTSLOCK_NAME_TOO_LONG, AGENTSLOCK_LOCK_LOST, AGENTSLOCK_NO_SPACE, AGENTSLOCK_IO_FAILED; AGENTSLOCK_INVALID_ARGUMENT when this thread
 * holds it already.
 * A holder should let go within 20 s: after 30 s others may take it away. In a forked child it is inert. */
AGENTSLOCK_API agentslock_code agentslock_lock_acquire(const agentslock_document* document,
                                                       agentslock_lock** lock, agentslock_error** why);
/** The file that is to be replaced: the document's path, or what the symlink there leads to. Lives as long as the lock. */
AGENTSLOCK_API agentslock_text agentslock_lock_document_path(const agentslock_lock* lock);
/** Whether the queue is held too, and not the sidecar alone: 1 or 0. */
AGENTSLOCK_API int32_t agentslock_lock_has_queue(const agentslock_lock* lock);
/** Whether the lock is still held. Errors: AGENTSLOCK_LOCK_LOST; AGENTSLOCK_ACCESS_DENIED, AGENTSLOCK_IO_FAILED; in a forked child
 * AGENTSLOCK_INVALID_ARGUMENT. */
AGENTSLOCK_API agentslock_code agentslock_lock_still_held(const agentslock_lock* lock,
                                                          agentslock_error** why);
/** Lets go, and frees the handle whatever the result. NULL is let go already.
 * Error: AGENTSLOCK_LOCK_LOST, when the lock had been lost, and another holder's sidecar lost its place when it was looked at. */
AGENTSLOCK_API agentslock_code agentslock_lock_release(agentslock_lock* lock, agentslock_error** why);

/** Whether a writer of ours would get the lock now. */
enum {
  AGENTSLOCK_LOCK_FREE = 0,
  /** By a holder that may be alive. */
  AGENTSLOCK_LOCK_HELD = 1,
  /** Old enough to be taken by the next writer. */
  AGENTSLOCK_LOCK_STALE = 2,
  /** The remains of a claim, too young to be taken. */
  AGENTSLOCK_LOCK_GARBLED = 3,
  /** Something that is no lock stands in its place. */
  AGENTSLOCK_LOCK_NOT_A_LOCK = 4
};

/** What a look at a lock saw. Freed by agentslock_lock_status_free. */
typedef struct agentslock_lock_status {
  int32_t state;
  /** The sidecar that is in the way, else the document's. */
  agentslock_text path;
  /** Who holds it, in words; empty when nobody does. */
  agentslock_text holder;
  /** What the sidecar says: its token, nothing when it has none; the process that it names and the time of acquisition in
   * nanoseconds since 1970, 0 when it names none. */
  agentslock_text token;
  int64_t process;
  int64_t acquired_nanoseconds;
  /** How long it has been there, negative when it is dated in the future; how long until it may be taken. */
  int64_t age_nanoseconds;
  int64_t stale_in_nanoseconds;
  /** The process that holds the queue, as far as the kernel tells; else 0. */
  int64_t queue_holder;
} agentslock_lock_status;

/** Looks at a document's lock by the rules of a writer, and changes nothing. Errors: AGENTSLOCK_ACCESS_DENIED, AGENTSLOCK_IO_FAILED. */
AGENTSLOCK_API agentslock_code agentslock_lock_look(const agentslock_document* document,
                                                    agentslock_lock_status** status, agentslock_error** why);
AGENTSLOCK_API void agentslock_lock_status_free(agentslock_lock_status* status);
/** Takes away the sidecar with this token; with a token that is nothing, one that carries none.
 * Errors, with the sidecar in place: AGENTSLOCK_LOCK_TIMEOUT when another process holds the queue, AGENTSLOCK_CONFLICT when no sidecar
 * carries that token, AGENTSLOCK_NOT_A_LOCK, AGENTSLOCK_INVALID_ARGUMENT when there is none or the token is empty; AGENTSLOCK_LOCK_LOST,
 * AGENTSLOCK_ACCESS_DENIED, AGENTSLOCK_IO_FAILED. */
AGENTSLOCK_API agentslock_code agentslock_lock_break(const agentslock_document* document,
                                                     agentslock_text token, agentslock_error** why);

/* ---- Changing what a document says ---- */

/** Answers of callbacks. 0 is what a callback returns that has failed, or does not know. */
enum {
  AGENTSLOCK_COULD_NOT_TELL = 0,
  /** Of a validator and a builder. */
  AGENTSLOCK_PASSED = 1,
  AGENTSLOCK_FAILED = 2,
  /** Of a store. */
  AGENTSLOCK_PRESENT = 3,
  AGENTSLOCK_ABSENT = 4,
  /** Of a change: write it. */
  AGENTSLOCK_WRITE = 5,
  /** In reports of builds: another program recorded the view meanwhile, with the digest that the store has. */
  AGENTSLOCK_ALREADY_DONE = 6
};

/** Changes a lockfile that is lent to it, under the document's lock; must not take long, and must have no effects of its own, since it
 * may be called again with a newer document. It writes when it returns AGENTSLOCK_WRITE; for any other answer nothing is written. */
typedef int32_t (*agentslock_change)(void* user, agentslock_lockfile* file);

/** Holds the lock across reading, `change` and writing. Called again, at most three times more, when the document or the lock
 * turned out to have changed hands.
 * Errors: those of agentslock_load and of writing (AGENTSLOCK_LOCK_TIMEOUT, _LOCK_LOST, _ACCESS_DENIED, _NO_SPACE, _IO_FAILED,
 * _TOO_LARGE, _NOT_DURABLE, _OUTCOME_UNCERTAIN); AGENTSLOCK_GIVEN_UP when the function did not answer AGENTSLOCK_WRITE.
 * A document that would not change is not touched. */
AGENTSLOCK_API agentslock_code agentslock_update(const agentslock_document* document,
                                                 agentslock_change change, void* user,
                                                 agentslock_error** why);
/** Writes a lockfile that was loaded, if the section on disk still means what was loaded; what else changed on disk stays. The section
 * is stated even when it is empty. May be called again after more changes. A lockfile that was lent can't be saved.
 * Errors: AGENTSLOCK_CONFLICT, with the document as the other program wrote it; those of agentslock_load and of writing. */
AGENTSLOCK_API agentslock_code agentslock_save(const agentslock_document* document, agentslock_lockfile* file,
                                               agentslock_error** why);
/** Writes a lockfile over whatever the section says. Errors: as agentslock_save, without AGENTSLOCK_CONFLICT. */
AGENTSLOCK_API agentslock_code agentslock_save_over(const agentslock_document* document,
                                                    const agentslock_lockfile* file, agentslock_error** why);

/* ---- Reports ---- */

/** What a call did, as lists. Freed by agentslock_report_free. Where an out-pointer for a report is NULL, none is made. */
typedef struct agentslock_report agentslock_report;

/** Which list. Each is in byte order of adapters, then views, and empty in a report that is not about it. */
enum {
  /** Views that a pass moved: from, to, why; of a missed bump the dependee. */
  AGENTSLOCK_CHANGED = 1,
  /** Views whose validation is due after a pass. */
  AGENTSLOCK_VALIDATION_DUE = 2,
  /** Views whose gate stays shut after a pass. */
  AGENTSLOCK_GATE_SHUT = 3,
  /** Adapters of which every view in the store has another digest than recorded: another formula may be the reason. */
  AGENTSLOCK_EVERY_DIGEST_DIFFERS = 4,
  /** Views that read from a dependee without an entry. */
  AGENTSLOCK_MISSING_DEPENDEE = 5,
  /** Views that were judged: outcome (AGENTSLOCK_PASSED, _FAILED, _COULD_NOT_TELL) and why; from and to, but in a cutover. */
  AGENTSLOCK_JUDGED = 6,
  /** Views that were built: outcome (AGENTSLOCK_PASSED: ready now, _ALREADY_DONE, _FAILED, _COULD_NOT_TELL), why, and view_digest. */
  AGENTSLOCK_BUILT = 7,
  /** Ready views that a cutover or a bump moved to pending-recompat-check. */
  AGENTSLOCK_FROZEN = 8,
  /** Views for which a dependee's new schema can't be activated. */
  AGENTSLOCK_BLOCKER = 9,
  /** Missed bumps: dependee, recorded_digest, active_digest. */
  AGENTSLOCK_MISSED_BUMP = 10,
  /** Views that a validator must judge before a cutover, or that keep an activation from being no cutover. */
  AGENTSLOCK_CANDIDATE = 11
};

/** One item of a list. What a list does not say is empty, or 0. Its texts live as long as the report. */
typedef struct agentslock_item {
  agentslock_key key;
  int32_t outcome;
  agentslock_text from;
  agentslock_text to;
  agentslock_text why;
  agentslock_text dependee;
  agentslock_text recorded_digest;
  agentslock_text active_digest;
  agentslock_text view_digest;
} agentslock_item;

AGENTSLOCK_API void agentslock_report_free(agentslock_report* report);
/** How many items a list has; 0 for a number that is no list. */
AGENTSLOCK_API size_t agentslock_report_count(const agentslock_report* report, int32_t list);
/** Puts an item where the caller wants it, and returns 1; beyond the last one, and in a wrong call, 0 and nothing. No allocation. */
AGENTSLOCK_API int32_t agentslock_report_item(const agentslock_report* report, int32_t list, size_t index,
                                              agentslock_item* item);
/** How many views the document had in the end, and how many in a state (AGENTSLOCK_READY ...). Of passes alone. */
AGENTSLOCK_API size_t agentslock_report_views(const agentslock_report* report);
AGENTSLOCK_API size_t agentslock_report_in_state(const agentslock_report* report, int32_t state);
/** Whether the document was written; of a cutover, whether the schema was activated, and whether a validator could not tell, so
 * that nothing was changed. 1 or 0. */
AGENTSLOCK_API int32_t agentslock_report_written(const agentslock_report* report);
AGENTSLOCK_API int32_t agentslock_report_activated(const agentslock_report* report);
AGENTSLOCK_API int32_t agentslock_report_undecided(const agentslock_report* report);

/* ---- Operations on a lockfile ----
 *
 * They change what is in memory: agentslock_update and agentslock_save put it into the document. `now` is in seconds since 1970, as
 * agentslock_now says it. A refused one (AGENTSLOCK_REFUSED) changes nothing. After AGENTSLOCK_OUT_OF_MEMORY the lockfile is fit for
 * agentslock_lockfile_free alone, and says so. Every name and text must be UTF-8, and the year between 0000 and 9999: else
 * AGENTSLOCK_NOT_UTF8, AGENTSLOCK_TIME_OUT_OF_RANGE; names must not be empty: AGENTSLOCK_EMPTY_NAME. */

/** Creates an adapter's entry, or replaces its digests and activation time; its views stay, and those that depend on it are not
 * looked at: another schema is a cutover's to activate. */
AGENTSLOCK_API agentslock_code agentslock_activate(agentslock_lockfile* file, agentslock_text adapter,
                                                   agentslock_text source_digest,
                                                   agentslock_text schema_digest, int64_t now,
                                                   agentslock_error** why);
/** Puts a new view in, ready, with the schemas that it was built from. Refused: _ALREADY_REGISTERED, _EMPTY_DIGEST. */
AGENTSLOCK_API agentslock_code agentslock_register_view(agentslock_lockfile* file, agentslock_key key,
                                                        agentslock_text view_digest,
                                                        const agentslock_dependency* depends_on, size_t count,
                                                        int64_t now, agentslock_error** why);
/** Moves every ready view that depends on the adapter to pending-recompat-check, except those that recorded the new schema digest.
 * Digest and version may be empty: not known. Reports AGENTSLOCK_FROZEN. */
AGENTSLOCK_API agentslock_code agentslock_mark_dependee_bumped(
    agentslock_lockfile* file, agentslock_text dependee, agentslock_text schema_digest,
    agentslock_text version, int64_t now, agentslock_report** report, agentslock_error** why);
/** Applies a verdict, AGENTSLOCK_PASSED or _FAILED; a pass records the new dependencies if some are given.
 * Refused: _UNKNOWN_VIEW, _NO_SUCH_TRANSITION. */
AGENTSLOCK_API agentslock_code agentslock_resolve_recompat(agentslock_lockfile* file, agentslock_key key,
                                                           int32_t verdict,
                                                           const agentslock_dependency* new_dependencies,
                                                           size_t count, int64_t now, agentslock_error** why);
/** Applies a verdict on a view as it reads the schemas that are active now: a pass records these, or the new dependencies, and a view that
 * is pending-rebuild keeps its status. Refused: _UNKNOWN_VIEW, _NO_SUCH_TRANSITION, _BUILT_AGAINST_ANOTHER_SCHEMA. */
AGENTSLOCK_API agentslock_code agentslock_revalidate(agentslock_lockfile* file, agentslock_key key,
                                                     int32_t verdict,
                                                     const agentslock_dependency* new_dependencies,
                                                     size_t count, int64_t now, agentslock_error** why);
/** Records a completed build, after which the view is ready. The schemas that the build read were taken from the active entries before
 * it began; versions are not looked at. `read` NULL says that they are not known: then they are not compared.
 * Refused: _UNKNOWN_VIEW, _NO_SUCH_TRANSITION, _EMPTY_DIGEST, _BUILT_AGAINST_ANOTHER_SCHEMA. */
AGENTSLOCK_API agentslock_code agentslock_mark_view_rebuilt(agentslock_lockfile* file, agentslock_key key,
                                                            agentslock_text view_digest,
                                                            const agentslock_dependency* read, size_t count,
                                                            int64_t now, agentslock_error** why);
/** Takes a view out, or an adapter with its views. Refused: _UNKNOWN_VIEW; _UNKNOWN_ADAPTER, _NEEDED_BY_READY_VIEWS. */
AGENTSLOCK_API agentslock_code agentslock_remove_view(agentslock_lockfile* file, agentslock_key key,
                                                      agentslock_error** why);
AGENTSLOCK_API agentslock_code agentslock_remove_adapter(agentslock_lockfile* file, agentslock_text adapter,
                                                         agentslock_error** why);
/** Moves each view that says ready over a schema that is gone to pending-recompat-check. Reports AGENTSLOCK_MISSED_BUMP. */
AGENTSLOCK_API agentslock_code agentslock_mark_missed_bumps(agentslock_lockfile* file, int64_t now,
                                                            agentslock_report** report,
                                                            agentslock_error** why);

/** The new schema of a dependee. The version may be empty: not known. */
typedef struct agentslock_schema {
  agentslock_text dependee;
  agentslock_text source_digest;
  agentslock_text schema_digest;
  agentslock_text version;
} agentslock_schema;

/** A validator's verdict on a view, AGENTSLOCK_PASSED or _FAILED, and what the view is to record on a pass, if that is another thing. */
typedef struct agentslock_verdict {
  agentslock_key key;
  int32_t verdict;
  const agentslock_dependency* new_dependencies;
  size_t count;
} agentslock_verdict;

/** The views that must be judged before a schema can be activated. Reports AGENTSLOCK_CANDIDATE. */
AGENTSLOCK_API agentslock_code agentslock_cutover_candidates(const agentslock_lockfile* file,
                                                             agentslock_text dependee,
                                                             agentslock_text schema_digest,
                                                             agentslock_report** report,
                                                             agentslock_error** why);
/** The views for which activating another schema of an adapter needs a cutover. Reports AGENTSLOCK_CANDIDATE. */
AGENTSLOCK_API agentslock_code agentslock_dependents_on_another_schema(const agentslock_lockfile* file,
                                                                       agentslock_text adapter,
                                                                       agentslock_text schema_digest,
                                                                       agentslock_report** report,
                                                                       agentslock_error** why);
/** The views in dsl-update-required that depend on an adapter. Reports AGENTSLOCK_BLOCKER. */
AGENTSLOCK_API agentslock_code agentslock_activation_blockers(const agentslock_lockfile* file,
                                                              agentslock_text dependee,
                                                              agentslock_report** report,
                                                              agentslock_error** why);
/** The cutover of a dependee in one step (§10.3.2): freezes, applies the verdicts, then activates or names the blockers. A verdict counts
 * only if the view's facts are still those in `as_given`, the lockfile that they were taken from.
 * Reports AGENTSLOCK_FROZEN, _JUDGED, _BLOCKER and whether it was activated.
 * Refused: _VERDICT_MISSING, _FACTS_ARE_STALE, _NO_SUCH_TRANSITION, _BUILT_AGAINST_ANOTHER_SCHEMA, _EMPTY_DIGEST. */
AGENTSLOCK_API agentslock_code agentslock_apply_cutover(agentslock_lockfile* file, agentslock_schema schema,
                                                        const agentslock_verdict* verdicts, size_t count,
                                                        const agentslock_lockfile* as_given, int64_t now,
                                                        agentslock_report** report, agentslock_error** why);

/* ---- Stores, validators, builders ---- */

/** Where a callback puts what it has to say besides its answer. Lives until the callback returns. What could not be taken, for
 * want of memory or as a wrong call, makes the answer "could not tell". */
typedef struct agentslock_answer agentslock_answer;

/** Of a store: the digest of what it holds for the view; may be empty, which matches none. */
AGENTSLOCK_API void agentslock_answer_digest(agentslock_answer* answer, agentslock_text view_digest);
/** Why it failed or could not be told, for people. */
AGENTSLOCK_API void agentslock_answer_why(agentslock_answer* answer, agentslock_text why);
/** Of a validator that passed: what the view is to record from now on, instead of the schemas that the validator was told of. */
AGENTSLOCK_API void agentslock_answer_depends_on(agentslock_answer* answer,
                                                 const agentslock_dependency* dependencies, size_t count);
/** Whether somebody wants the work to end: 1 or 0. From any thread while the callback runs. */
AGENTSLOCK_API int32_t agentslock_answer_is_stopped(const agentslock_answer* answer);

/** An adapter that a view reads from: what the view recorded, and what there is now, or in a cutover is going to be; that is nothing
 * when it is not known. */
typedef struct agentslock_dependee {
  agentslock_text adapter;
  agentslock_text recorded_digest;
  agentslock_text recorded_version;
  agentslock_text new_digest;
  agentslock_text new_version;
} agentslock_dependee;

/** What a validator or a builder is told about a view. Lives until the callback returns. */
typedef struct agentslock_facts {
  agentslock_key key;
  agentslock_text status;
  /** The token of these facts. */
  agentslock_text token;
  const agentslock_dependee* dependees;
  size_t dependee_count;
} agentslock_facts;

/** Says what the store holds for a view: AGENTSLOCK_PRESENT, after agentslock_answer_digest; AGENTSLOCK_ABSENT; anything else, also
 * PRESENT without a digest, is an error of the store, which ends the call with AGENTSLOCK_STORE_UNREACHABLE and nothing written. */
typedef int32_t (*agentslock_find)(void* user, const agentslock_key* key, agentslock_answer* answer);
/** Judges or builds a view: AGENTSLOCK_PASSED, _FAILED; anything else is "could not tell", which changes nothing. With more than one job
 * it is called from as many threads at once. */
typedef int32_t (*agentslock_work_on)(void* user, const agentslock_facts* facts, agentslock_answer* answer);

/** What can be asked what a store holds, what judges views, what builds them. Each is made of a function and what that is told, which
 * must live as long as it. Freed by the function of its name; each for one call at a time. */
typedef struct agentslock_presence agentslock_presence;
typedef struct agentslock_validator agentslock_validator;
typedef struct agentslock_builder agentslock_builder;

AGENTSLOCK_API agentslock_code agentslock_presence_new(agentslock_find find, void* user,
                                                       agentslock_presence** presence,
                                                       agentslock_error** why);
AGENTSLOCK_API void agentslock_presence_free(agentslock_presence* presence);
AGENTSLOCK_API agentslock_code agentslock_validator_new(agentslock_work_on judge, void* user,
                                                        agentslock_validator** validator,
                                                        agentslock_error** why);
AGENTSLOCK_API void agentslock_validator_free(agentslock_validator* validator);
AGENTSLOCK_API agentslock_code agentslock_builder_new(agentslock_work_on build, void* user,
                                                      agentslock_builder** builder, agentslock_error** why);
AGENTSLOCK_API void agentslock_builder_free(agentslock_builder* builder);

/** A column of a table, for agentslock_schema_digest. */
typedef struct agentslock_column {
  agentslock_text name;
  agentslock_text declared_type;
  /** 1 or 0. */
  int32_t not_null;
  /** Its position in the primary key, from 1; 0 when it is not in it. */
  int32_t primary_key_position;
} agentslock_column;

/** The digest of a table's schema by the formula of the stores that agentslock reads itself, so that its command agrees with a
 * backend's own store: into 72 bytes of the caller's, as agentslock_digest. */
AGENTSLOCK_API agentslock_code agentslock_schema_digest(const agentslock_column* columns, size_t count,
                                                        char digest[72], agentslock_error** why);

/** The reconciliation pass (§10.1.3) on a lockfile in memory. Reports AGENTSLOCK_CHANGED, _VALIDATION_DUE, _GATE_SHUT,
 * _EVERY_DIGEST_DIFFERS. Errors: what the store says; then nothing is changed. Asks once for each ready view. */
AGENTSLOCK_API agentslock_code agentslock_reconcile_lockfile(agentslock_lockfile* file,
                                                             agentslock_presence* presence, int64_t now,
                                                             agentslock_report** report,
                                                             agentslock_error** why);

/* ---- The life of a document's views ----
 *
 * Each asks stores, judges and builds with no lock held, then records under the lock what still holds; several processes may do it
 * side by side. Errors: those of agentslock_load and of writing, the store's, and AGENTSLOCK_CONFLICT when views keep changing. What an earlier
 * step of the same call has recorded stays; of a pass and a cutover, which write once, nothing. */

/** How the work is done, and on which views. NULL, wherever one is asked for, is one job on all that are due. Freed by
 * agentslock_work_free. */
typedef struct agentslock_work agentslock_work;

/** How far the work is. Lives until the callback returns. */
typedef struct agentslock_progress {
  /** 0 when a view's work has begun, 1 while it goes on, 2 when it has ended. */
  int32_t phase;
  /** The view, as "adapter/view", for people. */
  agentslock_text name;
  int64_t took_nanoseconds;
  size_t ended;
  size_t total;
} agentslock_progress;
/** Is told how far the work is, from one thread at a time. */
typedef void (*agentslock_tell)(void* user, const agentslock_progress* progress);

AGENTSLOCK_API agentslock_code agentslock_work_new(agentslock_work** work, agentslock_error** why);
AGENTSLOCK_API void agentslock_work_free(agentslock_work* work);
/** How many views are judged or built at once: 1 to 1,024. With 1, as it is unless said, no thread is started. */
AGENTSLOCK_API agentslock_code agentslock_work_set_jobs(agentslock_work* work, size_t jobs,
                                                        agentslock_error** why);
/** Only this adapter's views, or this one alone; a name that is nothing chooses all. */
AGENTSLOCK_API agentslock_code agentslock_work_choose(agentslock_work* work, agentslock_text adapter,
                                                      agentslock_text view, agentslock_error** why);
/** Whether views that are dsl-update-required are judged again though they are not named: 0, as it is unless said, or 1. */
AGENTSLOCK_API agentslock_code agentslock_work_set_retry(agentslock_work* work, int32_t retry,
                                                         agentslock_error** why);
AGENTSLOCK_API agentslock_code agentslock_work_set_progress(agentslock_work* work, agentslock_tell tell,
                                                            void* user, agentslock_error** why);
/** Asks the work to end: no more is begun, and what has not answered by then could not tell. From any thread, also during a call; not
 * from a signal's handler. It stays asked for. */
AGENTSLOCK_API void agentslock_work_stop(agentslock_work* work);

/** Holds every recorded status against the store, and records what that changes, missed bumps included; with dry_run 1 it takes no
 * lock and writes nothing. Reports AGENTSLOCK_CHANGED, _VALIDATION_DUE, _GATE_SHUT, _EVERY_DIGEST_DIFFERS, _MISSING_DEPENDEE, counts. */
AGENTSLOCK_API agentslock_code agentslock_reconcile(const agentslock_document* document,
                                                    agentslock_presence* presence, int32_t dry_run,
                                                    agentslock_report** report, agentslock_error** why);
/** What a pass would report if the store held every view just as recorded. Takes no lock and writes nothing. */
AGENTSLOCK_API agentslock_code agentslock_check(const agentslock_document* document,
                                                agentslock_report** report, agentslock_error** why);
/** Judges the views that are due (§10.1.4), and records the verdicts. Reports AGENTSLOCK_JUDGED. */
AGENTSLOCK_API agentslock_code agentslock_validate(const agentslock_document* document,
                                                   agentslock_validator* validator,
                                                   const agentslock_work* work, agentslock_report** report,
                                                   agentslock_error** why);
/** Builds the views that can be rebuilt, and records the digests that the store then has. Reports AGENTSLOCK_BUILT. */
AGENTSLOCK_API agentslock_code agentslock_rebuild(const agentslock_document* document,
                                                  agentslock_presence* presence, agentslock_builder* builder,
                                                  const agentslock_work* work, agentslock_report** report,
                                                  agentslock_error** why);
/** Gives a dependee a new schema if every view that reads from it is valid against that (§10.3.2). One that is blocked is no error: it
 * reports AGENTSLOCK_BLOCKER, and the views' new states are kept. Reports besides AGENTSLOCK_JUDGED, _FROZEN. The choice in `work` is not looked
 * at. With dry_run 1 it writes nothing. */
AGENTSLOCK_API agentslock_code agentslock_cutover(const agentslock_document* document,
                                                  agentslock_schema schema, agentslock_validator* validator,
                                                  const agentslock_work* work, int32_t dry_run,
                                                  agentslock_report** report, agentslock_error** why);
/** The whole way back to ready: the pass, what is due, what can be built. What a backend calls when it starts. Reports what those report;
 * AGENTSLOCK_VALIDATION_DUE, _GATE_SHUT and the counts say how it is at the end. */
AGENTSLOCK_API agentslock_code agentslock_recover(const agentslock_document* document,
                                                  agentslock_presence* presence,
                                                  agentslock_validator* validator,
                                                  agentslock_builder* builder, const agentslock_work* work,
                                                  agentslock_report** report, agentslock_error** why);

/* ---- The sections of others ---- */

/** The sections of a document as it was read, with their bytes. Freed by agentslock_sections_free. */
typedef struct agentslock_sections agentslock_sections;

/** Reads them, without the lock, whatever the document's version. Errors: those of agentslock_load but _UNSUPPORTED_VERSION. */
AGENTSLOCK_API agentslock_code agentslock_sections_read(const agentslock_document* document,
                                                        agentslock_sections** sections,
                                                        agentslock_error** why);
AGENTSLOCK_API void agentslock_sections_free(agentslock_sections* sections);
/** How many there are, and the name of one, in the order of the document. Nothing beyond the last one. */
AGENTSLOCK_API size_t agentslock_sections_count(const agentslock_sections* sections);
AGENTSLOCK_API agentslock_text agentslock_sections_name(const agentslock_sections* sections, size_t index);
/** A section's JSON as it stands; nothing when there is none. */
AGENTSLOCK_API agentslock_text agentslock_sections_value(const agentslock_sections* sections,
                                                         agentslock_text name);
/** The inputs_digest; nothing when it is missing, or no string. */
AGENTSLOCK_API agentslock_text agentslock_sections_inputs_digest(const agentslock_sections* sections);

/** Changes to sections, to be written together. Safe from several threads at once. Freed by agentslock_changes_free. */
typedef struct agentslock_changes agentslock_changes;

AGENTSLOCK_API agentslock_code agentslock_changes_new(agentslock_changes** changes, agentslock_error** why);
AGENTSLOCK_API void agentslock_changes_free(agentslock_changes* changes);
/** Stages a section's whole value. Errors: AGENTSLOCK_RESERVED_SECTION, also for adapters; those of a document's text. */
AGENTSLOCK_API agentslock_code agentslock_changes_set_section(agentslock_changes* changes,
                                                              agentslock_text name, agentslock_text json,
                                                              agentslock_error** why);
/** Stages the inputs_digest; an empty one takes it out. */
AGENTSLOCK_API agentslock_code agentslock_changes_set_inputs_digest(agentslock_changes* changes,
                                                                    agentslock_text digest,
                                                                    agentslock_error** why);
/** Writes what is staged into the document as it is now. Errors: those of agentslock_sections_read and of writing. */
AGENTSLOCK_API agentslock_code agentslock_flush(const agentslock_document* document,
                                                const agentslock_changes* changes, agentslock_error** why);

#ifdef __cplusplus
}
#endif

#endif /* AGENTSLOCK_H */
// SPDX-License-Identifier: Apache-2.0
