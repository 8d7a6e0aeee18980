"""apply: answers about what was asked, and about nothing else."""
import hashlib
import resource
import unittest

from scripts import CUTOVER, KEY, SAVE, Apply, activate
from support import DOCUMENT, lockfile, view


class Blocked(Apply):
    REGISTERED = [activate("crg", schema_digest="1"), activate("other", schema_digest="1"),
                  {"op": "register_view", **KEY, "digest": "d", "deps": [{"adapter": "crg", "schema_digest": "1"}]}]
    BLOCKED = {**CUTOVER, "verdicts": [{**KEY, "compatible": False}]}
    PASSED = {**CUTOVER, "verdicts": [{**KEY, "compatible": True}]}

    def test_a_cutover_that_is_blocked_is_3_and_its_verdicts_are_written(self):
        done = self.apply(3, *self.REGISTERED, self.BLOCKED, SAVE)
        self.assertEqual((done[3]["error"], done[3]["activated"], done[3]["blockers"]), (None, False, ["comp/v"]))
        entry = self.document()["adapters"]["comp"]["materialized_views"]["v"]
        self.assertEqual(entry["view_status"], "dsl-update-required")

    def test_so_is_one_that_stays_blocked_whatever_comes_after(self):
        self.apply(3, *self.REGISTERED, self.BLOCKED, {**CUTOVER, "dependee": "other"}, SAVE)

    def test_it_outweighs_what_was_not_saved_and_is_outweighed_by_a_refusal(self):
        self.apply(3, *self.REGISTERED, self.BLOCKED)
        self.apply(1, *self.REGISTERED, self.BLOCKED, activate(""), keep_going=True)

    def test_one_that_went_through_later_was_not_blocked_in_the_end(self):
        self.apply(0, *self.REGISTERED, self.BLOCKED, self.PASSED, SAVE)


class Presence(Apply):
    """What a script says that the store holds."""

    def status_after(self, presence, views):
        self.write(DOCUMENT, lockfile(**views))
        [done, _] = self.apply(0, {"op": "reconcile", "presence": presence}, SAVE)
        return {f"{change['adapter']}|{change['view']}": change["reason"] for change in done["changes"]}

    def test_views_are_told_by_adapter(self):
        views = {"a": {"v": view("ready", "d"), "w": view("ready", "d"), "x": view("ready", "d")}}
        self.assertEqual(self.status_after({"a": {"v": "d", "w": "e", "x": None}, "nobody": {"v": "d"}}, views),
                         {"a|w": "view digest mismatch", "a|x": "view tables absent"})

    def test_or_by_their_joined_name_where_it_can_mean_one_view_alone(self):
        views = {"a": {"b/c": view("ready", "d")}, "x": {"v": view("ready", "d")}, "y": {"v": view("ready", "d")}}
        self.assertEqual(self.status_after({"a/b/c": "d", "x/v": "d", "y": {"v": "d"}, "no/view": "d"}, views), {})

    def test_a_joined_name_that_may_mean_several_is_refused(self):
        self.write(DOCUMENT, lockfile(**{"a": {"b/c": view("ready", "d")}, "a/b": {"c": view("ready", "d")}}))
        for told in ("d", None):
            [done, _] = self.apply(1, {"op": "reconcile", "presence": {"a/b/c": told}}, SAVE)
            self.assertIn('may mean several views by "a/b/c"', done["error"])
        self.assertEqual(self.status_after({"a": {"b/c": "d"}, "a/b": {"c": "e"}},
                                           {"a": {"b/c": view("ready", "d")}, "a/b": {"c": view("ready", "d")}}),
                         {"a/b|c": "view digest mismatch"})

    def test_what_a_joined_name_means_is_what_is_there_when_its_turn_comes(self):
        register = {"op": "register_view", "adapter": "a/b", "view": "c", "digest": "d"}
        reconcile = {"op": "reconcile", "presence": {"a/b/c": "d"}}
        self.write(DOCUMENT, lockfile(**{"a": {"b/c": view("ready", "d")}}))
        done = self.apply(1, reconcile, register, reconcile, keep_going=True)
        self.assertEqual((done[0]["error"], done[0]["changes"]), (None, []))
        self.assertIn("several", done[2]["error"])

    def test_a_view_that_is_told_twice_is_refused(self):
        self.write(DOCUMENT, lockfile(a={"v": view("ready", "d")}))
        [done] = self.apply(1, {"op": "reconcile", "presence": {"a/v": "d", "a": {"v": "d"}}})
        self.assertIn("tells a/v twice", done["error"])

    def test_a_pass_without_a_store_must_be_asked_for(self):
        self.write(DOCUMENT, lockfile(a={"v": view("ready", "d")}))
        before = (self.directory / DOCUMENT).read_bytes()
        for op in ({"op": "reconcile"}, {"op": "reconcile", "presence": None}, {"op": "reconcile", "nil_presence": False}):
            [done, _] = self.apply(1, op, SAVE)
            self.assertIn('needs the member "presence" or "nil_presence"', done["error"])
        [done, _] = self.apply(1, {"op": "reconcile", "presence": {}, "nil_presence": True}, SAVE)
        self.assertIn("both", done["error"])
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)
        [done, _] = self.apply(0, {"op": "reconcile", "nil_presence": True}, SAVE)
        self.assertEqual(done["changes"][0]["reason"], "view tables absent")


class Digest(Apply):
    def test_it_is_that_of_the_content(self):
        for content, data in (("abc", b"abc"), ("", b""), ("ü\n", "ü\n".encode()), ({"b64": "/wA="}, b"\xff\0")):
            [done] = self.apply(0, {"op": "digest_of", "content": content})
            self.assertEqual(done["digest"], "sha256:" + hashlib.sha256(data).hexdigest())
        self.assertIn('"content"', self.apply(1, {"op": "digest_of"})[0]["error"])


class Bound(Apply):
    """No script is larger than a document may be."""

    def test_a_file_is_refused_before_it_is_read(self):
        with open(self.directory / "large", "wb") as large:
            large.truncate((1 << 30) + 1)
        for command in (["apply", "large"], ["activate", "a", "--schema-digest", "d", "--source", "large"]):
            self.assertIn("could not read large: it is larger than 1 GiB", self.expect(1, *command))
        self.assertEqual(self.files(), ["large"])

    def test_what_has_no_end_is_refused_when_it_has_passed_the_bound(self):
        for command in (["apply", "/dev/zero"], ["activate", "a", "--schema-digest", "d", "--source", "/dev/zero"]):
            self.assertIn("could not read /dev/zero: it is larger than 1 GiB", self.expect(1, *command))
        with open("/dev/zero", "rb") as zero:
            self.assertIn("could not read standard input: it is larger than 1 GiB", self.expect(1, "apply", "-", stdin=zero))
        # None of it was held twice.
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 3 << 20)
        self.assertEqual(self.files(), [])


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
