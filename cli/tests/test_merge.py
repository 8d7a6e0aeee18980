"""Merging documents, by real git: the driver, and resolve."""
import json
import os
import pathlib
import subprocess
import unittest

import support

DOCUMENT = support.DOCUMENT
ATTRIBUTES = f"{DOCUMENT} merge=agentslock\n"


def at(second):
    return f"2026-07-01T12:{second // 60:02}:{second % 60:02}Z"


def view(status="ready", digest="sha256:v", schema="sha256:d0", log=()):
    history = [{"at": at(0), "to": "ready", "trigger": "registered"}, *log]
    return {"view_digest": digest, "view_status": status,
            "depends_on": [{"adapter": "crg", "schema_digest": schema, "version": ""}],
            "last_rebuilt_at": at(0), "state_history": history}


def move(entry, second, to, trigger):
    entry["state_history"].append({"at": at(second), "from": entry["view_status"], "to": to, "trigger": trigger})
    entry["view_status"] = to


def document(views=("a", "b", "c"), **sections):
    made = {"adapters": {"comp": {"source_digest": "s", "schema_digest": "d", "activated_at": at(0),
                                  "materialized_views": {name: view() for name in views}},
                         "crg": {"source_digest": "s0", "schema_digest": "sha256:d0", "activated_at": at(0)}},
            "config": {"one": 1, "two": {"x": 1.0}, "three": [1, 2, 3], "four": "x"},
            "lock_version": 1, "units": {"u": "1e5"}}
    made.update(sections)
    return dict(sorted(made.items()))


def text_of(value):
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


