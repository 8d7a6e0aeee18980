"""man and help: made from the same definitions as the command line."""
import re
import subprocess
import unittest

from support import CommandTest


class Man(CommandTest):
    def test_every_command_and_option_stands_in_the_page(self):
        page = self.expect(0, "man").replace("\\-", "-")
        told = self.expect(0, "--help").split("ommands:\n")[1]
        commands = [name for names in re.findall(r"^  (\w+(?:, \w+)*)  ", told, re.M) for name in names.split(", ")]
        for command in commands:
            if command == "lock":
                continue
            self.assertRegex(page, rf"(?m)^\.SS \\fB(?:\w+, )*{command}\b", command)
        for command in ("show", "wait", "lock break"):
            part = page.split(f".SS \\fB{command}", 1)[1].split(".SS ", 1)[0]
            for option in re.findall(r"^  (--[a-z-]+)", self.expect(0, *command.split(), "--help"), re.M):
                self.assertIn(f"\\fB{option}\\fR", part)
        self.assertIn(".SS \\fBexplain\\fR \\fIADAPTER\\fR [\\fIVIEW\\fR]\n", page)
        for code in range(6):
            self.assertIn(f".TP\n\\fB{code}\\fR\n", page)

    def test_groff_finds_nothing_wrong_with_it(self):
        page = self.expect(0, "man").encode()
        done = subprocess.run(["groff", "-man", "-ww", "-Tascii", "-z"], input=page, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_help_is_what_help_options_tell(self):
        self.assertEqual(self.expect(0, "help"), self.expect(0, "--help"))
        for command in ("show", "status", "lock break", "lock"):
            self.assertEqual(self.expect(0, "help", *command.split()), self.expect(0, *command.split(), "--help"))
        self.assertIn("there is no command shwo; did you mean show?", self.expect(1, "help", "shwo"))
        self.assertIn("there is no command dance", self.expect(1, "help", "lock", "dance"))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
