"""What every command says in every case, as it stands in snapshots/: a file a command, a part a case.

    AGENTSLOCK=build/release/agentslock cli/tests/test_snapshots.py --accept

writes them anew; git then shows what people will read otherwise than before.
"""
import fcntl
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time
import unittest

from support import COMMAND, DOCUMENT, ENVIRONMENT, SOURCE, CommandTest, lockfile, many_views, schema_digest, view

SNAPSHOTS = pathlib.Path(__file__).resolve().parent / "snapshots"
DIGEST = schema_digest(["a", "INTEGER", 0, 0])
LONG_AGO = "2020-02-03T04:05:06Z"


def on(adapter, digest=None):
    return {"adapter": adapter, "schema_digest": digest or f"sha256:{adapter}", "version": "1.4.0"}


def log(*steps):
    entries = []
    for to, trigger in steps:
        entries.append({"at": LONG_AGO, **({"from": entries[-1]["to"]} if entries else {}), "to": to, "trigger": trigger})
    return entries


BUMPED = (("ready", "registered"), ("pending-recompat-check", "dependee-bump:crg@2.0.0"))
EVERY_STATUS = lockfile(
    crg={}, comp={
        "v": view("ready", DIGEST, depends_on=[on("crg")], state_history=log(("ready", "registered"))),
        "gone": view("ready", DIGEST, depends_on=[on("crg")], state_history=log(("ready", "registered"))),
        "missed": view("ready", DIGEST, depends_on=[on("crg", "sha256:old")], state_history=log(("ready", "registered"))),
        "built": view("pending-rebuild", DIGEST, depends_on=[on("crg")],
                      state_history=log(("ready", "registered"), ("pending-rebuild", "reconcile:view tables absent"))),
        "judged": view("pending-recompat-check", DIGEST, depends_on=[on("crg", "sha256:old")], state_history=log(*BUMPED)),
        "shut": view("dsl-update-required", DIGEST, depends_on=[on("crg"), on("tags")],
                     state_history=log(*BUMPED, ("dsl-update-required", "recompat-fail"))),
        "odd": view("Ready", DIGEST)})

# (what the case is called, the document, whether there is a store)
CASES = [
    ("no document", None, True),
    ("an empty document", {}, True),
    ("a document without adapters", lockfile(), True),
    ("adapters without views", lockfile(comp={}, crg={}), True),
    ("every status", EVERY_STATUS, True),
    ("every status, and a store that does not exist", EVERY_STATUS, False),
    ("10,000 views that await a rebuild", many_views(status="pending-rebuild"), True),
    ("not JSON", '{"adapters": \n{,', True),
]
# As texts, once.
CASES = [(name, document if document is None or isinstance(document, str) else json.dumps(document), has_store)
         for name, document, has_store in CASES]

STORE = "--store sqlite:store"
COMMANDS = [
    "show", "show --adapter comp", "show --adapter nobody", "status --html page.html",
    "show --format github", "show --format markdown", f"reconcile {STORE} --check --format sarif", "metrics", "metrics --textfile m.prom",
    f"reconcile {STORE} --check", f"reconcile {STORE}", f"reconcile {STORE} --dry-run --validator true --builder true",
    "validate --validator false", "validate comp shut --validator true", "validate nobody --validator true", "validate",
    f"validate comp judged {STORE} --validator true",
    f"rebuild nobody {STORE} --builder true", f"rebuild comp {STORE} --builder true", f"rebuild comp v {STORE} --builder true",
    f"rebuild comp nothing {STORE} --builder true",
    "cutover crg --schema-digest sha256:new --validator false", f"cutover crg {STORE} --schema-digest sha256:new --validator true --dry-run",
    "cutover nobody --schema-digest sha256:new --validator true",
    "activate crg --schema-digest sha256:crg", "activate crg --schema-digest sha256:new", "activate new --schema-digest sha256:new",
    f"register comp v {STORE} --depends-on crg@1", f"register other nothing {STORE}", "register comp new --digest d --depends-on nobody",
    "explain comp", "explain comp shut", "explain crg", "explain comp nothing", "explain nobody",
    "blockers crg", "blockers comp", "blockers nobody", "remove comp v", "remove comp", "remove crg", "remove nobody",
    "wait --timeout 0", "wait comp v --timeout 0", "wait nobody --timeout 0", f"orphans {STORE}", "diff other .agentsrc.lock",
    "diff .agentsrc.lock .agentsrc.lock", "diff nothing .agentsrc.lock", "graph", "graph --form mermaid",
    f"digest comp v {STORE}", f"digest comp nothing {STORE}", f"digest nobody v {STORE}", "digest other", "digest nothing",
    "lock status", "lock break --no-token", "lock break --token none", "apply script.json", "apply names.json", "apply nothing.json",
    "sweep", "sweep --json", "sweep --format markdown", "sweep --shard 2/2", "mcp",
    f"mcp {STORE}", "merge-driver base .agentsrc.lock other 7 .agentsrc.lock", "merge-driver nothing .agentsrc.lock other 7 x",
    "merge-driver --install", "resolve", "resolve nothing", "dance", "shwo", "show --dokument x", "reconcile",
    "reconcile --store postgres:secret@host", "show --document postgres://secret@host", "documents get other", "completions tcsh",
]
# What these read from standard input, a line each.
AGENT = [{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}} for tool, arguments in (
    ("may_query", {"adapter": "comp", "view": "v"}), ("may_query", {"adapter": "nobody", "view": "nothing"}),
    ("show", {"adapter": "nobody"}), ("explain", {"adapter": "comp", "view": "missed"}), ("check", {}))]
