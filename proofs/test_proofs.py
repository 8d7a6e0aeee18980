"""The model is that of the code's rules, its prover refuses what does not hold, and its search finds what is known."""
import contextlib
import io
import random
import re
import tempfile
import unittest

import model
import prove

TEXT = (model.HERE / "lock.model").read_text()
MUTANTS = model.HERE.parent / "properties/mutants"


def proved(text):
    """Whether the theorems of a description hold, and what is said."""
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as directory, contextlib.redirect_stdout(said):
        return prove.prove(model.Model(text), "z3", directory), said.getvalue()


class Description(unittest.TestCase):
    def test_its_rules_are_those_of_the_code(self):
        of_code = {path.stem for path in MUTANTS.glob("*.patch") if "Found by: switched_tests" in path.read_text()}
        self.assertEqual(set(model.Model(TEXT).rules), of_code)
        self.assertEqual(len(of_code), 15)

    def test_a_mistake_in_it_is_named_with_its_line(self):
        with self.assertRaisesRegex(ValueError, r"lock.model:\d+: .*no variable att"):
            model.Model(TEXT.replace("at[p] = left\n", "att[p] = left\n", 1))

    def test_its_words_for_steps_are_told_apart(self):
        names = [step.name for step in model.Model(TEXT).steps]
        self.assertEqual(len(names), len(set(names)))


class Prover(unittest.TestCase):
    def test_a_theorem_without_one_of_its_invariants_is_refused(self):
        # One that carries exclusion, and one that carries that no update is lost.
        for name, theorem in [("ours hold by the queue", "always"), ("what was read is still so, for queue", "queue")]:
            text, count = re.subn(rf"^invariant {name}\n.*\n", "", TEXT, flags=re.M)
            self.assertEqual(count, 1, name)
            holds, said = proved(text)
            self.assertFalse(holds, name)
            self.assertIn(f"{theorem}: does not follow after", said)

    def test_a_law_that_does_not_hold_is_refused(self):
        holds, said = proved(TEXT.replace("not (p != q and young(p) and young(q))", "not (p != q and holds(p))", 1)
                             .replace("holds(p)", "holds[p]"))
        self.assertFalse(holds)
        self.assertIn("law young_exclusion", said)

    def test_a_step_that_breaks_a_law_is_refused(self):
        step = "\nstep forgets: plain\n  when at[p] == synced\n  then document = {}\n".replace("{}", "{p}")
        holds, said = proved(TEXT + step)
        self.assertFalse(holds)
        self.assertIn("does not follow after: forgets", said)


class Search(unittest.TestCase):
    def test_with_all_rules_and_assumptions_small_casts_break_no_law(self):
        lock = model.Model(TEXT)
        for theorem, cast in [("queue", ["ours"]), ("plain", ["plain"]), ("everybody", ["ours", "editor"]), ("always", ["ours"])]:
            machine = model.Machine(lock, cast, (), set(lock.theorems[theorem].assumed))
            for law in lock.theorems[theorem].laws:
                way, states = machine.search(law)
                self.assertIsNone(way, f"{theorem}: {law}")
                self.assertGreater(states, 50)

    def test_every_step_is_taken_somewhere(self):
        # One that can never be taken would make every theorem about it empty.
        lock = model.Model(TEXT)
        left = {step.name for step in lock.steps if step.is_in(set(), set())}
        machine = model.Machine(lock, ["ours", "ours", "plain", "plain", "go", "go", "editor"])
        chance = random.Random(18)
        for _ in range(6000):
            state = machine.first()
            for _ in range(60):
                # What ends a process, or everything, is rare.
                steps = [one for one in machine.steps(state)
                         if not one[0].name.startswith(("is killed", "gives up", "sees ")) or chance.random() < 0.02]
                if not steps:
                    break
                step, _, state = chance.choice(steps)
                left.discard(step.name)
            if not left:
                break
        # What chance has not met is searched for.
        self.assertLess(len(left), 4)
        for name in left:
            way, _ = model.Machine(lock, ["ours", "go", "go"], (), {"directory_stays"}).search(takes=name)
            self.assertEqual(way[-1][0].name, name)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
