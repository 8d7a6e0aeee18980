"""Every function of agentslock.h with wrong arguments: each sees an error, none a crash.

The functions and their parameters are read off the header, so that a new one is called too, and one whose parameters this does not know
fails here.
"""
import ctypes
import faulthandler
import os
import pathlib
import random
import re
import tempfile
import unittest
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char, c_int32, c_int64, c_size_t, c_void_p

faulthandler.enable()
HEADER = pathlib.Path(os.environ["HEADER"]).read_text()
library = ctypes.CDLL(os.environ["AGENTSLOCK_LIBRARY"])
OK, INTERNAL, INVALID_ARGUMENT = 0, 62, 60
SIZE_MAX = 2**64 - 1


def fields(name, *types):
    return type(name, (Structure,), {"_fields_": [(f"f{i}", one) for i, one in enumerate(types)]})


class Text(Structure):
    _fields_ = [("data", POINTER(c_char)), ("size", c_size_t)]


Key = fields("Key", Text, Text)
Dependency = fields("Dependency", Text, Text, Text)
Schema = fields("Schema", Text, Text, Text, Text)
Verdict = fields("Verdict", Key, c_int32, POINTER(Dependency), c_size_t)
Column = fields("Column", Text, Text, c_int32, c_int32)
BY_VALUE = {"agentslock_text": (Text, 1), "agentslock_key": (Key, 2), "agentslock_schema": (Schema, 4)}
ARRAYS = {"agentslock_dependency": Dependency, "agentslock_verdict": Verdict, "agentslock_column": Column}
FUNCTIONS = {
    "agentslock_change": CFUNCTYPE(c_int32, c_void_p, c_void_p),
    "agentslock_find": CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p),
    "agentslock_work_on": CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p),
    "agentslock_tell": CFUNCTYPE(None, c_void_p, c_void_p),
}
NUMBERS = {"int32_t": c_int32, "int64_t": c_int64, "size_t": c_size_t, "agentslock_code": c_int32}
# What frees a handle, where it is not called after it.
FREES = {"document": "document_close", "gate": "gate_close", "lock": "lock_release"}
# What a call may be without: (function, parameter), or the parameter of any function.
MAY_BE_NULL = {"report", "why", "user", "tell", ("agentslock_lock_release", "lock"),
               *((f"agentslock_{name}", "work") for name in ("validate", "rebuild", "cutover", "recover"))}


def declarations():
    """(name, result, [(type, parameter)]) of each function."""
    text = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.S)
    for result, name, inside in re.findall(r"^AGENTSLOCK_API ([\w ]+?\*?) ?(agentslock_\w+)\(([^)]*)\);", text, re.M | re.S):
        parameters = []
        for one in inside.split(","):
            one = " ".join(one.split())
            if one == "void":
                continue
            match = re.fullmatch(r"((?:const )?\w+(?:\*\*?)?) (\w+)(\[\d+\])?", one)
            assert match, f"{name}: {one}"
            parameters.append((match[1].removeprefix("const ") + ("[]" if match[3] else ""), match[2]))
        yield name, result.removeprefix("const "), parameters


def text_of(data, size=None):
    buffer = ctypes.create_string_buffer(data)
    return Text(ctypes.cast(buffer, POINTER(c_char)), len(data) if size is None else size)


NOTHING = Text(None, 0)
WRONG_TEXTS = [Text(None, 7), text_of(b"crg", SIZE_MAX), text_of(b"crg", 2**63), Text(None, SIZE_MAX)]
WRONG_COUNTS = [SIZE_MAX, 2**63, 2**62]


