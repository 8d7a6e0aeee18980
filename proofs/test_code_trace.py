"""Traces of the code are paths of the model, and one in which a step was changed is none."""
import os
import unittest

import model
import code_trace

PROGRAM = os.environ["LOCK_TRACES"]
LOCK = model.load()
RUN = (code_trace.GOLDEN / "a_right_lock_run.txt").read_text().splitlines()


def at(what):
    """Which line of the right run says this first."""
    return next(number for number, line in enumerate(RUN) if what in line)


class Kept(unittest.TestCase):
    def test_each_is_a_path_of_the_model(self):
        kept = sorted(code_trace.GOLDEN.glob("*.txt"))
        self.assertEqual({path.stem for path in kept}, set(code_trace.KEPT))
        for path in kept:
            code_trace.read(path.read_text().splitlines(), LOCK)

    def test_each_is_what_the_code_does(self):
        self.assertFalse(code_trace.golden(PROGRAM, False))


class Found(unittest.TestCase):
    """Traces of the code that the model once had no path for."""

    def test_each_is_a_path_of_the_model_now(self):
        found = sorted((code_trace.GOLDEN / "found").glob("*.txt"))
        self.assertTrue(found)
        for path in found:
            code_trace.read(path.read_text().splitlines(), LOCK)


class Changed(unittest.TestCase):
    """The right run with one step changed, each kind of change once or more."""

    def refused(self, lines):
        with self.assertRaises(code_trace.Refused) as why:
            code_trace.read(lines, LOCK)
        return str(why.exception)

    def test_a_step_that_is_dropped(self):
        for what in ("enters the queue", "claims", "reads the document", "writes the new document", "which is the one it read",
                     "renames", "syncs the directory", "moves aside", "removes the sidecar", "leaves the queue"):
            self.refused(RUN[:at(what)] + RUN[at(what) + 1:])

    def test_the_last_look_that_is_dropped(self):
        self.assertIn("which is the one it read", self.refused([line for number, line in enumerate(RUN)
                                                                if number != at("looks at the sidecar")]))

    def test_a_look_again_that_is_left_out(self):
        after = at("syncs the directory")
        lines = [line for number, line in enumerate(RUN) if number <= after or "looks at" not in line]
        self.refused(lines)

    def test_two_steps_that_are_swapped(self):
        for first, second in (("claims", "reads the document"), ("writes the new", "looks at the sidecar"),
                              ("which is the one it read", "renames"), ("renames", "syncs the directory")):
            lines = list(RUN)
            one, other = at(first), at(second)
            lines[one], lines[other] = lines[other], lines[one]
            self.refused(lines)

    def test_another_process(self):
        for what in ("claims", "renames", "syncs the directory", "moves aside", "leaves the queue"):
            lines = list(RUN)
            lines[at(what)] = lines[at(what)].replace("ours 1", "ours 2")
            self.refused(lines)

    def test_another_result(self):
        for what, old, new in (("looks at the sidecar", "sidecar of ours 1 |", "sidecar of ours 2 |"),
                               ("which is the one it read", "the one it read", "another one"),
                               ("claims", "sidecar: ours 1", "sidecar: nobody"),
                               ("renames", "document: ours 1", "document: nothing"),
                               ("enters the queue", "enters the queue", "finds no queue")):
            lines = list(RUN)
            self.assertIn(old, lines[at(what)])
            lines[at(what)] = lines[at(what)].replace(old, new, 1)
            self.refused(lines)

    def test_success_where_the_lock_was_stolen(self):
        theft = (code_trace.GOLDEN / "a_theft.txt").read_text()
        self.assertIn("returns that the outcome is uncertain", theft)
        self.refused(theft.replace("returns that the outcome is uncertain", "returns success").splitlines())

    def test_a_line_in_other_words(self):
        self.assertIn("no such line", self.refused([line.replace("claims", "grabs") for line in RUN]))


class Schedules(unittest.TestCase):
    def test_every_trace_of_a_setup_is_a_path(self):
        count, steps = code_trace.check_setup(PROGRAM, "2 of ours")
        self.assertGreater(count, 50)
        self.assertGreater(steps, count)

    def test_the_checker_refuses_a_model_without_what_the_code_does(self):
        without = model.Model((model.HERE / "lock.model").read_text().replace(
            "  then at[p] = synced; durable = document\n", "  then at[p] = done; durable = document\n", 1))
        with self.assertRaises(code_trace.Refused):
            code_trace.check_setup(PROGRAM, "2 of ours", without)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
