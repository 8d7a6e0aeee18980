"""explain: how a view got where it is, and what it waits for."""
import subprocess
import unittest

from support import COMMAND, DOCUMENT, NOW, CommandTest, lockfile, many_views, view


def on(adapter, digest, version="1"):
    return {"adapter": adapter, "schema_digest": digest, "version": version}


def log(*moves):
    return [{"at": at, **({"from": before} if before else {}), "to": after, "trigger": trigger}
            for at, before, after, trigger in moves]


OWNERS = view("pending-rebuild", "d", depends_on=[on("crg", "sha256:new", "2"), on("tags", "", "")],
              last_validation_at="2026-07-02T08:00:09Z",
              state_history=log(("2026-07-01T08:00:00Z", "", "ready", "registered"),
                                ("2026-07-02T08:00:00Z", "ready", "pending-recompat-check", "dependee-bump:crg@2"),
                                ("2026-07-02T08:00:09Z", "pending-recompat-check", "pending-rebuild", "recompat-pass")))
PATHS = view("dsl-update-required", "d", depends_on=[on("crg", "sha256:crg")],
             state_history=log(("2026-07-02T08:00:10Z", "pending-recompat-check", "dsl-update-required", "recompat-fail")))


class Explain(CommandTest):
    def steps(self, code, *names):
        [one] = self.json_of(code, "explain", *names)["views"]
        return [(step["what"], step["adapter"]) for step in one["waits_for"]]

    def test_a_view_that_another_keeps_waiting(self):
        self.write(DOCUMENT, lockfile(crg={}, comp={"owners": OWNERS, "paths": PATHS}))
        self.assertEqual(self.expect(2, "explain", "comp", "owners"), """\
.agentsrc.lock: comp/owners is … pending-rebuild, and may not be queried: its tables are not what was recorded, or out of date
how it got here:
  2026-07-01T08:00:00Z  registered                                     →  ✓ ready
  2026-07-02T08:00:00Z  dependee-bump:crg@2  ✓ ready                   →  ? pending-recompat-check
  2026-07-02T08:00:09Z  recompat-pass        ? pending-recompat-check  →  … pending-rebuild
what it reads from, as recorded:
  crg   2  sha256:new          active now: sha256:crg
  tags     no schema recorded  which the document has no entry for
what it waits for:
  the cutover of crg
    comp/paths blocks it: ✗ dsl-update-required since 2026-07-02T08:00:10Z, by recompat-fail
    it needs a changed program that passes validation
  a rebuild
what to run:
  agentslock cutover --schema-digest sha256:new --version 2 --validator COMMAND crg
  agentslock rebuild --store sqlite:DIRECTORY --builder COMMAND comp owners
""")
        [one] = self.json_of(2, "explain", "comp", "owners")["views"]
        self.assertEqual(one["waits_for"], [
            {"what": "cutover", "adapter": "crg", "blocked_by_views": 1, "blockers": [
                {"adapter": "comp", "view": "paths", "since": "2026-07-02T08:00:10Z", "why": "recompat-fail"}]},
            {"what": "rebuild", "adapter": None, "blocked_by_views": 0, "blockers": []}])
        self.assertEqual([item["record"] for item in one["reads_from"]], ["another_is_active", "not_active"])
        self.assertEqual(one["history"][0], {"at": "2026-07-01T08:00:00Z", "from": None, "to": "ready",
                                             "trigger": "registered"})

    def test_the_command_can_be_pasted_whatever_the_name_is(self):
        waits = view("pending-recompat-check", "d", depends_on=[on("crg", "sha256:crg")])
        names = ["back\\slash", "it's", "bell\u0007 and\nline", "\u202eright to left", "caf\u00e9 \U0001f600", "$(false) `x`", "-n"]
        for locale in ("C.UTF-8", "C"):
            for name in names:
                with self.subTest(name=name, locale=locale):
                    self.write(DOCUMENT, lockfile(crg={}, comp={name: waits}))
                    shown = self.expect(2, "explain", "comp", environment={"LC_ALL": locale}).encode()
                    self.assertNotRegex(shown.replace(b"\n", b""), rb"[\x00-\x1f\x7f]")
                    command = next(line for line in shown.splitlines() if b"agentslock validate" in line)
                    command = command.strip().replace(b"agentslock", COMMAND.encode(), 1).replace(b"COMMAND", b"true", 1)
                    ran = subprocess.run(["bash", "-c", command], cwd=self.directory, capture_output=True)
                    self.assertEqual(ran.returncode, 2, ran)  # judged, and not built yet
                    self.assertEqual(self.document()["adapters"]["comp"]["materialized_views"][name]["view_status"],
                                     "pending-rebuild")

    def test_a_ready_one_waits_for_nothing(self):
        self.write(DOCUMENT, lockfile(crg={}, comp={"v": view("ready", "d", depends_on=[on("crg", "sha256:crg")])}))
        self.assertEqual(self.expect(0, "explain", "comp", "v"), """\
.agentsrc.lock: comp/v is ✓ ready, and may be queried
how it got here:
  nothing is recorded
what it reads from, as recorded:
  crg  1  sha256:crg  which is active
it waits for nothing
""")

    def test_a_ready_one_over_a_schema_that_is_gone_is_not_ready(self):
        self.write(DOCUMENT, lockfile(crg={}, comp={"v": view("ready", "d", depends_on=[on("crg", "sha256:gone")])}))
        text = self.expect(2, "explain", "comp", "v")
        self.assertIn("is ✓ ready, and may not be queried: dependee schema changed\n", text)
        self.assertEqual(self.steps(2, "comp", "v"), [("reconciliation", None), ("verdict", "crg"), ("rebuild", None)])
        [one] = self.json_of(2, "explain", "comp")["views"]
        self.assertEqual((one["ready"], one["unblocked_by"]), (False, "validation and a rebuild"))

    def test_each_status_waits_for_its_own(self):
        self.write(DOCUMENT, lockfile(comp={"a": view("pending-recompat-check"), "b": view("dsl-update-required"),
                                            "c": view("pending-rebuild"), "d": view("nonsense")}))
        self.assertEqual(self.steps(2, "comp", "a"), [("verdict", None), ("rebuild", None)])
        self.assertEqual(self.steps(3, "comp", "b"), [("changed_program", None), ("rebuild", None)])
        self.assertEqual(self.steps(2, "comp", "c"), [("rebuild", None)])
        self.assertEqual(self.steps(2, "comp", "d"), [("reconciliation", None), ("rebuild", None)])
        self.assertIn('comp/d is ! "nonsense", and may not', self.expect(2, "explain", "comp", "d"))

    def test_an_adapter_tells_who_reads_from_it_and_explains_what_it_keeps(self):
        self.write(DOCUMENT, lockfile(crg={}, comp={"fine": view("ready", "d", depends_on=[on("crg", "sha256:crg")]),
                                                    "owners": OWNERS, "paths": PATHS}))
        self.assertEqual(self.expect(0, "explain", "crg"), f"""\
.agentsrc.lock: crg is active
  since   {NOW}
  schema  sha256:crg
  source  none recorded
what reads from it: 3 views: 1 ready, 1 pending-rebuild, 1 dsl-update-required
  comp  owners  … pending-rebuild      did not record the active schema
  comp  paths   ✗ dsl-update-required
what it keeps: no views
""")
        text = self.expect(3, "explain", "comp")
        self.assertIn("what reads from it: no views\n", text)
        self.assertIn("what it keeps: 3 views: 1 ready, 1 pending-rebuild, 1 dsl-update-required\n", text)
        self.assertIn("\ncomp/owners is … pending-rebuild, and may not", text)
        self.assertNotIn("comp/fine is", text)
        self.assertEqual([one["name"] for one in self.json_of(3, "explain", "comp")["views"]],
                         ["fine", "owners", "paths"])
        self.assertEqual(self.json_of(0, "explain", "crg")["read_by"][1],
                         {"adapter": "comp", "view": "owners", "status": "pending-rebuild",
                          "record": "another_is_active"})

    def test_names_that_do_not_exist_are_refused_and_the_near_one_named(self):
        self.write(DOCUMENT, lockfile(comp={"owners": OWNERS}))
        self.assertIn("adapter cop is not in .agentsrc.lock; did you mean comp?", self.expect(1, "explain", "cop"))
        self.assertIn("view comp/ownres is not in .agentsrc.lock; did you mean owners?",
                      self.expect(1, "explain", "comp", "ownres"))
        self.assertIn("VIEW: its value is empty", self.expect(1, "explain", "comp", ""))
        for document in ({}, {"lock_version": 1, "adapters": {}}):
            self.write(DOCUMENT, document)
            self.assertEqual(self.expect(1, "explain", "comp"), "agentslock: adapter comp is not in .agentsrc.lock\n")

    def test_ten_thousand_that_wait_for_ten_thousand(self):
        document = many_views()
        views = document["adapters"]["comp"]["materialized_views"]
        for number, entry in enumerate(views.values()):
            entry["view_status"] = "dsl-update-required" if number % 2 else "pending-rebuild"
            entry["depends_on"][0]["schema_digest"] = "sha256:new"
        self.write(DOCUMENT, document)
        told = self.json_of(3, "explain", "comp")["views"]
        self.assertEqual(len(told), 10_000)
        self.assertEqual((told[0]["waits_for"][0]["blocked_by_views"], len(told[0]["waits_for"][0]["blockers"])), (5000, 20))
        text = self.expect(2, "explain", "comp", "v0")
        self.assertIn("    and 4990 more\n    each of them needs a changed program", text)
        self.assertEqual(len(self.json_of(0, "explain", "crg")["read_by"]), 10_000)

    def test_long_names_make_no_text_longer_than_the_document(self):
        on_crg = [on("crg", "sha256:new")]
        self.write(DOCUMENT, lockfile(**{"z" * 50_000: {f"v{i}": view("pending-rebuild", depends_on=on_crg)
                                                         for i in range(1000)}}, crg={}))
        for form in ([], ["--json"]):
            done = self.run_command("explain", *form, "--", "z" * 50_000)
            self.assertEqual(done.returncode, 2)
            self.assertLess(len(done.stdout), 5_000_000)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
