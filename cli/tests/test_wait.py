"""wait: until views are ready, by watching the file."""
import json
import os
import signal
import subprocess
import time
import unittest

from support import COMMAND, DOCUMENT, ENVIRONMENT, CommandTest, lockfile, many_views, view

READY = lockfile(comp={"v": view("ready", "d"), "w": view("ready", "d")})
PENDING = lockfile(comp={"v": view("pending-rebuild", "d"), "w": view("ready", "d")})
REBUILT = {"ops": [{"op": "mark_view_rebuilt", "adapter": "comp", "view": "v", "digest": "d", "schemas_read": {}},
                   {"op": "save"}]}


class Wait(CommandTest):
    def start(self, *arguments, document=DOCUMENT):
        """Starts it, and returns when it watches."""
        waiting = subprocess.Popen([COMMAND, "wait", "--json", *arguments, "--document", document], cwd=self.directory,
                                   env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: (waiting.kill(), waiting.communicate()))
        # It waits in poll: of a pipe, a file or a lock it would be elsewhere.
        for _ in range(500):
            if os.path.exists(f"/proc/{waiting.pid}/wchan") and self.is_polling(waiting.pid):
                return waiting
            time.sleep(0.01)
        self.fail("it does not wait")

    @staticmethod
    def is_polling(process):
        try:
            with open(f"/proc/{process}/syscall") as now:
                # poll or ppoll, on the two machines that this is built for.
                return now.read().split()[0] in ("7", "271", "73")
        except (OSError, IndexError):
            return False

    def finish(self, waiting, code):
        out, errors = waiting.communicate(timeout=30)
        self.assertEqual(waiting.returncode, code, (out, errors))
        return json.loads(out)

    def test_what_is_ready_is_not_waited_for(self):
        self.write(DOCUMENT, READY)
        self.assertEqual(self.expect(0, "wait"), ".agentsrc.lock: all 2 views are ready\n")
        self.assertEqual(self.expect(0, "wait", "comp", "v"), ".agentsrc.lock: the view is ready\n")
        for document in ({}, {"lock_version": 1, "adapters": {}}, lockfile(comp={})):
            self.write(DOCUMENT, document)
            self.assertEqual(self.expect(0, "wait"), ".agentsrc.lock: no views, nothing to wait for\n")

    def test_time_that_is_over_is_2_and_tells_what_is_missing(self):
        self.write(DOCUMENT, PENDING)
        self.assertEqual(self.expect(2, "wait", "--timeout", "10ms"), """\
.agentsrc.lock: the time is over, and 1 of 2 views is not ready
  comp  v  … pending-rebuild  needs a rebuild
""")
        told = self.json_of(2, "wait", "comp", "--timeout", "0.2")
        self.assertGreaterEqual(told["waited_seconds"], 0.2)
        self.assertEqual((told["reached"], told["views"], told["adapter"], told["view"]), (False, 2, "comp", None))
        self.assertEqual(told["not_ready"], [{"adapter": "comp", "view": "v", "status": "pending-rebuild",
                                              "unblocked_by": "a rebuild"}])
        self.expect(0, "wait", "comp", "w")

    def test_a_rebuild_ends_it_at_once(self):
        self.write(DOCUMENT, PENDING)
        self.write("script", REBUILT)
        waiting = self.start()
        begin = time.monotonic()
        self.expect(0, "apply", "script")
        self.assertEqual(self.finish(waiting, 0)["reached"], True)
        self.assertLess(time.monotonic() - begin, 0.8)

    def test_it_takes_no_lock_and_writes_nothing(self):
        path = self.write(DOCUMENT, PENDING)
        before = os.stat(path)
        waiting = self.start("--timeout", "300ms")
        self.assertEqual(self.files(), [DOCUMENT])
        self.expect(0, "activate", "other", "--schema-digest", "d", "--document", "elsewhere")
        self.finish(waiting, 2)
        self.assertEqual(os.stat(path).st_mtime_ns, before.st_mtime_ns)

    def test_a_symlink_is_followed_to_what_is_replaced(self):
        self.write("kept/target", PENDING)
        (self.directory / "link").symlink_to("kept/target")
        self.write("script", REBUILT)
        waiting = self.start("comp", "v", document="link")
        self.expect(0, "apply", "script", "--document", "link")
        self.finish(waiting, 0)
        self.assertTrue((self.directory / "link").is_symlink())

    def test_a_document_that_is_gone_or_broken_for_a_moment_is_waited_for(self):
        # As in a checkout, or a merge that somebody resolves.
        path = self.directory / DOCUMENT
        self.write(DOCUMENT, PENDING)
        waiting = self.start()
        path.unlink()
        time.sleep(0.05)
        self.write(DOCUMENT, "<<<<<<< ours\n")
        time.sleep(0.05)
        self.write("new", READY)
        (self.directory / "new").rename(path)
        self.finish(waiting, 0)

    def test_one_that_stays_broken_could_not_be_verified(self):
        self.write(DOCUMENT, PENDING)
        waiting = self.start("--timeout", "400ms")
        self.write(DOCUMENT, "{")
        self.assertEqual(self.finish(waiting, 4)["error"]["code"], "not_json")

    def test_a_view_that_is_removed_is_not_waited_for(self):
        self.write(DOCUMENT, PENDING)
        waiting = self.start("comp", "v")
        self.expect(0, "remove", "comp", "v")
        self.assertEqual(self.finish(waiting, 1)["error"]["refused_as"], "unknown_view")

    def test_names_that_do_not_exist_are_refused_and_the_near_one_named(self):
        self.write(DOCUMENT, lockfile(comp={"owners": view("pending-rebuild")}))
        self.assertIn("did you mean comp?", self.expect(1, "wait", "cmp"))
        self.assertIn("did you mean owners?", self.expect(1, "wait", "comp", "owner"))
        self.assertIn("its value is empty", self.expect(1, "wait", "comp", ""))
        self.assertIn("its value is empty", self.expect(1, "wait", ""))
        self.assertIn("such as 30, 250ms", self.expect(1, "wait", "--timeout", "soon"))
        self.assertIn("--for", self.expect(1, "wait", "--for", "peace"))

    def test_an_interruption_ends_it(self):
        self.write(DOCUMENT, PENDING)
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            waiting = self.start()
            waiting.send_signal(ending)
            self.assertEqual(waiting.wait(timeout=10), -ending)

    def test_ten_thousand(self):
        self.write(DOCUMENT, many_views(status="pending-rebuild"))
        text = self.expect(2, "wait", "--timeout", "0")
        self.assertIn("10000 of 10000 views are not ready", text)
        self.assertIn("\n  and 9980 more\n", text)
        waiting = self.start()
        self.write("new", many_views())
        (self.directory / "new").rename(self.directory / DOCUMENT)
        self.finish(waiting, 0)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