INPUTS = {"sweep": [DOCUMENT, "other", "nothing"], "mcp": [json.dumps(one) for one in AGENT]}
WITHOUT_A_CASE = ["--help", "help lock break", "help dance", "man", "--version", "graph machine"] + [
    f"{name} --help" for name in ("reconcile", "validate", "rebuild", "cutover", "show", "apply", "activate", "register", "explain",
                                  "blockers", "remove", "wait", "orphans", "diff", "graph", "digest", "sweep", "lock status", "metrics", "mcp",
                                  "merge-driver", "resolve", "lock break", "completions", "documents", "documents init", "documents list",
                                  "documents get", "documents put", "documents delete")]
SCRIPT = {"ops": [{"op": "activate", "name": "crg", "source_digest": "s", "schema_digest": "sha256:crg"},
                  {"op": "activation_blockers", "dependee": "crg"}]}


# What a script says of names that nobody has.
NAMES = {"ops": [{"op": "mark_view_rebuilt", "adapter": "comp", "view": "nothing", "digest": "sha256:d"}]}
# What waits for the lock, and ends when the time is over.
LOCKING = [f"reconcile {STORE}", "activate crg --schema-digest sha256:crg", "register comp new --digest sha256:d", "remove comp v",
           "cutover crg --schema-digest sha256:new --validator true", "validate --validator true",
           f"rebuild comp built {STORE} --builder \"sqlite3 store/kg_comp.db 'create table built(a)'\"", f"reconcile {STORE} --validator true --builder true", "apply save.json",
           "lock break --token someone-else"]
# What takes no lock, and so waits for none.
NOT_LOCKING = ["show --adapter crg", "wait crg --timeout 0", "lock status"]
# Keeps the queues of directories, as one of ours does that has the lock, until its input ends.
HOLDER = """import fcntl, os, sys
for directory in sys.argv[1:]:
    fcntl.flock(os.open(directory, os.O_RDONLY), fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()"""


def shortened(text):
    """Long output by its two ends, and long lines too."""
    lines = [line if len(line) <= 4000 else f"{line[:2000]}[{len(line) - 2500} characters]{line[-500:]}"
             for line in text.splitlines(keepends=True)]
    if len(lines) <= 60:
        return "".join(lines)
    return "".join(lines[:25]) + f"[{len(lines) - 35} lines]\n" + "".join(lines[-10:])


