"""Traces of the code are paths of the model, and one in which a step was changed is none."""
import os
import unittest

import model
import changed_traces
import code_trace

PROGRAM = os.environ["LOCK_TRACES"]
LOCK = model.load()


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
    """The kept traces with one step changed, each kind of change once or more."""

    def refused(self, lines):
        with self.assertRaises(code_trace.Refused) as why:
            code_trace.read(lines, LOCK)
        return str(why.exception)

    def test_each_is_refused(self):
        kinds = set()
        for kind, what, lines in changed_traces.changed_traces():
            with self.subTest(f"{kind}: {what}"):
                self.refused(lines)
            kinds.add(kind)
        self.assertEqual(kinds, set(changed_traces.CHANGES))
        self.assertEqual(len(kinds), 7)

    def test_the_last_look_that_is_dropped_is_named(self):
        run = changed_traces.kept("a_right_lock_run")
        lines = changed_traces.without(run, changed_traces.at(run, "looks at the sidecar"))
        self.assertIn("which is the one it read", self.refused(lines))

    def test_other_words_are_named(self):
        [(_, lines)] = changed_traces.in_other_words(changed_traces.kept("a_right_lock_run"))
        self.assertIn("no such line", self.refused(lines))

    def test_one_that_is_a_path_is_an_error(self):
        self.addCleanup(setattr, code_trace, "changed_traces", code_trace.changed_traces)
        code_trace.changed_traces = lambda: [("a kind", "what", changed_traces.kept("a_right_lock_run"))]
        with self.assertRaisesRegex(SystemExit, "not refused: a kind: what"):
            code_trace.refused_changes(LOCK)


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
