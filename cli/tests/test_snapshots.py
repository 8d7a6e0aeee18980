"""What every command says in every case, as it stands in snapshots/: a file a command, a part a case.

    AGENTSLOCK=build/release/agentslock cli/tests/test_snapshots.py --accept

writes them anew; git then shows what people will read otherwise than before.
"""
import json
import pathlib
import re
import shlex
import sys
import unittest

from support import DOCUMENT, CommandTest, lockfile, many_views, schema_digest, view

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
    f"rebuild comp {STORE} --builder true", f"rebuild comp v {STORE} --builder true", f"rebuild comp nothing {STORE} --builder true",
    "cutover crg --schema-digest sha256:new --validator false", "cutover crg --schema-digest sha256:new --validator true --dry-run",
    "cutover nobody --schema-digest sha256:new --validator true",
    "activate crg --schema-digest sha256:crg", "activate crg --schema-digest sha256:new", "activate new --schema-digest sha256:new",
    f"register comp v {STORE} --depends-on crg@1", f"register other nothing {STORE}", "register comp new --digest d --depends-on nobody",
    "explain comp", "explain comp shut", "explain crg", "explain comp nothing", "explain nobody",
    "blockers crg", "blockers comp", "blockers nobody", "remove comp v", "remove comp", "remove crg", "remove nobody",
    "wait --timeout 0", "wait comp v --timeout 0", "wait nobody --timeout 0", f"orphans {STORE}", "diff other .agentsrc.lock",
    "diff .agentsrc.lock .agentsrc.lock", "graph", "graph --form mermaid", f"digest comp v {STORE}", f"digest comp nothing {STORE}",
    "digest other", "digest nothing", "lock status", "lock break --no-token", "lock break --token none", "apply script.json",
    "apply nothing.json", "dance", "shwo", "show --dokument x", "reconcile", "reconcile --store postgres:secret@host", "completions tcsh",
]
WITHOUT_A_CASE = ["--help", "help lock break", "help dance", "man", "--version", "graph machine"] + [
    f"{name} --help" for name in ("reconcile", "validate", "rebuild", "cutover", "show", "apply", "activate", "register", "explain",
                                  "blockers", "remove", "wait", "orphans", "diff", "graph", "digest", "sweep", "lock status", "metrics", "mcp")]
SCRIPT = {"ops": [{"op": "activate", "name": "crg", "source_digest": "s", "schema_digest": "sha256:crg"},
                  {"op": "activation_blockers", "dependee": "crg"}]}


def shortened(text):
    """Long output by its two ends."""
    lines = text.splitlines(keepends=True)
    if len(lines) <= 60:
        return text
    return "".join(lines[:25]) + f"[{len(lines) - 35} lines]\n" + "".join(lines[-10:])


class Snapshots(CommandTest):
    def prepared(self, name, document, has_store):
        self.directory = self.root / str(len(list(self.root.iterdir())))
        (self.directory / ".git").mkdir(parents=True)
        if document is not None:
            self.write(DOCUMENT, document)
        self.write("other", lockfile(comp={"v": view("ready", DIGEST)}))
        self.write("script.json", SCRIPT)
        if has_store:
            self.database("comp", "create table v(a INTEGER); create table missed(a INTEGER); create table orphan(a)")

    def said(self, command):
        done = self.run_command(*shlex.split(command))
        text = f"exit status {done.returncode}\n"
        for name, stream in (("", done.stdout), ("standard error:\n", done.stderr)):
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

    def setUp(self):
        super().setUp()
        self.root = self.directory / "cases"
        self.root.mkdir()

    def test_every_command_says_in_every_case_what_it_said(self):
        files = {re.sub(r"[^\w.]+", "_", command).strip("_") + ".txt": command for command in COMMANDS + WITHOUT_A_CASE}
        self.assertEqual(len(files), len(COMMANDS + WITHOUT_A_CASE))
        if ACCEPT:
            SNAPSHOTS.mkdir(exist_ok=True)
            for old in SNAPSHOTS.iterdir():
                old.unlink()
        self.assertEqual(sorted(files) if not ACCEPT else [], sorted(path.name for path in SNAPSHOTS.iterdir()))
        for name, command in files.items():
            with self.subTest(command):
                text = self.snapshot(command)
                if ACCEPT:
                    (SNAPSHOTS / name).write_text(text)
                self.assertEqual(text, (SNAPSHOTS / name).read_text(), "--accept writes it anew")


ACCEPT = "--accept" in sys.argv
if __name__ == "__main__":
    unittest.main(argv=[one for one in sys.argv if one != "--accept"])
# SPDX-License-Identifier: Apache-2.0
