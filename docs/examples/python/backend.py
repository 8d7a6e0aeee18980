#!/usr/bin/python3 -B
"""The backend of docs/examples/backend, in Python: the same project, the same day.

    backend.py PROJECT start        what each instance does first: what is missing, stale or half done is set right
    backend.py PROJECT cutover N    gives crg its schema N, if every view can read it; it also mends, and abandons
    backend.py PROJECT serve        answers queries: a view's name on each line of standard input
"""
import ctypes
import pathlib
import sqlite3
import sys

import agentslock as lib


class Sql:
    """A project's SQL files and its databases."""

    def __init__(self, at):
        self.at, self.store = at, at / "store"
        self.store.mkdir(exist_ok=True)

    def read(self, name):
        path = self.at / name
        return path.read_text() if path.exists() else ""

    def open(self, adapter):
        return sqlite3.connect(self.store / f"kg_{adapter}.db", timeout=10, isolation_level=None)

    def schema(self, number):
        return self.read(f"schema/{number}.sql")

    def views(self):
        return [path.stem for path in (self.at / "view").iterdir()]

    def migrate_to(self, number):
        """Brings crg's own tables to a schema, one after the other, each all or nothing."""
        if number == 0:
            raise RuntimeError("the active schema of crg is none of this release's")
        crg = self.open("crg")
        version = lambda: crg.execute("PRAGMA user_version").fetchone()[0]
        for step in range(version() + 1, number + 1):
            try:
                crg.executescript(f"BEGIN IMMEDIATE;{self.read(f'migration/{step}.sql')}PRAGMA user_version={step};COMMIT")
            except sqlite3.Error:
                if version() < step:
                    raise
        crg.close()

    def fill(self, view):
        """Fills a view's table in one transaction: whoever reads sees the old table or the new one."""
        comp = self.open("comp")
        comp.execute("ATTACH ? AS crg", [str(self.store / "kg_crg.db")])
        comp.executescript(f'BEGIN IMMEDIATE; DROP TABLE IF EXISTS "{view}"; '
                           f'CREATE TABLE "{view}" AS {self.read(f"view/{view}.sql")}; COMMIT')
        comp.close()

    def rows(self, view):
        comp = self.open("comp")
        rows = comp.execute(f'SELECT * FROM "{view}"').fetchall()
        comp.close()
        return "".join(" ".join(map(str, row)) + "\n" for row in rows)

    def why_invalid(self, view, number):
        """Why a view's program can't read tables of a schema; empty when it can."""
        try:
            sqlite3.connect(":memory:").executescript(self.schema(number) + "EXPLAIN " + self.read(f"view/{view}.sql"))
        except sqlite3.Error as why:
            return str(why)
        return ""

    def columns(self, adapter, view):
        """The columns of a view's table, as the schema's digest wants them; None when there is none."""
        if not (self.store / f"kg_{adapter}.db").exists():
            return None
        database = self.open(adapter)
        rows = database.execute("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?) WHERE hidden <> 1", [view])
        columns = rows.fetchall()
        database.close()
        return columns or None


