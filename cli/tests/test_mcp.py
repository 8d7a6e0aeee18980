"""mcp: what agents are answered, by the official client and by hand; and that nothing which they send changes a byte."""
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import unittest

import situations
from support import COMMAND, DOCUMENT, ENVIRONMENT, CommandTest, lockfile, many_views, view

HERE = pathlib.Path(__file__).resolve().parent
NPM = os.environ["AGENTSLOCK_NPM"]
LIMIT = 1 << 20
READY, MISSED = situations.READY, situations.MISSED
VERSION = "2025-06-18"


def request(method, id=1, **params):
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}


def call(tool, id=1, **arguments):
    return request("tools/call", id, name=tool, arguments=arguments)


def tree(directory):
    """All that stands below a directory, and all that a write would change about it."""
    found = {}
    for path in sorted([directory, *directory.rglob("*")]):
        status = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        found[str(path)] = (status.st_ino, status.st_mode, status.st_uid, status.st_gid, status.st_nlink, status.st_mtime_ns,
                            status.st_ctime_ns, content)
    return found


class Mcp(CommandTest):
    def ask_bytes(self, data, *options, code=0, **how):
        done = self.run_command("mcp", *options, input=data, **how)
        self.assertEqual((done.returncode, done.stderr), (code, b""))
        # A message a line, and nothing else.
        return [json.loads(line) for line in done.stdout.split(b"\n")[:-1]]

    def ask(self, *messages, options=(), **how):
        return self.ask_bytes("".join(json.dumps(one) + "\n" for one in messages).encode(), *options, **how)

    def result(self, message, *options):
        [answer] = self.ask(message, options=options)
        self.assertEqual((answer["jsonrpc"], answer["id"]), ("2.0", message["id"]))
        return answer["result"]

    def error(self, line):
        """The one error that a line is answered with."""
        [answer] = self.ask_bytes(line + b"\n")
        self.assertEqual(set(answer), {"jsonrpc", "id", "error"})
        return answer["id"], answer["error"]["code"]

    def database_of_all(self):
        self.database("comp", situations.AS_RECORDED)


class Official(Mcp):
    def drive(self, calls, *options):
        lines = "".join(json.dumps({"tool": tool, "arguments": arguments}) + "\n" for tool, arguments in calls)
        done = subprocess.run(["node", HERE / "mcp_client.mjs", COMMAND, "mcp", *options], input=lines.encode(), capture_output=True,
                              cwd=self.directory, env=ENVIRONMENT | {"AGENTSLOCK_NPM": NPM}, timeout=100)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def test_it_lists_the_tools_and_asks_each(self):
        content = lockfile(crg={}, comp={
            "ready": view("ready", situations.DIGEST, depends_on=situations.ON_CRG), "waits": view("pending-rebuild", depends_on=situations.ON_CRG),
            "missed": view("ready", "d", depends_on=MISSED["adapters"]["comp"]["materialized_views"]["v"]["depends_on"])})
        self.write(DOCUMENT, content)
        self.database("comp", "create table ready(a INTEGER)")
        before = tree(self.directory)
        gate = [("may_query", {"adapter": "comp", "view": name}) for name in ("ready", "waits", "missed", "nothing")]
        hello, listed, ready, waits, missed, nothing, *rest = self.drive(
            [(None, None), *gate, ("may_query", {"adapter": "comp", "view": "waits", "fall_through": True}), ("show", {}),
             ("show", {"adapter": "crg"}), ("show", {"adapter": "nobody"}), ("explain", {"adapter": "comp", "view": "missed"}), ("check", {}),
             ("dance", {}), ("may_query", {"adapter": "comp"}), ("ping", {})],
            "--store", "sqlite:store")
        self.assertEqual(hello["server"]["name"], "agentslock")
        self.assertEqual(hello["capabilities"], {"tools": {}})
        tools = {one["name"]: one for one in listed["tools"]}
        self.assertEqual(list(tools), ["may_query", "show", "explain", "check"])
        for one in tools.values():
            self.assertEqual(one["annotations"], {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True,
                                                  "openWorldHint": False})
        for answer, allowed, status, reason in (
                (ready, True, "ready", None), (waits, False, "pending-rebuild", "its tables are not what was recorded, or out of date"),
                (missed, False, "ready", "dependee schema changed"), (nothing, False, None, "the document has no such view")):
            said = answer["structuredContent"]
            self.assertEqual((said["allowed"], said["status"], said["reason"]), (allowed, status, reason))
            self.assertFalse(answer["isError"])
            self.assertEqual(json.loads(answer["content"][0]["text"]), said)
        self.assertEqual(missed["structuredContent"]["unblocked_by"], "validation and a rebuild")
        self.assertEqual(missed["structuredContent"]["dependees"], [
            {"adapter": "crg", "recorded_schema_digest": "sha256:gone", "recorded_version": "1", "active_schema_digest": "sha256:crg"}])
        through, shown, of_crg, of_nobody, explained, checked, dance, incomplete, pong = rest
        self.assertEqual(through["structuredContent"]["decision"], "may_fall_through")
        self.assertFalse(through["structuredContent"]["allowed"])
        # What the commands say with --json.
        for answer, code, command in ((shown, 2, ["show"]), (of_crg, 0, ["show", "--adapter", "crg"]),
                                      (explained, 2, ["explain", "comp", "missed", "--store", "sqlite:store"]),
                                      (checked, 2, ["reconcile", "--check", "--store", "sqlite:store"])):
            if command[0] == "explain":
                command = command[:3]
            self.assertEqual(answer["structuredContent"]["exit_status"], code)
            said = self.json_of(code, *command)
            if command[0] != "explain":  # its commands name the store that the server has
                self.assertEqual(answer["structuredContent"]["report"], said)
            else:
                self.assertEqual(answer["structuredContent"]["report"]["views"][0]["history"], said["views"][0]["history"])
        self.assertTrue(of_nobody["isError"])
        self.assertIn("nobody", of_nobody["content"][0]["text"])
        self.assertEqual((dance["thrown"], incomplete["thrown"], pong), (-32602, -32602, {}))
        self.assertEqual(tree(self.directory), before)


