"""remove: an entry goes, and nothing else does."""
import os
import unittest

from support import DOCUMENT, CommandTest, lockfile, many_views, view

ON_CRG = [{"adapter": "crg", "schema_digest": "sha256:crg", "version": "1"}]


class Remove(CommandTest):
    def views(self):
        return {name: sorted(entry.get("materialized_views", {}))
                for name, entry in self.document()["adapters"].items()}

    def test_a_view_goes_and_its_tables_stay(self):
        self.write(DOCUMENT, lockfile(comp={"a": view("ready", "d"), "b": view("ready", "d")}))
        self.database("comp", "create table a(x)")
        self.assertEqual(self.expect(0, "remove", "comp", "a"),
                         ".agentsrc.lock: comp/a was taken out; its tables in the store stay\n")
        self.assertEqual(self.views(), {"comp": ["b"]})
        self.assertEqual(self.files("store"), ["kg_comp.db"])

    def test_an_adapter_goes_with_its_views(self):
        self.write(DOCUMENT, lockfile(comp={"a": view("ready", "d"), "b": view("ready", "d")}, crg={}))
        self.assertEqual(self.expect(0, "remove", "comp"),
                         ".agentsrc.lock: comp, with 2 views, was taken out; its tables in the store stay\n")
        self.assertEqual(self.json_of(0, "remove", "crg"), {"format_version": 1, "document": DOCUMENT, "adapter": "crg",
                                                            "view": None, "views_removed": 0})
        self.assertEqual(self.views(), {})

    def test_one_that_ready_views_read_from_is_refused_and_they_are_named(self):
        self.write(DOCUMENT, lockfile(comp={"a": view("ready", "d", depends_on=ON_CRG)}, crg={}))
        before = (self.directory / DOCUMENT).read_bytes()
        error = self.json_of(1, "remove", "crg")["error"]
        self.assertEqual(error["refused_as"], "needed_by_ready_views")
        self.assertIn("comp/a", error["message"])
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)

    def test_names_that_do_not_exist_are_refused_and_the_near_one_named(self):
        self.write(DOCUMENT, lockfile(comp={"owners": view("ready", "d")}))
        before = (self.directory / DOCUMENT).read_bytes()
        self.assertEqual(self.expect(1, "remove", "cmop"),
                         "agentslock: adapter cmop is not in .agentsrc.lock; did you mean comp?\n")
        self.assertEqual(self.expect(1, "remove", "comp", "owner"),
                         "agentslock: view comp/owner is not in .agentsrc.lock; did you mean owners?\n")
        self.assertEqual(self.expect(1, "remove", "comp", "paths"),
                         "agentslock: view comp/paths is not in .agentsrc.lock\n")
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)

    def test_an_unset_variable_removes_no_adapter(self):
        self.write(DOCUMENT, lockfile(comp={"a": view("ready", "d")}))
        self.assertIn("VIEW: its value is empty", self.expect(1, "remove", "comp", ""))
        self.assertEqual(self.views(), {"comp": ["a"]})

    def test_where_nothing_is_nothing_is_made(self):
        self.assertIn("there is no document", self.expect(4, "remove", "comp"))
        self.assertEqual(self.files(), [])
        for document in ({}, {"lock_version": 1, "adapters": {}}):
            path = self.write(DOCUMENT, document)
            before = os.stat(path)
            self.assertIn("adapter comp is not in", self.expect(1, "remove", "comp"))
            self.assertEqual(os.stat(path), before)

    def test_one_of_ten_thousand(self):
        self.write(DOCUMENT, many_views())
        self.expect(0, "remove", "comp", "v9999")
        self.assertEqual(len(self.views()["comp"]), 9999)
        self.assertIn("did you mean v", self.expect(1, "remove", "comp", "v99999"))
        self.assertEqual(self.json_of(0, "remove", "comp")["views_removed"], 9999)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
