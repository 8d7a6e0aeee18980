"""apply: the schema and the page of operations say what the command reads."""
import copy
import json
import re
import unittest

import jsonschema

from scripts import KEY, SAVE, Apply, activate
from support import SOURCE

SCHEMA = json.loads((SOURCE / "docs/generated/apply.schema.json").read_text())
PAGE = (SOURCE / "docs/generated/operations.md").read_text()
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)]
OTHER_TYPES = [7, "no", True, None, [], [7], {}, {"a": 7}]


def fits(*ops):
    return jsonschema.Draft202012Validator(SCHEMA).is_valid({"ops": list(ops)})


def is_of_no_form(error):
    """Whether an operation was refused for its form, and not by what it asks for."""
    words = ("must be", "needs the member", "does not know", "no operation is called", "is no RFC 3339", "names no view by",
             "\"nil_presence\"")
    return error is not None and any(word in error for word in words)


class Forms(Apply):
    def test_the_examples_are_a_script_that_runs(self):
        self.assertGreater(len(EXAMPLES), 15)
        done = self.apply(3, *EXAMPLES)  # 3: the cutover among them is blocked
        self.assertEqual([op["error"] for op in done], [None] * len(EXAMPLES))
        self.assertEqual([op["op"] for op in done], re.findall(r"^## (.*)$", PAGE, re.MULTILINE))
        self.assertTrue(fits(*EXAMPLES))

    def changed(self):
        """The examples with one member missing, unknown, or of another type."""
        for example in EXAMPLES:
            for name in list(example):
                without = copy.deepcopy(example)
                del without[name]
                yield without
                for value in OTHER_TYPES:
                    yield {**example, name: value}
            yield {**example, "no_such_member": 1}
            for facts in OTHER_TYPES:
                yield {**example, "facts": facts}

    @staticmethod
    def says_what_is_there(op):
        """A pass needs one of two members, which the schema does not say."""
        return (op.get("presence") is not None) != ("nil_presence" in op)

    def test_what_the_schema_refuses_the_command_refuses_for_its_form_and_no_more(self):
        changed = [op for op in self.changed() if "op" in op and isinstance(op["op"], str)]
        changed = [op for op in changed if op["op"] != "reconcile" or self.says_what_is_there(op)]
        for op, done in zip(changed, self.apply(1, *changed, keep_going=True), strict=True):
            with self.subTest(op=op, error=done["error"]):
                # A schema can't say what names mean, nor that a time is one.
                if "names no view by" in (done["error"] or ""):
                    continue
                self.assertEqual(fits(op), not is_of_no_form(done["error"]))

    def test_times_are_checked_by_the_command(self):
        [done] = self.apply(1, activate("crg", now="yesterday"))
        self.assertIn("is no RFC 3339 time", done["error"])


class Facts(Apply):
    """A verdict or a build from elsewhere brings the token of the facts that it is about."""
    REGISTERED = [activate("crg", schema_digest="1"),
                  {"op": "register_view", **KEY, "digest": "d", "deps": [{"adapter": "crg", "schema_digest": "1"}]},
                  {"op": "mark_dependee_bumped", "dependee": "crg", "schema_digest": "2"}]
    PASSED = {"op": "resolve_recompat", **KEY, "compatible": True}

    def facts(self):
        """The token, as a validator is told it."""
        self.run_command("validate", "--validator", 'printf %s "$AGENTSLOCK_FACTS" >token; kill -9 $$')
        return (self.directory / "token").read_text()

    def status(self):
        return self.document()["adapters"]["comp"]["materialized_views"]["v"]["view_status"]

    def test_it_counts_while_the_facts_are_the_same(self):
        self.apply(0, *self.REGISTERED, SAVE)
        token = self.facts()
        self.apply(0, {**self.PASSED, "facts": token}, SAVE)
        self.assertEqual(self.status(), "pending-rebuild")

    def test_and_not_when_they_have_changed(self):
        self.apply(0, *self.REGISTERED, SAVE)
        token = self.facts()
        for change in (activate("crg", schema_digest="3"), {**self.PASSED, "compatible": False}):
            [*_, done, _] = self.apply(1, change, {**self.PASSED, "facts": token}, SAVE)
            self.assertIsNotNone(done["error"])
        self.apply(0, activate("crg", schema_digest="3"), SAVE)
        [done, _] = self.apply(1, {**self.PASSED, "facts": token}, SAVE)
        self.assertIn("the facts about comp/v have changed", done["error"])
        self.assertEqual(self.status(), "pending-recompat-check")

    def test_a_build_and_a_verdict_of_a_cutover_alike(self):
        self.apply(0, *self.REGISTERED, self.PASSED, SAVE)
        built = {"op": "mark_view_rebuilt", **KEY, "digest": "e", "schemas_read": {"crg": "1"}, "facts": "another"}
        [done, _] = self.apply(1, built, SAVE)
        self.assertIn("the facts about comp/v have changed", done["error"])
        cutover = {"op": "cutover", "dependee": "crg", "source_digest": "s", "schema_digest": "2",
                   "verdicts": [{**KEY, "compatible": True, "facts": "another"}]}
        [done, _] = self.apply(1, cutover, SAVE)
        self.assertIn("the facts about comp/v have changed", done["error"])
        self.assertEqual(self.status(), "pending-rebuild")

    def test_of_a_view_that_is_gone_the_operation_says_so(self):
        [done, _] = self.apply(1, {**self.PASSED, "facts": "any"}, SAVE)
        self.assertIn("comp/v", done["error"])
        self.assertNotIn("facts", done["error"])


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