class Call:
    """One function, and arguments for it."""

    def __init__(self, world, name, result, parameters):
        self.world, self.name, self.result, self.parameters = world, name, result, parameters
        self.function = getattr(library, name)
        self.can_fail = result == "agentslock_code" and parameters[-1:] == [("agentslock_error**", "why")]
        self.function.restype = Text if result == "agentslock_text" else None if result == "void" else \
            NUMBERS.get(result, c_void_p)

    def right(self, kind, parameter):
        """An argument that is not wrong; for some, one of several."""
        draw = self.world.random
        if kind in BY_VALUE:
            made, count = BY_VALUE[kind]
            texts = [self.world.text() for _ in range(count)]
            return texts[0] if count == 1 else made(*texts)
        if kind in NUMBERS:
            return NUMBERS[kind](self.world.number(kind, parameter))
        if kind in FUNCTIONS:
            return self.world.callbacks[kind]
        if kind == "void*":
            return c_void_p(None)
        if kind == "char[]":
            return (c_char * 72)()
        pointed = kind.rstrip("*")
        if kind.endswith("**"):
            return byref(self.world.outs.setdefault(parameter, c_void_p()))
        if pointed in ARRAYS:
            self.world.count = draw.randrange(3)
            array = (ARRAYS[pointed] * 2)()
            for i in range(2):
                array[i] = self.world.element(pointed)
            return array
        if pointed == "agentslock_item":
            return ctypes.create_string_buffer(256)
        return self.world.handle(pointed, self.name)

    def arguments(self):
        self.world.outs = {}
        self.world.count = 0
        return [self.right(kind, parameter) for kind, parameter in self.parameters]

    def wrong_ones(self):
        """For each parameter that can be wrong, its place and wrong values of it."""
        for place, (kind, parameter) in enumerate(self.parameters):
            may_be_null = parameter in MAY_BE_NULL or (self.name, parameter) in MAY_BE_NULL
            if kind == "agentslock_text":
                yield place, WRONG_TEXTS
            elif kind == "agentslock_key":
                yield place, [Key(one, text_of(b"v")) for one in WRONG_TEXTS] + [Key(text_of(b"a"), one) for one in WRONG_TEXTS]
            elif kind == "agentslock_schema":
                yield place, [Schema(text_of(b"crg"), one, text_of(b"d"), NOTHING) for one in WRONG_TEXTS]
            elif kind == "size_t" and parameter == "count":
                yield place, [c_size_t(one) for one in WRONG_COUNTS]
            elif (kind.endswith("*") or kind in FUNCTIONS or kind == "char[]") and not may_be_null \
                    and kind.rstrip("*") not in ARRAYS:
                yield place, [None]

    def run(self, arguments):
        """Calls, and frees what came out. The code, or what a look returned."""
        answer = self.function(*arguments)
        outs, self.world.outs = self.world.outs, {}
        why = outs.pop("why", None)
        if self.can_fail:
            if why is not None:
                assert (answer == OK) == (why.value is None), f"{self.name}: {answer}, {why}"
                library.agentslock_error_free(why)
            assert answer != INTERNAL, self.name
            assert name_of(answer) != b"unknown", f"{self.name}: {answer}"
            for parameter, out in outs.items():
                assert answer == OK or out.value is None, f"{self.name}: {parameter} after {answer}"
        for parameter, out in outs.items():
            kind = dict((parameter, kind) for kind, parameter in self.parameters)[parameter].rstrip("*")
            if out.value is not None and kind != "agentslock_gate_answer":
                free(kind, out)
        return answer


library.agentslock_error_free.argtypes = [c_void_p]
library.agentslock_code_name.restype = Text


def name_of(code):
    name = library.agentslock_code_name(c_int32(code))
    return ctypes.string_at(name.data, name.size)


def free(kind, handle):
    short = kind.removeprefix("agentslock_")
    call = getattr(library, "agentslock_" + FREES.get(short, short + "_free"))
    if short == "lock":
        call.restype = c_int32
        call(handle, c_void_p(None))
    else:
        call.restype = None
        call(handle)


