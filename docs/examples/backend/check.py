"""A day of the backend: what docs/backend.md says of it, done and looked at."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

BACKEND = os.environ["BACKEND"]
HERE = pathlib.Path(__file__).resolve().parent
OWNERS = "core 2\nweb 1\n"
# The program of the view, as it reads schema 2.
MENDED = "SELECT owner, count(*) AS files FROM file GROUP BY owner\n"


class Day(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.project = pathlib.Path(directory.name) / "project"
        shutil.copytree(HERE / "project", self.project)
        self.lock = self.project / ".agentsrc.lock"
        self.owners = self.project / "view/owners.sql"

    def backend(self, *words):
        done = subprocess.run([BACKEND, self.project, *words], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def adapters(self):
        return json.loads(self.lock.read_text())["adapters"]

    def statuses(self):
        views = self.adapters()["comp"]["materialized_views"]
        return {name: view["view_status"] for name, view in views.items()}

    def version_of_crg(self):
        with sqlite3.connect(self.project / "store/kg_crg.db") as crg:
            return crg.execute("PRAGMA user_version").fetchone()[0]

    def answers(self, *views):
        """What is answered to queries, each by a process of its own."""
        done = subprocess.run([BACKEND, self.project, "serve"], input="".join(f"{view}\n" for view in views),
                              capture_output=True, text=True, check=True, timeout=60)
        self.assertEqual(done.stdout[-2:], ".\n")
        return done.stdout[:-2].split(".\n")

    def test_the_first_start_activates_builds_and_registers(self):
        self.assertEqual(self.backend("start"), (0, ""))
        self.assertEqual(self.statuses(), {"owners": "ready", "size": "ready"})
        self.assertEqual(self.answers("owners", "size", "nothing"), [OWNERS, "3 230\n", "the document has no such view\n"])
        before = self.lock.stat()
        self.assertEqual(self.backend("start"), (0, ""))
        self.assertEqual(self.lock.stat(), before, "a start that finds all in order touches nothing")

    def test_what_is_lost_is_built_again_at_the_next_start(self):
        self.backend("start")
        with sqlite3.connect(self.project / "store/kg_comp.db") as comp:
            comp.execute("DROP TABLE owners")
        self.assertEqual(self.backend("start"), (0, ""))
        self.assertEqual(self.answers("owners"), [OWNERS])
        history = self.adapters()["comp"]["materialized_views"]["owners"]["state_history"]
        self.assertEqual([one["trigger"] for one in history], ["registered", "reconcile:view tables absent", "rebuilt"])

    def test_a_blocked_cutover_is_mended_and_done_again(self):
        self.backend("start")
        self.assertEqual(self.backend("cutover", "2"), (3, "comp/owners: no such column: team\n"))
        self.assertEqual(self.statuses(), {"owners": "dsl-update-required", "size": "pending-rebuild"})
        self.assertEqual(self.version_of_crg(), 1, "the old schema is active, and its tables are there")
        self.assertNotEqual(self.answers("owners", "size"), [OWNERS, "3 230\n"])
        self.assertEqual(self.backend("start"), (2, ""), "a start is no way around it")
        self.assertEqual(self.statuses(), {"owners": "dsl-update-required", "size": "pending-rebuild"})

        self.owners.write_text(MENDED)
        self.assertEqual(self.backend("cutover", "2"), (0, ""))
        self.assertEqual(self.statuses(), {"owners": "ready", "size": "ready"})
        self.assertEqual(self.version_of_crg(), 2)
        self.assertEqual(self.answers("owners", "size"), [OWNERS, "3 230\n"])

    def test_a_blocked_cutover_is_abandoned_by_one_back_to_the_active_schema(self):
        self.backend("start")
        before = self.adapters()["crg"]["schema_digest"]
        self.assertEqual(self.backend("cutover", "2")[0], 3)
        self.assertEqual(self.backend("cutover", "1"), (0, ""))
        self.assertEqual(self.statuses(), {"owners": "ready", "size": "ready"})
        self.assertEqual(self.adapters()["crg"]["schema_digest"], before)
        self.assertEqual(self.version_of_crg(), 1)

    def test_one_killed_between_building_and_recording_is_followed_by_the_next_start(self):
        self.backend("start")
        self.owners.write_text(MENDED)
        self.assertEqual(self.backend("cutover", "2"), (0, ""))
        # The document as it was when the dependee had been activated and nothing built: the tables are further than it.
        document = json.loads(self.lock.read_text())
        for view in document["adapters"]["comp"]["materialized_views"].values():
            last = view["state_history"].pop()
            self.assertEqual(last["trigger"], "rebuilt")
            view["view_status"] = last["from"]
        self.lock.write_text(json.dumps(document, indent=2) + "\n")
        self.assertNotEqual(self.answers("owners"), [OWNERS])
        self.assertEqual(self.backend("start"), (0, ""))
        self.assertEqual(self.answers("owners", "size"), [OWNERS, "3 230\n"])

    def test_the_gate_of_a_process_that_goes_on_sees_what_others_write(self):
        self.backend("start")
        with subprocess.Popen([BACKEND, self.project, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as server:
            def ask(view):
                server.stdin.write(f"{view}\n")
                server.stdin.flush()
                return "".join(iter(server.stdout.readline, ".\n"))
            self.assertEqual(ask("owners"), OWNERS)
            self.assertEqual(self.backend("cutover", "2")[0], 3)
            self.assertNotEqual(ask("owners"), OWNERS)
            self.owners.write_text(MENDED)
            self.assertEqual(self.backend("cutover", "2")[0], 0)
            self.assertEqual(ask("owners"), OWNERS)
            server.stdin.close()
            self.assertEqual(server.wait(timeout=60), 0)

    def test_several_instances_start_side_by_side(self):
        for _ in range(3):
            starts = [subprocess.Popen([BACKEND, self.project, "start"], stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, text=True) for _ in range(4)]
            # All are waited for before any is judged.
            for one in starts:
                one.wait(timeout=60)
            for one in starts:
                said, _ = one.communicate(timeout=60)
                self.assertEqual(one.returncode, 0, said)
            self.assertEqual(self.statuses(), {"owners": "ready", "size": "ready"})
            self.assertEqual(self.answers("owners", "size"), [OWNERS, "3 230\n"])
            with sqlite3.connect(self.project / "store/kg_comp.db") as comp:
                comp.execute("DROP TABLE owners")

    def test_it_is_as_short_as_the_page_says(self):
        lines = (HERE / "backend.cpp").read_text().splitlines()
        self.assertLessEqual(len(lines), 110)
        page = (HERE.parents[1] / "backend.md").read_text()
        self.assertIn(f"{len(lines)} lines", page)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
