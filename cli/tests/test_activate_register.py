"""activate and register: digests that are computed, and what may not simply be replaced."""
import hashlib
import unittest

from support import DOCUMENT, CommandTest, lockfile, schema_digest, view

STORE = ("--store", "sqlite:store")


class Register(CommandTest):
    def setUp(self):
        super().setUp()
        self.database("comp", "create table summary(id INTEGER PRIMARY KEY, name TEXT NOT NULL, n REAL);"
                              "create view recent as select name from summary;")

    def entry(self, name):
        return self.document()["adapters"]["comp"]["materialized_views"][name]

    def test_the_digest_is_the_store_s_by_the_documented_formula(self):
        printed = self.json_of(0, "register", "comp", "summary", *STORE)["view_digest"]
        self.assertEqual(printed, schema_digest(["id", "INTEGER", 0, 1], ["name", "TEXT", 1, 0], ["n", "REAL", 0, 0]))
        self.assertEqual(self.entry("summary")["view_digest"], printed)

    def test_reconcile_then_finds_it_consistent_until_the_store_changes(self):
        for name in ("summary", "recent"):
            self.expect(0, "register", "comp", name, *STORE)
        self.assertIn("2 views, nothing to change", self.expect(0, "reconcile", *STORE))
        self.database("comp", "insert into summary values(1, 'a', 0.5)")
        self.expect(0, "reconcile", *STORE)
        self.database("comp", "alter table summary add column extra")
        self.assertIn("1 changed", self.expect(2, "reconcile", *STORE))
        self.assertEqual(self.entry("summary")["view_status"], "pending-rebuild")
        self.assertEqual(self.entry("recent")["view_status"], "ready")

    def test_the_active_digests_of_the_dependees_are_filled_in(self):
        self.expect(0, "activate", "crg", "--schema-digest", "sha256:1")
        self.expect(0, "activate", "team@home", "--schema-digest", "sha256:2")
        self.expect(0, "register", "comp", "summary", *STORE, "--depends-on", "crg@1.4", "--depends-on", "team@home@2",
                    "--depends-on", "crg")
        self.assertEqual(self.entry("summary")["depends_on"], [
            {"adapter": "crg", "schema_digest": "sha256:1", "version": "1.4"},
            {"adapter": "team@home", "schema_digest": "sha256:2", "version": "2"},
            {"adapter": "crg", "schema_digest": "sha256:1", "version": ""}])

    def test_a_digest_that_the_view_was_built_against_must_be_active(self):
        self.expect(0, "activate", "crg", "--schema-digest", "sha256:1")
        for told in ("crg@=sha256:2", "crg@1.4=sha256:2"):
            with self.subTest(told):
                error = self.json_of(1, "register", "comp", "summary", *STORE, "--depends-on", told)["error"]
                self.assertEqual(error["refused_as"], "built_against_another_schema")
                self.assertIn("built against schema sha256:2 of crg, and sha256:1 is active", error["message"])
        self.expect(0, "register", "comp", "summary", *STORE, "--depends-on", "crg@1.4=sha256:1", "--depends-on", "crg@=sha256:1",
                    "--depends-on", "crg@2=")
        self.assertEqual([item["version"] for item in self.entry("summary")["depends_on"]], ["1.4", "", "2"])

    def test_a_dependee_that_is_not_active_is_refused_and_nothing_is_written(self):
        text = self.expect(1, "register", "comp", "summary", *STORE, "--depends-on", "crg@1")
        self.assertIn("adapter crg is not active", text)
        self.assertEqual(self.files(), ["store"])

    def test_what_the_store_does_not_hold_is_not_registered(self):
        self.assertIn("comp/nothing", self.expect(1, "register", "comp", "nothing", *STORE))
        self.assertIn("nobody/v", self.expect(1, "register", "nobody", "v", *STORE))
        self.assertEqual(self.files(), ["store"])

    def test_a_view_is_registered_once(self):
        self.expect(0, "register", "comp", "summary", *STORE)
        before = (self.directory / DOCUMENT).read_bytes()
        error = self.json_of(1, "register", "comp", "summary", *STORE)["error"]
        self.assertEqual(error["refused_as"], "already_registered")
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)

    def test_names_that_lead_elsewhere_stay_names(self):
        self.database("..%2F..", "create table v(a)", "store")
        for adapter in ("..", "../..", "/etc", "a/b"):
            self.assertIn("the store has no view" if adapter != "../.." else "registered",
                          self.expect(0 if adapter == "../.." else 1, "register", adapter, "v", *STORE))


