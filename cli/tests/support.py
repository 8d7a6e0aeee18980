"""Runs the command, each test in an empty directory of its own."""
import fcntl
import hashlib
import json
import os
import pathlib
import pty
import sqlite3
import struct
import subprocess
import tempfile
import termios
import unittest

COMMAND = os.path.abspath(os.environ["AGENTSLOCK"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((SOURCE / "docs/output.schema.json").read_text())
DOCUMENT = ".agentsrc.lock"
NOW = "2026-07-01T12:00:00Z"

# What decides about colour, and who is trusted, comes from the tests alone.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE", "SUDO_UID")
               and not k.startswith("AGENTSLOCK_")}
ENVIRONMENT["TERM"] = "xterm"
ENVIRONMENT["LC_ALL"] = "C.UTF-8"


class CommandTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name).resolve()
        # Whatever stands above the temporary directory is no matter of the test.
        (self.directory / ".git").mkdir()

    def run_command(self, *arguments, directory=None, environment=None, **how):
        """Runs it to its end, and gives its exit status, its output and what it said of failures."""
        how.setdefault("stdin", None if "input" in how else subprocess.DEVNULL)
        return subprocess.run([COMMAND, *arguments], cwd=directory or self.directory, env=ENVIRONMENT | (environment or {}),
                              stdout=how.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, timeout=60, **how)

    def on_terminal(self, *arguments, environment=None, errors_too=False, command=COMMAND, columns=0):
        """Runs a command whose output is a terminal, of so many columns, and returns what the terminal was sent."""
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with subprocess.Popen([command, *arguments], cwd=self.directory, env=ENVIRONMENT | (environment or {}),
                              stdin=subprocess.DEVNULL, stdout=its,
                              stderr=its if errors_too else subprocess.DEVNULL):
            os.close(its)
            sent = b""
            try:
                while block := os.read(ours, 4096):
                    sent += block
            except OSError:  # EIO: the last writer has gone
                pass
        os.close(ours)
        return sent.decode(errors="surrogateescape").replace("\r\n", "\n")

    def expect(self, code, *arguments, **how):
        """Runs it, expects that exit status, and returns the text that it printed, wherever it did."""
        done = self.run_command(*arguments, **how)
        text = ((done.stdout or b"") + done.stderr).decode()
        self.assertEqual(done.returncode, code, f"{arguments}: {text}")
        return text

    def json_of(self, code, *arguments, **how):
        """The same with --json."""
        return json.loads(self.expect(code, *arguments, "--json", **how))

    def write(self, name, content):
        """Writes a file: bytes or text as they are, anything else as JSON."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, (bytes, str)):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def document(self, name=DOCUMENT):
        return json.loads((self.directory / name).read_bytes())

    def database(self, adapter, sql, directory="store"):
        """Changes the store's database of an adapter, whose name needs no encoding."""
        (self.directory / directory).mkdir(exist_ok=True)
        connection = sqlite3.connect(self.directory / directory / f"kg_{adapter}.db")
        connection.executescript(sql)
        connection.close()

    def files(self, directory="."):
        """Whatever stands in a directory; the documents of a test leave nothing else behind."""
        return sorted(set(os.listdir(self.directory / directory)) - {".git"})


def state_of(path):
    """What a write would change about a file, and a look would not."""
    status = os.stat(path)
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def schema_digest(*columns):
    """The digest of a table, by the formula that presence.hpp documents: columns are (name, type, not null, key)."""
    text = "agentslock-view-schema-1\n" + "".join(
        json.dumps(column, separators=(",", ":")) + "\n" for column in columns)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def view(status, digest="", **members):
    return {"view_digest": digest, "view_status": status, **members}


def lockfile(**adapters):
    """A document with these adapters, each given by its views."""
    return {"lock_version": 1, "adapters": {
        name: {"source_digest": "", "schema_digest": f"sha256:{name}", "activated_at": NOW, "materialized_views": views}
        for name, views in adapters.items()}}


def many_views(count=10_000, **members):
    """A document with an adapter crg, and one more that keeps so many views which read from it."""
    on_crg = [{"adapter": "crg", "schema_digest": "sha256:crg", "version": "1"}]
    return lockfile(crg={}, comp={f"v{i}": view(members.get("status", "ready"), "d", depends_on=on_crg)
                                  for i in range(count)})
# SPDX-License-Identifier: Apache-2.0
