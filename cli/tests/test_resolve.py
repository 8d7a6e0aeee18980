"""What git has left in conflict, by real git: resolve."""
import json
import subprocess
import unittest

from merging import DOCUMENT, MergeTest, absent, at, bumped, changed, document, text_of, view


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
