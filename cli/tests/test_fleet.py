"""Shards of a sweep: together they say what one run says; and the page's ways to run them, run as they stand there."""
import collections
import os
import re
import subprocess
import textwrap
import unittest

import situations
from support import COMMAND, DOCUMENT, ENVIRONMENT, SOURCE, CommandTest, lockfile, view

PAGE = (SOURCE / "docs/fleet.md").read_text()
BLOCKS = re.findall(r"```(sh|yaml)\n(.*?)```", PAGE, re.S)


def block(begin):
    [one] = [text for _, text in BLOCKS if text.startswith(begin)]
    return one


class Fleet(CommandTest):
    def setUp(self):
        super().setUp()
        self.paths = []
        for number in range(200):
            content = (situations.READY, lockfile(comp={"v": view("pending-rebuild")}), b"{", situations.BLOCKED)[
                0 if number % 9 else number // 9 % 4]
            self.paths.append(self.write(f"projects/{number}\nline/{DOCUMENT}", content))
        self.paths += [self.paths[0], str(self.directory / "missing"), "", "x" * 5000]
        self.list = b"".join(os.fsencode(path) + b"\0" for path in self.paths)
        self.write("list", self.list)
        (self.directory / "bin").mkdir()
        (self.directory / "bin/agentslock").symlink_to(COMMAND)
        self.whole = self.sweep(4)
        self.assertEqual(len(self.whole), len(self.paths))

    def sweep(self, code, *options):
        """What it prints; code None: whatever the documents come to."""
        done = self.run_command("sweep", "-0", *options, input=self.list)
        self.assertEqual(done.stderr, b"")
        self.assertIn(done.returncode, (0, 2, 3, 4) if code is None else (code,))
        return done.stdout.splitlines()

    def test_the_shards_together_say_what_one_run_says(self):
        for count in (1, 2, 3, 16, 500):
            shards = [self.sweep(None, "--shard", f"{index}/{count}") for index in range(1, count + 1)]
            self.assertEqual(collections.Counter(line for lines in shards for line in lines), collections.Counter(self.whole))
            # Each keeps the order of the list.
            for lines in shards:
                # The first document is in the list twice.
                places = [self.whole.index(line) for line in lines if line != self.whole[0]]
                self.assertEqual(places, sorted(places))

    def test_a_path_stays_in_its_shard_whatever_else_is_in_the_list(self):
        before = self.sweep(None, "--shard", "2/3")
        self.list = b"another\0" + self.list + b"one more\0"
        after = [line for line in self.sweep(None, "--shard", "2/3") if b"another" not in line and b"one more" not in line]
        self.assertEqual(after, before)

    def test_what_is_no_shard_is_wrong_usage(self):
        for none in ("0/3", "4/3", "3", "1/x", "1/0", ""):
            self.assertIn("shard", self.expect(1, "sweep", "--shard", none, input=b""))

    def test_a_list_with_nuls_may_hold_newlines_and_lack_its_last_nul(self):
        self.write("a\nb", situations.READY)
        done = self.run_command("sweep", "--null", input=b"a\nb\0a\nb")
        self.assertEqual((done.returncode, done.stdout.count(b"\n"), done.stdout.count(b"a\\nb")), (0, 2, 2))
        done = self.run_command("sweep", input=b"a\nb")
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (4, 2))

    def shell(self, script, **environment):
        script = script.replace("/fleet", str(self.directory))
        path = f"{self.directory}/bin:{ENVIRONMENT['PATH']}"
        return subprocess.run(["sh", "-c", script], env=ENVIRONMENT | {"PATH": path, "HOME": str(self.directory)} | environment,
                              cwd=self.directory, capture_output=True, text=True, timeout=110)

    def expect_all(self, code=4):
        """All lines are there, and the page's verdict over them is that of the whole."""
        lines = [line for path in self.directory.glob("lines.*") for line in path.read_bytes().splitlines()]
        self.assertEqual(sorted(lines), sorted(self.whole))
        self.assertEqual(self.shell(block("# verdict")).returncode, code)

    def test_gnu_parallel_runs_the_shards(self):
        done = self.shell(block("# parallel\n"))
        self.assertNotEqual(done.returncode, 0, done.stderr)
        self.expect_all()
        [one, *_] = self.directory.glob("lines.*")
        one.unlink()
        told = self.shell(block("# verdict"))
        self.assertEqual((told.returncode, told.stderr), (1, "lines are missing\n"))

    def test_gnu_parallel_splits_the_list_itself(self):
        done = self.shell(block("# parallel by blocks"))
        self.assertEqual(done.returncode, 1, "one job of one failed, with 4: " + done.stderr)
        self.expect_all()
        self.shell(block("# parallel by blocks").replace("64k", "6k"))
        self.assertEqual((self.directory / "lines.all").read_bytes().splitlines(), self.whole)

    def test_an_array_job_runs_the_shards(self):
        script = block("#!/bin/sh")
        first, last = map(int, re.search(r"--array=(\d+)-(\d+)", script).groups())
        for index in range(first, last + 1):
            done = self.shell(script, SLURM_ARRAY_TASK_ID=str(index))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.expect_all()

    def test_an_indexed_job_runs_the_shards(self):
        job = block("apiVersion")
        script = textwrap.dedent(re.search(r"- \|\n(.*?)          volumeMounts", job, re.S)[1])
        self.assertIn("completionMode: Indexed", job)
        for index in range(int(re.search(r"completions: (\d+)", job)[1])):
            done = self.shell(script, JOB_COMPLETION_INDEX=str(index))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.expect_all()

    def test_a_fleet_that_is_fine(self):
        self.list = b"".join(os.fsencode(path) + b"\0" for path in self.paths[1:9])
        self.write("list", self.list)
        self.whole = self.sweep(0)
        self.assertEqual(self.shell(block("# parallel\n")).returncode, 0)
        self.expect_all(0)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
