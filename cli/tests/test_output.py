"""A command whose output can't be written says so, and does not end as if all were well."""
import array
import fcntl
import json
import os
import resource
import subprocess
import termios
import time
import unittest

from support import COMMAND, DOCUMENT, ENVIRONMENT, CommandTest, lockfile, view

FINE = (["show"], ["show", "--json"], ["activate", "a", "--schema-digest", "d"],
        ["reconcile", "--store", "sqlite:."], ["apply", "script"], ["--help"], ["show", "--help"], ["--version"])


class Output(CommandTest):
    def setUp(self):
        super().setUp()
        self.write(DOCUMENT, lockfile(a={}))
        self.write("script", {"ops": [{"op": "save"}]})

    def check(self, done, command, why):
        self.assertEqual(done.returncode, 1, command)
        self.assertEqual(done.stderr.decode(), f"agentslock: could not write the output: {why}\n", command)

    def test_a_full_disk_is_a_failure_that_is_said(self):
        with open("/dev/full", "wb") as full:
            for command in FINE:
                self.check(self.run_command(*command, stdout=full), command, "No space left on device")
            self.check(self.run_command("sweep", input=b"x\n" * 1000, stdout=full), "sweep", "No space left on device")

    def test_so_is_a_closed_output(self):
        for command in FINE:
            done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", COMMAND, *command], cwd=self.directory,
                                  env=ENVIRONMENT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
            self.check(done, command, "Bad file descriptor")

    def test_so_is_a_pipe_that_nobody_reads(self):
        for command in FINE:
            reader, writer = os.pipe()
            os.close(reader)
            self.check(self.run_command(*command, stdout=writer), command, "Broken pipe")
            os.close(writer)

    def test_so_is_a_file_that_may_not_grow(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with open(self.directory / "out", "wb") as out:
            for command in (["show"], ["show", "--json"], ["--help"]):
                self.check(self.run_command(*command, stdout=out, preexec_fn=limit), command, "File too large")

    def test_errors_that_can_not_be_said_are_failures_all_the_same(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, "show", "--document", "nothing"], cwd=self.directory, env=ENVIRONMENT, stderr=full)
            self.assertEqual(done.returncode, 1)

    def test_a_document_is_never_taken_for_the_output(self):
        # Whatever is opened first when 0, 1 and 2 are closed gets their numbers.
        for number in range(3):
            subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", COMMAND, "activate", f"a{number}",
                            "--schema-digest", "d"], cwd=self.directory, env=ENVIRONMENT)
        self.assertEqual(sorted(self.document()["adapters"]), ["a", "a0", "a1", "a2"])

    def test_whatever_the_code_would_have_been(self):
        self.write(DOCUMENT, lockfile(a={"v": view("dsl-update-required")}))
        with open("/dev/full", "wb") as full:
            self.check(self.run_command("show", stdout=full), "show", "No space left on device")
            self.check(self.run_command("show", "--json", "--document", "nothing", stdout=full), "show", "No space left on device")

    def test_results_go_to_one_stream_and_failures_to_the_other(self):
        for command, code, result in ((["show"], 0, True), (["show", "--document", "nothing"], 4, False),
                                      (["show", "--adapter", "b"], 1, False)):
            done = self.run_command(*command)
            self.assertEqual((done.returncode, bool(done.stdout), bool(done.stderr)), (code, result, not result))


class NotNow(CommandTest):
    """A stream that does not block says "not now": then the command waits."""

    def start(self, *arguments, **how):
        running = subprocess.Popen([COMMAND, *arguments], cwd=self.directory, env=ENVIRONMENT, **how)
        self.addCleanup(running.wait)
        return running

    def waiting_in(self, pipe):
        waiting = array.array("i", [0])
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)
        return waiting[0]

    def read_late(self, *arguments, stream="stdout", code=0, **how):
        """Begins to read what a command writes only when it has begun: its pipe holds far less than it has to say."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        os.set_blocking(writer, False)
        running = self.start(*arguments, **{stream: writer}, **how)
        os.close(writer)
        while self.waiting_in(reader) == 0 and running.poll() is None:
            time.sleep(0.001)
        told = b""
        while block := os.read(reader, 65536):
            told += block
        self.assertEqual(running.wait(timeout=60), code)
        return told

    def test_results_arrive_whole(self):
        self.write(DOCUMENT, lockfile(**{f"a{i}": {"v": view("pending-rebuild")} for i in range(1000)}))
        self.assertEqual(len(json.loads(self.read_late("show", "--json", code=2))["adapters"]), 1000)
        self.assertEqual(self.read_late("show", code=2).count(b"\n"), 1001)

    def test_so_do_failures(self):
        refused = {"op": "activate", "name": "", "source_digest": "s", "schema_digest": "t"}
        self.write("script", {"ops": [refused] * 1999 + [{"op": "save"}]})
        self.assertEqual(self.read_late("apply", "script", "--keep-going", stream="stderr", code=1).count(b"\n"), 2000)

    def test_so_do_the_lines_of_a_sweep(self):
        with open(self.write("paths", "missing\n" * 3000)) as paths:
            told = self.read_late("sweep", stdin=paths, code=4)
        self.assertEqual(len([json.loads(line) for line in told.splitlines()]), 3000)

    def feed(self, pieces, *arguments):
        """Gives a command its input in pieces, each when the one before has been taken, and returns what it told."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        running = self.start(*arguments, stdin=reader, stdout=subprocess.PIPE)
        for piece in pieces:
            os.write(writer, piece)
            while self.waiting_in(reader) > 0 and running.poll() is None:
                time.sleep(0.001)
        os.close(reader)
        os.close(writer)
        return running.communicate()[0], running.returncode

    def test_a_script_is_waited_for(self):
        script = json.dumps({"ops": [{"op": "adapter_names"}, {"op": "save"}]}).encode()
        told, code = self.feed([script[:5], script[5:10], script[10:]], "apply", "-")
        self.assertEqual((told, code), (b"1. adapter_names names=[]\n2. save\n", 0))

    def test_so_are_the_paths_of_a_sweep(self):
        told, code = self.feed([b"miss", b"ing\nmis", b"sing\n"], "sweep")
        self.assertEqual((told.count(b"there is no document missing"), code), (2, 4))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