class World:
    """Handles that are right, and texts and numbers that are anything."""

    def __init__(self, directory, seed):
        self.random = random.Random(seed)
        self.directory, self.handles, self.outs, self.count = directory, {}, {}, 0
        # Whether what is right is plain, too: then nothing but what is put in wrong can be.
        self.plain = False
        self.callbacks = {}
        for name, kind in FUNCTIONS.items():
            answer = (lambda *_: None) if name == "agentslock_tell" else (lambda *_: self.random.choice([0, 1, 2, 3, 4, 5, 6, -9]))
            self.callbacks[name] = kind(answer)

    def text(self):
        if self.plain:
            return text_of(b"crg")
        return self.random.choice([
            NOTHING, text_of(b""), text_of(b"crg"), text_of(b"comp"), text_of(b"v"), text_of(b"sha256:s1"), text_of(b"{}"),
            text_of(b"a\0b"), text_of(b"\xff\xfe"), text_of(bytes(self.random.randrange(256) for _ in range(9))),
            text_of(b"x" * 300)])

    def number(self, kind, parameter):
        if parameter == "count":
            return self.count
        if self.plain or parameter == "milliseconds":
            return 1 if self.plain else self.random.choice([0, 1, 50])
        if kind == "size_t":
            return self.random.choice([0, 1, 2, 3, SIZE_MAX, 2**63])
        if kind == "int64_t":
            return self.random.choice([0, 1782907200, -2**63, 2**63 - 1, -62167219200, 253402300799, 253402300800])
        return self.random.choice([0, 1, 2, 3, 4, 5, 6, 11, 12, -1, 2**31 - 1, -2**31])

    def element(self, kind):
        texts = [self.text() for _ in range(3)]
        if kind == "agentslock_dependency":
            return Dependency(*texts)
        if kind == "agentslock_column":
            return Column(*texts[:2], 1 if self.plain else self.random.choice([0, 1, 2]), self.random.choice([0, 1, -5]))
        return Verdict(Key(*texts[:2]), 1 if self.plain else self.random.choice([0, 1, 2, 9]), None,
                       0 if self.plain else self.random.choice([0, 0, SIZE_MAX]))

    def handle(self, kind, for_function):
        """The handle of a kind that lives as long as all calls; of those that end it, none."""
        if re.search(r"_(free|close|release)$", for_function):
            return c_void_p(None)
        if kind not in self.handles:
            self.handles[kind] = self.make(kind)
        return self.handles[kind]

    def make(self, kind):
        def made(function, *given):
            out = c_void_p()
            code = getattr(library, "agentslock_" + function)(*given, byref(out), None)
            assert code == OK, function
            return out
        name = kind.removeprefix("agentslock_")
        if name == "document":
            return made("document_open", text_of(str(self.directory / "doc.lock").encode()))
        if name == "lock":
            (self.directory / "other").mkdir()
            return made("lock_acquire", made("document_open", text_of(str(self.directory / "other/doc.lock").encode())))
        if name == "error":
            why = c_void_p()
            library.agentslock_load(None, byref(c_void_p()), byref(why))
            return why
        if name == "report":
            return made("check", self.handle("agentslock_document", ""))
        if name == "answer":
            return c_void_p(None)  # lives in a callback alone
        function = {"presence": "find", "validator": "work_on", "builder": "work_on"}.get(name)
        if function is not None:
            return made(name + "_new", self.callbacks["agentslock_" + function], None)
        of = {"lockfile": "load", "listing": "lockfile_list", "gate": "gate_open", "work": "work_new",
              "lock_status": "lock_look", "sections": "sections_read", "changes": "changes_new"}[name]
        given = {"work": [], "changes": [], "listing": ["agentslock_lockfile"]}.get(name, ["agentslock_document"])
        return made(of, *[self.handle(one, "") for one in given])


class WrongCalls(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.world = World(pathlib.Path(directory.name), 7)
        document = self.world.handle("agentslock_document", "")
        self.assertEqual(library.agentslock_document_set_synced(document, 0, None), OK)
        self.calls = [Call(self.world, *one) for one in declarations()]
        self.assertEqual(len(self.calls), len(re.findall(r"^AGENTSLOCK_API ", HEADER, re.M)), "the header has others")

    def test_each_argument_that_is_wrong_is_said_to_be(self):
        tried = 0
        self.world.plain = True
        for call in self.calls:
            answer = call.run(call.arguments())
            if call.can_fail and call.name != "agentslock_lock_break":  # there is nothing to break
                self.assertNotEqual(answer, INVALID_ARGUMENT, f"{call.name} with nothing wrong")
            for place, values in call.wrong_ones():
                for value in values:
                    arguments = call.arguments()
                    arguments[place] = value
                    answer = call.run(arguments)
                    tried += 1
                    parameter = call.parameters[place]
                    if call.can_fail:
                        self.assertEqual(answer, INVALID_ARGUMENT, f"{call.name}, {parameter}")
                    elif call.result == "agentslock_text":
                        self.assertEqual(answer.size, 0, f"{call.name}, {parameter}")
                    else:
                        self.assertIn(answer, (0, None), f"{call.name}, {parameter}")
        self.assertGreater(tried, 300)
        print(f"{len(self.calls)} functions, {tried} wrong arguments")

    def test_no_argument_makes_a_function_crash(self):
        answers = set()
        for _ in range(30):
            for call in self.calls:
                answer = call.run(call.arguments())
                if call.can_fail:
                    answers.add(answer)
        # Not all were wrong, and not all in one way.
        self.assertIn(OK, answers)
        self.assertGreater(len(answers), 5, answers)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