class Snapshots(CommandTest):
    def prepared(self, name, document, has_store):
        self.directory = self.root / str(len(list(self.root.iterdir())))
        (self.directory / ".git").mkdir(parents=True)
        if document is not None:
            self.write(DOCUMENT, document)
        self.write("other", lockfile(comp={"v": view("ready", DIGEST)}))
        self.write("base", "{}")
        self.write("script.json", SCRIPT)
        self.write("names.json", NAMES)
        self.write("save.json", {"ops": [{"op": "save"}]})
        if has_store:
            self.database("comp", "create table v(a INTEGER); create table missed(a INTEGER); create table orphan(a)")

    def said(self, command):
        lines = INPUTS.get(command.split()[0])
        how = {"input": "".join(line + "\n" for line in lines).encode()} if lines else {}
        done = self.run_command(*shlex.split(command), **how)
        return self.as_shown(done.returncode, done.stdout, done.stderr)

    def as_shown(self, status, output, errors):
        text = f"exit status {status}\n"
        for name, stream in (("", output), ("standard error:\n", errors)):
            text += name + stream.decode() if stream else ""
        text = text.replace(str(self.directory), "DIRECTORY")
        text = re.sub(r"20(?!20-02-03)\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "NOW", text)
        text = re.sub(r"\d+ s ago", "N s ago", text)
        text = re.sub(r"(_age_seconds\{.*\}) [1-9]\d*", r"\1 N", text)
        return shortened(re.sub(r"(?m)^(\d+/\d+ \S+) \d+ s$", r"\1 N s", text))

    def snapshot(self, command):
        """All that a command says. Cases in which it says the same stand together."""
        if command in WITHOUT_A_CASE:
            self.prepared("", None, False)
            return f"$ agentslock {command}\n\n{self.said(command)}"
        parts = {}
        for case in CASES:
            self.prepared(*case)
            parts.setdefault(self.said(command), []).append(case[0])
        return f"$ agentslock {command}\n" + "".join(
            "".join(f"\n== {name}" for name in names) + f"\n{text}" for text, names in parts.items())

    def with_a_held_lock(self, foreign):
        """What each command says beside a program that keeps the lock. All at once, so that the test waits once."""
        directories = []
        for _ in LOCKING + NOT_LOCKING:
            self.prepared("", json.dumps(EVERY_STATUS), True)
            directories.append(self.directory)
            if foreign:
                self.write(f"{DOCUMENT}.lock", f"{os.getpid()}\n{time.time_ns()}\nsomeone-else\n")
        holder = subprocess.Popen([sys.executable, "-c", HOLDER, *([] if foreign else directories)], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE)
        self.addCleanup(holder.communicate)
        self.assertEqual(holder.stdout.readline(), b"held\n")
        runs = [subprocess.Popen([COMMAND, *shlex.split(command)], cwd=directory, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                for command, directory in zip(LOCKING + NOT_LOCKING, directories)]
        for command, self.directory, run in zip(LOCKING + NOT_LOCKING, directories, runs):
            output, errors = run.communicate()
            text = re.sub(r"(for|in) \d+(\.\d)? s", r"\1 N s", self.as_shown(run.returncode, output, errors))
            yield f"$ agentslock {command}\n{re.sub(rf'process ({os.getpid()}|{holder.pid})', 'process PID', text)}"

    def setUp(self):
        super().setUp()
        self.root = self.directory / "cases"
        self.root.mkdir()

    def snapshots(self):
        """Each file's name and what makes its text."""
        for command in COMMANDS + WITHOUT_A_CASE:
            yield re.sub(r"[^\w.]+", "_", command).strip("_") + ".txt", lambda command=command: self.snapshot(command)
        for name, foreign in (("held by one of ours.txt", False), ("held by one that is not ours.txt", True)):
            yield name.replace(" ", "_"), lambda foreign=foreign: "\n".join(self.with_a_held_lock(foreign))

    def test_every_command_says_in_every_case_what_it_said(self):
        files = dict(self.snapshots())
        self.assertEqual(len(files), len(COMMANDS + WITHOUT_A_CASE) + 2)
        if ACCEPT:
            SNAPSHOTS.mkdir(exist_ok=True)
            for old in SNAPSHOTS.iterdir():
                old.unlink()
        self.assertEqual(sorted(files) if not ACCEPT else [], sorted(path.name for path in SNAPSHOTS.iterdir()))
        for name, made in files.items():
            with self.subTest(name):
                text = made()
                if ACCEPT:
                    (SNAPSHOTS / name).write_text(text)
                self.assertEqual(text, (SNAPSHOTS / name).read_text(), "--accept writes it anew")

    def test_every_command_of_the_readme_is_among_them(self):
        """With a name that does not exist where it takes names, and with a store where it takes one; a case is that the store does not exist."""
        rows = re.findall(r"(?m)^\| (`.*?) \| ", (SOURCE / "README.md").read_text().split("## The command")[1].split("## ")[0])
        named = {name for row in rows for name in re.findall(r"`((?:lock )?[a-z][a-z-]*)[^`]*`", row)} - {"lock"}
        helped = set(re.findall(r"(?m)^  ([a-z][a-z-]*)(?:, [a-z]+)? {3,}\S", self.expect(0, "help")))
        self.assertEqual({name.split()[0] for name in named} - {"status"}, helped)
        of = {name: [one for one in COMMANDS if (one + " ").startswith(name + " ")] for name in named}
        for name in named - {"completions", "man", "help"}:
            options = self.expect(0, *name.split(), "--help")
            unknown = [one for one in of[name] if re.search(r"\b(nobody|nothing|names.json|none)\b", one)]
            with self.subTest(name):
                self.assertTrue(of[name])
                takes_names = re.search(r"(?m)^  (ADAPTER|VIEW|SCRIPT|PATH|BASE|A) |--token", options)
                self.assertTrue(unknown or not takes_names or name == "activate")  # which makes it
                self.assertEqual("--store " in options, any("--store" in one for one in of[name]))


ACCEPT = "--accept" in sys.argv
if __name__ == "__main__":
    unittest.main(argv=[one for one in sys.argv if one != "--accept"])
# SPDX-License-Identifier: Apache-2.0
