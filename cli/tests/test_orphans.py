"""orphans: what a store holds that no entry records."""
import os
import unittest

from support import DOCUMENT, CommandTest, lockfile, many_views, view

STORE = ("--store", "sqlite:store")


class Orphans(CommandTest):
    def found(self, code=2):
        return [(one["adapter"], one["view"], one["adapter_is_recorded"])
                for one in self.json_of(code, "orphans", *STORE)["orphans"]]

    def test_tables_and_adapters_that_nothing_records(self):
        self.write(DOCUMENT, lockfile(comp={"owners": view("pending-rebuild"), "unbuilt": view("ready")}))
        self.database("comp", "create table owners(a); create table old(a); create view older as select a from old;")
        self.database("gone", "create table v(a)")
        self.database("empty", "create table t(a); drop table t")
        self.assertEqual(self.expect(2, "orphans", *STORE), """\
.agentsrc.lock: 4 orphans in the store that no entry records; nothing was removed
  comp   old
  comp   older
  empty  no tables  the document has no such adapter
  gone   v          the document has no such adapter
""")
        self.assertEqual(self.found(), [("comp", "old", True), ("comp", "older", True), ("empty", None, False),
                                        ("gone", "v", False)])
        self.assertEqual(self.files("store"), ["kg_comp.db", "kg_empty.db", "kg_gone.db"])

    def test_what_the_engine_keeps_for_itself_is_none(self):
        self.write(DOCUMENT, lockfile(comp={"owners": view("ready"), "text": view("ready")}))
        self.database("comp", "create table owners(a integer primary key autoincrement); create index i on owners(a);"
                              "create virtual table text using fts5(words); insert into owners values(1); analyze;")
        self.assertEqual(self.expect(0, "orphans", *STORE),
                         ".agentsrc.lock: the store holds nothing that no entry records\n")
        self.database("comp", "create table textual(a)")
        self.assertEqual(self.found(), [("comp", "textual", True)])

    def test_names_are_those_of_adapters_and_other_files_are_not_looked_at(self):
        self.write(DOCUMENT, lockfile())
        self.database("a%2Fb", "create table v(a)")
        for name in ("kg_a%2fb.db", "kg_a b.db", "kg_%.db", "kg_%4.db", "kg_%41.db", "kg.db", "kg_db", "kg_x.db-wal", "notes"):
            self.write(f"store/{name}", "no database")
        self.assertEqual(self.found(), [("a/b", "v", False)])

    def test_a_view_that_is_recorded_elsewhere_is_an_orphan_here(self):
        self.write(DOCUMENT, lockfile(comp={"v": view("ready")}, crg={}))
        self.database("crg", "create table v(a)")
        self.assertEqual(self.found(), [("crg", "v", True)])

    def test_what_could_not_be_listed_is_not_called_empty(self):
        self.write(DOCUMENT, lockfile(comp={"v": view("ready")}))
        self.assertIn("could not list the store's directory store", self.expect(4, "orphans", *STORE))
        (self.directory / "store").mkdir()
        self.assertEqual(self.json_of(4, "orphans", *STORE)["error"]["code"], "store_empty")
        self.write("store/kg_comp.db", b"no database at all, " * 6)
        self.assertEqual(self.json_of(4, "orphans", *STORE)["error"]["code"], "store_corrupt")

    def test_documents_without_anything(self):
        self.database("comp", "create table v(a)")
        self.assertIn("there is no document", self.expect(4, "orphans", *STORE))
        for document in ({}, {"lock_version": 1, "adapters": {}}):
            self.write(DOCUMENT, document)
            self.assertEqual(self.found(), [("comp", "v", False)])
        os.remove(self.directory / "store/kg_comp.db")
        self.assertEqual(self.found(0), [])

    def test_ten_thousand(self):
        self.write(DOCUMENT, many_views())
        self.database("comp", "begin;" + "".join(f"create table v{i}(a);" for i in range(9_900, 10_001)) + "commit;")
        self.assertEqual(self.found(), [("comp", "v10000", True)])


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