class Backend:
    def __init__(self, at):
        self.sql = Sql(at)
        self.document = lib.document_open(lib.text(str(at / ".agentsrc.lock")))
        # The library calls these as long as they are: they must not be collected before.
        self.functions = (lib.callback(lib.Find, self.find), lib.callback(lib.WorkOn, self.judge),
                          lib.callback(lib.WorkOn, self.build))
        self.presence = lib.presence_new(self.functions[0], None)
        self.validator = lib.validator_new(self.functions[1], None)
        self.builder = lib.builder_new(self.functions[2], None)

    # What the library asks.

    def find(self, _, key, answer):
        columns = self.sql.columns(str(key[0].adapter), str(key[0].view))
        if columns is None:
            return lib.ABSENT
        lib.answer_digest(answer, lib.text(lib.schema_digest(columns)))
        return lib.PRESENT

    def judge(self, _, facts, answer):
        number = self.number_of(str(facts[0].dependees[0].new_digest))
        if number == 0:
            lib.answer_why(answer, lib.text("crg's schema is none of ours"))
            return lib.COULD_NOT_TELL
        why = self.sql.why_invalid(str(facts[0].key.view), number)
        lib.answer_why(answer, lib.text(why))
        return lib.FAILED if why else lib.PASSED

    def build(self, _, facts, answer):
        try:
            self.migrate()
            self.sql.fill(str(facts[0].key.view))
            return lib.PASSED
        except (RuntimeError, sqlite3.Error) as why:
            lib.answer_why(answer, lib.text(str(why)))
            return lib.FAILED

    # What crg is.

    def crg_with(self, number):
        return lib.Schema(lib.text("crg"), lib.text(lib.digest(self.sql.read("crg.yaml"))),
                          lib.text(lib.digest(self.sql.schema(number))), lib.text(str(number)))

    def number_of(self, schema_digest):
        """Which of our schemas has this digest; 0 when none has."""
        number = 1
        while schema := self.sql.schema(number):
            if lib.digest(schema) == schema_digest:
                return number
            number += 1
        return 0

    def look(self, look):
        """Looks at the document as it is now."""
        file = lib.load(self.document)
        try:
            return look(file)
        finally:
            lib.lockfile_free(file)

    def active_schema(self, file):
        listing = lib.lockfile_list(file)
        try:
            entry = lib.listing_find_adapter(listing, lib.text("crg"))
            return str(entry[0].schema_digest) if entry else None
        finally:
            lib.listing_free(listing)

    def migrate(self):
        """Brings crg's own tables to the schema that is active, and not before it is. Which one that is."""
        active = self.number_of(self.look(self.active_schema))
        self.sql.migrate_to(active)
        return active

    def is_registered(self, view):
        return self.look(lambda file: lib.lockfile_state(file, lib.key("comp", view))) != 0

    def adopt(self, view):
        """Builds a view that the document does not know yet, and records what it was built from."""
        if self.is_registered(view):
            return
        crg = self.crg_with(self.migrate())
        self.sql.fill(view)
        built = lib.text(lib.schema_digest(self.sql.columns("comp", view)))
        on_crg = lib.Dependency(crg.dependee, crg.schema_digest, crg.version)

        def add(_, file):  # unless another instance was faster
            if lib.lockfile_state(file, lib.key("comp", view)) == 0:
                lib.register_view(file, lib.key("comp", view), built, ctypes.byref(on_crg), 1, lib.now())
            return lib.WRITE
        lib.update(self.document, lib.callback(lib.Change, add), None)

    def tell(self, report, which):
        for item in lib.items(report, which):
            if item.why.size:
                print(f"{item.key}: {item.why}")

    # What it is told to do.

    def start(self):
        crg = self.crg_with(1)

        def activate(_, file):
            if self.active_schema(file) is None:
                lib.activate(file, crg.dependee, crg.source_digest, crg.schema_digest, lib.now())
            return lib.WRITE
        lib.update(self.document, lib.callback(lib.Change, activate), None)
        self.migrate()
        for view in self.sql.views():
            self.adopt(view)
        report = lib.recover(self.document, self.presence, self.validator, self.builder, None)
        self.tell(report, lib.JUDGED)
        self.tell(report, lib.BUILT)
        ready = lib.report_in_state(report, lib.READY) == lib.report_views(report)
        lib.report_free(report)
        return 0 if ready else 2

    def cutover(self, number):
        report = lib.cutover(self.document, self.crg_with(number), self.validator, None, 0)
        self.tell(report, lib.JUDGED)
        activated, undecided = lib.report_activated(report), lib.report_undecided(report)
        lib.report_free(report)
        return self.start() if activated else 4 if undecided else 3

    def serve(self):
        gate = lib.gate_open(self.document)
        answer = ctypes.POINTER(lib.Answer)()
        for line in sys.stdin:
            view = line.rstrip("\n")
            lib.gate_ask(gate, lib.key("comp", view), 0, ctypes.byref(answer))
            is_open = answer[0].decision == lib.ALLOWED
            print((self.sql.rows(view) if is_open else f"{answer[0].reason}\n") + ".", flush=True)
        lib.gate_close(gate)
        return 0

    def close(self):
        lib.presence_free(self.presence)
        lib.validator_free(self.validator)
        lib.builder_free(self.builder)
        lib.document_close(self.document)


def main(at, task="", number="0"):
    own = Backend(pathlib.Path(at))
    try:
        tasks = {"start": own.start, "serve": own.serve, "cutover": lambda: own.cutover(int(number))}
        return tasks.get(task, lambda: 1)()
    finally:
        own.close()


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (lib.Error, RuntimeError, sqlite3.Error) as failed:
        print(f"backend: {failed}", file=sys.stderr)
        sys.exit(1)
# SPDX-License-Identifier: Apache-2.0
