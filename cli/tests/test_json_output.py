"""What --json prints is what docs/output.schema.json says, for every command and every kind of result."""
import copy
import json
import os
import re
import shlex
import subprocess
import unittest

import jsonschema

import situations
from support import SCHEMA, SOURCE, CommandTest

WHOLE = jsonschema.Draft202012Validator(SCHEMA)


def one_kind(kind):
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]})


def parts(schema):
    """Every object and list that a JSON text is made of."""
    yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []:
        yield from parts(part)


class Schema(unittest.TestCase):
    def test_it_is_a_schema_and_each_object_is_closed(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        objects = [part for part in parts(SCHEMA) if isinstance(part, dict) and part.get("type") == "object"]
        self.assertGreater(len(objects), 10)
        for part in objects:
            self.assertIs(part.get("additionalProperties"), False, part)

    def test_each_member_is_described(self):
        described = dict(SCHEMA["$defs"])
        for part in parts(SCHEMA):
            if isinstance(part, dict) and part.get("type") == "object":
                described |= part["properties"]
        for name, part in described.items():
            if "$ref" not in part:
                self.assertTrue(part.get("description", "").endswith("."), name)

    def test_its_codes_are_those_of_the_code(self):
        page = (SOURCE / "docs/generated/errors.md").read_text()
        errors, refusals = (re.findall(r"^\| `(\w+)` \|", half, re.M) for half in page.split("## Refusals"))
        error = SCHEMA["$defs"]["error"]["properties"]["error"]["properties"]
        self.assertEqual(error["code"]["enum"], errors)
        self.assertEqual(error["refused_as"]["enum"], refusals)


class Output(CommandTest):
    def valid(self, kind, code, *arguments, **how):
        """Runs a command with --json, and holds what it printed against the schema."""
        done = self.run_command(*arguments, "--json", **how)
        self.assertEqual((done.returncode, done.stderr), (code, b""), done.stdout)
        self.assertTrue(done.stdout.startswith(b"{\n") and done.stdout.endswith(b"}\n"))
        output = json.loads(done.stdout)
        WHOLE.validate(output)
        one_kind(kind).validate(output)
        self.refuses_what_is_not_in_it(kind, output)
        return output

    def refuses_what_is_not_in_it(self, kind, output):
        """The check can fail: one member more, or one less, anywhere at the top."""
        self.assertFalse(one_kind(kind).is_valid(output | {"surprise": 1}))
        for name in output:
            less = copy.deepcopy(output)
            del less[name]
            self.assertFalse(one_kind(kind).is_valid(less), name)

    def test_every_situation(self):
        root, kinds = self.directory, set()
        for number, situation in enumerate(situations.SITUATIONS):
            with self.subTest(str(situation)):
                self.directory = root / str(number)
                (self.directory / ".git").mkdir(parents=True)
                gate = situation.prepare(self)
                self.valid(situation.kind, situation.code, *shlex.split(situation.command))
                os.close(gate)
                kinds.add(situation.kind)
        self.assertEqual(kinds, {kind for kind in SCHEMA["$defs"] if {"$ref": f"#/$defs/{kind}"} in SCHEMA["oneOf"]}
                         - {"sweep", "install_merge_driver"}
                         - {kind for kind in SCHEMA["$defs"] if kind.startswith("documents_")})

    def test_installing_the_merge_driver(self):
        (self.directory / ".git").rmdir()
        subprocess.run(["git", "init", "-q", self.directory], check=True)
        self.valid("install_merge_driver", 0, "merge-driver", "--install")

    def test_every_operation_of_a_script(self):
        on_crg = [{"adapter": "crg", "schema_digest": "1", "version": "1"}]
        key = {"adapter": "comp", "view": "v"}
        ops = [
            {"op": "activate", "name": "crg", "source_digest": "s", "schema_digest": "1"},
            {"op": "adapter_names"},
            {"op": "register_view", **key, "digest": "d", "deps": on_crg},
            {"op": "view_status_of", **key},
            {"op": "view_status_of", "adapter": "no", "view": "no"},
            {"op": "mark_dependee_bumped", "dependee": "crg", "schema_digest": "2", "version": "2"},
            {"op": "reconcile", "presence": {}},
            {"op": "resolve_recompat", **key, "compatible": False},
            {"op": "activation_blockers", "dependee": "crg"},
            {"op": "reconcile", "nil_presence": True},
            {"op": "cutover", "dependee": "crg", "source_digest": "s", "schema_digest": "2",
             "verdicts": [{**key, "compatible": True}]},
            {"op": "mark_view_rebuilt", **key, "digest": "e", "schemas_read": {"crg": "2"}},
            {"op": "reconcile", "presence": {"comp/v": "e"}},
            {"op": "reconcile", "presence": {"comp": {"v": None}}},
            {"op": "digest_of", "content": "abc"},
            {"op": "inputs_digest"},
            {"op": "set_inputs_digest", "digest": "sha256:i"},
            {"op": "inputs_digest"},
            {"op": "update_section", "section": "units", "value": [1.0, {"x": None}]},
            {"op": "register_view", "adapter": "comp", "view": "w", "digest": "d", "deps": on_crg},
            {"op": "missed_bumps"},
            {"op": "mark_missed_bumps"},
            {"op": "remove_view", **key},
            {"op": "remove_adapter", "name": "crg"},
            {"op": "save"},
        ]
        self.write("s.json", {"description": "all of them", "ops": ops})
        done = self.valid("apply", 0, "apply", "s.json")
        self.assertEqual([one["op"] for one in done["ops"]], [one["op"] for one in ops])
        known = SCHEMA["$defs"]["operation"]["properties"]["op"]["examples"]
        self.assertEqual(sorted({one["op"] for one in ops}), sorted(known))
        for one in done["ops"]:
            for name in set(one) - {"op", "error"}:
                less = {"format_version": 1, "load": {"error": None}, "ops": [{**one}], "unsaved": False}
                self.assertTrue(one_kind("apply").is_valid(less))
                del less["ops"][0][name]
                self.assertFalse(one_kind("apply").is_valid(less), f"{one['op']} without {name}")
        # All of them once more, where each is refused or finds nothing.
        self.write("s.json", {"ops": [{**one, "surprise": 1} for one in ops] + [{"op": "dance"}]})
        done = self.valid("apply", 1, "apply", "s.json", "--keep-going")
        self.assertTrue(all(one["error"] for one in done["ops"]))

    def test_errors_tell_code_and_place(self):
        self.write("doc", '{\n  "adapters": {"a": 1}\n}')
        error = self.valid("error", 4, "show", "--document", "doc")["error"]
        self.assertEqual((error["code"], error["line"], error["column"]), ("wrong_type", 2, 21))
        error = self.valid("error", 1, "activate", "", "--schema-digest", "d")["error"]
        self.assertEqual((error["code"], error["refused_as"]), ("refused", "empty_name"))

    def test_every_digest_differs_is_told_with_its_cause(self):
        self.write(".agentsrc.lock", situations.READY)
        self.database("comp", situations.DIFFERENT)
        output = self.valid("reconcile", 2, "reconcile", "--check", "--store", "sqlite:store")
        self.assertEqual(output["every_digest_differs"], ["comp"])
        self.assertIn("another formula", self.expect(2, "reconcile", "--store", "sqlite:store"))

    def test_what_reconcile_tells_is_what_it_did(self):
        self.write(".agentsrc.lock", situations.BLOCKED_TOO)
        self.database("other", "create table v(a)")
        before = self.valid("reconcile", 3, "reconcile", "--check", "--store", "sqlite:store")
        self.assertEqual(before["changes"], [{"adapter": "comp", "view": "v", "from": "ready",
                                              "to": "pending-rebuild", "reason": "view tables absent"}])
        self.assertEqual((before["check"], before["written"]), (True, False))
        after = self.valid("reconcile", 3, "reconcile", "--store", "sqlite:store")
        self.assertEqual(after, before | {"check": False, "written": True})
        self.assertEqual(after["gates_shut"], [{"adapter": "comp", "view": "w"}])
        shown = self.valid("show", 3, "show")
        by_name = {one["name"]: one for one in shown["adapters"][0]["views"]}
        self.assertEqual(by_name["v"]["why"], "reconcile:view tables absent")
        self.assertEqual(by_name["v"]["unblocked_by"], "a rebuild")

    def test_a_path_that_is_no_text_is_still_json(self):
        output = self.valid("error", 4, "show", "--document", b"no\xff\x1bfile".decode(errors="surrogateescape"))
        self.assertIn("no\ufffd\x1bfile", output["error"]["message"])


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
