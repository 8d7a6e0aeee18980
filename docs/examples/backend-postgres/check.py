"""A day of the backend on a real server: what docs/postgresql.md says of it, done and looked at."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import postgres

BACKEND = os.environ["BACKEND"]
HERE = pathlib.Path(__file__).resolve().parent
OWNERS = "core 2\nweb 1\n"
# A build that takes its time.
SLOW = "SELECT owner, count(*) AS files, pg_sleep(50)::text AS slept FROM crg.file GROUP BY owner"


class Day(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = postgres.Server()
        cls.addClassCleanup(cls.server.end)
        cls.environment = os.environ | {"PGHOST": cls.server.directory, "PGUSER": "owner", "PGDATABASE": "postgres"}

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.project = pathlib.Path(directory.name) / "project"
        shutil.copytree(HERE / "project", self.project)
        self.server.run("DROP SCHEMA IF EXISTS agentslock, crg, comp CASCADE")

    def backend(self, *words):
        done = subprocess.run([BACKEND, self.project, *words], capture_output=True, text=True, timeout=60, env=self.environment)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def command(self, code, *words):
        """What an operator sees of it."""
        done = subprocess.run([os.environ["AGENTSLOCK"], *words, "--document", "postgres:example"], capture_output=True, text=True,
                              env=self.environment)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    def test_the_first_start_builds_and_the_next_finds_all_in_order(self):
        self.assertEqual(self.backend("start"), (0, ""))
        self.assertEqual([self.backend("query", view) for view in ("owners", "size")], [(0, OWNERS), (0, "3 230\n")])
        self.command(0, "reconcile", "--check", "--store", "postgres:")
        revision = "SELECT revision FROM agentslock.document"
        before = self.server.run(revision)
        self.assertEqual(self.backend("start"), (0, ""))
        self.assertEqual(self.server.run(revision), before, "a start that finds all in order writes nothing")

    def test_what_is_lost_is_built_again_at_the_next_start(self):
        self.backend("start")
        self.server.run("DROP TABLE comp.owners")
        self.assertEqual(self.backend("start"), (0, ""))
        self.assertEqual(self.backend("query", "owners"), (0, OWNERS))
        self.command(0, "show")

    def test_one_killed_while_it_builds_leaves_what_was(self):
        self.backend("start")
        self.server.run("ALTER TABLE comp.owners ADD unknown int")
        (self.project / "view/owners.sql").write_text(SLOW)
        for kill in ("the backend", "the server"):
            running = subprocess.Popen([BACKEND, self.project, "start"], env=self.environment, stderr=subprocess.DEVNULL)
            while self.server.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "0":
                self.assertIsNone(running.poll())
                time.sleep(0.05)
            running.send_signal(signal.SIGKILL) if kill == "the backend" else self.server.tell("kill")
            running.wait(timeout=60)
            if kill == "the server":
                self.server.tell("start")
            # The pass has recorded that the table is another one; the build has left nothing.
            self.assertNotEqual(self.backend("query", "owners"), (0, OWNERS))
            self.server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            self.assertEqual(self.server.run("SELECT count(unknown), count(*) FROM comp.owners"), "0|2", kill)
            self.command(2, "reconcile", "--check", "--store", "postgres:")
        shutil.copy(HERE / "project/view/owners.sql", self.project / "view/owners.sql")
        self.assertEqual(self.backend("start"), (0, ""))
        self.assertEqual(self.backend("query", "owners"), (0, OWNERS))

    def test_a_view_that_can_not_be_built_is_not_recorded(self):
        (self.project / "view/owners.sql").write_text("SELECT nothing FROM crg.file")
        done = subprocess.run([BACKEND, self.project, "start"], capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.returncode, 4)
        self.assertIn("nothing", done.stderr)
        self.assertEqual(self.backend("query", "owners")[0], 3)

    def test_it_is_as_short_as_the_page_says(self):
        lines = [line for line in (HERE / "backend.cpp").read_text().splitlines() if "SPDX-License-Identifier" not in line]
        self.assertIn(f"in {len(lines)} lines", (HERE.parents[1] / "postgresql.md").read_text())


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
