"""Wrong command lines end with 1 and name the fault; --help tells what there is."""
import shlex
import subprocess
import unittest

from support import COMMAND, DOCUMENT, CommandTest, lockfile

COMMANDS = ("reconcile", "show", "apply", "activate", "register")

# The command line, and what the message must name.
WRONG = [
    ("", "command"),
    ("dance", "dance"),
    ("dance --document x", "dance"),
    ("--document x", "--document"),
    ("show extra", "extra"),
    ("show --dance", "--dance"),
    ("show reconcile", "reconcile"),
    ("show --adapter", "--adapter"),
    ("show --adapter ''", "--adapter"),
    ("frobnicate --help", "frobnicate"),
    ("show --document", "--document"),
    ("show --document a --document b", "--document"),
    ("show --store sqlite:x", "--store"),
    ("reconcile", "--store"),
    ("reconcile --store", "--store"),
    ("reconcile --store x", "sqlite:DIRECTORY"),
    ("reconcile --store mysql:x", "mysql"),
    ("reconcile --store sqlite:", "sqlite:DIRECTORY"),
    ("apply", "SCRIPT"),
    ("apply a b", "b"),
    ("apply nothing.json", "nothing.json"),
    ("apply .", "could not read"),
    ("activate", "ADAPTER"),
    ("activate crg", "--schema-digest"),
    ("activate crg --schema-digest d --source-digest s --source f", "--source"),
    ("activate crg --schema-digest d --source nothing.yaml", "nothing.yaml"),
    ("activate crg --schema-digest d --source .", "could not read"),
    ("activate '' --schema-digest d", "name is empty"),
    ("register", "ADAPTER"),
    ("register comp", "VIEW"),
    ("register comp v", "--store"),
    ("register comp v --digest d --store sqlite:x", "--store"),
    ("register comp v --digest ''", "--digest"),
    ("register '' v --digest d", "name is empty"),
    ("register comp '' --digest d", "name is empty"),
    ("register comp v --digest d --depends-on nobody", "nobody"),
    ("register comp v --digest d --depends-on ''", "--depends-on"),
    ("activate crg --schema-digest ''", "--schema-digest"),
    ("sweep doc", "doc"),
    ("sweep --document doc", "--document"),
    ("sweep --store sqlite:x", "--store"),
]


class Usage(CommandTest):
    def test_a_wrong_command_line_ends_with_1_and_names_the_fault(self):
        for line, fault in WRONG:
            with self.subTest(line):
                done = self.run_command(*shlex.split(line))
                message = done.stderr.decode()
                self.assertEqual((done.returncode, done.stdout), (1, b""), message)
                self.assertIn(fault, message)
                self.assertNotIn("internal error", message)
        self.assertEqual(self.files(), [])

    def test_what_was_probably_meant_is_named(self):
        self.write(".agentsrc.lock", {})
        for line, meant in (("shwo", "there is no command shwo; did you mean show?"),
                            ("statsu", "did you mean status?"),
                            ("lock brake", "there is no lock command brake; did you mean break?"),
                            ("show --jsno", "not expected: --jsno; did you mean --json?"),
                            ("register a v --digset=secret", "not expected: --digset; did you mean --digest?")):
            self.assertIn(meant, self.expect(1, *shlex.split(line)), line)
        for line in ("dance", "show --dance", "show shw", "lock dance"):
            self.assertNotIn("did you mean", self.expect(1, *shlex.split(line)), line)

    def test_passwords_of_connections_never_appear(self):
        for line in ("reconcile --store 'postgres:host=/no password hunter2'",
                     "reconcile --store postgress://u:hunter2@h/db",
                     "register a v --store postgres:u:hunter2@h/db",
                     "show --store postgres://u:hunter2@h/db",
                     "reconcile --stroe=postgres://u:hunter2@h/db",
                     "reconcile postgres://u:hunter2@h/db"):
            self.assertNotIn("hunter2", self.expect(1, *shlex.split(line)), line)

    def test_options_may_stand_before_the_names(self):
        # None of them takes more than its one value.
        self.expect(0, "activate", "--schema-digest", "d", "crg")
        self.expect(0, "register", "--digest", "d", "--depends-on", "crg", "comp", "v")
        [depends_on] = self.document()["adapters"]["comp"]["materialized_views"]["v"]["depends_on"]
        self.assertEqual(depends_on["adapter"], "crg")

    def test_names_are_taken_as_they_are(self):
        names = ["show", "activate", "-n", "--json", "[a,b]", "%%", '"q"', "a b", "a=b", "@", "@scope/x"]
        for name in names:
            self.expect(0, "activate", "--schema-digest=d", "--", name)
        for number, name in enumerate(names):
            self.expect(0, "register", "--digest=d", f"--depends-on={name}", "--", name, str(number))
        shown = self.json_of(0, "show")["adapters"]
        self.assertEqual([one["name"] for one in shown], sorted(names))
        for one in shown:
            [depends_on] = one["views"][0]["depends_on"]
            self.assertEqual((depends_on["adapter"], depends_on["version"]), (one["name"], ""))


class Help(CommandTest):
    def test_every_command_tells_its_options_and_exit_codes(self):
        for command in COMMANDS + ("status",):
            text = self.expect(0, command, "--help")
            for word in ("--document", "--json", "Exit status, the first that applies of:", "\n  0: fine"):
                self.assertIn(word, text, command)
            self.assertEqual(text, self.expect(0, command, "-h"))

    def test_the_whole_tells_the_commands(self):
        text = self.expect(0, "--help")
        for command in COMMANDS:
            self.assertIn(f"\n  {command}", text)

    def test_version(self):
        self.assertRegex(self.expect(0, "--version"), r"^agentslock \d+\.\d+\.\d+\n$")


class Loading(CommandTest):
    def test_sqlite_is_loaded_for_a_store_alone(self):
        needed = subprocess.run(["readelf", "--dynamic", "--wide", COMMAND], capture_output=True, text=True, check=True).stdout
        self.assertIn("NEEDED", needed)
        self.assertNotIn("libsqlite3", needed, "cli/libsqlite.cpp lacks a function that agentslock::sqlite calls")
        self.write(DOCUMENT, lockfile())
        self.write("libraries/libsqlite3.so.0", "no library")
        environment = {"LD_LIBRARY_PATH": str(self.directory / "libraries")}
        self.expect(0, "show", environment=environment)
        for command in (["reconcile"], ["orphans"], ["digest", "comp", "v"], ["register", "comp", "v"]):
            told = self.expect(4, *command, "--store", "sqlite:.", environment=environment)
            self.assertIn("libsqlite3.so.0", told)
            self.assertIn("install", told)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
