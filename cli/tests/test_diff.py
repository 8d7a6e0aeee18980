"""diff: what changed between two documents, which may be git's."""
import os
import subprocess
import unittest

from support import DOCUMENT, ENVIRONMENT, CommandTest, lockfile, many_views, view

BUMPED = [{"at": "2026-07-02T08:00:00Z", "from": "ready", "to": "pending-recompat-check", "trigger": "dependee-bump:crg@2"}]


def on_crg(digest="sha256:crg", version="1"):
    return [{"adapter": "crg", "schema_digest": digest, "version": version}]


class Diff(CommandTest):
    def setUp(self):
        super().setUp()
        before = lockfile(comp={"owners": view("ready", "d", depends_on=on_crg()), "paths": view("ready", "d"),
                                "same": view("nonsense")}, crg={}, gone={})
        after = lockfile(comp={"owners": view("pending-recompat-check", "d", depends_on=on_crg("sha256:new", "2"),
                                              state_history=BUMPED),
                               "more": view("dsl-update-required"), "same": view("nonsense")}, crg={})
        after["adapters"]["crg"]["schema_digest"] = "sha256:new"
        self.write("a", before)
        self.write("b", {**after, "units": [1]})

    def git(self, *arguments):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main", *arguments],
                       cwd=self.directory, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)

    def repository(self):
        (self.directory / ".git").rmdir()
        self.git("init")

    def test_each_difference_is_told_view_by_view(self):
        self.assertEqual(self.expect(2, "diff", "a", "b"), """\
a → b: 2 adapters and 3 views differ
+ comp/more  ✗ dsl-update-required
~ comp/owners  ✓ ready → ? pending-recompat-check
    depends_on: crg@1=sha256:crg → crg@2=sha256:new
    2026-07-02T08:00:00Z  dependee-bump:crg@2 → pending-recompat-check
- comp/paths  ✓ ready
~ crg
    schema_digest: sha256:crg → sha256:new
- gone
""")

    def test_json_tells_the_same(self):
        told = self.json_of(2, "diff", "a", "b")
        self.assertEqual((told["before"], told["after"], told["different"]), ("a", "b", True))
        comp, crg, gone = told["adapters"]
        self.assertEqual([(one["name"], one["change"]) for one in comp["views"]],
                         [("more", "added"), ("owners", "changed"), ("paths", "removed")])
        owners = comp["views"][1]
        self.assertEqual((owners["status_before"], owners["status_after"]), ("ready", "pending-recompat-check"))
        self.assertEqual(owners["transitions"], BUMPED)
        self.assertEqual(owners["depends_on"], {"before": on_crg(), "after": on_crg("sha256:new", "2")})
        self.assertEqual(crg["members"], [{"member": "schema_digest", "before": "sha256:crg", "after": "sha256:new"}])
        self.assertEqual((gone["change"], gone["views"]), ("removed", []))

    def test_nothing_different_is_0_whatever_the_bytes(self):
        self.write("c", b" \r\n" + (self.directory / "a").read_bytes())
        self.assertEqual(self.expect(0, "diff", "a", "c"), "a → c: no adapter and no view differs\n")
        self.assertEqual(self.json_of(0, "diff", "a", "a")["different"], False)
        self.write("empty", {})
        self.write("bare", {"lock_version": 1, "adapters": {}})
        self.expect(0, "diff", "empty", "bare")

    def test_git_s_documents_are_found_as_git_finds_them(self):
        self.repository()
        self.write(f"deep/{DOCUMENT}", (self.directory / "a").read_bytes())
        self.git("add", ".")
        self.git("commit", "-qm", "one")
        self.write(f"deep/{DOCUMENT}", (self.directory / "b").read_bytes())
        deep = self.directory / "deep"
        self.assertEqual(self.expect(2, "diff", f"HEAD:deep/{DOCUMENT}", DOCUMENT, directory=deep),
                         self.expect(2, "diff", "a", "b").replace("a → b", f"HEAD:deep/{DOCUMENT} → {DOCUMENT}"))
        self.expect(2, "diff", f"HEAD:./{DOCUMENT}", DOCUMENT, directory=deep)
        self.expect(0, "diff", f"HEAD:./{DOCUMENT}", ":./../a", directory=deep)
        # What is staged is a REV too, and an empty one.
        self.git("add", ".")
        self.expect(0, "diff", f":deep/{DOCUMENT}", "b")

    def test_what_git_does_not_have_is_said_with_git_s_words(self):
        self.repository()
        self.git("add", ".")
        self.git("commit", "-qm", "one")
        for name, word in (("HEAD:nothing", "nothing"), ("no-such-rev:a", "no-such-rev"), ("HEAD:", "HEAD:")):
            error = self.json_of(4, "diff", name, "a")["error"]
            self.assertIn(word, error["message"])
        self.assertEqual(self.json_of(4, "diff", "HEAD:nothing", "a")["error"]["code"], "document_missing")
        self.assertIn("git has no document HEAD:nothing: fatal: ", self.expect(4, "diff", "HEAD:nothing", "a"))

    def test_no_name_is_an_option_of_git_or_a_command_of_a_shell(self):
        self.repository()
        for name in ("--output=pwned:a", "-O:a"):
            self.assertIn("may not begin with", self.expect(1, "diff", "--", name, "a"))
        for name in ("$(touch pwned):a", "`touch pwned`:a", ";touch pwned;:a", "HEAD\n:a"):
            self.expect(4, "diff", name, "a")
        self.assertNotIn("pwned", self.files())

    def test_without_git_that_is_said(self):
        (self.directory / "bin").mkdir()
        for environment in ({"PATH": str(self.directory / "bin")}, {"PATH": "/nowhere"}):
            self.assertIn("there is no git to run: install it, or name two files",
                          self.expect(4, "diff", "HEAD:a", "a", environment=environment))
            self.expect(2, "diff", "a", "b", environment=environment)

    def test_a_file_with_a_colon_is_named_with_its_directory(self):
        self.write("x:y", (self.directory / "a").read_bytes())
        self.expect(0, "diff", "./x:y", "a")
        self.expect(0, "diff", str(self.directory / "x:y"), "a")
        self.assertIn("if it is a file, write ./x:y", self.expect(4, "diff", "x:y", "a"))

    def test_documents_that_are_not_there_or_no_documents(self):
        self.write("broken", "{")
        self.repository()
        self.git("add", ".")
        self.git("commit", "-qm", "one")
        self.assertIn("there is no document nothing", self.expect(4, "diff", "a", "nothing"))
        for name in ("broken", "HEAD:broken"):
            self.assertIn(f"{name}:1:2", self.expect(4, "diff", "a", name))
        self.assertEqual(self.json_of(4, "diff", "a", "HEAD:broken")["error"]["code"], "not_json")

    def test_a_large_document_of_git_s_arrives_whole(self):
        self.repository()
        self.write("many", many_views())
        self.git("add", ".")
        self.git("commit", "-qm", "one")
        self.expect(0, "diff", "HEAD:many", "many")
        document = many_views(status="pending-rebuild")
        self.write("many", document)
        self.assertIn(": 0 adapters and 10000 views differ\n", self.expect(2, "diff", "HEAD:many", "many"))
        # Git that is not read to its end ends all the same.
        self.write("empty", b"\xff" * 3_000_000)
        self.git("add", ".")
        self.expect(4, "diff", ":empty", "many")

    def test_names_that_end_with_control_characters_are_harmless(self):
        self.write("c", lockfile(**{"a\x1b[2J": {"v\n": view("ready", "\x1b", depends_on=on_crg("\x1b", "\x1b"))}}))
        text = self.expect(2, "diff", "a", "c")
        self.assertTrue(all(c == "\n" or c.isprintable() for c in text), text)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
