"""Which document a command works on when none is named."""
import os
import pathlib
import shutil
import subprocess
import unittest

from support import COMMAND, DOCUMENT, ENVIRONMENT, CommandTest, lockfile

ACTIVATE = ("activate", "new", "--schema-digest", "d")


class DefaultDocument(CommandTest):
    def setUp(self):
        super().setUp()
        self.deep = self.directory / "project" / "a" / "b"
        self.deep.mkdir(parents=True)
        self.project = self.directory / "project"

    def shown_from(self, directory):
        return self.json_of(0, "show", directory=directory)["document"]

    def test_the_one_here(self):
        self.write(f"project/{DOCUMENT}", lockfile(far={}))
        self.write(f"project/a/b/{DOCUMENT}", lockfile(near={}))
        self.assertEqual(self.shown_from(self.deep), DOCUMENT)
        self.assertIn("near", self.expect(0, "show", directory=self.deep))

    def test_the_nearest_one_above(self):
        self.write(f"{DOCUMENT}", lockfile(far={}))
        self.write(f"project/{DOCUMENT}", lockfile(near={}))
        self.assertEqual(self.shown_from(self.deep), str(self.project / DOCUMENT))
        self.assertIn("near", self.expect(0, "status", directory=self.deep))

    def test_the_one_beside_git_and_none_beyond(self):
        (self.project / ".git").mkdir()
        self.write(f"project/{DOCUMENT}", lockfile(project={}))
        self.assertEqual(self.shown_from(self.deep), str(self.project / DOCUMENT))
        (self.project / DOCUMENT).rename(self.directory / DOCUMENT)
        self.assertIn("there is no document .agentsrc.lock", self.expect(4, "show", directory=self.deep))

    def test_git_may_be_a_file(self):
        # As in a worktree.
        self.write(DOCUMENT, lockfile())
        self.write("project/.git", "gitdir: elsewhere\n")
        self.expect(4, "show", directory=self.deep)

    def test_every_command_finds_it(self):
        self.write(f"project/{DOCUMENT}", lockfile(comp={}))
        self.write("project/a/b/script", {"ops": [{"op": "save"}]})
        for command in (["show"], ["reconcile", "--store", "sqlite:."], ["apply", "script"], list(ACTIVATE),
                        ["register", "comp", "v", "--digest", "d"]):
            self.expect(0, *command, directory=self.deep)
        self.assertEqual(sorted(self.document(f"project/{DOCUMENT}")["adapters"]), ["comp", "new"])
        self.assertEqual(self.files("project/a/b"), ["script"])

    def test_a_new_one_is_made_only_here(self):
        (self.project / ".git").mkdir()
        self.expect(0, *ACTIVATE, directory=self.deep)
        self.assertEqual(self.files("project/a/b"), [DOCUMENT])
        self.assertEqual(self.files("project"), ["a"])
        self.assertEqual(self.files(), ["project"])

    def test_a_link_that_leads_nowhere_is_found_too(self):
        # The link is where the project wants its document: its target is made, and the link stays.
        (self.project / "kept").mkdir()
        (self.project / DOCUMENT).symlink_to("kept/elsewhere")
        self.expect(0, *ACTIVATE, directory=self.deep)
        self.assertEqual((self.project / DOCUMENT).readlink(), pathlib.Path("kept/elsewhere"))
        self.assertIn("new", self.document("project/kept/elsewhere")["adapters"])

    def test_one_of_another_user_above_is_not_taken_and_ends_the_search(self):
        # Only root can give a file away; who is not root sees that one's own is taken.
        is_root = os.geteuid() == 0
        self.write(DOCUMENT, lockfile(far={}))
        self.write(f"project/a/{DOCUMENT}", lockfile(near={}))
        before = (self.project / "a" / DOCUMENT).read_bytes()
        if is_root:
            os.chown(self.project / "a" / DOCUMENT, 12345, 12345)
        for command in (["show"], ["lock", "status"], ["reconcile", "--check", "--store", "sqlite:."]):
            told = self.run_command(*command, directory=self.deep)
            self.assertEqual(told.returncode, 4 if is_root else 0, told.stderr)
            if is_root:
                self.assertIn(f"{self.project}/a/{DOCUMENT} is not taken: it belongs to user 12345", told.stderr.decode())
                self.assertIn("--document", told.stderr.decode())
        if is_root:
            self.assertEqual(self.json_of(4, *ACTIVATE, directory=self.deep)["error"]["code"], "access_denied")
            self.assertEqual((self.project / "a" / DOCUMENT).read_bytes(), before)
        self.assertEqual((self.files("project/a/b"), self.files("project/a")), ([], [DOCUMENT, "b"]))
        # Named, or here, it is; and under sudo that of the user who called it.
        self.assertIn("near", self.expect(0, "show", "--document", f"../{DOCUMENT}", directory=self.deep))
        self.assertIn("near", self.expect(0, "show", directory=self.project / "a"))
        self.assertIn("near", self.expect(0, "show", directory=self.deep, environment={"SUDO_UID": "12345"}))

    def test_one_that_can_not_be_seen_may_be_the_nearest(self):
        self.write(DOCUMENT, lockfile(far={}))
        command = shutil.copy(COMMAND, self.directory / "command")
        deep = os.open(self.deep, os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, deep)
        os.chmod(self.directory, 0o755)
        os.chmod(self.project, 0o000)
        self.addCleanup(os.chmod, self.project, 0o700)
        # The command stands where it may not look up.
        how = {"preexec_fn": lambda: os.fchdir(deep), "env": ENVIRONMENT, "stderr": subprocess.PIPE}
        if os.geteuid() == 0:
            how |= {"user": 65534, "group": 65534, "extra_groups": []}
        self.assertIn(b"Permission denied", subprocess.run(["ls", self.project], **how).stderr)
        told = subprocess.run([command, "show"], **how)
        self.assertEqual(told.returncode, 4)
        self.assertIn(b"Permission denied; name the document with --document", told.stderr)

    def test_lock_overrides_all_of_that(self):
        self.write(DOCUMENT, lockfile(here={}))
        self.write("other.json", lockfile(there={}))
        self.assertIn("there", self.expect(0, "show", "--document", "other.json"))
        self.expect(4, "show", "--document", "none.json")

    def test_an_empty_name_is_no_document(self):
        # As an unset variable of a script would give.
        self.write(DOCUMENT, lockfile(here={}))
        self.assertIn("--document", self.expect(1, "show", "--document", ""))


