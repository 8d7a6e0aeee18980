"""completions: what a shell completes is what the command takes."""
import re
import shutil
import subprocess
import unittest

from support import ENVIRONMENT, CommandTest

# Fails unless it sources without a word, and prints what the words given to it complete to.
IN_BASH = r"""
source "$1" || exit 9
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_agentslock
printf '%s\n' "${COMPREPLY[@]}"
"""


class Completions(CommandTest):
    def script(self, shell):
        return self.write(f"agentslock.{shell}", self.expect(0, "completions", shell))

    def completed(self, *words):
        done = subprocess.run(["bash", "--norc", "-uo", "pipefail", "-c", IN_BASH, "bash", self.script("bash"), "agentslock", *words],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_bash_completes_every_command(self):
        told = self.expect(0, "--help").split("ommands:\n")[1]
        commands = {name for names in re.findall(r"^  ([\w-]+(?:, [\w-]+)*)  ", told, re.M) for name in names.split(", ")}
        self.assertGreater(len(commands), 10)
        self.assertEqual(set(self.completed("")), commands)
        self.assertEqual(self.completed("exp"), ["explain"])
        self.assertEqual(sorted(self.completed("s")), ["show", "status", "sweep"])
        self.assertEqual(self.completed("dance"), [])

    def test_bash_completes_the_options_of_each(self):
        for command in set(self.completed("")) - {"lock", "documents"}:
            told = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]*)", self.expect(0, command, "--help").split("Exit status, ")[0]))
            completed = set(self.completed(command, "--"))
            self.assertLessEqual(completed, told, command)
            self.assertIn("--help", completed)
        self.assertEqual(self.completed("show", "--ad"), ["--adapter"])
        self.assertEqual(self.completed("status", "--ad"), ["--adapter"])
        self.assertEqual(self.completed("wait", "comp", "--t"), ["--timeout"])
        self.assertEqual(sorted(self.completed("--")), ["--help", "--version"])

    def test_bash_completes_commands_under_a_command(self):
        self.assertEqual(sorted(self.completed("lock", "")), ["break", "status"])
        self.assertEqual(sorted(self.completed("documents", "")), ["delete", "get", "init", "list", "put"])
        self.assertEqual(sorted(self.completed("documents", "list", "--")), ["--help", "--json"])
        self.assertEqual(sorted(self.completed("lock", "break", "--")),
                         ["--document", "--help", "--json", "--no-token", "--token"])

    def test_everything_else_is_left_to_the_shell(self):
        self.assertEqual(self.completed("diff", ""), [])
        self.assertIn("complete -o default ", self.expect(0, "completions", "bash"))

    def test_the_others_name_the_same_and_are_read_by_their_shells(self):
        for shell in ("zsh", "fish"):
            script = self.script(shell)
            text = (self.directory / f"agentslock.{shell}").read_text()
            for command in self.completed(""):
                self.assertRegex(text, rf"(?m)(?:'{command}:|-a {command} )", (shell, command))
            if shutil.which(shell):
                done = subprocess.run([shell, "-n", script], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)

    def completed_by_fish(self, line):
        """What fish itself makes of a line, without what else it knows."""
        done = subprocess.run(["fish", "--no-config", "-c", 'source $argv[1]; complete -C $argv[2]', self.script("fish"), line],
                              capture_output=True, text=True, timeout=60, env=ENVIRONMENT | {"HOME": str(self.directory)})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [one.split("\t")[0] for one in done.stdout.splitlines()]

    def test_fish_completes_commands_options_and_commands_under_a_command(self):
        self.assertEqual(set(self.completed_by_fish("agentslock ")), set(self.completed("")))
        self.assertEqual(self.completed_by_fish("agentslock exp"), ["explain"])
        self.assertIn("--adapter", self.completed_by_fish("agentslock show --"))
        self.assertNotIn("--adapter", self.completed_by_fish("agentslock wait --"))
        self.assertEqual(sorted(self.completed_by_fish("agentslock lock ")), ["break", "status"])
        self.assertEqual(sorted(self.completed_by_fish("agentslock lock break --")),
                         ["--document", "--help", "--json", "--no-token", "--token"])

    def test_another_shell_is_refused(self):
        for line in (("completions",), ("completions", "tcsh"), ("completions", "")):
            self.expect(1, *line)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
