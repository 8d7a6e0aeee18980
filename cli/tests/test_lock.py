"""lock status and lock break: who holds the lock, and taking away exactly one."""
import fcntl
import os
import time
import unittest

from support import DOCUMENT, CommandTest

SIDECAR = f"{DOCUMENT}.lock"


class Lock(CommandTest):
    def hold(self, seconds_ago=0, token="someone-else"):
        """Leaves a sidecar as the Go tool does."""
        self.write(SIDECAR, f"{os.getpid()}\n{time.time_ns() - seconds_ago * 10**9}\n{token}\n")

    def hold_gate(self):
        gate = os.open(self.directory, os.O_RDONLY)
        self.addCleanup(os.close, gate)
        fcntl.flock(gate, fcntl.LOCK_EX)

    def test_free(self):
        self.assertEqual(self.expect(0, "lock", "status"), ".agentsrc.lock: free\n")
        told = self.json_of(0, "lock", "status")
        self.assertEqual(told["state"], "free")
        self.assertEqual((told["process"], told["token"], told["age_seconds"], told["queue_process"]), (None,) * 4)
        self.assertEqual(self.files(), [])

    def test_held_names_the_holder_and_when_it_is_stale(self):
        self.hold(seconds_ago=10)
        told = self.json_of(0, "lock", "status")
        self.assertEqual((told["state"], told["process"], told["token"]), ("held", os.getpid(), "someone-else"))
        self.assertAlmostEqual(told["age_seconds"] + told["stale_in_seconds"], 30)
        self.assertGreaterEqual(told["age_seconds"], 10)
        text = self.expect(0, "lock", "status")
        self.assertIn(f"by a holder that calls itself process {os.getpid()}, for 10 s", text)
        self.assertEqual(told["holder"], f"a holder that calls itself process {os.getpid()}, for 10 s")
        self.assertIn(f"{SIDECAR}: token someone-else", text)
        self.assertRegex(text, r"by the next writer in (20\.0|19\.\d) s")

    def test_stale_and_garbled(self):
        self.hold(seconds_ago=31)
        self.assertEqual(self.json_of(0, "lock", "status")["state"], "stale")
        self.assertIn("the next writer takes it over", self.expect(0, "lock", "status"))
        path = self.write(SIDECAR, f"{os.getpid()}\n")
        os.utime(path, (time.time() + 60, time.time() + 60))
        self.assertEqual(self.json_of(0, "lock", "status")["state"], "garbled")
        self.assertIn("dated in the future", self.expect(0, "lock", "status"))

    def test_what_is_no_lock_is_told_and_stays(self):
        self.write(SIDECAR, "\x1b[2J a user's notes")
        os.utime(f"{self.directory}/{SIDECAR}", (0, 0))
        self.assertEqual(self.json_of(0, "lock", "status")["state"], "not_a_lock")
        told = self.expect(4, "activate", "crg", "--source-digest", "s", "--schema-digest", "t")
        self.assertIn(f"{SIDECAR} is a file that is no lock", told)
        self.assertIn("move it away", told)
        self.assertIn("is no lock", self.expect(4, "lock", "break", "--no-token"))
        self.assertEqual(self.files(), [SIDECAR])

    def test_the_lock_of_a_document_is_never_called_like_a_document(self):
        self.write(DOCUMENT, '{"lock_version": 1, "config": {"precious": true}}\n')
        os.utime(f"{self.directory}/{DOCUMENT}", (0, 0))
        told = self.expect(1, "activate", "crg", "--source-digest", "s", "--schema-digest", "t", "--document", ".agentsrc")
        self.assertIn("Was .agentsrc.lock meant?", told)
        self.assertEqual(self.files(), [DOCUMENT])

    def test_the_holder_of_the_gate_is_told(self):
        self.hold_gate()
        self.assertEqual(self.json_of(0, "lock", "status")["queue_process"], os.getpid())
        self.assertIn(f": held\n  by process {os.getpid()}", self.expect(0, "lock", "status"))
        self.assertIn("which started this one", self.expect(0, "lock", "status"))

    def test_a_token_is_shown_so_that_it_harms_no_terminal(self):
        self.hold(token="\x1b[31mred")
        self.assertIn("token \\x1b[31mred", self.expect(0, "lock", "status"))

    def test_break_takes_away_the_one_that_is_named(self):
        self.hold()
        self.assertIn("carries another token", self.expect(1, "lock", "break", "--token", "mine"))
        self.assertEqual(self.files(), [SIDECAR])
        self.assertIn("was taken away", self.expect(0, "lock", "break", "--token", "someone-else"))
        self.assertEqual(self.files(), [])
        self.assertIn("is not locked", self.expect(1, "lock", "break", "--token", "someone-else"))

    def test_break_takes_away_one_without_a_token(self):
        self.write(SIDECAR, "")
        self.assertIn("carries another token", self.expect(1, "lock", "break", "--token", "mine"))
        self.assertIn("the lock without a token was taken away", self.expect(0, "lock", "break", "--no-token"))
        self.assertEqual(self.files(), [])
        self.hold()
        self.assertIn("carries a token: break it by that", self.expect(1, "lock", "break", "--no-token"))
        self.expect(1, "lock", "break")
        self.expect(1, "lock", "break", "--no-token", "--token", "someone-else")
        self.write(SIDECAR, "")
        self.assertIsNone(self.json_of(0, "lock", "break", "--no-token")["broken"])

    def test_a_symlink_is_looked_through(self):
        os.mkdir(f"{self.directory}/real")
        os.symlink("real/lock.json", f"{self.directory}/{DOCUMENT}")
        self.write("real/lock.json.lock", f"{os.getpid()}\n{time.time_ns()}\nsomeone-else\n")
        told = self.json_of(0, "lock", "status")
        self.assertEqual((told["state"], told["token"]), ("held", "someone-else"))
        self.assertTrue(told["sidecar"].endswith("real/lock.json.lock"))
        self.expect(0, "lock", "break", "--token", "someone-else")
        self.assertEqual(self.json_of(0, "lock", "status")["state"], "free")

    def test_break_is_refused_while_a_process_holds_the_gate(self):
        self.hold()
        self.hold_gate()
        told = self.expect(5, "lock", "break", "--token", "someone-else")
        self.assertIn(f"in use by process {os.getpid()}", told)
        self.assertIn("continue or end it", told)
        self.assertEqual(self.files(), [SIDECAR])


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
