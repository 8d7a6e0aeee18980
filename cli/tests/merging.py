"""Documents of two branches, and real git to merge them."""
import json
import os
import subprocess

import support

DOCUMENT = support.DOCUMENT
ATTRIBUTES = f"{DOCUMENT} merge=agentslock\n"


def at(second):
    return f"2026-07-01T12:{second // 60:02}:{second % 60:02}Z"


def view(status="ready", digest="sha256:v", schema="sha256:d0", log=()):
    history = [{"at": at(0), "to": "ready", "trigger": "registered"}, *log]
    return {"view_digest": digest, "view_status": status,
            "depends_on": [{"adapter": "crg", "schema_digest": schema, "version": ""}],
            "last_rebuilt_at": at(0), "state_history": history}


def move(entry, second, to, trigger):
    entry["state_history"].append({"at": at(second), "from": entry["view_status"], "to": to, "trigger": trigger})
    entry["view_status"] = to


def document(views=("a", "b", "c"), **sections):
    made = {"adapters": {"comp": {"source_digest": "s", "schema_digest": "d", "activated_at": at(0),
                                  "materialized_views": {name: view() for name in views}},
                         "crg": {"source_digest": "s0", "schema_digest": "sha256:d0", "activated_at": at(0)}},
            "config": {"one": 1, "two": {"x": 1.0}, "three": [1, 2, 3], "four": "x"},
            "lock_version": 1, "units": {"u": "1e5"}}
    made.update(sections)
    return dict(sorted(made.items()))


def text_of(value):
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


class MergeTest(support.CommandTest):
    def setUp(self):
        super().setUp()
        (self.directory / ".git").rmdir()
        self.tools = self.directory / ".tools"
        self.tools.mkdir()
        (self.tools / "agentslock").symlink_to(support.COMMAND)
        self.clone = self.directory / "clone"
        self.clone.mkdir()
        self.environment = {k: v for k, v in support.ENVIRONMENT.items() if not k.startswith("GIT_")} | {
            "PATH": f"{self.tools}:{os.environ['PATH']}", "HOME": str(self.directory), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments, code=0, directory=None):
        done = subprocess.run(["git", *arguments], cwd=directory or self.clone, env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        if code is not None:
            self.assertEqual(done.returncode, code, f"git {arguments}: {done.stdout.decode()}")
        return done.stdout.decode()

    def agentslock(self, code, *arguments):
        return self.expect(code, *arguments, directory=self.clone, environment={"PATH": self.environment["PATH"]})

    def install(self):
        return self.agentslock(0, "merge-driver", "--install")

    def put(self, content, directory=None):
        text = content if isinstance(content, (str, bytes)) else text_of(content)
        ((directory or self.clone) / DOCUMENT).write_bytes(text.encode() if isinstance(text, str) else text)

    def text(self, directory=None):
        return ((directory or self.clone) / DOCUMENT).read_bytes().decode()

    def read(self):
        return json.loads(self.text())

    def commit(self, content, message="m"):
        self.put(content)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def branches(self, base, ours, theirs):
        """main with ours, branch with theirs, from one base; main is checked out."""
        self.commit(base)
        self.git("checkout", "-q", "-b", "branch")
        self.commit(theirs, "theirs")
        self.git("checkout", "-q", "main")
        self.commit(ours, "ours")

    def views(self):
        return self.read()["adapters"]["comp"]["materialized_views"]


def changed(change, base=None):
    made = json.loads(text_of(base or document()))
    change(made)
    return made


def comp(made):
    return made["adapters"]["comp"]["materialized_views"]


def bumped(name, second):
    return lambda made: move(comp(made)[name], second, "pending-recompat-check", "dependee-bump:crg")


def absent(name, second):
    return lambda made: move(comp(made)[name], second, "pending-rebuild", "reconcile:view tables absent")
# SPDX-License-Identifier: Apache-2.0
