"""The kit takes ours and a plain implementation, and refuses every implementation with one cell changed."""
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import cases
import plain
import run

HERE = pathlib.Path(__file__).resolve().parent


def figure(text):
    print(f"\n[ FIGURE   ] conformance: {text}", flush=True)  # after the dots of unittest


def held(command, **environment):
    done = subprocess.run([HERE / "run.py", *command], capture_output=True, text=True, env=os.environ | environment)
    return done.returncode, done.stdout + done.stderr


def changed_machines(machine):
    """Every machine with one cell changed: (what was changed, the machine)."""
    outcomes = [("moves", to) for to in plain.STATUSES] + [("stays", None), ("refused", None)]
    for number, row in enumerate(machine["transitions"]):
        for outcome, to in outcomes:
            to = to or row["from"]
            if (outcome, to) == (row["outcome"], row["to"]):
                continue
            other = copy.deepcopy(machine)
            other["transitions"][number] |= {"outcome": outcome, "to": to, "trigger": "changed" if outcome == "moves" else ""}
            yield f"{row['event']} in {row['from']}: {outcome} {to}", other
        if row["outcome"] == "moves":
            other = copy.deepcopy(machine)
            other["transitions"][number]["trigger"] += "x"
            yield f"{row['event']} in {row['from']}: another trigger", other
    actions = {action for row in machine["reconciliation"] for name, action in row.items() if name != "recorded"}
    for number, row in enumerate(machine["reconciliation"]):
        for seen in cases.SEEN:
            for action in sorted(actions - {row[seen]}):
                other = copy.deepcopy(machine)
                other["reconciliation"][number][seen] = action
                yield f"{row['recorded']}, {seen}: {action}", other


def refused(all_cases, machine, about=""):
    """Whether an implementation by this machine answers a case otherwise. The cases about what was changed are asked first."""
    all_cases = sorted(all_cases, key=lambda case: about.split(":")[0] not in case.name)
    return any(found is not None for _, found in run.hold(all_cases, lambda case: plain.answer(case.question, machine)))


class Kit(unittest.TestCase):
    def test_every_machine_with_one_cell_changed_is_refused(self):
        machine = cases.machine()
        of = list(cases.cells(machine))
        self.assertFalse(refused(of, machine))
        changed = list(changed_machines(machine))
        taken = [what for what, other in changed if not refused(of, other, what)]
        self.assertEqual(taken, [])
        figure(f"{len(changed)} machines with one cell changed, all refused")

    def test_without_the_question_for_a_step_every_cell_that_an_operation_reaches_is_still_held(self):
        machine = cases.machine()
        of = [case for case in cases.cells(machine) if case.needs is None]
        taken = {what.split(":")[0] for what, other in changed_machines(machine) if not refused(of, other, what)}
        # Bumps that are refused or stay are the same to who calls; the pass raises its events only where the other table says so.
        for what in taken:
            self.assertRegex(what, r"^(tables absent|digest mismatch|invalid status|dependee bumped) in ")

    def test_its_cases_are_many_and_have_names_of_their_own(self):
        of = cases.all_cases(run.VECTORS, run.CORPORA)
        self.assertEqual(len({case.name for case in of}), len(of))
        kinds = {kind: sum(case.name.startswith(kind) for case in of) for kind in ("cell", "pass", "step", "sequence", "document", "input")}
        self.assertTrue(all(count > 20 for count in kinds.values()), kinds)
        figure(", ".join(f"{kind}: {count} cases" for kind, count in kinds.items()))

    def test_what_the_go_tool_did_otherwise_is_what_is_known(self):
        status, said = held(["--go-tool"])
        self.assertEqual(status, 0, said)
        known = {one["dir"] for one in json.loads((run.VECTORS / "INDEX.json").read_text()) if one["class"] in ("differ", "refuse")}
        otherwise = set(re.findall(r"^document (\S+) \(", said, re.M))
        self.assertLessEqual(otherwise, known)
        self.assertGreater(len(otherwise), 10)
        figure(f"the recorded Go tool answers {len(otherwise)} of the documents otherwise")


class Implementations(unittest.TestCase):
    def test_the_plain_one_answers_as_it_must_and_is_short(self):
        status, said = held([sys.executable, "-B", HERE / "plain.py"])
        self.assertEqual(status, 0, said)
        lines = [line for line in (HERE / "plain.py").read_text().splitlines() if line.strip()]
        self.assertLess(len(lines), 300)
        figure(f"plain.py: {said.splitlines()[-1]}")

    def test_the_command_answers_as_it_must(self):
        status, said = held([sys.executable, "-B", HERE / "drivers/agentslock.py"])
        self.assertEqual(status, 0, said)
        figure(f"agentslock: {said.splitlines()[-1]}")

    def test_one_that_answers_otherwise_or_not_at_all_is_told_so(self):
        echo = "import sys, json\nfor line in sys.stdin:\n print(json.dumps({'load': {'error': None}, 'ops': [], 'document': None}), flush=True)"
        status, said = held(["--only", "cell", sys.executable, "-c", echo])
        self.assertEqual(status, 1, said)
        self.assertIn("cell: registered in none: an answer of another form", said)
        status, said = held([sys.executable, "-c", "pass"])
        self.assertEqual((status, "it ended" in said or "Broken pipe" in said), (2, True), said)
        status, said = held(["--only", "no such case", sys.executable, "-c", "pass"])
        self.assertEqual(status, 2, said)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