class ByHand(Mcp):
    def test_one_version_is_spoken_whatever_is_asked_for(self):
        for version in (VERSION, "2024-11-05", "2999-01-01", ""):
            said = self.result(request("initialize", protocolVersion=version, capabilities={}, clientInfo={"name": "x", "version": "1"}))
            self.assertEqual((said["protocolVersion"], said["capabilities"]), (VERSION, {"tools": {}}))
        self.assertEqual(self.error(b'{"jsonrpc":"2.0","id":1,"method":"initialize"}'), (1, -32602))

    def test_ids_come_back_as_they_are(self):
        for given in (0, -1, 2**63 - 1, 2**64 - 1, "", "x", "\u2028\"\\", "日本"):
            [answer] = self.ask(request("ping", given))
            self.assertEqual(answer, {"jsonrpc": "2.0", "id": given, "result": {}})

    def test_what_is_no_request_is_told_so(self):
        for line, said in (
                (b"{", (None, -32700)), (b"x", (None, -32700)), (b'{"a":1}{', (None, -32700)), (b'"\xff"', (None, -32700)),
                (b"[" * 5000, (None, -32700)), (b'{"jsonrpc":"2.0","id":' + b"9" * 400 + b',"method":"ping"}', (None, -32600)),
                (b"1", (None, -32600)), (b"null", (None, -32600)), (b'"ping"', (None, -32600)), (b"{}", (None, -32600)),
                (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', (None, -32600)), (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', (None, -32600)),
                (b'{"jsonrpc":"2.0","id":[1],"method":"ping"}', (None, -32600)), (b'{"jsonrpc":"1.0","id":7,"method":"ping"}', (7, -32600)),
                (b'{"id":7,"method":"ping"}', (7, -32600)), (b'{"jsonrpc":"2.0","id":7}', (7, -32600)), (b'{"jsonrpc":"2.0","id":7,"method":1}', (7, -32600)),
                (b'{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}', (7, -32602)),
                (b'{"jsonrpc":"2.0","id":7,"method":"dance"}', (7, -32601)), (b'{"jsonrpc":"2.0","id":7,"method":"resources/list"}', (7, -32601)),
                (b'{"jsonrpc":"2.0","id":7,"method":"Ping"}', (7, -32601)), (b'{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"cursor":"x"}}', (7, -32602)),
                (b'{"jsonrpc":"2.0","id":7,"method":"tools/call"}', (7, -32602)), (b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":1}}', (7, -32602)),
                (b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"show","arguments":[]}}', (7, -32602)),
                (json.dumps(call("reconcile", 7)).encode(), (7, -32602)), (json.dumps(call("show", 7, document="x")).encode(), (7, -32602)),
                (json.dumps(call("show", 7, adapter=1)).encode(), (7, -32602)), (json.dumps(call("may_query", 7, adapter="a")).encode(), (7, -32602)),
                (json.dumps(call("may_query", 7, adapter="a", view="b", fall_through="yes")).encode(), (7, -32602))):
            self.assertEqual(self.error(line), said, line[:100])

    def test_a_batch_is_one_error(self):
        for line in (b"[]", b"[1]", json.dumps([request("ping"), request("ping", 2)]).encode()):
            self.assertEqual(self.error(line), (None, -32600))

    def test_notifications_and_answers_are_not_answered(self):
        silent = [{"jsonrpc": "2.0", "method": name} for name in
                  ("notifications/initialized", "notifications/cancelled", "ping", "dance", "tools/call")]
        silent += [{"jsonrpc": "2.0", "id": 1, "result": {}}, {"jsonrpc": "2.0", "id": 1, "error": {}}]
        self.assertEqual(self.ask(*silent), [])
        self.assertEqual(self.ask_bytes(b"\n \r\n\t\n"), [])

    def test_the_end_of_input_is_the_end(self):
        self.assertEqual(self.ask_bytes(b""), [])
        ping = json.dumps(request("ping")).encode()
        self.assertEqual(len(self.ask_bytes(ping + b"\r\n" + ping)), 2)  # the last line lacks its newline
        self.assertEqual(self.ask_bytes(ping[:-1])[0]["error"]["code"], -32700)

    def test_lines_of_any_length_take_bounded_memory(self):
        fits = json.dumps(request("ping", "x" * (LIMIT - 100))).encode()
        self.assertLess(len(fits), LIMIT)
        self.assertEqual(self.ask_bytes(fits + b"\n")[0]["result"], {})
        ping = json.dumps(request("ping")).encode()
        for size in (LIMIT + 1, 5 * LIMIT):
            long, short = self.ask_bytes(b"x" * size + b"\n" + ping + b"\n")
            self.assertEqual((long["error"]["code"], short["result"]), (-32700, {}))
        exact = ping + b" " * (LIMIT - len(ping))
        self.assertEqual(self.ask_bytes(exact + b"\n")[0]["result"], {})
        self.assertEqual(self.ask_bytes(exact + b" \n")[0]["error"]["code"], -32700)

    def test_a_line_without_an_end_is_answered_and_forgotten(self):
        running = subprocess.Popen([COMMAND, "mcp"], cwd=self.directory, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def most_memory():
            status = pathlib.Path(f"/proc/{running.pid}/status").read_text()
            return int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.M)[1]) << 10
        block = b"x" * LIMIT
        running.stdin.write(block + b"x")
        running.stdin.flush()
        self.assertEqual(json.loads(running.stdout.readline())["error"]["code"], -32700)  # before it ends
        before = most_memory()
        for _ in range(200):
            running.stdin.write(block)
        running.stdin.write(b"\n" + json.dumps(request("ping")).encode() + b"\n")
        running.stdin.flush()
        self.assertEqual(json.loads(running.stdout.readline())["result"], {})
        self.assertLess(most_memory() - before, 20 * LIMIT)
        running.communicate()
        self.assertEqual(running.returncode, 0)

    def test_input_that_can_t_be_read_and_output_that_can_t_be_written_are_1(self):
        with open("/dev/full", "w") as full:
            done = self.run_command("mcp", input=json.dumps(request("ping")).encode(), stdout=full)
        self.assertEqual((done.returncode, b"No space left" in done.stderr), (1, True))
        directory = os.open(self.directory, os.O_RDONLY)
        done = self.run_command("mcp", stdin=directory)
        os.close(directory)
        self.assertEqual((done.returncode, b"Is a directory" in done.stderr), (1, True))

    def test_a_document_that_can_t_be_read_is_no_answer_and_the_next_question_looks_again(self):
        def gate():
            return self.result(call("may_query", adapter="comp", view="v"))
        for content in (None, "{", situations.NEWER):
            if content is not None:
                self.write(DOCUMENT, content)
            for answer in (gate(), self.result(call("check")), self.result(call("show")), self.result(call("explain", adapter="comp"))):
                self.assertTrue(answer["isError"])
                self.assertNotIn("structuredContent", answer)
        running = subprocess.Popen([COMMAND, "mcp"], cwd=self.directory, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for content, allowed in ((READY, True), (MISSED, False), (READY, True), (situations.BLOCKED, False)):
            self.write(DOCUMENT, content)
            running.stdin.write(json.dumps(call("may_query", adapter="comp", view="v")).encode() + b"\n")
            running.stdin.flush()
            self.assertEqual(json.loads(running.stdout.readline())["result"]["structuredContent"]["allowed"], allowed)
        running.communicate()

    def test_the_check_without_a_store_is_that_of_the_document_alone(self):
        self.write(DOCUMENT, MISSED)
        said = self.result(call("check"))["structuredContent"]
        self.assertEqual((said["exit_status"], [one["reason"] for one in said["report"]["changes"]]), (2, ["dependee schema changed"]))
        self.write(DOCUMENT, READY)
        self.assertEqual(self.result(call("check"))["structuredContent"]["exit_status"], 0)
        self.assertTrue(self.result(call("check"), "--store", "sqlite:nowhere")["isError"])

    def test_texts_of_others_hide_nothing(self):
        odd = "\u202egnp\u200b\x1b[31m\n"
        self.write(DOCUMENT, lockfile(**{odd: {odd: view(odd)}}))
        answer = self.result(call("may_query", adapter=odd, view=odd))
        self.assertEqual(answer["structuredContent"]["status"], odd)
        self.assertNotRegex(answer["content"][0]["text"], "[\u202e\u200b\x1b\n]")
        self.assertNotRegex(self.result(call("explain", adapter=odd))["content"][0]["text"], "[\u202e\u200b\x1b\n]")

    def test_an_answer_that_is_too_long_is_told_so(self):
        self.write(DOCUMENT, many_views(10_000))
        answer = self.result(call("show"))
        self.assertEqual((answer["isError"], answer["content"][0]["text"]),
                         (True, "the answer is longer than 1 MiB: ask for one adapter, or one view"))
        self.assertFalse(self.result(call("show", adapter="crg"))["isError"])


class NothingIsWritten(Mcp):
    def random_line(self, choose):
        words = ["comp", "crg", "v", "w", "", "../..", "/etc/passwd", "\0", "日本", "x" * 300, "sqlite:/tmp", ".agentsrc.lock"]
        tools = ["may_query", "show", "explain", "check", "reconcile", "activate", "apply", "remove", "register", ""]
        values = [*words, None, True, 1, -1.5, [], {}, ["a"], {"b64": "eA=="}]
        arguments = {choose.choice(["adapter", "view", "fall_through", "document", "store", "check", "op"]): choose.choice(values)
                     for _ in range(choose.randrange(4))}
        tool = choose.choice(tools)
        if choose.random() < 0.5:  # one that is understood
            tool = choose.choice(tools[:4])
            arguments = {"may_query": {"adapter": choose.choice(words), "view": choose.choice(words)}, "check": {}, "show": {},
                         "explain": {"adapter": choose.choice(words[:3])}}[tool]
        message = {"jsonrpc": "2.0", "id": choose.randrange(1000), "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        if choose.random() < 0.2:
            message[choose.choice(list(message))] = choose.choice(values)
        if choose.random() < 0.1:
            message["method"] = choose.choice(["initialize", "ping", "tools/list", "resources/write", "shutdown", "exit", "logging/setLevel"])
        line = bytearray(json.dumps(message).encode())
        if choose.random() < 0.1:
            for _ in range(choose.randrange(1, 4)):
                line[choose.randrange(len(line))] = choose.randrange(256)
        return bytes(line).replace(b"\n", b" ") + b"\n"

    def test_random_requests_change_no_byte(self):
        count = int(os.environ.get("AGENTSLOCK_MCP_REQUESTS", "10000"))
        self.write(DOCUMENT, situations.BLOCKED_TOO)
        self.database_of_all()
        self.database("other", situations.DIFFERENT)
        before = tree(self.directory)
        choose = random.Random(20260701)
        data = b"".join(self.random_line(choose) for _ in range(count))
        answers = self.ask_bytes(data, "--store", "sqlite:store")
        self.assertEqual(tree(self.directory), before)
        # It was not for want of being understood.
        structured = [one["result"]["structuredContent"] for one in answers if "structuredContent" in one.get("result", {})]
        self.assertGreater(len(structured), count / 5)
        self.assertGreater(len(answers), count / 2)
        self.assertEqual({one.get("error", {}).get("code") for one in answers}, {None, -32700, -32600, -32601, -32602})

    def test_it_answers_where_nothing_may_be_written(self):
        self.write(DOCUMENT, situations.BLOCKED_TOO)
        self.database_of_all()
        command = self.directory / "agentslock"
        shutil.copy(COMMAND, command)

        def drop():
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        for directory in (self.directory, self.directory / "store"):
            directory.chmod(0o555)
        self.addCleanup(self.directory.chmod, 0o755)
        self.addCleanup((self.directory / "store").chmod, 0o755)
        above = self.directory.parent
        self.assertTrue(above.stat().st_mode & 0o001)
        for path in (".", "store", DOCUMENT):
            tried = subprocess.run(["sh", "-c", f"test ! -w {path} && ! touch x"], cwd=self.directory, preexec_fn=drop, stderr=subprocess.DEVNULL)
            self.assertEqual(tried.returncode, 0, path)  # access is denied there
        before = tree(self.directory)
        messages = [call("may_query", 1, adapter="comp", view="v"), call("show", 2), call("explain", 3, adapter="comp"), call("check", 4)]
        done = subprocess.run([command, "mcp", "--document", DOCUMENT, "--store", "sqlite:store"], cwd=self.directory, preexec_fn=drop,
                              env=ENVIRONMENT, input="".join(json.dumps(one) + "\n" for one in messages).encode(), capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        answers = [json.loads(line) for line in done.stdout.split(b"\n")[:-1]]
        self.assertEqual([one["result"]["isError"] for one in answers], [False] * 4)
        self.assertEqual(tree(self.directory), before)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
