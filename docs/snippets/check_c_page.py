"""docs/c.md: its example is the one that is compiled, and prints what the page says; what the page names is in the header."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGE = (SOURCE / "docs/c.md").read_text()


class Page(unittest.TestCase):
    def test_the_example_is_the_one_that_is_compiled(self):
        compiled = (SOURCE / "docs/snippets/c_example.c").read_text()
        part = re.search(r"/\* \[example\] \*/\n(.*)/\* \[end example\] \*/", compiled, re.S)[1]
        self.assertEqual(re.search(r"```c\n(.*?)```", PAGE, re.S)[1], part)

    def test_the_example_prints_what_the_page_says(self):
        said = re.search(r"In an empty directory this prints\n`(.*)`", PAGE)[1]
        with tempfile.TemporaryDirectory() as directory:
            run = lambda: subprocess.run([os.environ["C_EXAMPLE"]], cwd=directory, capture_output=True, text=True)
            done = run()
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, said + "\n", ""))
            again = run()
            self.assertEqual((again.returncode, again.stdout), (1, ""))
            self.assertIn("already", again.stderr)

    def test_the_header_s_own_example_compiles(self):
        header = (SOURCE / "c/include/agentslock.h").read_text()
        example = "".join(line[6:] + "\n" for line in re.findall(r"^ \*     .*$", header.split("*/")[0], re.M))
        self.assertIn("agentslock_gate_ask", example)
        program = "#include <agentslock.h>\n#include <stdio.h>\nvoid query(void);\n" \
                  f"void ask(agentslock_key key);\nvoid ask(agentslock_key key) {{\n{example}}}\n"
        done = subprocess.run([os.environ["C_COMPILER"], "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
                               f"-I{SOURCE}/c/include", "-x", "c", "-"], input=program, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_names_on_the_page_are_the_header_s(self):
        header = (SOURCE / "c/include/agentslock.h").read_text()
        names = set(re.findall(r"`(agentslock_\w+|AGENTSLOCK_\w+)`", PAGE))
        self.assertGreater(len(names), 5)
        for name in names:
            self.assertRegex(header, rf"\b{name}\b")


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
