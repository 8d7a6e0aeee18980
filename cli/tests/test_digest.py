"""digest: of a file's bytes, and of what a store has for a view."""
import hashlib
import os
import unittest

from support import DOCUMENT, CommandTest, lockfile, schema_digest

STORE = ("--store", "sqlite:store")


class Digest(CommandTest):
    def test_of_a_file_standard_input_or_an_empty_one(self):
        for content in (b"", b"name: crg\n\xff\x00", b"x" * 5_000_000):
            spelt = "sha256:" + hashlib.sha256(content).hexdigest()
            self.assertEqual(self.expect(0, "digest", self.write("a file", content)), spelt + "\n")
            self.assertEqual(self.expect(0, "digest", "-", input=content), spelt + "\n")
        self.assertEqual(self.json_of(0, "digest", "a file"), {"format_version": 1, "file": "a file", "digest": spelt})

    def test_of_a_view_in_a_store_as_register_records_it(self):
        self.database("comp", "create table owners(id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        spelt = schema_digest(["id", "INTEGER", 0, 1], ["name", "TEXT", 1, 0])
        self.assertEqual(self.expect(0, "digest", "comp", "owners", *STORE), spelt + "\n")
        self.assertEqual(self.json_of(0, "register", "comp", "owners", *STORE)["view_digest"], spelt)

    def test_what_is_not_there_has_none(self):
        self.database("comp", "create table owners(id)")
        self.assertIn("could not read nothing.yaml", self.expect(1, "digest", "nothing.yaml"))
        self.assertIn("the store has no view comp/paths", self.expect(1, "digest", "comp", "paths", *STORE))
        self.assertIn("the store has no view crg/v", self.expect(1, "digest", "crg", "v", *STORE))
        self.assertIn("--store", self.expect(1, "digest", "comp", "owners"))
        self.assertIn("nowhere", self.expect(4, "digest", "comp", "owners", "--store", "sqlite:nowhere"))

    def test_a_file_s_needs_no_document_whatever_stands_above(self):
        # Only root can give a file away.
        self.write(DOCUMENT, lockfile())
        self.write("deep/file", b"")
        if os.geteuid() == 0:
            os.chown(self.directory / DOCUMENT, 12345, 12345)
            self.expect(4, "show", directory=self.directory / "deep")
        self.expect(0, "digest", "file", directory=self.directory / "deep")

    def test_names_are_given_whole(self):
        self.assertIn("FILE", self.expect(1, "digest"))
        self.assertIn("VIEW: its value is empty", self.expect(1, "digest", "comp", "", *STORE))
        self.assertIn("not expected: c", self.expect(1, "digest", "a", "b", "c", *STORE))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