class Environment(CommandTest):
    STORE = {"AGENTSLOCK_STORE": "sqlite:store"}

    def setUp(self):
        super().setUp()
        self.deep = self.directory / "a" / "b"
        self.deep.mkdir(parents=True)
        self.write(DOCUMENT, lockfile(comp={}))
        self.database("comp", "create table v(a)")

    def test_a_store_that_is_not_named_is_the_environment_s(self):
        self.expect(0, "digest", "comp", "v", environment=self.STORE)
        self.expect(0, "reconcile", "--check", environment=self.STORE)
        self.expect(2, "orphans", environment=self.STORE)
        self.expect(0, "register", "comp", "v", environment=self.STORE)
        # What is named counts, and a digest that is given needs none.
        self.assertIn("nowhere", self.expect(4, "digest", "comp", "v", "--store", "sqlite:nowhere", environment=self.STORE))
        self.expect(0, "register", "comp", "w", "--digest", "d", environment=self.STORE)
        self.assertIn("AGENTSLOCK_STORE", self.expect(1, "orphans"))
        self.assertIn("AGENTSLOCK_STORE", self.expect(1, "orphans", environment={"AGENTSLOCK_STORE": ""}))

    def test_a_relative_store_is_beside_a_document_that_was_found_above(self):
        for environment, arguments in ((self.STORE, ()), ({}, ("--store", "sqlite:store"))):
            self.expect(2, "orphans", *arguments, environment=environment, directory=self.deep)
        # Not beside one that was named: both are seen from here.
        named = ("--document", f"../../{DOCUMENT}")
        self.expect(4, "orphans", *named, environment=self.STORE, directory=self.deep)
        self.expect(2, "orphans", *named, "--store", "sqlite:../../store", directory=self.deep)
        self.expect(2, "orphans", "--store", f"sqlite:{self.directory}/store", directory=self.deep)

    def test_a_document_that_is_not_named_is_the_environment_s(self):
        self.write("other.json", lockfile(there={}))
        other = {"AGENTSLOCK_DOCUMENT": "other.json"}
        self.assertIn("there", self.expect(0, "show", environment=other))
        self.assertIn("comp", self.expect(0, "show", "--document", DOCUMENT, environment=other))
        self.assertIn("comp", self.expect(0, "show", environment={"AGENTSLOCK_DOCUMENT": ""}))
        self.expect(4, "show", environment={"AGENTSLOCK_DOCUMENT": "nothing"})

    def test_help_tells_of_both(self):
        text = self.expect(0, "reconcile", "--help")
        for name in ("AGENTSLOCK_DOCUMENT", "AGENTSLOCK_STORE"):
            self.assertIn(name, text)

    def test_a_password_in_the_environment_is_not_repeated(self):
        self.assertNotIn("hunter2", self.expect(1, "orphans", environment={"AGENTSLOCK_STORE": "postgres:u:hunter2@h"}))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
