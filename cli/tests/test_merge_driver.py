"""Merging documents, by real git, with the driver."""
import json
import unittest

import support
from merging import ATTRIBUTES, MergeTest, absent, at, bumped, changed, comp, document, move, text_of, view


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


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
