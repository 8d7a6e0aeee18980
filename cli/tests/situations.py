"""Every situation in which a command may find itself, and the exit status that it must end with.

One row a situation. Where several codes apply, the row shows that the first in the order of the contract wins:
1, 5, 4, 3, 2, 0.
"""
import dataclasses
import fcntl
import os
import time

from support import DOCUMENT, lockfile, schema_digest, view

DIGEST = schema_digest(["a", "INTEGER", 0, 0])
ON_CRG = [{"adapter": "crg", "schema_digest": "sha256:crg", "version": "1"}]

# Documents. The view is comp/v.
MISSING = None
BROKEN = "{"
EMPTY_DOCUMENT = {}
NO_ADAPTERS = lockfile()
NO_VIEWS = lockfile(comp={}, crg={})
READY = lockfile(comp={"v": view("ready", DIGEST, depends_on=ON_CRG)}, crg={})
# Ready by its status, over a schema that is gone.
MISSED = lockfile(comp={"v": view("ready", DIGEST, depends_on=[{**ON_CRG[0], "schema_digest": "sha256:gone"}])}, crg={})
PENDING = lockfile(comp={"v": view("pending-rebuild", DIGEST)})
RECOMPAT = lockfile(comp={"v": view("pending-recompat-check", DIGEST)})
BLOCKED = lockfile(comp={"v": view("dsl-update-required", DIGEST)})
BLOCKING = lockfile(comp={"v": view("dsl-update-required", DIGEST, depends_on=ON_CRG)}, crg={})
GARBLED = lockfile(comp={"v": view("Ready", DIGEST)})
NO_STATUS = lockfile(comp={"v": {}})
# One view for each code: v is whatever the store makes of it.
BLOCKED_TOO = lockfile(comp={"v": view("ready", DIGEST), "w": view("dsl-update-required")}, other={})
NEWER = {"lock_version": 2, "adapters": {}}

# Both sides added a view.
CONFLICT = "\n".join(["{", *("<<<<<<< ours", '"adapters": {"comp": {"materialized_views": {"v": {}}}}', "=======",
                            '"adapters": {"comp": {"materialized_views": {"w": {}}}}', ">>>>>>> theirs"), "}", ""])

# Stores, by the SQL that makes comp's database.
AS_RECORDED = "create table v(a INTEGER)"
DIFFERENT = "create table v(a INTEGER, b TEXT)"
GONE = ""  # there is another adapter's
CORRUPT = b"no database at all, " * 6  # longer than the header of one
EMPTY = ()
NO_DIRECTORY = None


@dataclasses.dataclass
class Situation:
    code: int
    command: str
    document: object
    store: object = NO_DIRECTORY
    script: object = None
    # What the JSON output is, by the name of its definition in the schema; None: there is none.
    kind: str = "error"
    # Whether another program has the lock: one of ours, which holds the gate, or one that knows the sidecar only.
    held: bool = False
    foreign: bool = False

    def __str__(self):
        names = [(name, value) for name, value in globals().items() if name.isupper()]
        document = next(name for name, value in names if value is self.document)
        store = next(name for name, value in reversed(names) if value is self.store)
        return " | ".join([self.command, document, store] + ["held"] * self.held + ["foreign"] * self.foreign)

    def prepare(self, test):
        """Makes it so in the test's directory. Returns what must stay open while the command runs."""
        if self.document is not None:
            test.write(DOCUMENT, self.document)
        if self.script is not None:
            test.write("script.json", self.script)
        test.write("source.yaml", "name: crg\n")
        test.write("empty", "{}")
        if isinstance(self.store, bytes):
            test.write("store/kg_comp.db", self.store)
        elif self.store is not None:
            (test.directory / "store").mkdir()
            if self.store != EMPTY:
                test.database("comp" if self.store else "other", self.store or DIFFERENT)
        if self.foreign:
            test.write(f"{DOCUMENT}.lock", f"{os.getpid()}\n{time.time_ns()}\nsomeone-else\n")
        gate = os.open(test.directory, os.O_RDONLY)
        if self.held:
            fcntl.flock(gate, fcntl.LOCK_EX)
        return gate


