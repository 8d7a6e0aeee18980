"""agentslock.h for Python, by ctypes: as much of it as a backend needs.

The library is libagentslock.so.0, or what AGENTSLOCK_LIBRARY names. Errors of the library become Error. What is called back is made
by callback(): one that raises, or returns no number, could not tell, and has given no verdict.
"""
import ctypes
import os
import traceback
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char, c_int32, c_int64, c_size_t, c_void_p

library = ctypes.CDLL(os.environ.get("AGENTSLOCK_LIBRARY", "libagentslock.so.0"))
COULD_NOT_TELL, PASSED, FAILED, PRESENT, ABSENT, WRITE = range(6)
READY = 1
ALLOWED = 1
JUDGED, BUILT = 6, 7
GIVEN_UP = 61


class Text(Structure):
    _fields_ = [("data", POINTER(c_char)), ("size", c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.size).decode() if self.data else ""


def text(of):
    coded = of.encode()
    return Text(ctypes.cast(ctypes.create_string_buffer(coded), POINTER(c_char)), len(coded))


class Key(Structure):
    _fields_ = [("adapter", Text), ("view", Text)]

    def __str__(self):
        return f"{self.adapter}/{self.view}"


def key(adapter, view):
    return Key(text(adapter), text(view))


def structure(name, *fields):
    return type(name, (Structure,), {"_fields_": list(fields)})


def texts(*names):
    return [(name, Text) for name in names]


Dependency = structure("Dependency", *texts("adapter", "schema_digest", "version"))
Schema = structure("Schema", *texts("dependee", "source_digest", "schema_digest", "version"))
Column = structure("Column", *texts("name", "declared_type"), ("not_null", c_int32), ("primary_key_position", c_int32))
AdapterEntry = structure("AdapterEntry", *texts("name", "source_digest", "schema_digest", "activated_at"))
Dependee = structure("Dependee", *texts("adapter", "recorded_digest", "recorded_version", "new_digest", "new_version"))
Facts = structure("Facts", ("key", Key), *texts("status", "token"), ("dependees", POINTER(Dependee)),
                  ("dependee_count", c_size_t))
Answer = structure("Answer", ("decision", c_int32), ("state", c_int32), *texts("status", "reason", "unblocked_by"))
Item = structure("Item", ("key", Key), ("outcome", c_int32),
                 *texts("from", "to", "why", "dependee", "recorded_digest", "active_digest", "view_digest"))
Change = CFUNCTYPE(c_int32, c_void_p, c_void_p)
Find = CFUNCTYPE(c_int32, c_void_p, POINTER(Key), c_void_p)
WorkOn = CFUNCTYPE(c_int32, c_void_p, POINTER(Facts), c_void_p)


def callback(kind, function):
    """A function for the library to call, of the kind Change, Find or WorkOn. Must live as long as it may be called."""
    def called(*given):
        try:
            answer = function(*given)
            return answer if isinstance(answer, int) else COULD_NOT_TELL
        except Exception:  # must not get out: then ctypes would return what happens to lie there
            traceback.print_exc()
            return COULD_NOT_TELL
    return kind(called)


class Error(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def declare(name, result, *arguments):
    function = getattr(library, "agentslock_" + name)
    function.restype, function.argtypes = result, arguments
    return function


error_message = declare("error_message", Text, c_void_p)
error_free = declare("error_free", None, c_void_p)


def call(name, *arguments):
    """Declares a function that may fail, as one that raises Error."""
    function = declare(name, c_int32, *arguments, POINTER(c_void_p))

    def called(*given):
        why = c_void_p()
        code = function(*given, byref(why))
        if code:
            message = str(error_message(why))
            error_free(why)
            raise Error(code, message)
    return called


def making(name, *arguments):
    """Declares a function that hands out a handle."""
    function = call(name, *arguments, POINTER(c_void_p))

    def made(*given):
        handle = c_void_p()
        function(*given, byref(handle))
        return handle
    return made


document_open = making("document_open", Text)
document_close = declare("document_close", None, c_void_p)
load = making("load", c_void_p)
lockfile_free = declare("lockfile_free", None, c_void_p)
lockfile_state = declare("lockfile_state", c_int32, c_void_p, Key)
lockfile_list = making("lockfile_list", c_void_p)
listing_free = declare("listing_free", None, c_void_p)
listing_find_adapter = declare("listing_find_adapter", POINTER(AdapterEntry), c_void_p, Text)
gate_open = making("gate_open", c_void_p)
gate_close = declare("gate_close", None, c_void_p)
gate_ask = call("gate_ask", c_void_p, Key, c_int32, POINTER(POINTER(Answer)))
now = declare("now", c_int64)
update = call("update", c_void_p, Change, c_void_p)
activate = call("activate", c_void_p, Text, Text, Text, c_int64)
register_view = call("register_view", c_void_p, Key, Text, POINTER(Dependency), c_size_t, c_int64)
answer_digest = declare("answer_digest", None, c_void_p, Text)
answer_why = declare("answer_why", None, c_void_p, Text)
presence_new = making("presence_new", Find, c_void_p)
validator_new = making("validator_new", WorkOn, c_void_p)
builder_new = making("builder_new", WorkOn, c_void_p)
presence_free = declare("presence_free", None, c_void_p)
validator_free = declare("validator_free", None, c_void_p)
builder_free = declare("builder_free", None, c_void_p)
cutover = making("cutover", c_void_p, Schema, c_void_p, c_void_p, c_int32)
recover = making("recover", c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
report_free = declare("report_free", None, c_void_p)
report_count = declare("report_count", c_size_t, c_void_p, c_int32)
report_item = declare("report_item", c_int32, c_void_p, c_int32, c_size_t, POINTER(Item))
report_views = declare("report_views", c_size_t, c_void_p)
report_in_state = declare("report_in_state", c_size_t, c_void_p, c_int32)
report_activated = declare("report_activated", c_int32, c_void_p)
report_undecided = declare("report_undecided", c_int32, c_void_p)
digest_of = call("digest", Text, c_char * 72)
schema_digest_of = call("schema_digest", POINTER(Column), c_size_t, c_char * 72)


def digest(of):
    place = (c_char * 72)()
    digest_of(text(of), place)
    return place.value.decode()


def schema_digest(columns):
    """Of (name, declared type, whether not null, position in the primary key) for each column."""
    place = (c_char * 72)()
    all_columns = [Column(text(name), text(declared), int(not_null), position)
                   for name, declared, not_null, position in columns]
    schema_digest_of((Column * len(all_columns))(*all_columns), len(all_columns), place)
    return place.value.decode()


def items(report, which):
    for number in range(report_count(report, which)):
        item = Item()
        report_item(report, which, number, byref(item))
        yield item
# SPDX-License-Identifier: Apache-2.0
