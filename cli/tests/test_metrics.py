"""metrics: text that promtool and the parser of a collector take, with the counts that show says."""
import json
import os
import re
import subprocess
import unittest

import situations
from support import DOCUMENT, CommandTest, lockfile, state_of, view

SAMPLE = re.compile(r'(\w+)\{((?:\w+="(?:[^"\\\n]|\\[\\n"])*",?)*)\} (\d+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\\n]|\\[\\n"])*)"')
ODD_NAMES = ['a"b', "back\\slash", "nl\nx", "\\n", "日本", "{x}", "a,b=c", "\ttab", "", " ", "\r", "#", "é", "\u202e"]
LONG_AGO = "2020-02-03T04:05:06Z"


def unescaped(text):
    return re.sub(r"\\(.)", lambda c: {"n": "\n"}.get(c[1], c[1]), text)


class Metrics(CommandTest):
    def read(self, text):
        """The samples, by name and labels but the document's; and promtool finds nothing wrong with it."""
        done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, b""))
        self.assertTrue(text.endswith("\n# EOF\n"))
        samples = {}
        for line in text.split("\n")[:-1]:
            if line.startswith("#"):
                self.assertRegex(line, r"^# (TYPE \w+ gauge|UNIT \w+_seconds seconds|HELP \w+ .+[.]|HELP \w+ .*|EOF)$")
                continue
            name, labels, value = SAMPLE.fullmatch(line).groups()
            labels = {one: unescaped(other) for one, other in LABEL.findall(labels)}
            document = labels.pop("document")
            key = (name, *labels.values())
            self.assertNotIn(key, samples)
            samples[key] = int(value)
        self.documents = document if samples else None
        return samples

    def entry(self, status, at=LONG_AGO, **members):
        return view(status, "d", state_history=[{"at": at, "to": status, "trigger": "registered"}], **members)

    def test_views_are_counted_by_adapter_and_status(self):
        missed = [{"adapter": "crg", "schema_digest": "sha256:old", "version": ""}]
        self.write(DOCUMENT, lockfile(crg={}, comp={
            "a": view("ready", "d"), "b": view("ready", "d"), "c": view("pending-rebuild"), "d": view("pending-recompat-check"),
            "e": view("dsl-update-required"), "f": view("Ready"), "g": view("ready", "d", depends_on=missed)}))
        samples = self.read(self.expect(3, "metrics"))
        self.assertEqual({key[2]: value for key, value in samples.items() if key[:2] == ("agentslock_views", "comp")},
                         {"ready": 2, "pending-rebuild": 1, "pending-recompat-check": 2, "dsl-update-required": 1, "unrecognised": 1})
        self.assertEqual({key[2]: value for key, value in samples.items() if key[:2] == ("agentslock_views", "crg")},
                         dict.fromkeys(("ready", "pending-rebuild", "pending-recompat-check", "dsl-update-required", "unrecognised"), 0))
        self.assertEqual([samples["agentslock_missed_bumps", name] for name in ("comp", "crg")], [1, 0])
        self.assertEqual(self.documents, str(self.directory / DOCUMENT))

    def test_the_age_is_that_of_the_oldest_view_that_is_not_ready(self):
        def age(code, **views):
            self.write(DOCUMENT, lockfile(comp=views))
            return self.read(self.expect(code, "metrics"))["agentslock_oldest_not_ready_age_seconds", "comp"]
        old = age(2, a=self.entry("pending-rebuild"), b=self.entry("pending-rebuild", at="2026-01-01T00:00:00Z"), c=self.entry("ready", at="2010-01-01T00:00:00Z"))
        young = age(2, b=self.entry("pending-rebuild", at="2026-01-01T00:00:00Z"))
        # 2020-02-03T04:05:06Z to 2026-01-01T00:00:00Z, and what passed between the two calls.
        self.assertLess(abs(old - young - 186_522_894), 60)
        self.assertEqual(age(0, a=self.entry("ready")), 0)
        self.assertEqual(age(2, a=view("pending-rebuild")), 0)  # it does not say since when
        self.assertEqual(age(2, a=self.entry("pending-rebuild", at="2999-01-01T00:00:00Z")), 0)
        missed = self.entry("ready", depends_on=[{"adapter": "crg", "schema_digest": "sha256:old", "version": ""}])
        content = lockfile(crg={}, comp={"v": missed})
        content["adapters"]["crg"]["activated_at"] = "2026-01-01T00:00:00Z"
        self.write(DOCUMENT, content)
        bumped = self.read(self.expect(2, "metrics"))["agentslock_oldest_not_ready_age_seconds", "comp"]
        self.assertLess(abs(bumped - young), 60)

    def test_labels_of_any_kind_arrive(self):
        self.write(DOCUMENT, lockfile(**{name: {"v": view("pending-rebuild")} for name in ODD_NAMES}))
        samples = self.read(self.expect(2, "metrics"))
        self.assertEqual({key[1] for key in samples}, set(ODD_NAMES))
        self.assertEqual(sum(samples.values()), len(ODD_NAMES))
        directory = self.directory / 'we"ird\\ \n日'
        directory.mkdir()
        self.write(f"{directory.name}/lock", situations.PENDING)
        self.read(self.expect(2, "metrics", "--document", f"{directory.name}/lock"))
        self.assertEqual(self.documents, str(directory / "lock"))

    def test_the_check_can_fail(self):
        done = subprocess.run(["promtool", "check", "metrics"], input=b'agentslock_views{adapter="a"b"} 1\n', capture_output=True)
        self.assertNotEqual(done.returncode, 0)

    def test_a_file_is_written_whole_or_not_at_all(self):
        self.write(DOCUMENT, situations.PENDING)
        self.assertIn("1 view: 1 pending-rebuild, in m.prom", self.expect(2, "metrics", "--textfile", "m.prom"))
        text = (self.directory / "m.prom").read_text()
        self.assertEqual(self.read(text)["agentslock_views", "comp", "pending-rebuild"], 1)
        before = state_of(self.directory / "m.prom")
        self.write(DOCUMENT, situations.BLOCKED_TOO)
        self.expect(3, "metrics", "--textfile", "m.prom")
        self.assertNotEqual(before[0], os.stat(self.directory / "m.prom").st_ino)  # another file, in its place
        self.assertEqual(self.files(), [DOCUMENT, "m.prom"])
        # What can't be known is not written: the old one stays.
        before = state_of(self.directory / "m.prom")
        self.write(DOCUMENT, situations.BROKEN)
        self.expect(4, "metrics", "--textfile", "m.prom")
        self.assertEqual(state_of(self.directory / "m.prom"), before)
        self.write(DOCUMENT, situations.PENDING)
        content = (self.directory / DOCUMENT).read_bytes()
        self.assertIn("would be replaced", self.expect(1, "metrics", "--textfile", DOCUMENT))
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), content)

    def test_on_a_terminal_nothing_hides(self):
        self.write(DOCUMENT, lockfile(**{"\u202egnp\x1b[31m": {"v": view("ready", "d")}}))
        shown = self.on_terminal("metrics")
        self.assertNotRegex(shown, "[\u202e\x1b]")
        self.assertIn(r"\\u202egnp\\x1b[31m", shown)

    def test_json_says_the_same(self):
        self.write(DOCUMENT, situations.BLOCKED_TOO)
        said = self.json_of(3, "metrics")
        [comp, other] = said["adapters"]
        self.assertEqual((comp["name"], comp["views"]["ready"], comp["views"]["dsl-update-required"], other["name"]), ("comp", 1, 1, "other"))
        self.assertIsNone(said["text_file"])

    def test_a_document_without_adapters_has_none(self):
        self.write(DOCUMENT, situations.EMPTY_DOCUMENT)
        self.assertEqual(self.read(self.expect(0, "metrics")), {})


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
