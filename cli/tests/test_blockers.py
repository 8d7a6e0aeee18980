"""blockers: which views keep an adapter from another schema."""
import unittest

from support import DOCUMENT, CommandTest, lockfile, many_views, view

ON_CRG = [{"adapter": "crg", "schema_digest": "sha256:crg", "version": "1"}]
FAILED = {"depends_on": ON_CRG, "last_validation_at": "2026-07-02T09:00:00Z",
          "state_history": [{"at": "2026-07-01T08:00:00Z", "from": "pending-recompat-check", "to": "dsl-update-required",
                             "trigger": "recompat-fail"}]}


class Blockers(CommandTest):
    def test_each_is_named_with_when_and_why(self):
        self.write(DOCUMENT, lockfile(crg={}, comp={"owners": view("dsl-update-required", "d", **FAILED),
                                                    "paths": view("dsl-update-required", "d", depends_on=ON_CRG),
                                                    "other": view("dsl-update-required", "d"),
                                                    "ready": view("ready", "d", depends_on=ON_CRG)}))
        self.assertEqual(self.expect(3, "blockers", "crg"), """\
.agentsrc.lock: 2 views block another schema of crg; each needs a changed program that passes validation
  comp  owners  ✗ dsl-update-required  since 2026-07-01T08:00:00Z  recompat-fail
  comp  paths   ✗ dsl-update-required
""")
        self.assertEqual(self.json_of(3, "blockers", "crg")["blockers"], [
            {"adapter": "comp", "view": "owners", "since": "2026-07-01T08:00:00Z", "why": "recompat-fail",
             "last_validation_at": "2026-07-02T09:00:00Z"},
            {"adapter": "comp", "view": "paths", "since": None, "why": None, "last_validation_at": None}])

    def test_none_is_fine_and_said(self):
        self.write(DOCUMENT, lockfile(crg={}, comp={"v": view("pending-rebuild", "d", depends_on=ON_CRG)}))
        self.assertEqual(self.expect(0, "blockers", "crg"), ".agentsrc.lock: nothing blocks crg\n")
        self.assertEqual(self.json_of(0, "blockers", "crg")["blockers"], [])

    def test_an_adapter_that_is_read_before_it_is_activated_is_known(self):
        self.write(DOCUMENT, lockfile(comp={"owners": view("dsl-update-required", "d", depends_on=ON_CRG)}))
        self.assertIn(": 1 view blocks another schema of crg;", self.expect(3, "blockers", "crg"))

    def test_an_adapter_that_nobody_knows_is_refused_and_the_near_one_named(self):
        self.write(DOCUMENT, lockfile(crg={}, comp={}))
        self.assertEqual(self.expect(1, "blockers", "cgr"),
                         "agentslock: adapter cgr is not in .agentsrc.lock; did you mean crg?\n")
        self.assertEqual(self.json_of(1, "blockers", "nobody")["error"]["refused_as"], "unknown_adapter")
        for document in ({}, {"lock_version": 1, "adapters": {}}):
            self.write(DOCUMENT, document)
            self.assertEqual(self.expect(1, "blockers", "crg"), "agentslock: adapter crg is not in .agentsrc.lock\n")

    def test_ten_thousand_are_all_named(self):
        self.write(DOCUMENT, many_views(status="dsl-update-required"))
        self.assertEqual(self.expect(3, "blockers", "crg").count("\n"), 10_001)
        self.assertEqual(len(self.json_of(3, "blockers", "crg")["blockers"]), 10_000)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