class MergeTest(support.CommandTest):
    def setUp(self):
        super().setUp()
        (self.directory / ".git").rmdir()
        self.tools = self.directory / ".tools"
        self.tools.mkdir()
        (self.tools / "agentslock").symlink_to(support.COMMAND)
        self.clone = self.directory / "clone"
        self.clone.mkdir()
        self.environment = {k: v for k, v in support.ENVIRONMENT.items() if not k.startswith("GIT_")} | {
            "PATH": f"{self.tools}:{os.environ['PATH']}", "HOME": str(self.directory), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments, code=0, directory=None):
        done = subprocess.run(["git", *arguments], cwd=directory or self.clone, env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        if code is not None:
            self.assertEqual(done.returncode, code, f"git {arguments}: {done.stdout.decode()}")
        return done.stdout.decode()

    def agentslock(self, code, *arguments):
        return self.expect(code, *arguments, directory=self.clone, environment={"PATH": self.environment["PATH"]})

    def install(self):
        return self.agentslock(0, "merge-driver", "--install")

    def put(self, content, directory=None):
        text = content if isinstance(content, (str, bytes)) else text_of(content)
        ((directory or self.clone) / DOCUMENT).write_bytes(text.encode() if isinstance(text, str) else text)

    def text(self, directory=None):
        return ((directory or self.clone) / DOCUMENT).read_bytes().decode()

    def read(self):
        return json.loads(self.text())

    def commit(self, content, message="m"):
        self.put(content)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def branches(self, base, ours, theirs):
        """main with ours, branch with theirs, from one base; main is checked out."""
        self.commit(base)
        self.git("checkout", "-q", "-b", "branch")
        self.commit(theirs, "theirs")
        self.git("checkout", "-q", "main")
        self.commit(ours, "ours")

    def views(self):
        return self.read()["adapters"]["comp"]["materialized_views"]


def changed(change, base=None):
    made = json.loads(text_of(base or document()))
    change(made)
    return made


def comp(made):
    return made["adapters"]["comp"]["materialized_views"]


def bumped(name, second):
    return lambda made: move(comp(made)[name], second, "pending-recompat-check", "dependee-bump:crg")


def absent(name, second):
    return lambda made: move(comp(made)[name], second, "pending-rebuild", "reconcile:view tables absent")


class Driver(MergeTest):
    def setUp(self):
        super().setUp()
        self.install()

    def test_a_view_that_both_changed_is_as_cautious_as_either(self):
        self.branches(document(), changed(bumped("a", 1)), changed(absent("a", 2)))
        self.git("merge", "-q", "branch")
        self.assertEqual(self.views()["a"]["view_status"], "pending-recompat-check")
        self.assertEqual([one["trigger"] for one in self.views()["a"]["state_history"]],
                         ["registered", "dependee-bump:crg", "reconcile:view tables absent", "merge"])
        self.assertEqual(self.views()["a"]["state_history"][-1]["at"], at(2))

    def test_two_clones_make_the_same_bytes(self):
        ours, theirs = changed(bumped("a", 1)), changed(lambda m: (absent("a", 2)(m), absent("b", 3)(m)))
        self.branches(document(), ours, theirs)
        self.git("merge", "-q", "branch")
        here = self.text()
        self.git("reset", "-q", "--hard", "HEAD^")
        self.git("checkout", "-q", "branch")
        self.git("merge", "-q", "main")
        self.assertEqual(self.text(), here)

    def test_what_one_side_changed_keeps_its_bytes(self):
        base = text_of(document())
        ours = text_of(changed(bumped("a", 1)))
        theirs = base.replace('"x": 1.0', '"x":   1.00e0').replace('"u": "1e5"', '"u": "\\u0031e5",\n    "w": 1e400')
        self.branches(base, ours, theirs)
        self.git("merge", "-q", "branch")
        self.assertEqual(self.text(), ours.replace('"x": 1.0', '"x":   1.00e0')
                         .replace('"u": "1e5"', '"u": "\\u0031e5",\n    "w": 1e400'))

    def test_rebase(self):
        self.branches(document(), changed(bumped("a", 1)), changed(absent("b", 2)))
        self.git("checkout", "-q", "branch")
        rebuilt = self.read()
        move(comp(rebuilt)["b"], 3, "ready", "rebuilt")
        comp(rebuilt)["b"]["view_digest"] = "sha256:w"
        self.commit(rebuilt, "rebuilt")
        self.git("rebase", "-q", "main")
        self.assertEqual({n: v["view_status"] for n, v in self.views().items()},
                         {"a": "pending-recompat-check", "b": "ready", "c": "ready"})

    def test_cherry_pick(self):
        self.branches(document(), changed(bumped("a", 1)), changed(absent("a", 2)))
        self.git("cherry-pick", "branch")
        self.assertEqual(self.views()["a"]["view_status"], "pending-recompat-check")

    def test_stash_pop(self):
        self.commit(document())
        self.put(changed(absent("a", 2)))
        self.git("stash", "-q")
        self.commit(changed(bumped("a", 1)))
        self.git("stash", "pop", "-q")
        self.assertEqual(self.views()["a"]["view_status"], "pending-recompat-check")

    def test_criss_cross(self):
        self.branches(document(), changed(bumped("a", 1)), changed(absent("a", 2)))
        self.git("tag", "left")
        self.git("merge", "-q", "branch")
        mine = self.read()
        absent("b", 4)(mine)
        self.commit(mine)
        self.git("checkout", "-q", "-b", "other", "branch")
        self.git("merge", "-q", "left")
        yours = self.read()
        bumped("b", 5)(yours)
        self.commit(yours)
        self.git("merge", "-q", "main")
        self.assertEqual(self.git("merge-base", "--all", "HEAD^1", "HEAD^2").count("\n"), 2)
        self.assertEqual({n: v["view_status"] for n, v in self.views().items()},
                         {"a": "pending-recompat-check", "b": "pending-recompat-check", "c": "ready"})

    def test_a_base_with_marks_loses_nobodys_change(self):
        # Git gives such a base where the configuration lacks "recursive": two roots that disagree.
        def activated(name, second):
            return lambda m: m["adapters"]["crg"].update(source_digest=name, schema_digest=name, activated_at=at(second))
        self.git("config", "--unset", "merge.agentslock.recursive")
        self.branches(document(), changed(activated("sha256:1", 1)), changed(activated("sha256:2", 2)))
        self.git("tag", "left")
        self.git("merge", "branch", code=1)
        mine = changed(activated("sha256:1", 3))
        mine["units"]["mine"] = 1
        self.commit(mine)
        self.git("checkout", "-q", "-b", "other", "branch")
        self.git("merge", "left", code=1)
        yours = changed(activated("sha256:1", 4))
        yours["packages"] = {"yours": 1}
        self.commit(yours)
        self.git("merge", "main", code=None)
        self.assertIn('"mine": 1', self.text())
        self.assertIn('"yours": 1', self.text())

    def test_a_view_that_one_side_removed(self):
        self.branches(document(), changed(lambda m: (comp(m).pop("a"), comp(m).pop("b"))), changed(
            lambda m: (move(comp(m)["a"], 1, "pending-rebuild", "x"), move(comp(m)["a"], 2, "ready", "rebuilt"))))
        self.git("merge", "-q", "branch")
        self.assertEqual({n: v["view_status"] for n, v in self.views().items()}, {"a": "pending-rebuild", "c": "ready"})

    def test_both_added_the_document(self):
        self.git("add", ".gitattributes")
        self.git("commit", "-q", "-m", "root")
        self.git("checkout", "-q", "-b", "branch")
        self.commit(document(views=("a", "t")))
        self.git("checkout", "-q", "main")
        self.commit(document(views=("a", "o")))
        self.git("merge", "-q", "branch")
        self.assertEqual(sorted(self.views()), ["a", "o", "t"])
        self.assertEqual(self.text(), text_of(document(views=("a", "o", "t"))))

    def test_one_that_only_one_side_has(self):
        self.git("commit", "-q", "--allow-empty", "-m", "root")
        self.git("checkout", "-q", "-b", "branch")
        self.commit(document())
        self.git("checkout", "-q", "main")
        self.git("commit", "-q", "--allow-empty", "-m", "other")
        self.git("merge", "-q", "branch")
        self.assertEqual(self.text(), text_of(document()))

    def test_in_a_worktree(self):
        self.branches(document(), changed(bumped("a", 1)), changed(absent("a", 2)))
        tree = self.directory / "tree"
        self.git("worktree", "add", "-q", str(tree), "branch")
        self.git("merge", "-q", "main", directory=tree)
        self.assertIn('"trigger": "merge"', self.text(tree))

    def test_crlf(self):
        base = text_of(document())
        self.branches(base, base.replace("\n", "\r\n"), changed(absent("a", 2)))
        self.git("merge", "-q", "branch")
        self.assertEqual(self.text(), text_of(changed(absent("a", 2))).replace("\n", "\r\n"))

    def test_two_schemas_are_a_conflict_around_that_entry_alone(self):
        def activated(name, second):
            def change(made):
                made["adapters"]["crg"].update(source_digest=name, schema_digest=name, activated_at=at(second))
                comp(made)["a" if second == 1 else "b"]["last_validation_at"] = at(second)
            return change
        self.branches(document(), changed(activated("sha256:1", 1)), changed(activated("sha256:2", 2)))
        self.assertIn("/adapters/crg", self.git("merge", "branch", code=1))
        text = self.text()
        begin, end = text.index("<<<<<<< "), text.index(">>>>>>> ")
        self.assertNotIn('"comp"', text[begin:end])
        for side, (ours, theirs) in {"1": (True, False), "2": (False, True)}.items():
            lines, now = [], None
            for line in text.splitlines(True):
                if line.startswith("<<<<<<< "):
                    now = ours
                elif line.startswith("======="):
                    now = theirs
                elif line.startswith(">>>>>>> "):
                    now = None
                elif now is not False:
                    lines.append(line)
            chosen = json.loads("".join(lines))
            self.assertEqual(chosen["adapters"]["crg"]["schema_digest"], f"sha256:{side}")
            self.assertEqual([comp(chosen)[n].get("last_validation_at") for n in "ab"], [at(1), at(2)])

    def test_items_with_members_that_are_not_ours_are_kept_or_chosen(self):
        def noted(where):
            def change(made):
                absent("a", 2)(made)
                comp(made)["a"][where][-1]["note"] = "1e5"
            return change
        for where in ("depends_on", "state_history"):
            for ours_is_noted in (False, True):
                with self.subTest(where=where, ours_is_noted=ours_is_noted):
                    sides = [changed(bumped("a", 1)), changed(noted(where))]
                    self.clone = self.directory / f"{where}-{ours_is_noted}"
                    self.clone.mkdir()
                    self.git("init", "-q", "-b", "main")
                    self.install()
                    self.branches(document(), *(reversed(sides) if ours_is_noted else sides))
                    if where == "depends_on":  # which one side alone changed
                        self.git("merge", "-q", "branch")
                        self.assertEqual(comp(self.read())["a"]["depends_on"][0]["note"], "1e5")
                        continue
                    self.assertIn("/adapters/comp/materialized_views/a", self.git("merge", "branch", code=1))
                    text = self.text()
                    for number, side in enumerate(reversed(sides) if ours_is_noted else sides):
                        whole = self.read_with(text, ("ours", "theirs")[number])
                        self.assertEqual(comp(whole)["a"], comp(side)["a"])

    def test_a_section_that_both_changed_is_gits(self):
        ours = changed(lambda m: m["config"].update(one=2))
        theirs = changed(lambda m: m["config"].update(four="y"))
        self.branches(document(), changed(bumped("a", 1), ours), changed(absent("a", 2), theirs))
        self.git("merge", "-q", "branch")
        self.assertEqual(self.read()["config"], document()["config"] | {"one": 2, "four": "y"})
        self.commit(changed(lambda m: m["config"].update(one=3), self.read()))
        self.git("checkout", "-q", "-b", "again", "HEAD^")
        self.commit(changed(lambda m: m["config"].update(one=4), self.read()))
        self.git("merge", "main", code=1)
        text = self.text()
        self.assertEqual(text.count("\n"), text_of(self.read_with(text, "ours")).count("\n") + 4)

    @staticmethod
    def read_with(text, side):
        parts = {"ours": [], "theirs": []}
        now = None
        for line in text.splitlines(True):
            if line[:7] in ("<" * 7, "=" * 7, ">" * 7):
                now = {"<": "ours", "=": "theirs", ">": None}[line[0]]
            else:
                for name, lines in parts.items():
                    if now in (None, name):
                        lines.append(line)
        return json.loads("".join(parts[side]))

    def test_a_version_that_is_not_known_is_left_to_git(self):
        self.branches(document(lock_version=2), changed(bumped("a", 1), document(lock_version=2)),
                      changed(lambda m: m["units"].update(u="2"), document(lock_version=2)))
        self.git("merge", "-q", "branch")
        self.assertEqual(self.read()["units"], {"u": "2"})
        self.assertEqual(self.views()["a"]["view_status"], "pending-recompat-check")

    def test_a_ready_view_over_the_other_sides_schema_awaits_validation(self):
        self.branches(document(), changed(lambda m: comp(m).update(new=view())), changed(
            lambda m: (m["adapters"]["crg"].update(schema_digest="sha256:d1", source_digest="s1", activated_at=at(9)),
                       [bumped(n, 9)(m) for n in "abc"])))
        self.git("merge", "-q", "branch")
        self.assertEqual(self.views()["new"]["view_status"], "pending-recompat-check")
        self.assertEqual(self.views()["new"]["state_history"][-1],
                         {"at": at(9), "from": "ready", "to": "pending-recompat-check", "trigger": "dependee-bump:crg"})

    def test_a_command_that_is_missing_or_fails_loses_nobodys_change(self):
        for tool in (None, "exit 1", "exit 127", "kill -9 $$", "exit 4"):
            with self.subTest(tool=tool):
                (self.tools / "agentslock").unlink()
                if tool:
                    (self.tools / "agentslock").write_text(f"#!/bin/sh\n{tool}\n")
                    (self.tools / "agentslock").chmod(0o755)
                self.branches(document(), changed(bumped("a", 1)), changed(absent("a", 2)))
                self.git("merge", "branch", code=1)
                self.assertIn("dependee-bump:crg", self.text())
                self.assertIn("view tables absent", self.text())
                self.assertIn("<<<<<<< ours", self.text())
                self.git("merge", "--abort")
                self.git("update-ref", "-d", "refs/heads/branch")
                self.git("checkout", "-q", "--orphan", f"next{tool and tool[-1]}")
                self.git("branch", "-q", "-D", "main")
                self.git("checkout", "-q", "-b", "main")
                (self.tools / "agentslock").unlink(missing_ok=True)
                (self.tools / "agentslock").symlink_to(support.COMMAND)

    def test_installing_again_changes_nothing(self):
        config = (self.clone / ".git/config").read_bytes()
        self.assertEqual((self.clone / ".gitattributes").read_text(), ATTRIBUTES)
        self.assertIn("has the line", self.install())
        self.assertEqual((self.clone / ".git/config").read_bytes(), config)
        self.assertEqual((self.clone / ".gitattributes").read_text(), ATTRIBUTES)
        (self.clone / ".gitattributes").write_text("*.txt text")
        self.assertIn("got the line", self.install())
        self.assertEqual((self.clone / ".gitattributes").read_text(), "*.txt text\n" + ATTRIBUTES)


class Resolve(MergeTest):
    def conflict(self):
        self.branches(document(), changed(bumped("a", 1)), changed(absent("a", 2)))
        self.git("merge", "branch", code=1)

    def expect_resolved(self):
        self.assertEqual(self.views()["a"]["view_status"], "pending-recompat-check")
        self.assertEqual([one["trigger"] for one in self.views()["a"]["state_history"]],
                         ["registered", "dependee-bump:crg", "reconcile:view tables absent", "merge"])

    def test_a_clone_without_the_driver_resolves_from_the_index(self):
        self.conflict()
        self.assertIn(f"next: git add {DOCUMENT}", self.agentslock(0, "resolve"))
        self.expect_resolved()
        self.assertIn("UU", self.git("status", "--porcelain"))  # it adds nothing
        self.git("add", DOCUMENT)
        self.git("commit", "-q", "-m", "merged")

    def test_from_the_marks_where_the_index_says_nothing(self):
        self.conflict()
        self.git("add", DOCUMENT)
        self.assertIn("conflict marks", self.agentslock(0, "resolve", DOCUMENT))
        self.expect_resolved()

    def test_marks_with_a_base_in_them(self):
        self.git("config", "merge.conflictStyle", "diff3")
        self.conflict()
        text = self.text()
        self.git("merge", "--abort")
        self.put(text)
        done = json.loads(self.agentslock(0, "resolve", "--json"))
        self.assertEqual((done["from"], done["resolved"]), ("marks", True))
        self.expect_resolved()

    def test_cherry_pick_and_stash_pop(self):
        self.branches(document(), changed(bumped("a", 1)), changed(absent("a", 2)))
        self.git("cherry-pick", "branch", code=1)
        self.agentslock(0, "resolve")
        self.expect_resolved()
        self.git("cherry-pick", "--abort")
        self.commit(document())
        self.put(changed(absent("a", 2)))
        self.git("stash", "-q")
        self.commit(changed(bumped("a", 1)))
        self.git("stash", "pop", code=1)
        self.agentslock(0, "resolve")
        self.expect_resolved()

    def test_one_that_is_not_in_conflict(self):
        self.commit(document())
        before = self.text()
        self.assertIn("not in conflict", self.agentslock(1, "resolve"))
        self.assertEqual(self.text(), before)

    def test_what_somebody_resolved_by_hand_stays(self):
        self.conflict()
        self.put(document(views=("mine",)))
        self.assertIn("somebody has resolved it", self.agentslock(1, "resolve"))
        self.assertEqual(self.text(), text_of(document(views=("mine",))))

    def test_an_edit_between_the_marks_is_not_undone(self):
        for style in ("merge", "diff3", "zdiff3"):
            with self.subTest(style=style):
                self.clone = self.directory / style
                self.clone.mkdir()
                self.git("init", "-q", "-b", "main")
                self.git("config", "merge.conflictStyle", style)
                self.conflict()
                written = self.text()
                lines = written.splitlines(True)
                first = next(i for i, line in enumerate(lines) if line.startswith("<<<<<<< "))
                # Edited between the marks, around them, and with a mark taken out whose text stays.
                for edited in (written.replace("dependee-bump:crg", "dependee-bump:mine"), written.replace('"1e5"', '"2"'),
                               "".join(lines[:first + 1] + lines[first + 2:])):
                    self.assertNotEqual(edited, written)
                    self.put(edited)
                    self.assertIn(f"begin again by git checkout -m -- {DOCUMENT}", self.agentslock(1, "resolve"))
                    self.assertEqual(self.text(), edited)
                self.git("checkout", "-m", "--", DOCUMENT)
                self.agentslock(0, "resolve")
                self.expect_resolved()

    def test_a_choice_between_some_of_the_marks_is_not_undone(self):
        ours = changed(bumped("a", 1), changed(lambda m: m["config"].update(one=2)))
        theirs = changed(absent("a", 2), changed(lambda m: m["config"].update(one=3)))
        self.branches(document(), ours, theirs)
        self.git("merge", "branch", code=1)
        text = self.text()
        self.assertEqual(text.count("<<<<<<< "), 3)
        begin = text.rindex("<<<<<<< ")
        chosen = text[:begin] + '    "one": 3,\n' + text[text.index("\n", text.rindex(">>>>>>> ")) + 1:]
        self.put(chosen)
        self.assertIn("was edited", self.agentslock(1, "resolve"))
        self.assertEqual(self.text(), chosen)

    def test_an_edit_is_kept_where_the_marks_are_all_that_is_there(self):
        self.conflict()
        edited = self.text().replace('"u": "1e5"', '"u": "2"').replace("view tables absent", "view tables are gone")
        self.git("merge", "--abort")
        self.put(edited)
        self.agentslock(0, "resolve")
        self.assertEqual(self.read()["units"], {"u": "2"})
        self.assertIn("reconcile:view tables are gone", self.text())

    def test_both_ways_in_which_git_merges_are_known(self):
        # By histogram `git merge` puts other lines between its marks than `git merge-file` does.
        versions = [document(views=views) for views in ("eh", "abe", "be")]
        self.branches(*versions)
        self.git("merge", "branch", code=1)
        names = ("ours", "base", "theirs")
        for name, content in zip(names, (versions[1], versions[0], versions[2])):
            self.write(f"side/{name}", text_of(content))
        by_file = subprocess.run(["git", "merge-file", "-p", "-q", "-L", "HEAD", "-L", "base", "-L", "branch",
                                  *(str(self.directory / "side" / name) for name in names)], stdout=subprocess.PIPE, timeout=60)
        self.assertNotEqual(by_file.stdout.decode(), self.text())
        self.agentslock(0, "resolve")

    def test_a_side_that_removed_the_document(self):
        self.commit(document())
        self.git("checkout", "-q", "-b", "branch")
        self.git("rm", "-q", DOCUMENT)
        self.git("commit", "-q", "-m", "gone")
        self.git("checkout", "-q", "main")
        self.commit(changed(bumped("a", 1)))
        self.git("merge", "branch", code=1)
        before = self.text()
        self.assertIn("one side removed", self.agentslock(1, "resolve"))
        self.assertEqual(self.text(), before)

    def test_what_a_person_must_choose_is_left_between_marks(self):
        def activated(name, second):
            return lambda m: m["adapters"]["crg"].update(schema_digest=name, activated_at=at(second))
        self.branches(document(), changed(activated("sha256:1", 1)), changed(activated("sha256:2", 2)))
        self.git("merge", "branch", code=1)
        done = json.loads(self.agentslock(1, "resolve", "--json"))
        self.assertEqual(done["conflicts"], ["/adapters/crg"])
        self.assertIn("<<<<<<< ours", self.text())
        again = json.loads(self.agentslock(1, "resolve", "--json"))
        self.assertEqual(again, done)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
