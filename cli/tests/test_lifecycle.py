"""An operator's day: views are judged, built and cut over by programs."""
import os
import pty
import signal
import subprocess
import time
import unittest

from support import COMMAND, DOCUMENT, ENVIRONMENT, CommandTest, lockfile, schema_digest, state_of, view

STORE = ("--store", "sqlite:store")
DIGEST = schema_digest(["a", "INTEGER", 0, 0])
ON_CRG = [{"adapter": "crg", "schema_digest": "sha256:crg", "version": "1"}]
# A builder as a project has one: the table's SQL stands beside it.
BUILDER = """#!/bin/sh
python3 -c 'import os, sqlite3
place = os.environ["AGENTSLOCK_STORE"].removeprefix("sqlite:")
base = sqlite3.connect(place + "/kg_" + os.environ["AGENTSLOCK_ADAPTER"] + ".db")
base.executescript("drop table if exists " + os.environ["AGENTSLOCK_VIEW"] + ";create table "
                   + os.environ["AGENTSLOCK_VIEW"] + "(a INTEGER)")'
"""


class Lifecycle(CommandTest):
    def setUp(self):
        super().setUp()
        self.database("crg", "create table files(a)")
        self.program("build.sh", BUILDER)

    def program(self, name, text):
        os.chmod(self.write(name, text), 0o755)

    def views(self, **states):
        """A document whose comp keeps these views, by their status; each reads from crg."""
        self.write(DOCUMENT, lockfile(crg={}, comp={name: view(status, DIGEST, depends_on=ON_CRG)
                                                     for name, status in states.items()}))

    def status(self, name="v"):
        return self.document()["adapters"]["comp"]["materialized_views"][name]["view_status"]

    def test_a_view_whose_tables_are_gone_is_rebuilt_and_ready(self):
        self.views(v="ready")
        text = self.expect(2, "reconcile", *STORE)
        self.assertIn("to run:\n  agentslock rebuild --store sqlite:store --builder COMMAND comp v\n", text)
        self.expect(0, "rebuild", *STORE, "--builder", "./build.sh")
        self.assertEqual(self.status(), "ready")
        self.assertNotIn("to run", self.expect(0, "reconcile", *STORE))

    def test_the_whole_way_judges_and_builds_in_one_call(self):
        self.views(v="ready", w="pending-recompat-check")
        done = self.json_of(0, "reconcile", *STORE, "--validator", "true", "--builder", "./build.sh")
        self.assertEqual([one["view"] for one in done["judged"]], ["w"])
        self.assertEqual([one["outcome"] for one in done["built"]], ["ready", "ready"])
        self.assertEqual((self.status("v"), self.status("w")), ("ready", "ready"))

    def test_a_dry_run_says_all_that_would_be_done_runs_nothing_and_writes_nothing(self):
        self.views(gone="ready", due="pending-recompat-check", build="pending-rebuild", shut="dsl-update-required", fine="ready")
        self.database("comp", "create table fine(a INTEGER)")
        before = state_of(self.directory / DOCUMENT)
        call = ("reconcile", *STORE, "--dry-run", "--validator", "touch ran", "--builder", "touch ran")
        self.assertEqual(self.expect(3, *call), """\
.agentsrc.lock: 1 would be changed by the pass, 1 judged, 2 built
  comp  gone   would become pending-rebuild: view tables absent
  comp  due    would be judged, and built if it passes
  comp  build  would be built
  comp  gone   would be built
""")
        self.assertEqual(state_of(self.directory / DOCUMENT), before)
        self.assertEqual(self.files(), [DOCUMENT, "build.sh", "store"])
        # And so it is then.
        said = self.json_of(3, *call)
        done = self.json_of(3, "reconcile", *STORE, "--validator", "true", "--builder", "./build.sh")
        self.assertEqual([one["view"] for one in said["would_judge"]], [one["view"] for one in done["judged"]])
        self.assertEqual(sorted(one["view"] for one in said["would_judge"] + said["would_build"]),
                         sorted(one["view"] for one in done["built"]))
        self.assertEqual(said["changes"], done["changes"])

    def test_the_commands_to_run_name_what_is_in_use(self):
        self.views(v="ready")
        (self.directory / "deep/er").mkdir(parents=True)
        (self.directory / "store").rename(self.directory / "my store")
        os.symlink("my store", self.directory / "store")
        named = ("--store", "sqlite:my store")
        line = "agentslock rebuild --store 'sqlite:my store' --builder ./build.sh comp v"
        self.assertIn(f"to run:\n  {line}\n",
                      self.expect(2, "reconcile", *named, environment={"AGENTSLOCK_BUILDER": "./build.sh"}))
        # From below, both are named so that the command means the same there.
        text = self.expect(2, "reconcile", *named, directory=self.directory / "deep/er",
                           environment={"AGENTSLOCK_BUILDER": "./build.sh"})
        [command] = [line for line in text.splitlines() if line.startswith("  agentslock rebuild")]
        self.assertIn(f"--document {self.directory}/{DOCUMENT} --store 'sqlite:{self.directory}/my store'", command)
        where = os.pathsep.join([os.path.dirname(COMMAND), os.environ["PATH"]])
        done = subprocess.run(["sh", "-c", command], cwd=self.directory / "deep/er", env=ENVIRONMENT | {"PATH": where},
                              capture_output=True, timeout=60)
        self.assertEqual((done.returncode, self.status()), (0, "ready"), done.stderr)

    def test_what_programs_write_moves_no_cursor_of_a_terminal(self):
        self.views(v="pending-rebuild")
        builder = r"printf 'a\tb\033[2Jc\342\200\256d\r\n' >&2; exit 1"
        sent = self.on_terminal("rebuild", *STORE, "--builder", builder, errors_too=True, environment={"NO_COLOR": "1"})
        self.assertIn("a\tb\\x1b[2Jc\\u202ed\\x0d\n", sent)
        self.assertIn(b"a\tb\x1b[2Jc\xe2\x80\xaed\r\n", self.run_command("rebuild", *STORE, "--builder", builder).stderr)

    def test_a_blocked_cutover_names_the_view_and_its_reason_and_passes_later(self):
        self.views(v="ready")
        self.database("comp", "create table v(a INTEGER)")
        self.program("judge.sh", "#!/bin/sh\n[ -e fixed ] && exit 0\necho owner_id is gone >&2\nexit 1\n")
        call = ("cutover", "crg", "--schema-digest", "sha256:new", "--version", "2", "--validator", "./judge.sh")
        before = (self.directory / DOCUMENT).read_bytes()
        text = self.expect(3, *call, "--dry-run")
        self.assertIn("would be blocked by 1 view", text)
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)

        text = self.expect(3, *call)
        self.assertIn("is blocked by 1 view", text)
        self.assertRegex(text, r"comp +v +failed +blocks +owner_id is gone")
        self.assertEqual(self.status(), "dsl-update-required")
        self.assertEqual(self.document()["adapters"]["crg"]["schema_digest"], "sha256:crg")

        self.write("fixed", "")
        done = self.json_of(2, *call)
        self.assertEqual((done["activated"], done["blockers"]), (True, []))
        self.assertEqual(self.document()["adapters"]["crg"]["schema_digest"], "sha256:new")
        self.expect(0, "rebuild", "comp", "v", *STORE, "--builder", "./build.sh")
        [record] = self.document()["adapters"]["comp"]["materialized_views"]["v"]["depends_on"]
        self.assertEqual((record["schema_digest"], record["version"]), ("sha256:new", "2"))

    def test_a_program_whose_time_is_over_could_not_tell(self):
        self.views(v="pending-recompat-check")
        before = (self.directory / DOCUMENT).read_bytes()
        [judged] = self.json_of(4, "validate", "--validator", "sleep 60", "--timeout", "100ms")["judged"]
        self.assertEqual((judged["verdict"], judged["to"]), ("could_not_tell", "pending-recompat-check"))
        self.expect(4, "cutover", "crg", "--schema-digest", "new", "--validator", "sleep 60", "--timeout", "100ms")
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)

    def test_a_build_that_failed_or_left_no_table_is_2_and_says_why(self):
        self.views(v="pending-rebuild")
        text = self.expect(2, "rebuild", *STORE, "--builder", "echo disk is full >&2; exit 1")
        self.assertRegex(text, r"comp +v +failed +disk is full")
        self.assertIn("the store does not hold the view", self.expect(2, "rebuild", *STORE, "--builder", "true"))
        self.assertEqual(self.status(), "pending-rebuild")

    def test_a_failed_view_is_judged_again_only_when_named_or_with_retry(self):
        self.views(v="dsl-update-required")
        self.assertEqual(self.json_of(3, "validate", "--validator", "true")["judged"], [])
        self.assertEqual(len(self.json_of(2, "validate", "--validator", "true", "--retry")["judged"]), 1)
        self.views(v="dsl-update-required")
        self.assertEqual(len(self.json_of(2, "validate", "comp", "v", "--validator", "true")["judged"]), 1)

    def test_names_that_are_not_there_are_answered_with_the_near_one(self):
        self.views(owners="ready")
        self.assertIn("did you mean comp?", self.expect(1, "validate", "cmop", "--validator", "true"))
        self.assertIn("did you mean owners?", self.expect(1, "rebuild", "comp", "owner", *STORE, "--builder", "true"))
        self.assertIn("did you mean crg?",
                      self.expect(1, "cutover", "cgr", "--schema-digest", "d", "--validator", "true"))

    def test_the_program_may_come_from_the_environment_and_must_come(self):
        self.views(v="pending-recompat-check")
        self.assertIn("--validator COMMAND, or in AGENTSLOCK_VALIDATOR", self.expect(1, "validate"))
        self.assertIn("--builder COMMAND, or in AGENTSLOCK_BUILDER", self.expect(1, "rebuild", *STORE))
        self.expect(3, "validate", environment={"AGENTSLOCK_VALIDATOR": "false"})
        self.expect(2, "validate", "comp", "v", "--validator", "true", environment={"AGENTSLOCK_VALIDATOR": "false"})
        self.expect(0, "rebuild", *STORE, environment={"AGENTSLOCK_BUILDER": "./build.sh"})

    def test_without_views_there_is_nothing_to_do(self):
        self.write(DOCUMENT, {})
        for call in (("validate", "--validator", "false"), ("rebuild", *STORE, "--builder", "false"),
                     ("reconcile", *STORE, "--validator", "false", "--builder", "false")):
            self.assertIn("no views", self.expect(0, *call))

    def test_programs_run_in_the_documents_directory_and_are_told_absolute_paths(self):
        self.views(v="pending-recompat-check")
        (self.directory / "deep").mkdir()
        said = 'echo "$PWD|$AGENTSLOCK_DOCUMENT|$AGENTSLOCK_STORE" >&2'
        done = self.run_command("validate", *STORE, "--validator", said, directory=self.directory / "deep")
        place = self.directory
        self.assertEqual(done.stderr.decode(),
                         f"{place}|{place}/{DOCUMENT}|sqlite:{place}/store\n1/1 comp/v 0 s\n")

    def test_lines_are_marked_with_the_view_when_several_programs_run(self):
        self.views(v="pending-recompat-check", w="pending-recompat-check")
        judge = "echo one >&2; echo two >&2"
        done = self.run_command("validate", "--validator", judge, "--jobs", "2", "--json")
        self.assertEqual(sorted(done.stderr.decode().splitlines()),
                         [f"comp/{name}: {line}" for name in "vw" for line in ("one", "two")])
        done = self.run_command("validate", "--validator", judge, "--jobs", "1", "--retry")
        self.assertEqual(done.stderr, b"")

    def test_progress_is_one_line_that_is_rewritten_on_a_terminal(self):
        self.views(v="pending-recompat-check")
        here, there = pty.openpty()
        done = subprocess.run([COMMAND, "validate", "--validator", "true"], cwd=self.directory, env=ENVIRONMENT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=there, timeout=60)
        os.close(there)
        said = os.read(here, 10_000).decode()
        os.close(here)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(said, "0/1 comp/v 0 s\r\x1b[K1/1 comp/v 0 s\r\x1b[K")

    def forty_views(self):
        self.views(**{f"v{i:02}": "pending-rebuild" for i in range(40)})
        # Each leaves a mark while it runs, and says how many run.
        self.program("many.sh", BUILDER.replace("#!/bin/sh\n", """#!/bin/sh
mkdir -p running && touch running/$$ && ls running | wc -l >>counts
echo "one of $AGENTSLOCK_VIEW"; echo "two of $AGENTSLOCK_VIEW"
sleep 0.3
""") + "rm running/$$\n")

    def all_were_built_side_by_side(self):
        self.assertEqual({self.status(f"v{i:02}") for i in range(40)}, {"ready"})
        at_once = max(map(int, (self.directory / "counts").read_text().split()))
        self.assertTrue(1 < at_once <= 8, at_once)

    def test_eight_at_a_time_in_a_pipe_each_line_is_a_whole_one_of_one_view(self):
        self.forty_views()
        done = self.run_command("rebuild", *STORE, "--builder", "./many.sh", "--jobs", "8")
        self.assertEqual(done.returncode, 0)
        lines = done.stderr.decode().splitlines()
        self.assertEqual(sorted(line for line in lines if " of " in line),
                         [f"comp/v{i:02}: {which} of v{i:02}" for i in range(40) for which in ("one", "two")])
        progress = [line for line in lines if " of " not in line]
        self.assertEqual(len(progress), 40)
        for number, line in enumerate(progress, 1):
            self.assertRegex(line, rf"^{number}/40 comp/v\d\d \d+ s$")
        self.assertEqual(len({line.split()[1] for line in progress}), 40)
        self.assertIn("40 of 40 views built", done.stdout.decode())
        self.all_were_built_side_by_side()

    def test_eight_at_a_time_on_a_terminal_progress_is_one_line_below_what_programs_write(self):
        self.forty_views()
        sent = self.on_terminal("rebuild", *STORE, "--builder", "./many.sh", "--jobs", "8", errors_too=True, columns=100,
                                environment={"NO_COLOR": "1"})
        shown = []
        for line in sent.split("\n"):
            # What a terminal leaves standing: the progress is wiped out before anything else is written.
            shown.append(line.rsplit("\r\x1b[K", 1)[-1])
        self.assertEqual(sorted(line for line in shown if ": one of " in line or ": two of " in line),
                         [f"comp/v{i:02}: {which} of v{i:02}" for i in range(40) for which in ("one", "two")])
        self.assertFalse([line for line in shown if "/40 " in line])
        self.assertIn("40/40 comp/v", sent)
        self.all_were_built_side_by_side()

    def test_a_signal_ends_the_program_and_nothing_of_it_is_recorded(self):
        judge = "touch started; trap 'touch ended; exit 0' TERM; while :; do sleep 0.05; done"
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name):
                self.views(v="pending-recompat-check")
                before = (self.directory / DOCUMENT).read_bytes()
                defaults = lambda: signal.signal(number, signal.SIG_DFL)
                running = subprocess.Popen([COMMAND, "validate", "--validator", judge], cwd=self.directory,
                                           env=ENVIRONMENT, preexec_fn=defaults, stdin=subprocess.DEVNULL,
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                deadline = time.monotonic() + 30
                while not (self.directory / "started").exists() and time.monotonic() < deadline:
                    time.sleep(0.01)
                # The shell may be between the file and its trap.
                time.sleep(0.2)
                running.send_signal(number)
                running.communicate(timeout=60)
                self.assertEqual(running.returncode, -number)
                self.assertTrue((self.directory / "ended").exists())
                self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)
                (self.directory / "started").unlink()
                (self.directory / "ended").unlink()


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
