"""sweep: a path a line in, a line of JSON out for each, in the same order, whatever the documents are."""
import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import time
import unittest

import jsonschema

import situations
from support import COMMAND, DOCUMENT, ENVIRONMENT, SCHEMA, CommandTest, lockfile, state_of, view

LINE = jsonschema.Draft202012Validator({"$ref": "#/$defs/sweep", "$defs": SCHEMA["$defs"]})


class Sweep(CommandTest):
    def sweep(self, code, paths, **how):
        """Runs it over these paths, and returns what it printed about each."""
        done = self.run_command("sweep", input=b"".join(os.fsencode(path) + b"\n" for path in paths), **how)
        self.assertEqual((done.returncode, done.stderr), (code, b""))
        lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
        for line in lines:
            LINE.validate(line)
        self.assertEqual(len(lines), len(paths))
        return lines

    def start(self, **how):
        running = subprocess.Popen([COMMAND, "sweep"], cwd=self.directory, env=ENVIRONMENT, stdin=subprocess.PIPE,
                                   stderr=how.pop("stderr", subprocess.PIPE), stdout=how.pop("stdout", subprocess.PIPE),
                                   **how)
        self.addCleanup(running.communicate)
        return running

    def in_terminal(self, stream, paths):
        """What it shows when that stream is a terminal."""
        master, slave = pty.openpty()
        running = self.start(**{stream: slave})
        running.stdin.write("".join(f"{path}\n" for path in paths).encode())
        running.stdin.close()
        os.close(slave)
        shown = b""
        try:
            while part := os.read(master, 4096):
                shown += part
        except OSError:
            pass  # what a terminal says at its end
        os.close(master)
        running.stdin = None
        return shown.decode()

    def test_a_ready_view_over_a_schema_that_is_gone_is_not_ready(self):
        missed = lockfile(crg={}, comp={"v": view("ready", "sha256:v", depends_on=[
            {"adapter": "crg", "schema_digest": "sha256:old", "version": ""}])})
        self.write("missed", missed)
        [line] = self.sweep(2, ["missed"])
        self.assertEqual(line["changes"], [{"adapter": "comp", "view": "v", "from": "ready", "to": "pending-recompat-check",
                                            "reason": "dependee schema changed", "missed_bump": "crg"}])
        shown = self.json_of(2, "show", "--document", "missed")
        [of_comp] = [one for one in shown["adapters"] if one["name"] == "comp"]
        [of_v] = of_comp["views"]
        self.assertEqual((of_v["status"], of_v["missed_bump"], of_v["unblocked_by"]),
                         ("ready", "crg", "validation and a rebuild"))
        self.assertIn("dependee schema changed: crg", self.expect(2, "status", "--document", "missed"))

    def test_a_dependee_that_is_not_in_the_document_is_named_by_all_that_look(self):
        reads_ghost = {"depends_on": [{"adapter": "ghost", "schema_digest": "sha256:g", "version": ""}]}
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", "sha256:v", **reads_ghost),
                                            "w": view("pending-rebuild", "sha256:v", **reads_ghost)}))
        named = [{"adapter": "comp", "view": name, "dependee": "ghost"} for name in "vw"]
        [line] = self.sweep(2, [DOCUMENT])
        self.assertEqual((line["changes"], line["missing_dependees"]), ([], named))
        self.database("comp", "CREATE TABLE t (x)")
        checked = self.json_of(2, "reconcile", "--check", "--store", "sqlite:store")
        self.assertEqual(checked["missing_dependees"], named)
        note = "  note: comp/v reads from ghost, which is not in this document: nobody can say whether its schema changed\n"
        for command in (["show"], ["status"], ["show", "--adapter", "comp"],
                        ["reconcile", "--check", "--store", "sqlite:store"]):
            self.assertIn(note, self.expect(2, *command))
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", "sha256:v", **reads_ghost)}, ghost={}, other={}))
        self.assertNotIn("note:", self.expect(0, "show", "--adapter", "other"))
        self.assertEqual(self.sweep(2, [DOCUMENT])[0]["missing_dependees"], [])

    def test_each_document_has_the_exit_status_of_its_own(self):
        expected = {"MISSING": 4, "BROKEN": 4, "NEWER": 4, "NO_VIEWS": 0, "READY": 0, "PENDING": 2, "RECOMPAT": 2,
                    "BLOCKED": 3, "GARBLED": 2, "NO_STATUS": 2, "BLOCKED_TOO": 3}
        for name in expected:
            content = getattr(situations, name)
            if content is not None:
                self.write(name, content)
        lines = self.sweep(4, expected)
        self.assertEqual({line["document"]: line["exit_status"] for line in lines}, expected)
        # The whole has the first that applies, in the order of the contract.
        for codes, whole in (([0, 2], 2), ([0, 2, 3], 3), ([3, 2, 4, 0], 4), ([0], 0), ([], 0)):
            self.sweep(whole, [next(name for name in expected if expected[name] == code) for code in codes])

    def test_a_path_that_is_none_counts_first(self):
        [line] = self.sweep(1, ["no\0path"])
        self.assertEqual((line["exit_status"], line["error"]["code"]), (1, "invalid_argument"))

    def test_it_tells_what_the_document_alone_says(self):
        self.write("doc", lockfile(comp={"a": view("ready", "d"), "b": view("ready"), "c": view("no status"),
                                         "d": view("pending-recompat-check"), "e": view("dsl-update-required")}))
        [line] = self.sweep(3, ["doc"])
        changed = {one["view"]: one["reason"] for one in line["changes"]}
        # An empty digest matches no store's; a ready view with a digest is taken at its word.
        self.assertEqual(changed, {"b": "view digest mismatch", "c": "invalid view_status"})
        self.assertEqual(line["validation_due"], [{"adapter": "comp", "view": "d"}])
        self.assertEqual(line["gates_shut"], [{"adapter": "comp", "view": "e"}])
        self.assertEqual(line["views"], {"ready": 1, "pending-rebuild": 2, "pending-recompat-check": 1,
                                         "dsl-update-required": 1})

    def test_an_error_tells_its_code_and_place(self):
        self.write("doc", '{\n  "adapters": {"a": 1}\n}')
        (self.directory / "directory").mkdir()
        wrong, directory, empty = self.sweep(4, ["doc", "directory", ""])
        self.assertEqual([wrong["error"][name] for name in ("code", "line", "column")], ["wrong_type", 2, 21])
        self.assertEqual(directory["error"]["code"], "not_a_file")
        self.assertIn("line is empty", empty["error"]["message"])

    def test_lines_come_in_the_order_of_the_paths(self):
        # Large and small ones, so that some take much longer than others.
        self.write("small", situations.READY)
        self.write("large", lockfile(comp={f"v{i}": view("pending-rebuild") for i in range(20000)}))
        paths = [f"missing{i}" if i % 7 else "large" if i % 5 else "small" for i in range(1000)]
        lines = self.sweep(4, paths)
        self.assertEqual([line["document"] for line in lines], paths)
        self.assertEqual(sum("views" in line for line in lines), sum("missing" not in path for path in paths))

    def test_lines_come_as_soon_as_their_path_is_there(self):
        self.write("doc", situations.READY)
        running = self.start()
        for _ in range(3):
            running.stdin.write(b"doc\n")
            running.stdin.flush()
            self.assertEqual(json.loads(running.stdout.readline())["exit_status"], 0)

    def test_names_are_taken_and_shown_as_they_are(self):
        names = [" a b ", "'q\"", "-n", "\\x", "tab\tbell\x07", "ünïcode\u2028", "\x9b31m", "cr\r"]
        for name in names:
            self.write(name, situations.READY)
        lines = self.sweep(0, names)
        self.assertEqual([line["document"] for line in lines], names)

    def test_a_name_that_is_no_text_is_still_json(self):
        name = b"no\xff\x1btext"
        (self.directory / os.fsdecode(name)).write_text("{}")
        [line] = self.sweep(0, [name])
        self.assertEqual(line["document"], "no\ufffd\x1btext")

    def test_the_last_line_may_lack_its_newline(self):
        self.write("doc", situations.READY)
        done = self.run_command("sweep", input=b"doc\ndoc")
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (0, 2))

    def test_a_line_longer_than_any_path_is_an_error_of_its_own(self):
        self.write("doc", situations.READY)
        lines = self.sweep(4, ["x" * 10_000_000, "doc"])
        self.assertEqual([line["exit_status"] for line in lines], [4, 0])
        self.assertEqual(lines[0]["error"]["code"], "name_too_long")

    def test_a_line_is_never_taken_for_another_document(self):
        # Paths are cleaned before they are opened: what can be no path must be found out before.
        self.write("doc", situations.READY)
        cut = "./" * 2044 + "doc"
        self.assertEqual(len(cut), 4091)
        whole = "./" * 2046 + "doc"
        lines = self.sweep(4, [cut, whole, cut + "/xx", whole + "-which-is-not-there", "/" * 4095 + "doc",
                               "n" * 255 + "/../doc", "n" * 256 + "/../doc", "doc/" + "n" * 256])
        self.assertEqual([line.get("error", {}).get("code") for line in lines],
                         [None, None, "not_a_file"] + ["name_too_long"] * 2 + [None] + ["name_too_long"] * 2)

    def test_a_line_without_an_end_is_told_before_its_end(self):
        running = self.start()
        running.stdin.write(b"x" * 5000)
        running.stdin.flush()
        self.assertEqual(json.loads(running.stdout.readline())["error"]["code"], "name_too_long")
        running.stdin.write(b"y" * 100_000 + b"\nmissing\n")
        running.stdin.close()
        self.assertEqual(json.loads(running.stdout.readline())["error"]["code"], "document_missing")
        running.stdin = None
        self.assertEqual(running.communicate(), (b"", b""))

    def test_a_line_that_ends_as_in_other_systems_is_explained(self):
        self.write("doc", situations.READY)
        [line] = self.sweep(4, ["doc\r"])
        self.assertIn("the line ends in a carriage return", line["error"]["message"])

    def test_it_reads_no_further_than_it_has_told(self):
        # So its memory does not grow with the number of documents, nor with a reader that is slow.
        self.write("doc", situations.READY)
        block = b"doc\n" * 1024  # a pipe takes it whole or not at all
        running = self.start()
        os.set_blocking(running.stdin.fileno(), False)
        sent = 0
        while sent < 1000 and select.select([], [running.stdin], [], 2)[1]:
            os.write(running.stdin.fileno(), block)
            sent += 1
        self.assertLess(sent, 1000, "it went on reading although nobody read its lines")
        running.stdin.close()
        running.stdin = None
        self.assertEqual(running.communicate()[0].count(b"\n"), 1024 * sent)

    def test_nothing_is_written_and_no_lock_is_waited_for(self):
        path = self.write(DOCUMENT, situations.GARBLED)
        before = state_of(path)
        gate = os.open(self.directory, os.O_RDONLY)
        self.addCleanup(os.close, gate)
        fcntl.flock(gate, fcntl.LOCK_EX)
        begin = time.monotonic()
        self.sweep(2, [DOCUMENT])
        self.assertLess(time.monotonic() - begin, 3)
        self.assertEqual(state_of(path), before)
        self.assertEqual(self.files(), [DOCUMENT])

    def test_it_ends_and_says_so_when_nobody_reads_any_more(self):
        self.write("doc", situations.READY)
        for signal_is in (signal.SIG_DFL, signal.SIG_IGN):
            running = self.start(preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal_is), restore_signals=False)
            running.stdin.write(b"doc\n")
            running.stdin.flush()
            running.stdout.readline()
            running.stdout.close()
            try:
                for _ in range(10_000):
                    running.stdin.write(b"doc\n" * 100)
                    running.stdin.flush()
            except BrokenPipeError:
                pass
            else:
                self.fail("it goes on reading")
            self.assertEqual(running.wait(timeout=60), 1)
            self.assertEqual(running.stderr.read(), b"agentslock: could not write the output: Broken pipe\n")
            # What could not be sent must not be sent when the pipe is closed.
            running.stdin = running.stdout = None

    def test_an_input_that_can_not_be_read_is_said(self):
        done = self.run_command("sweep", stdin=os.open(self.directory, os.O_RDONLY))
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"could not read standard input: Is a directory", done.stderr)

    def test_progress_is_shown_on_a_terminal_and_only_when_the_lines_go_elsewhere(self):
        self.write("doc", situations.READY)
        self.assertTrue(self.in_terminal("stderr", ["doc", "missing"]).endswith(
            "\r2 documents, 1 of them not fine\r\n"))
        self.assertNotIn("of them", self.in_terminal("stdout", ["doc", "missing"]))

    def test_control_characters_reach_no_terminal(self):
        names = ["a\x1b[31m", "b\x7f", "c\u009b31m", "d\u202e", "e\u200b", "f\U000e0001", "g\u3164"]
        shown = self.in_terminal("stdout", names)
        self.assertEqual([json.loads(line)["document"] for line in shown.splitlines()], names)
        for character in shown.replace("\r\n", ""):
            self.assertTrue(character.isprintable(), hex(ord(character)))

    def test_its_help_tells_what_goes_in_and_out(self):
        text = self.expect(0, "sweep", "--help")
        for word in ("standard input", "--json", "--document postgres:PREFIX", "Exit status, the first that applies of:"):
            self.assertIn(word, text)
        self.assertNotIn("--store", text)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