STORE = "--store sqlite:store"
REGISTER = "register comp v"
CUTOVER = "cutover --schema-digest sha256:new"
ACTIVATE = "activate crg --schema-digest"
SAVE = {"ops": [{"op": "save"}]}
NAMES = {"ops": [{"op": "adapter_names"}]}
UNSAVED = {"ops": [{"op": "remove_adapter", "name": "comp"}]}
BLOCKED_CUTOVER = {"ops": [{"op": "cutover", "dependee": "crg", "source_digest": "s", "schema_digest": "new",
                     "verdicts": [{"adapter": "comp", "view": "v", "compatible": False}]}]}
REFUSED = {"ops": [{"op": "activate", "name": "", "source_digest": "", "schema_digest": ""}, {"op": "save"}]}

SITUATIONS = [Situation(*row[:3], **(row[3] if len(row) > 3 else {})) for row in [
    # 1 before everything: the command line, and names.
    (1, "reconcile",                          READY),
    (1, "reconcile",                          MISSING),
    (1, "reconcile --store postgres:x",       MISSING),
    (1, "reconcile --store sqlite:",          BROKEN),
    (1, "show --adapter nobody",              BLOCKED),
    (1, "show extra",                         MISSING),
    (1, "show --html .agentsrc.lock",         BLOCKED),
    (1, "show --html page --adapter comp",    BLOCKED),
    (1, "dance",                              BLOCKED),
    (1, "activate --document",                    BROKEN),
    (1, "activate nobody --schema-digest d --source nothing.yaml", BROKEN),
    (1, f"{REGISTER}",                        BROKEN),
    (1, f"{REGISTER} {STORE}",                MISSING, {"store": GONE}),
    (1, f"{REGISTER} --digest d --depends-on nobody", BLOCKED_TOO),
    (1, f"{REGISTER} --digest d",             READY),
    (1, f"{REGISTER} --digest d",             BLOCKED),
    (1, f"{ACTIVATE} sha256:another",         READY),
    (1, "apply script.json",                  BROKEN,   {"script": "{"}),
    (1, "apply script.json",                  MISSING,  {"script": {"ops": 1}}),
    (1, "apply nothing.json",                 BROKEN),
    (1, "apply script.json",                  READY,    {"script": REFUSED, "kind": "apply"}),
    (1, "apply script.json --keep-going",     BLOCKED,  {"script": REFUSED, "kind": "apply"}),

    (1, "graph world",                        READY),
    (1, "graph --form svg",                   READY),
    (1, "orphans",                            READY),
    (1, "wait nobody",                        BLOCKED),
    (1, "wait comp nothing --timeout 0",      READY),
    (1, "wait --timeout soon",                BROKEN),
    (1, "wait --timeout -1",                  READY),
    (1, "wait --for peace",                   READY),
    (1, "wait comp",                          EMPTY_DOCUMENT),
    (1, "diff .agentsrc.lock",                READY),
    (1, "merge-driver",                       READY),
    (1, "merge-driver .agentsrc.lock",        READY),
    (1, "merge-driver --install",             READY),
    (1, "resolve",                            READY),
    (1, "diff .agentsrc.lock -- -HEAD:x",     READY),
    (1, "explain nobody",                     READY),
    (1, "explain comp nothing",               READY),
    (1, "explain comp",                       EMPTY_DOCUMENT),
    (1, "blockers nobody",                    BLOCKING),
    (1, "blockers crg",                       EMPTY_DOCUMENT),
    (1, "remove nobody",                      READY),
    (1, "remove nobody",                      READY,    {"held": True}),
    (1, "remove comp nothing",                READY),
    (1, "remove comp ''",                     READY),
    (1, "remove crg",                         READY),
    (1, "remove comp",                        NO_ADAPTERS),
    (1, "digest nothing.yaml",                BROKEN),
    (1, "digest comp v",                      READY),
    (1, f"digest comp v {STORE}",             READY,    {"store": GONE}),

    (1, "lock",                               MISSING),
    (1, "lock dance",                         MISSING),
    (1, "lock break",                         MISSING),
    (1, "lock status --document postgres:x",  MISSING),
    (1, "resolve postgres:x",                 MISSING),
    (1, "merge-driver --install --document postgres:x", MISSING),
    (1, "show --document postgres://x",       READY),
    (1, "documents",                          READY),
    (1, "documents init .",                   READY),
    (1, "documents list .agentsrc.lock",      READY),
    (1, "documents get .agentsrc.lock",       READY),
    (1, "sweep --document .agentsrc.lock",    READY),
    (1, "lock break --token someone-else",    READY),
    (1, "lock break --token another",         READY,    {"foreign": True}),

    (1, "validate",                           READY),
    (1, "validate nobody --validator true",   READY),
    (1, "validate --validator true --timeout soon", READY),
    (1, "rebuild --builder true",             READY),
    (1, f"rebuild {STORE}",                   READY),
    (1, f"rebuild {STORE} --builder true comp nothing", READY),
    (1, f"{CUTOVER} --validator true nobody", READY),
    (1, f"{CUTOVER} crg",                     READY),
    (1, f"reconcile {STORE} --validator true", READY),
    (1, f"reconcile {STORE} --check --validator true --builder true", READY),
    (1, f"reconcile {STORE} --check --dry-run", READY),

    # 4: nothing can be said about the views.
    (4, f"reconcile {STORE}",                 MISSING,  {"store": AS_RECORDED}),
    (4, f"reconcile {STORE} --check",         MISSING,  {"store": NO_DIRECTORY}),
    (4, f"reconcile {STORE}",                 BROKEN,   {"store": AS_RECORDED}),
    (4, f"reconcile {STORE}",                 NEWER,    {"store": AS_RECORDED}),
    (4, f"reconcile {STORE}",                 READY,    {"store": CORRUPT}),
    (4, f"reconcile {STORE}",                 READY,    {"store": NO_DIRECTORY}),
    (4, f"reconcile {STORE}",                 READY,    {"store": EMPTY}),
    (4, f"reconcile {STORE} --check",         BLOCKED_TOO, {"store": EMPTY}),
    (4, f"reconcile {STORE} --check",         READY,    {"store": CORRUPT}),
    (4, f"reconcile {STORE}",                 BLOCKED_TOO, {"store": CORRUPT}),
    (4, "show",                               MISSING),
    (4, "status",                             MISSING),
    (4, "show --adapter nobody",              MISSING),
    (4, "show",                               BROKEN),
    (4, "show",                               NEWER),
    (4, "status --html page",                 MISSING),
    (4, "status --html nowhere/page",         BLOCKED),
    (4, f"{ACTIVATE} d",                      BROKEN),
    (4, f"{ACTIVATE} d",                      NEWER),
    (4, f"{REGISTER} --digest d",             BROKEN),
    (4, f"{REGISTER} {STORE}",                MISSING,  {"store": CORRUPT}),
    (4, f"{REGISTER} {STORE}",                MISSING,  {"store": NO_DIRECTORY}),
    (4, f"{REGISTER} {STORE}",                MISSING,  {"store": EMPTY}),
    (4, "apply script.json",                  BROKEN,   {"script": SAVE, "kind": "apply"}),
    (4, "apply script.json --keep-going",     NEWER,    {"script": SAVE, "kind": "apply"}),

    (4, "graph",                              MISSING),
    (4, "graph views --form mermaid",         BROKEN),
    (4, f"orphans {STORE}",                   MISSING,  {"store": AS_RECORDED}),
    (4, f"orphans {STORE}",                   READY,    {"store": NO_DIRECTORY}),
    (4, f"orphans {STORE}",                   READY,    {"store": CORRUPT}),
    (4, f"orphans {STORE}",                   READY,    {"store": EMPTY}),
    (4, "wait",                               MISSING),
    (4, "wait --timeout 1h",                  BROKEN),
    (4, "diff .agentsrc.lock other",          READY),
    (4, "resolve",                            MISSING),
    (4, "diff other .agentsrc.lock",          READY),
    (4, "diff HEAD:nothing .agentsrc.lock",   READY),
    (4, "diff .agentsrc.lock .agentsrc.lock", BROKEN),
    (4, "explain comp v",                     MISSING),
    (4, "explain comp",                       BROKEN),
    (4, "blockers crg",                       MISSING),
    (4, "blockers crg",                       BROKEN),
    (4, "remove comp",                        MISSING),
    (4, "remove comp v",                      NEWER),
    (4, f"digest comp v {STORE}",             READY,    {"store": EMPTY}),
    (4, f"digest comp v {STORE}",             READY,    {"store": NO_DIRECTORY}),

    (4, "validate --validator true",          MISSING),
    (4, "validate --validator 'exit 2'",      RECOMPAT, {"kind": "validate"}),
    (4, f"rebuild {STORE} --builder true",    BROKEN),
    (4, f"rebuild {STORE} --builder 'exit 2'", PENDING, {"kind": "rebuild", "store": AS_RECORDED}),
    (4, f"{CUTOVER} crg --validator true",    MISSING),
    (4, f"reconcile {STORE} --dry-run --validator true --builder true", MISSING, {"store": AS_RECORDED}),
    (4, f"{CUTOVER} crg --validator 'exit 2'", READY,   {"kind": "cutover"}),
    (4, f"reconcile {STORE} --validator 'exit 2' --builder true", RECOMPAT, {"kind": "recover", "store": AS_RECORDED}),

    # 3 before 2.
    (3, "validate --validator false",         RECOMPAT, {"kind": "validate"}),
    (3, f"{CUTOVER} crg --validator false",   READY,    {"kind": "cutover"}),
    (3, f"{CUTOVER} crg --validator false --dry-run", READY, {"kind": "cutover"}),
    (3, f"reconcile {STORE} --validator false --builder true", RECOMPAT, {"kind": "recover", "store": AS_RECORDED}),
    (3, "blockers crg",                       BLOCKING, {"kind": "blockers"}),
    (3, "apply script.json",                  READY,    {"script": BLOCKED_CUTOVER, "kind": "apply"}),
    (3, f"reconcile {STORE}",                 BLOCKED,  {"store": AS_RECORDED, "kind": "reconcile"}),
    (3, f"reconcile {STORE}",                 BLOCKED_TOO, {"store": AS_RECORDED, "kind": "reconcile"}),
    (3, f"reconcile {STORE}",                 BLOCKED_TOO, {"store": GONE, "kind": "reconcile"}),
    (3, f"reconcile {STORE} --check",         BLOCKED_TOO, {"store": DIFFERENT, "kind": "reconcile"}),
    (3, "show",                               BLOCKED,  {"kind": "show"}),
    (3, "show --adapter comp",                BLOCKED_TOO, {"kind": "show"}),
    (3, "show --html page",                   BLOCKED,  {"kind": "show"}),

    (3, "explain comp v",                     BLOCKED,  {"kind": "explain"}),
    (3, "explain comp",                       BLOCKED_TOO, {"kind": "explain"}),

    # 2: not all are ready, or what was changed was not written.
    (2, "apply script.json",                  READY,    {"script": UNSAVED, "kind": "apply"}),
    (2, f"reconcile {STORE}",                 READY,    {"store": DIFFERENT, "kind": "reconcile"}),
    (2, f"reconcile {STORE}",                 READY,    {"store": GONE, "kind": "reconcile"}),
    (2, f"reconcile {STORE} --check",         READY,    {"store": GONE, "kind": "reconcile"}),
    (2, f"reconcile {STORE}",                 PENDING,  {"store": AS_RECORDED, "kind": "reconcile"}),
    (2, f"reconcile {STORE}",                 RECOMPAT, {"store": AS_RECORDED, "kind": "reconcile"}),
    (2, f"reconcile {STORE}",                 GARBLED,  {"store": AS_RECORDED, "kind": "reconcile"}),
    (2, f"reconcile {STORE} --check",         NO_STATUS, {"store": AS_RECORDED, "kind": "reconcile"}),
    (2, f"orphans {STORE}",                   NO_VIEWS, {"store": AS_RECORDED, "kind": "orphans"}),
    (2, f"orphans {STORE}",                   READY,    {"store": GONE, "kind": "orphans"}),
    (2, "wait --timeout 0",                   PENDING,  {"kind": "wait"}),
    (2, "wait comp v --timeout 10ms",         MISSED,   {"kind": "wait"}),
    # Its time is over, whatever keeps it.
    (2, "wait --timeout 0.01s",               BLOCKED,  {"kind": "wait"}),
    (2, "wait --timeout 0",                   PENDING,  {"kind": "wait", "held": True}),
    (2, "diff .agentsrc.lock empty",          BLOCKED,  {"kind": "diff"}),
    (2, "explain comp v",                     MISSED,   {"kind": "explain"}),
    (2, "explain comp",                       GARBLED,  {"kind": "explain"}),
    (2, "show",                               PENDING,  {"kind": "show"}),
    (2, "show",                               RECOMPAT, {"kind": "show"}),
    (2, "show",                               GARBLED,  {"kind": "show"}),
    (2, "show",                               NO_STATUS, {"kind": "show"}),

    (2, "validate --validator true",          RECOMPAT, {"kind": "validate"}),
    (2, f"rebuild {STORE} --builder false",   PENDING,  {"kind": "rebuild", "store": AS_RECORDED}),
    (2, f"rebuild {STORE} --builder true",    PENDING,  {"kind": "rebuild", "store": GONE}),
    (2, f"{CUTOVER} crg --validator true",    READY,    {"kind": "cutover"}),
    (2, f"{CUTOVER} crg --validator true --dry-run", READY, {"kind": "cutover"}),

    (2, f"reconcile {STORE} --dry-run",       READY,    {"store": GONE, "kind": "reconcile"}),
    (2, f"reconcile {STORE} --dry-run --validator true --builder true", READY, {"store": GONE, "kind": "recover_dry"}),
    (2, f"reconcile {STORE} --dry-run --validator true --builder true", RECOMPAT, {"store": AS_RECORDED, "kind": "recover_dry",
                                                                                  "held": True}),
    (3, f"reconcile {STORE} --dry-run --validator true --builder true", BLOCKED_TOO, {"store": GONE, "kind": "recover_dry"}),

    # 0.
    (0, f"reconcile {STORE} --dry-run --validator true --builder true", READY, {"store": AS_RECORDED, "kind": "recover_dry"}),
    (0, f"reconcile {STORE} --dry-run",       NO_VIEWS, {"store": NO_DIRECTORY, "kind": "reconcile"}),
    (0, "validate --validator false",         READY,    {"kind": "validate"}),
    (0, "validate --validator true",          EMPTY_DOCUMENT, {"kind": "validate"}),
    (0, f"rebuild {STORE} --builder true",    PENDING,  {"kind": "rebuild", "store": AS_RECORDED}),
    (0, f"rebuild {STORE} --builder true",    NO_VIEWS, {"kind": "rebuild"}),
    (0, "cutover crg --schema-digest sha256:crg --validator false", READY, {"kind": "cutover"}),
    (0, f"reconcile {STORE} --validator true --builder true", RECOMPAT, {"kind": "recover", "store": AS_RECORDED}),
    (0, f"reconcile {STORE}",                 READY,    {"store": AS_RECORDED, "kind": "reconcile"}),
    (0, f"reconcile {STORE} --check",         READY,    {"store": AS_RECORDED, "kind": "reconcile"}),
    (0, f"reconcile {STORE}",                 NO_VIEWS, {"store": NO_DIRECTORY, "kind": "reconcile"}),
    (0, f"reconcile {STORE}",                 NO_VIEWS, {"store": EMPTY, "kind": "reconcile"}),
    (0, "show",                               READY,    {"kind": "show"}),
    (0, "status",                             NO_VIEWS, {"kind": "show"}),
    (0, "status --html page",                 READY,    {"kind": "show"}),
    (0, "show --adapter other",               BLOCKED_TOO, {"kind": "show"}),
    (0, f"{ACTIVATE} d",                      MISSING,  {"kind": "activate"}),
    (0, f"{ACTIVATE} sha256:crg",             READY,    {"kind": "activate"}),
    (0, f"{ACTIVATE} d --source source.yaml", BLOCKED,  {"kind": "activate"}),
    (0, f"{REGISTER} --digest d",             MISSING,  {"kind": "register"}),
    (0, f"{REGISTER} {STORE} --depends-on crg@1", NO_VIEWS, {"store": AS_RECORDED, "kind": "register"}),
    (0, "apply script.json",                  MISSING,  {"script": SAVE, "kind": "apply"}),
    (0, "apply script.json",                  MISSING,  {"script": NAMES, "kind": "apply"}),
    (0, "apply script.json",                  BLOCKED,  {"script": NAMES, "kind": "apply"}),

    (0, "graph",                              BLOCKED,  {"kind": "graph"}),
    (0, "graph views --form mermaid",         EMPTY_DOCUMENT, {"kind": "graph"}),
    (0, "graph machine",                      BROKEN,   {"kind": "graph"}),
    (0, f"orphans {STORE}",                   BLOCKED,  {"store": DIFFERENT, "kind": "orphans"}),
    (0, f"orphans {STORE}",                   NO_VIEWS, {"store": EMPTY, "kind": "orphans"}),
    (0, "wait",                               READY,    {"kind": "wait"}),
    (0, "wait comp v --for ready",            BLOCKED_TOO, {"kind": "wait"}),
    (0, "wait",                               NO_VIEWS, {"kind": "wait"}),
    (0, "wait",                               EMPTY_DOCUMENT, {"kind": "wait"}),
    (0, "diff .agentsrc.lock .agentsrc.lock", BLOCKED,  {"kind": "diff"}),
    (0, "merge-driver empty empty .agentsrc.lock 7 x", READY, {"kind": "merge_driver"}),
    (0, "resolve",                            CONFLICT, {"kind": "resolve"}),
    (0, "diff empty .agentsrc.lock",          NO_ADAPTERS, {"kind": "diff"}),
    (0, "explain comp v",                     READY,    {"kind": "explain"}),
    (0, "explain crg",                        BLOCKING, {"kind": "explain"}),
    (0, "explain comp v",                     BLOCKED_TOO, {"kind": "explain"}),
    (0, "blockers crg",                       READY,    {"kind": "blockers"}),
    (0, "blockers comp",                      BLOCKING, {"kind": "blockers"}),
    (0, "remove comp",                        READY,    {"kind": "remove"}),
    (0, "remove comp v",                      BLOCKED,  {"kind": "remove"}),
    (0, "digest source.yaml",                 MISSING,  {"kind": "digest_of_file"}),
    (0, f"digest comp v {STORE}",             MISSING,  {"store": AS_RECORDED, "kind": "digest_in_store"}),

    (0, "metrics",                            READY,    {"kind": "metrics"}),
    (0, "metrics",                            EMPTY_DOCUMENT, {"kind": "metrics"}),
    (0, "metrics --textfile m.prom",          NO_VIEWS, {"kind": "metrics"}),
    (2, "metrics",                            MISSED,   {"kind": "metrics"}),
    (2, "metrics",                            GARBLED,  {"kind": "metrics"}),
    (3, "metrics --textfile m.prom",          BLOCKED,  {"kind": "metrics", "held": True}),
    (4, "metrics",                            MISSING),
    (4, "metrics --textfile m.prom",          BROKEN),
    (4, "metrics --textfile nowhere/m.prom",  READY),
    (1, "metrics --textfile .agentsrc.lock",  READY),

    (0, "lock status",                        MISSING,  {"kind": "lock_status"}),
    (0, "lock status",                        READY,    {"kind": "lock_status", "foreign": True}),
    (0, "lock status",                        BROKEN,   {"kind": "lock_status", "held": True}),
    (0, "lock break --token someone-else",    BROKEN,   {"kind": "lock_break", "foreign": True}),
    (5, "lock break --token someone-else",    READY,    {"held": True, "foreign": True}),

    # What takes no lock does not wait for it, and what is wrong is said at once.
    (2, f"reconcile {STORE} --check",         READY,    {"store": GONE, "kind": "reconcile", "held": True}),
    (0, f"reconcile {STORE}",                 READY,    {"store": AS_RECORDED, "kind": "reconcile", "held": True}),
    (4, f"reconcile {STORE}",                 READY,    {"store": CORRUPT, "held": True}),
    (3, "show",                               BLOCKED,  {"kind": "show", "held": True}),
    (1, f"{REGISTER} {STORE}",                READY,    {"store": GONE, "held": True}),
    (0, "apply script.json",                  READY,    {"script": NAMES, "kind": "apply", "held": True}),
    (4, "apply script.json",                  BROKEN,   {"script": NAMES, "kind": "apply", "foreign": True}),
]]

# 5 before 4, 3, 2 and 0. Each takes as long as a command waits for the lock.
WAITING = [Situation(*row[:3], **row[3]) for row in [
    (5, f"reconcile {STORE}",                 READY,    {"store": GONE, "held": True}),
    (5, f"reconcile {STORE}",                 BLOCKED_TOO, {"store": GONE, "foreign": True}),
    (5, f"{ACTIVATE} d",                      MISSING,  {"held": True}),
    (5, f"{ACTIVATE} d",                      BROKEN,   {"foreign": True}),
    (5, f"{REGISTER} --digest d",             BLOCKED,  {"held": True}),
    (5, "remove comp",                        READY,    {"held": True}),
    (5, "validate --validator true",          RECOMPAT, {"held": True}),
    (5, f"{CUTOVER} crg --validator false",   READY,    {"held": True}),
    (5, f"rebuild {STORE} --builder true",    PENDING,  {"store": AS_RECORDED, "foreign": True}),
    (5, f"reconcile {STORE} --validator true --builder true", RECOMPAT, {"store": AS_RECORDED, "foreign": True}),
    (5, "apply script.json",                  BROKEN,   {"script": SAVE, "kind": "apply", "foreign": True}),
]]
# SPDX-License-Identifier: Apache-2.0
