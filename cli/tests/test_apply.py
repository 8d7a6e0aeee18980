"""apply: a batch of operations under one lock, all or nothing."""
import base64
import fcntl
import json
import os
import resource
import unittest

from scripts import CUTOVER, KEY, SAVE, Apply, activate
from support import DOCUMENT, NOW, lockfile, state_of


class AllOrNothing(Apply):
    def test_every_operation_is_done(self):
        self.assertEqual([one["error"] for one in self.apply(0, activate("a"), activate("b"), SAVE)], [None] * 3)
        self.assertEqual(self.names(), ["a", "b"])

    def test_one_refusal_undoes_all(self):
        path = self.write(DOCUMENT, lockfile(old={}))
        before = state_of(path)
        section = {"op": "update_section", "section": "units", "value": 1}
        done = self.apply(1, activate("a"), section, SAVE, activate(""), activate("b"), SAVE)
        self.assertIn("name is empty", done[3]["error"])
        for number in (0, 1, 2, 4, 5):
            self.assertEqual(done[number]["error"], "not done: operation 4 was refused")
        self.assertEqual(state_of(path), before)

    def test_keep_going_reports_each_and_does_the_rest(self):
        done = self.apply(1, activate("a"), activate(""), SAVE, activate("b"), keep_going=True)
        self.assertEqual([one["error"] is None for one in done], [True, False, True, True])
        self.assertEqual(self.names(), ["a"])

    def test_what_is_written_is_what_the_last_save_saw(self):
        text = self.expect(2, "apply", self.script(activate("a"), SAVE, activate("b"), SAVE, activate("c")))
        self.assertIn('what was changed after the last "save" was not written', text)
        self.assertEqual(self.names(), ["a", "b"])

    def test_a_section_may_hold_any_value(self):
        for value in (1, -0.5, 1e5, "x", True, None, [], {"a": [1]}):
            self.apply(0, {"op": "update_section", "section": "units", "value": value})
            self.assertEqual(self.document()["units"], value)

    def test_a_write_that_fails_is_a_failure_of_what_was_to_be_written(self):
        # Files may be no longer than 1,000 bytes: the lock fits, the document does not.
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        self.write(DOCUMENT, lockfile(old={}))
        self.script(activate("long" * 300), {"op": "adapter_names"}, SAVE)
        done = self.run_command("apply", "script.json", "--json", preexec_fn=limit)
        [activated, names, saved] = json.loads(done.stdout)["ops"]
        self.assertIsNone(activated["error"])
        self.assertIn("File too large", saved["error"])
        # The same failure has the same code in every command.
        other = self.run_command("activate", "long" * 300, "--schema-digest", "d", preexec_fn=limit)
        self.assertEqual((done.returncode, other.returncode), (4, 4), other.stderr)
        # What was asked for wrongly comes first.
        self.script(activate("long" * 300), {"op": "dance"}, SAVE)
        self.expect(1, "apply", "script.json", "--keep-going", preexec_fn=limit)
        self.assertEqual(self.names(), ["old"])
        self.assertEqual(self.files(), [DOCUMENT, "script.json"])

    def test_without_a_save_nothing_is_written_and_that_is_said(self):
        text = self.expect(2, "apply", self.script(activate("a")))
        self.assertIn('nothing was written: the script has no "save"', text)
        self.assertTrue(self.json_of(2, "apply", "script.json")["unsaved"])
        self.assertEqual(self.files(), ["script.json"])
        # What was undone again was not lost, and what was refused is a failure first.
        undone = self.json_of(0, "apply", self.script(activate("a"), {"op": "remove_adapter", "name": "a"}))
        self.assertFalse(undone["unsaved"])
        self.json_of(1, "apply", self.script(activate("a"), activate("")), "--keep-going")

    def test_a_section_that_is_written_saves_no_adapters(self):
        text = self.expect(2, "apply", self.script(activate("a"), {"op": "set_inputs_digest", "digest": "i"}))
        self.assertIn('the adapters were not written: the script has no "save"', text)
        self.assertEqual(self.document(), {"inputs_digest": "i", "lock_version": 1})

    def test_the_option_saves_at_the_end(self):
        for ops in ([activate("a")], [SAVE, activate("a")], [activate("a"), SAVE]):
            (self.directory / DOCUMENT).unlink(missing_ok=True)
            self.assertFalse(self.json_of(0, "apply", self.script(*ops), "--save")["unsaved"])
            self.assertEqual(self.names(), ["a"])
        self.expect(1, "apply", self.script(activate("b"), activate("")), "--save")
        self.assertEqual(self.names(), ["a"])
        self.expect(1, "apply", "script.json", "--save", "--keep-going")
        self.assertEqual(self.names(), ["a", "b"])

    def test_a_script_that_only_reads_takes_no_lock_and_makes_nothing(self):
        self.write(DOCUMENT, lockfile(old={}))
        gate = os.open(self.directory, os.O_RDONLY)
        self.addCleanup(os.close, gate)
        fcntl.flock(gate, fcntl.LOCK_EX)
        self.assertEqual(self.apply(0, {"op": "adapter_names"})[0]["names"], ["old"])
        self.json_of(2, "apply", self.script(activate("a")))
        self.assertEqual(self.json_of(0, "apply", self.script({"op": "adapter_names"}), "--document", "not/there/x")["ops"],
                         [{"op": "adapter_names", "error": None, "names": []}])
        self.assertEqual(self.files(), [DOCUMENT, "script.json"])

    def test_section_operations_need_no_save(self):
        self.apply(0, {"op": "set_inputs_digest", "digest": "i"}, {"op": "update_section", "section": "u", "value": []})
        self.assertEqual(self.document(), {"inputs_digest": "i", "lock_version": 1, "u": []})
        self.assertEqual(self.apply(0, {"op": "inputs_digest"})[0]["digest"], "i")

    def test_a_document_that_can_not_be_read_is_blamed_on_every_operation(self):
        self.write(DOCUMENT, "{")
        result = self.json_of(4, "apply", self.script(activate("a"), SAVE), "--keep-going")
        self.assertIn(".agentsrc.lock:1:2: ", result["load"]["error"])
        self.assertEqual({one["error"] for one in result["ops"]}, {"not done: the document could not be loaded"})
        self.assertIn(".agentsrc.lock:1:2: ", self.expect(4, "apply", "script.json"))

    def test_bytes_of_others_stay(self):
        self.write(DOCUMENT, '{ "units": {"n": 1.0, "e":1e5},\n\t"lock_version": 1 }')
        self.apply(0, activate("a"), SAVE)
        text = (self.directory / DOCUMENT).read_text()
        self.assertTrue(text.startswith('{ "units": {"n": 1.0, "e":1e5},\n\t"lock_version": 1'), text)

    def test_new_lines_end_as_the_document_s_do(self):
        for begin in ("{\r\n}\r\n", '{\r\n\t"lock_version": 1\r\n}\r\n'):
            self.write(DOCUMENT, begin)
            self.apply(0, activate("a"), SAVE)
            text = (self.directory / DOCUMENT).read_bytes()
            self.assertEqual(text.count(b"\n"), text.count(b"\r\n"), text)

    def test_a_missing_time_is_the_present(self):
        without = activate("a")
        del without["now"]
        self.apply(0, without, SAVE)
        self.assertRegex(self.document()["adapters"]["a"]["activated_at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


class WholeCycle(Apply):
    def test_a_view_from_registration_to_cutover_and_back_to_ready(self):
        deps = [{"adapter": "crg", "schema_digest": "1", "version": "1.0"}]
        status = {"op": "view_status_of", **KEY}
        cutover = {**CUTOVER, "version": "2.0"}
        done = self.apply(
            0, activate("crg", schema_digest="1"), {"op": "register_view", **KEY, "digest": "d", "deps": deps}, status,
            {**cutover, "verdicts": [{**KEY, "compatible": False}]}, status,
            {"op": "activation_blockers", "dependee": "crg"},
            {**cutover, "verdicts": [{**KEY, "compatible": True}]}, status,
            {"op": "mark_view_rebuilt", **KEY, "digest": "e", "schemas_read": {"crg": "2"}}, status, SAVE)
        self.assertEqual([one["status"] for one in done if "status" in one],
                         ["ready", "dsl-update-required", "pending-rebuild", "ready"])
        self.assertEqual((done[3]["activated"], done[3]["blockers"]), (False, ["comp/v"]))
        self.assertEqual(done[5]["blockers"], ["comp/v"])
        self.assertTrue(done[6]["activated"])
        entry = self.document()["adapters"]["comp"]["materialized_views"]["v"]
        self.assertEqual(entry["depends_on"], [{"adapter": "crg", "schema_digest": "2", "version": "2.0"}])
        self.assertEqual([one["trigger"] for one in entry["state_history"]],
                         ["registered", "dependee-bump:crg@2.0", "recompat-fail", "recompat-pass", "rebuilt"])

    def test_a_missed_bump_is_named_and_then_marked(self):
        deps = [{"adapter": "crg", "schema_digest": "1"}]
        ask, mark = {"op": "missed_bumps"}, {"op": "mark_missed_bumps", "now": NOW}
        done = self.apply(0, activate("crg", schema_digest="1"), {"op": "register_view", **KEY, "digest": "d", "deps": deps},
                          ask, activate("crg", schema_digest="2"), ask, mark, ask, mark, SAVE)
        missed = [{**KEY, "dependee": "crg", "recorded_digest": "1", "active_digest": "2"}]
        self.assertEqual([one["missed_bumps"] for one in done if "missed_bumps" in one], [[], missed, missed, [], []])
        entry = self.document()["adapters"]["comp"]["materialized_views"]["v"]
        self.assertEqual(entry["view_status"], "pending-recompat-check")
        self.assertEqual(entry["state_history"][-1], {"at": NOW, "from": "ready", "to": "pending-recompat-check",
                                                      "trigger": "dependee-bump:crg"})

    def test_what_the_machine_forbids_is_refused(self):
        registered = {"op": "register_view", **KEY, "digest": "d", "deps": [{"adapter": "crg"}]}
        self.apply(0, activate("crg"), registered, SAVE)
        for forbidden, why in (
                ({"op": "register_view", **KEY, "digest": "d"}, "registered already"),
                ({"op": "mark_view_rebuilt", **KEY, "digest": "d"}, "ready"),
                ({"op": "resolve_recompat", **KEY, "compatible": True}, "ready"),
                ({"op": "remove_adapter", "name": "crg"}, "comp/v"),
                ({"op": "remove_view", "adapter": "comp", "view": "w"}, "comp/w"),
                ({"op": "register_view", "adapter": "comp", "view": "w", "digest": ""}, "digest"),
                ({"op": "update_section", "section": "adapters", "value": {}}, "adapters"),
                ({"op": "update_section", "section": "lock_version", "value": 2}, "lock_version"),
                (activate("a", now="10000-01-01T00:00:00Z"), "now"),
                (activate("a", now="0000-01-01T00:00:00+01:00"), "year")):
            with self.subTest(str(forbidden)):
                self.assertIn(why, self.apply(1, forbidden)[0]["error"])


class Form(Apply):
    """The script itself."""

    def test_a_script_may_come_from_standard_input(self):
        self.expect(0, "apply", "-", input=json.dumps({"ops": [activate("a"), SAVE]}).encode())
        self.assertEqual(self.names(), ["a"])
        self.assertIn("standard input", self.expect(1, "apply", "-", input=b"{"))

    def test_a_description_is_no_operation(self):
        self.assertEqual(self.apply(0, description="nothing to do"), [])

    def test_bytes_that_are_no_text_stand_in_base64_and_are_refused(self):
        self.assertEqual(self.apply(2, activate({"b64": base64.b64encode(b"crg").decode()}),
                                    {"op": "adapter_names"})[1]["names"], ["crg"])
        for op in (activate({"b64": "/w=="}),
                   {"op": "register_view", "adapter": "a", "view": {"b64": "/w=="}, "digest": "d"},
                   {"op": "set_inputs_digest", "digest": {"b64": "/w=="}}):
            self.assertIn("not UTF-8", self.apply(1, op)[0]["error"])

    # A text that is no script, and what the message must say. Nothing of it is done, document or no document.
    NO_SCRIPT = [
        ("", "empty"), (" \n", "white space"), ("no", "script.json:1:2"), ("{", "script.json:1:2"),
        ('{"ops":[]} {}', "script.json:1:12"), ('\ufeff{"ops":[]}', "script.json:1:1"),
        (b'{"ops":["\xff"]}', "script.json:1:10"), ("[]", "not an object"), ("null", "not an object"),
        ("1", "not an object"), ("{}", '"ops"'), ('{"ops":{}}', "list"), ('{"ops":1}', "list"),
        ('{"ops":[],"ops":[]}', "twice"), ('{"ops":[],"\\u006fps":[]}', "twice"), ('{"ops":[],"opts":1}', '"opts"'),
        ('{"ops":[1]}', "object"), ('{"ops":[null]}', "object"), ('{"ops":[[]]}', "object"),
        ('{"ops":[{}]}', '"op"'), ('{"ops":[{"op":1}]}', '"op" must be a text'),
        ('{"ops":[{"op":null}]}', '"op" must be a text'), ('{"ops":[{"op":"save","op":"save"}]}', "twice"),
        ('{"ops":[{"op":"save"},{"name":"a"}]}', "operation 2"),
        ('{"ops":' + "[" * 3000 + "]" * 3000 + "}", "deep"),
    ]

    def test_what_is_no_script_is_refused_as_a_whole(self):
        for text, fault in self.NO_SCRIPT:
            with self.subTest(text[:50]):
                self.write("script.json", text)
                done = self.run_command("apply", "--keep-going", "script.json")
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertIn(fault, done.stderr.decode())
        self.assertEqual(self.files(), ["script.json"])

    # An operation that can't be, and what its error must say.
    NO_OPERATION = [
        ({"op": "dance"}, "dance"), ({"op": ""}, '""'), ({"op": "Save"}, "Save"),
        (activate("a", extra=1), '"extra"'), ({**SAVE, "now": NOW}, '"now"'), ({"op": "adapter_names", "x": None}, '"x"'),
        ({"op": "activate"}, '"name"'), ({"op": "activate", "name": "a", "source_digest": "s"}, '"schema_digest"'),
        ({"op": "register_view", "adapter": "a", "digest": "d"}, '"view"'), ({"op": "view_status_of"}, '"adapter"'),
        ({"op": "mark_dependee_bumped"}, '"dependee"'),
        ({"op": "missed_bumps", "now": NOW}, '"now"'), ({"op": "mark_missed_bumps", "dependee": "crg"}, '"dependee"'),
        ({"op": "mark_missed_bumps", "now": "yesterday"}, "RFC 3339"), ({"op": "resolve_recompat", **KEY}, '"compatible"'),
        ({"op": "mark_view_rebuilt", **KEY}, '"digest"'), ({"op": "activation_blockers"}, '"dependee"'),
        ({"op": "cutover"}, '"dependee"'), ({"op": "remove_view", "adapter": "a"}, '"view"'),
        ({"op": "remove_adapter"}, '"name"'), ({"op": "set_inputs_digest"}, '"digest"'),
        ({"op": "update_section", "section": "u"}, '"value"'), ({"op": "update_section", "value": 1}, '"section"'),
        (activate(1), "text"), (activate(None), "text"), (activate(["a"]), "text"), (activate({}), "text"),
        (activate({"b64": 1}), "text"), (activate({"b64": "YQ==", "x": 1}), "text"),
        (activate({"b64": "!!!!"}), "text"), (activate({"b64": "YQ="}), "text"), (activate({"b64": "===="}), "text"),
        (activate({"b64": "YQ==YQ=="}), "text"),
        (activate("a", now=1), "text"), (activate("a", now="yesterday"), "RFC 3339"), (activate("a", now=None), "text"),
        ({"op": "resolve_recompat", **KEY, "compatible": "yes"}, "true or false"),
        ({"op": "resolve_recompat", **KEY, "compatible": 1}, "true or false"),
        ({"op": "reconcile", "nil_presence": "yes"}, "true or false"),
        ({"op": "register_view", **KEY, "digest": "d", "deps": {}}, "list"),
        ({"op": "register_view", **KEY, "digest": "d", "deps": [1]}, "object"),
        ({"op": "register_view", **KEY, "digest": "d", "deps": [{"adapter": 1}]}, "text"),
        ({"op": "register_view", **KEY, "digest": "d", "deps": [{"adapter": "a", "x": ""}]}, '"x"'),
        ({"op": "reconcile", "presence": []}, "object"), ({"op": "reconcile", "presence": {"comp/v": 1}}, "text"),
        ({"op": "reconcile", "presence": {"comp": {"v": 1}}}, "text"), ({"op": "reconcile", "presence": {"comp": "d"}}, '"comp"'),
        ({"op": "reconcile", "presence": {"comp/v": ["d"]}}, "text"), ({"op": "reconcile"}, '"presence"'),
        ({"op": "mark_view_rebuilt", **KEY, "digest": "d", "schemas_read": []}, "object"),
        ({**CUTOVER, "verdicts": {}}, "list"), ({**CUTOVER, "verdicts": [1]}, "object"),
        ({**CUTOVER, "verdicts": [KEY]}, '"compatible"'),
        ({**CUTOVER, "verdicts": [{**KEY, "compatible": True, "x": 1}]}, '"x"'),
    ]

    def test_what_is_no_operation_is_refused_and_changes_nothing(self):
        for op, fault in self.NO_OPERATION:
            with self.subTest(str(op)):
                [refused, saved] = self.apply(1, op, SAVE)
                self.assertIn(fault, refused["error"])
                self.assertEqual(saved["error"], "not done: operation 1 was refused")
        self.assertEqual(self.files(), ["script.json"])

    def test_a_save_that_is_refused_saves_nothing(self):
        # Found by fuzzing: as the last operation it was taken for a save all the same.
        [activated, refused] = self.apply(1, activate("a"), {**SAVE, "extra": 1}, keep_going=True)
        self.assertIsNone(activated["error"])
        self.assertIn('"extra"', refused["error"])
        self.assertEqual(self.files(), ["script.json"])

    def test_a_repeated_member_is_refused_however_deep(self):
        for op in ('{"op":"activate","name":{"b64":"YQ==","b64":"YQ=="},"source_digest":"s","schema_digest":"t"}',
                   '{"op":"register_view","adapter":"a","view":"v","digest":"d","deps":[{"adapter":"b","adapter":"c"}]}',
                   '{"op":"reconcile","presence":{"a/v":"d","a/v":"e"}}'):
            self.write("script.json", f'{{"ops":[{op}]}}')
            self.assertIn("twice", self.json_of(1, "apply", "script.json")["ops"][0]["error"])

    def test_a_script_that_can_not_be_read_is_named(self):
        (self.directory / "directory").mkdir()
        for path in ("nothing", "directory", "script.json/x", ""):
            text = self.expect(1, "apply", path)
            self.assertNotIn("internal error", text)
            self.assertIn(f"could not read {path}", text)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
