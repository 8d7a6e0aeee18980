"""Signals that end the command wait while it holds the lock, and only then.

How the moment is caught: a document behind a link takes two locks, the link's and then its target's. While another
program has the second, the command holds the first and waits.
"""
import fcntl
import os
import signal
import subprocess
import time
import unittest

from support import COMMAND, DOCUMENT, ENVIRONMENT, CommandTest

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def wait_until(holds, running):
    while not holds():
        if running.poll() is not None:
            raise AssertionError(f"ended by {running.returncode}: {running.stderr.read()!r}")
        time.sleep(0.001)


def has(running, signal_set, number):
    """Whether a signal is in one of the sets of a process: blocked, or pending."""
    with open(f"/proc/{running.pid}/status") as status:
        [line] = [line for line in status if line.startswith(signal_set)]
    return bool(int(line.split()[1], 16) >> (number - 1) & 1)


class Signals(CommandTest):
    def start(self, *arguments):
        # What runs the tests may ignore some signals, and children inherit that.
        defaults = lambda: [signal.signal(one, signal.SIG_DFL) for one in ENDINGS]
        running = subprocess.Popen([COMMAND, *arguments], cwd=self.directory, env=ENVIRONMENT, preexec_fn=defaults,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(running.communicate)
        return running

    def start_holding(self, *arguments):
        """Starts a command, and returns when it holds the link's lock and waits for the target's."""
        for old in ("real/doc", DOCUMENT):
            (self.directory / old).unlink(missing_ok=True)
        self.write("real/doc", "{}\n")
        (self.directory / DOCUMENT).symlink_to("real/doc")
        self.write("real/doc.lock", f"{os.getpid()}\n{time.time_ns()}\nsomeone-else\n")
        running = self.start(*arguments)
        wait_until((self.directory / f"{DOCUMENT}.lock").exists, running)
        return running

    def test_they_wait_while_the_lock_is_held_and_count_when_it_is_free(self):
        self.write("script", {"ops": [{"op": "activate", "name": "crg", "source_digest": "s", "schema_digest": "t"},
                                      {"op": "save"}]})
        for command in (["activate", "crg", "--schema-digest", "t"], ["apply", "script"]):
            for number in ENDINGS:
                with self.subTest(command=command[0], signal=number.name):
                    running = self.start_holding(*command)
                    running.send_signal(number)
                    wait_until(lambda: has(running, "ShdPnd", number), running)
                    (self.directory / "real/doc.lock").unlink()
                    self.assertEqual(running.wait(timeout=60), -number)
                    # What was begun is done, and nothing is left.
                    self.assertIn("crg", self.document("real/doc")["adapters"])
                    self.assertEqual(self.files(), [DOCUMENT, "real", "script"])
                    self.assertEqual(self.files("real"), ["doc"])

    def test_other_signals_are_left_alone(self):
        running = self.start_holding("activate", "crg", "--schema-digest", "t")
        for number in (signal.SIGQUIT, signal.SIGSEGV, signal.SIGPIPE):
            self.assertFalse(has(running, "SigBlk", number), number.name)
        (self.directory / "real/doc.lock").unlink()
        self.assertEqual(running.wait(timeout=60), 0)

    def test_who_only_waits_in_the_queue_ends_at_once(self):
        gate = os.open(self.directory, os.O_RDONLY)
        self.addCleanup(os.close, gate)
        fcntl.flock(gate, fcntl.LOCK_EX)
        for number in ENDINGS:
            running = self.start("activate", "crg", "--schema-digest", "t")
            # It queues once a second thread of it blocks at the gate.
            wait_until(lambda: len(os.listdir(f"/proc/{running.pid}/task")) > 1, running)
            running.send_signal(number)
            self.assertEqual(running.wait(timeout=60), -number)
            self.assertEqual(self.files(), [])


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
