"""The exit status of every command in every situation, with and without --json."""
import os
import shlex
import subprocess
import unittest

import situations
from support import COMMAND, ENVIRONMENT, CommandTest, state_of


class ExitCodes(CommandTest):
    def in_own_directory(self, situation, tail):
        """Each run has a directory for itself, since commands change documents."""
        directory = self.directory
        self.directory = directory / str(len(list(directory.iterdir())))
        (self.directory / ".git").mkdir(parents=True)
        self.addCleanup(os.close, situation.prepare(self))
        call = [COMMAND, *shlex.split(situation.command), *tail]
        started = subprocess.Popen(call, cwd=self.directory, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.directory = directory
        return started

    def check(self, situation, started):
        text = b"".join(started.communicate()).decode()
        self.assertEqual(started.returncode, situation.code, text)
        return text

    def test_each_situation_has_its_code_whatever_the_output(self):
        for situation in situations.SITUATIONS:
            with self.subTest(str(situation)):
                self.check(situation, self.in_own_directory(situation, []))
                self.check(situation, self.in_own_directory(situation, ["--json"]))

    def test_a_lock_that_is_never_free_is_5_and_tells_what_is_known_of_its_holder(self):
        # All at once, so that the test waits once.
        runs = [(one, self.in_own_directory(one, [])) for one in situations.WAITING]
        for situation, started in runs:
            with self.subTest(str(situation)):
                holder = f"a holder that calls itself process {os.getpid()}, for " if situation.foreign else ""
                self.assertIn(f".agentsrc.lock is locked by {holder}", self.check(situation, started))

    def test_every_code_occurs(self):
        every = {one.code for one in situations.SITUATIONS + situations.WAITING}
        self.assertEqual(every, {0, 1, 2, 3, 4, 5})


class Told(CommandTest):
    def test_a_document_without_views_is_fine_and_says_so(self):
        self.write(".agentsrc.lock", situations.NO_VIEWS)
        self.assertIn("no views", self.expect(0, "show"))
        self.assertIn("no views", self.expect(0, "reconcile", "--store", "sqlite:."))

    def test_a_missing_document_is_named(self):
        for command in (["show"], ["reconcile", "--store", "sqlite:."]):
            self.assertIn("there is no document .agentsrc.lock", self.expect(4, *command))

    def test_a_store_without_any_database_is_an_error_of_its_own(self):
        path = self.directory / ".agentsrc.lock"
        self.write(path.name, situations.READY)
        (self.directory / "store").mkdir()
        before = path.read_bytes()
        for command in (["reconcile"], ["reconcile", "--check"], ["register", "comp", "w"]):
            error = self.json_of(4, *command, "--store", "sqlite:store")["error"]
            self.assertEqual(error["code"], "store_empty")
            for told in ("store", "comp", "kg_*.db", "wrong directory"):
                self.assertIn(told, error["message"])
        self.assertEqual(path.read_bytes(), before)

    def test_a_check_writes_nothing_and_leaves_no_file(self):
        path = self.write(".agentsrc.lock", situations.READY)
        self.database("other", "create table v(a)")
        before = state_of(path)
        self.expect(2, "reconcile", "--check", "--store", "sqlite:store")
        self.assertEqual(state_of(path), before)
        self.assertEqual(self.files(), [".agentsrc.lock", "store"])
        self.assertEqual(self.files("store"), ["kg_other.db"])

    def test_a_second_pass_changes_nothing_and_does_not_touch_the_file(self):
        path = self.write(".agentsrc.lock", situations.READY)
        self.database("other", "create table v(a)")
        self.expect(2, "reconcile", "--store", "sqlite:store")
        before = os.stat(path)
        self.assertIn("nothing to change", self.expect(2, "reconcile", "--store", "sqlite:store"))
        after = os.stat(path)
        self.assertEqual((after.st_ino, after.st_mtime_ns), (before.st_ino, before.st_mtime_ns))

    def test_what_is_in_the_documents_place_is_said(self):
        (self.directory / "directory").mkdir()
        os.mkfifo(self.directory / "pipe")
        self.write("file", "{}")
        for path, what in (("directory", "directory is a directory"), ("pipe", "pipe is a device, a pipe or a socket"),
                           ("file/x", "could not open file/x: Not a directory")):
            self.assertIn(what, self.expect(4, "show", "--document", path))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