class Activate(CommandTest):
    def test_the_source_digest_is_that_of_the_file(self):
        content = b"name: crg\n\xff\x00"
        self.write("crg.yaml", content)
        printed = self.json_of(0, "activate", "crg", "--schema-digest", "d", "--source", "crg.yaml")["source_digest"]
        self.assertEqual(printed, "sha256:" + hashlib.sha256(content).hexdigest())
        self.assertEqual(self.document()["adapters"]["crg"]["source_digest"], printed)

    def test_a_source_digest_that_is_not_told_is_kept(self):
        self.assertEqual(self.json_of(0, "activate", "crg", "--schema-digest", "d")["source_digest"], "")
        self.expect(0, "activate", "crg", "--schema-digest", "d", "--source-digest", "sha256:s")
        for schema in ("d", "e"):
            self.assertEqual(self.json_of(0, "activate", "crg", "--schema-digest", schema)["source_digest"], "sha256:s")
            self.assertEqual(self.document()["adapters"]["crg"]["source_digest"], "sha256:s")
        self.expect(0, "activate", "crg", "--schema-digest", "e", "--source-digest", "sha256:t")
        self.assertEqual(self.document()["adapters"]["crg"]["source_digest"], "sha256:t")

    def test_the_source_may_be_a_pipe(self):
        content = b"name: crg\n" * 100_000
        printed = self.json_of(0, "activate", "crg", "--schema-digest", "d", "--source", "-", input=content)["source_digest"]
        self.assertEqual(printed, "sha256:" + hashlib.sha256(content).hexdigest())

    def test_an_adapter_keeps_its_views(self):
        self.write(DOCUMENT, lockfile(comp={"v": view("pending-rebuild")}))
        self.expect(0, "activate", "comp", "--schema-digest", "new")
        [entry] = self.document()["adapters"]["comp"]["materialized_views"].values()
        self.assertEqual(entry["view_status"], "pending-rebuild")

    def test_another_schema_under_dependents_takes_a_cutover(self):
        # Whatever their status: each of them would read from a schema that nobody judged it by.
        on_crg = [{"adapter": "crg", "schema_digest": "sha256:crg", "version": "1"}]
        views = {status: view(status, "d", depends_on=on_crg) for status in
                 ("ready", "pending-rebuild", "pending-recompat-check", "dsl-update-required", "nonsense")}
        self.write(DOCUMENT, lockfile(comp=views, crg={}, other={}))
        before = (self.directory / DOCUMENT).read_bytes()
        text = self.expect(1, "activate", "crg", "--schema-digest", "sha256:new")
        self.assertIn("cutover", text)
        for status in views:
            self.assertIn(f"comp/{status}", text)
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)
        # The same schema, or one that nobody reads, needs none.
        self.expect(0, "activate", "crg", "--schema-digest", "sha256:crg", "--source-digest", "sha256:source")
        self.expect(0, "activate", "other", "--schema-digest", "sha256:new")

    def test_a_first_activation_needs_a_cutover_only_for_views_that_recorded_another_schema(self):
        on_crg = [{"adapter": "crg", "schema_digest": "sha256:old", "version": "1"}]
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", "d", depends_on=on_crg)}))
        self.assertIn("cutover", self.expect(1, "activate", "crg", "--schema-digest", "sha256:new"))
        self.expect(0, "activate", "crg", "--schema-digest", "sha256:old")


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
