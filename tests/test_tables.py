"""The compiler refuses a table of the kernel in which a cell has two rows, or none. One cell that says something else is refused by the
laws: kernel/tests/table_laws_test.cpp."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[1]
COMPILER = os.environ["COMPILER"]
# Of each table the beginning of a row and that of another, which it gets instead; and what the compiler then shows.
TABLES = {
    "transition": ("{ recompat,   validation_failed,", "{ recompat,   validation_passed,", "a cell of the transition table has two rows"),
    "reconcile_table": ("{ pending_rebuild, ", "{ ready, ", "a state has two rows in the reconciliation table"),
    "gate_table": ("{ pending_rebuild, ", "{ ready, ", "a cell of the gate's table has two rows"),
    "cutover_table": ("{ view_state::pending_rebuild, ", "{ view_state::ready, ", "a state has two rows in the cutover's table"),
    "merge_table": ("{ unchanged, changed, ", "{ unchanged, unchanged, ", "a cell of the merge's table has two rows"),
}


class Tables(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.include = pathlib.Path(directory.name) / "include"
        shutil.copytree(SOURCE / "kernel/include", self.include)

    def compiled(self, name, change):
        """What the compiler says of a table's header after a change of its text; and the lines that it names in it."""
        header = self.include / f"agentslock/kernel/{name}.hpp"
        text = (SOURCE / "kernel/include/agentslock/kernel" / header.name).read_text()
        changed = change(text)
        header.write_text(changed)
        done = subprocess.run([COMPILER, "-std=c++20", "-fsyntax-only", f"-I{self.include}", "-x", "c++", str(header)],
                              capture_output=True, text=True)
        header.write_text(text)
        lines = changed.splitlines()
        return done, [lines[int(line) - 1] for line in re.findall(rf"{re.escape(str(header))}:(\d+):", done.stderr)]

    def test_two_rows_of_a_cell_do_not_compile(self):
        for name, (row, other, reason) in TABLES.items():
            done, named = self.compiled(name, lambda text: text)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((SOURCE / f"kernel/include/agentslock/kernel/{name}.hpp").read_text().count(row), 1, name)
            done, named = self.compiled(name, lambda text: text.replace(row, other))
            self.assertNotEqual(done.returncode, 0, name)
            self.assertTrue(any(f'does_not_compile("{reason}")' in line for line in named), done.stderr)

    def test_a_cell_without_a_row_does_not_compile(self):
        for name, reason in (("gate_table", "a cell of the gate's table has no row"), ("merge_table", "a cell of the merge's table has no row")):
            # The lookup passes over a row, and so finds none for its cells.
            passes = f"!speaks_for({name}[i]"
            done, named = self.compiled(name, lambda text: text.replace(passes, f"i == 1 || {passes}"))
            self.assertNotEqual(done.returncode, 0, name)
            self.assertTrue(any(f'does_not_compile("{reason}")' in line for line in named), done.stderr)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
