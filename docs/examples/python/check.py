"""The binding by itself: what raises has said nothing, and texts are taken whole."""
import contextlib
import ctypes
import io
import pathlib
import tempfile
import unittest

import agentslock as lib


class Binding(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name) / "doc.lock"
        self.document = lib.document_open(lib.text(str(self.path)))
        self.addCleanup(lib.document_close, self.document)

    def update(self, change):
        lib.update(self.document, lib.callback(lib.Change, change), None)

    def silently(self, call, *given):
        """Calls what prints a traceback on the way."""
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            try:
                return call(*given)
            finally:
                self.assertIn("Traceback", printed.getvalue())

    def begin(self):
        on_crg = lib.Dependency(lib.text("crg"), lib.text("sha256:s1"), lib.text("1"))

        def add(_, file):
            lib.activate(file, lib.text("crg"), lib.text("sha256:y"), lib.text("sha256:s1"), lib.now())
            lib.register_view(file, lib.key("comp", "v"), lib.text("sha256:v"), ctypes.byref(on_crg), 1, lib.now())
            return lib.WRITE
        self.update(add)

    def test_a_change_that_raises_or_returns_nothing_writes_nothing(self):
        self.begin()
        before = self.path.read_bytes()

        def raises(_, file):
            lib.activate(file, lib.text("other"), lib.text("a"), lib.text("b"), lib.now())
            raise ValueError("no")
        with self.assertRaises(lib.Error) as why:
            self.silently(self.update, raises)
        self.assertEqual(why.exception.code, lib.GIVEN_UP)
        with self.assertRaises(lib.Error):
            self.update(lambda _, file: None)
        self.assertEqual(self.path.read_bytes(), before)

    def test_a_refusal_is_an_error_with_its_reason(self):
        self.begin()
        with self.assertRaisesRegex(lib.Error, "already"):
            def again(_, file):
                try:
                    lib.register_view(file, lib.key("comp", "v"), lib.text("d"), None, 0, lib.now())
                except lib.Error as why:
                    self.refused = why
                return lib.COULD_NOT_TELL
            try:
                self.update(again)
            except lib.Error:
                raise self.refused

    def test_a_validator_and_a_store_that_raise_have_said_nothing(self):
        self.begin()
        before = self.path.read_bytes()

        def raises(*_):
            raise ValueError("no")
        judge, find = lib.callback(lib.WorkOn, raises), lib.callback(lib.Find, raises)
        validator, presence = lib.validator_new(judge, None), lib.presence_new(find, None)
        schema = lib.Schema(*map(lib.text, ("crg", "sha256:y", "sha256:s2", "2")))
        report = self.silently(lib.cutover, self.document, schema, validator, None, 0)
        self.assertEqual([item.outcome for item in lib.items(report, lib.JUDGED)], [lib.COULD_NOT_TELL])
        self.assertEqual(lib.report_undecided(report), 1)
        lib.report_free(report)
        with self.assertRaisesRegex(lib.Error, "could not say"):
            self.silently(lib.recover, self.document, presence, validator, lib.builder_new(judge, None), None)
        self.assertEqual(self.path.read_bytes(), before)
        lib.validator_free(validator)
        lib.presence_free(presence)

    def test_a_name_may_hold_a_nul_and_anything_else(self):
        name = "a\0b/ü\n"
        self.update(lambda _, file: lib.activate(file, lib.text(name), lib.text("s"), lib.text("d"), 0) or lib.WRITE)
        listing = lib.lockfile_list(file := lib.load(self.document))
        self.assertEqual(str(lib.listing_find_adapter(listing, lib.text(name))[0].name), name)
        lib.listing_free(listing)
        lib.lockfile_free(file)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
