"""Documents that are no files, on a real server: the command documents, and every command that takes --document."""
import json
import os
import re
import socket
import subprocess
import time
import unittest

import jsonschema

import postgres
from support import COMMAND, DOCUMENT, ENVIRONMENT, SCHEMA, CommandTest, lockfile, schema_digest, view

DIGEST = schema_digest(["id", "integer", 1, 1])
GONE = schema_digest(["gone", "text", 0, 0])
KEY = "postgres:team/project"
WHOLE = jsonschema.Draft202012Validator(SCHEMA)


class InPostgres(CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.server = postgres.Server()
        cls.addClassCleanup(cls.server.end)

    def setUp(self):
        super().setUp()
        self.server.run("DROP SCHEMA IF EXISTS agentslock, comp CASCADE; CREATE SCHEMA comp; CREATE TABLE comp.v (id int PRIMARY KEY)")
        self.expect(0, "documents", "init", "postgres:")

    def run_command(self, *arguments, environment=None, **how):
        named = {"AGENTSLOCK_DATABASE": self.server.connection} | (environment or {})
        return super().run_command(*arguments, environment=named, **how)

    def json_of(self, code, *arguments, **how):
        told = super().json_of(code, *arguments, **how)
        WHOLE.validate(told)
        return told

    def put(self, document, place=KEY):
        self.expect(0, "documents", "put", place, self.write("put", document))

    def kept(self, place=KEY):
        return json.loads(self.run_command("documents", "get", place).stdout)

    def as_role(self, name):
        return {"AGENTSLOCK_DATABASE": self.server.connection.replace("user=owner", f"user={name}")}


class Documents(InPostgres):
    def test_init_makes_what_is_missing_once_and_says_what_a_role_needs(self):
        self.server.run("DROP SCHEMA agentslock CASCADE")
        self.assertIn("agentslock documents init", self.expect(4, "documents", "list", "postgres:"))
        first = self.json_of(0, "documents", "init", "postgres:")
        self.assertEqual(first["made"], ["the schema agentslock", "the table agentslock.document"])
        for privilege in ("USAGE", "SELECT", "INSERT", "UPDATE"):
            self.assertIn(privilege, first["privileges"])
        self.put(lockfile())
        self.assertEqual(self.json_of(0, "documents", "init", "postgres:"), first | {"made": []})
        self.assertIn("USAGE", self.expect(0, "documents", "init", "postgres:"))
        self.assertEqual(self.kept(), lockfile())

    def test_each_role_needs_what_is_said_and_no_more(self):
        self.put(lockfile(comp={"v": view("ready", DIGEST), "w": view("ready", GONE)}))
        self.server.run("CREATE ROLE reads LOGIN; CREATE ROLE writes LOGIN; CREATE ROLE makes LOGIN")
        self.addCleanup(self.server.run, "DROP OWNED BY reads, writes, makes; DROP ROLE reads, writes, makes")
        reads, writes, makes = (self.as_role(name) for name in ("reads", "writes", "makes"))
        self.assertIn("USAGE", self.expect(4, "show", "--document", KEY, environment=reads))
        self.server.run("GRANT USAGE ON SCHEMA agentslock, comp TO reads, writes; GRANT SELECT ON comp.v TO reads, writes;"
                        "GRANT SELECT ON agentslock.document TO reads, writes; GRANT INSERT, UPDATE ON agentslock.document TO writes")
        # Where the table is, init needs nothing.
        self.expect(0, "documents", "init", "postgres:", environment=reads)
        self.expect(2, "reconcile", "--check", "--document", KEY, "--store", "postgres:", environment=reads)
        self.assertIn("INSERT and UPDATE", self.expect(4, "reconcile", "--document", KEY, "--store", "postgres:", environment=reads))
        self.assertIn("INSERT and UPDATE", self.expect(4, "documents", "delete", KEY, environment=reads))
        self.expect(2, "reconcile", "--document", KEY, "--store", "postgres:", environment=writes)
        self.expect(0, "documents", "delete", KEY, environment=writes)
        self.server.run("DROP SCHEMA agentslock CASCADE")
        self.assertIn("CREATE on the database", self.expect(4, "documents", "init", "postgres:", environment=makes))
        self.server.run("GRANT CREATE ON DATABASE postgres TO makes")
        self.expect(0, "documents", "init", "postgres:", environment=makes)
        self.server.run("DROP SCHEMA agentslock CASCADE")

    def test_bytes_come_out_as_they_went_in(self):
        for number, content in enumerate([bytes(range(256)), b"", b"\\x00\r\n", b"{}\n" * 100_000]):
            path = self.write("bytes", content)
            self.assertEqual(self.json_of(0, "documents", "put", KEY, path)["size_bytes"], len(content))
            self.assertEqual(self.run_command("documents", "get", KEY).stdout, content)
            self.assertEqual(self.json_of(0, "documents", "get", KEY, f"out{number}")["size_bytes"], len(content))
            self.assertEqual((self.directory / f"out{number}").read_bytes(), content)
        self.expect(0, "documents", "put", KEY, "-", input=b"from a pipe")
        self.assertEqual(self.run_command("documents", "get", KEY).stdout, b"from a pipe")
        self.assertIn("FILE", self.json_of(1, "documents", "get", KEY)["error"]["message"])
        # A terminal is sent nothing that moves its cursor.
        self.expect(0, "documents", "put", KEY, "-", input=b"a\x1b[2Jb\n")
        self.assertNotIn("\x1b", self.on_terminal("documents", "get", KEY, environment={"AGENTSLOCK_DATABASE": self.server.connection}))

    def test_they_are_listed_by_the_beginning_of_their_keys(self):
        for key in ("b/2", "b/10", "b%", "ä"):
            self.put({}, f"postgres:{key}")
        listed = self.json_of(0, "documents", "list", "postgres:")["documents"]
        self.assertEqual([one["document"] for one in listed], ["postgres:b%", "postgres:b/10", "postgres:b/2", "postgres:ä"])
        self.assertEqual({(one["revision"], one["size_bytes"]) for one in listed}, {(1, 2)})
        self.assertRegex(listed[0]["changed_at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(len(self.json_of(0, "documents", "list", "postgres:b/")["documents"]), 2)
        self.assertEqual(self.json_of(0, "documents", "list", "postgres:none")["documents"], [])
        self.assertIn("postgres:b/10  revision 1", self.expect(0, "documents", "list", "postgres:b/"))

    def test_what_was_taken_away_is_not_there_and_its_revisions_go_on(self):
        self.put({})
        self.assertEqual(self.json_of(0, "documents", "delete", KEY)["document"], KEY)
        for command in (["documents", "get", KEY], ["documents", "delete", KEY], ["show", "--document", KEY]):
            self.assertIn(f"there is no document {KEY}", self.expect(4, *command))
        self.put({})
        [one] = self.json_of(0, "documents", "list", "postgres:")["documents"]
        self.assertEqual(one["revision"], 3)

    def test_what_is_no_such_place_is_refused(self):
        for command in (["get", DOCUMENT], ["list", "."], ["init", "sqlite:x"]):
            self.assertIn("postgres:", self.expect(1, "documents", *command))
        self.assertIn("postgres: alone", self.expect(1, "documents", "init", KEY))
        self.assertIn("not empty", self.expect(1, "documents", "get", "postgres:"))
        self.assertIn("1024", self.expect(4, "documents", "get", "postgres:" + "k" * 1025))
        self.expect(1, "documents")


class EveryCommand(InPostgres):
    def test_a_document_lives_its_life_there(self):
        on, store = ("--document", KEY), ("--store", "postgres:")
        self.expect(0, "activate", "crg", "--schema-digest", "1", *on)
        self.expect(0, "register", "comp", "v", "--depends-on", "crg@1", *on, *store)
        self.expect(0, "reconcile", *on, *store)
        self.expect(0, "status", *on)
        self.expect(0, "explain", "comp", "v", *on)
        self.expect(0, "blockers", "crg", *on)
        self.assertIn(KEY, self.expect(0, "metrics", *on))
        self.assertIn("digraph", self.expect(0, "graph", *on))
        self.expect(0, "orphans", *on, *store)
        self.assertEqual(self.expect(0, "digest", "comp", "v", *on, *store).strip(), DIGEST)
        # A program is told the document by its name, and finds the database as we do.
        told = self.expect(2, "cutover", "crg", "--schema-digest", "2", *on, "--validator", "test \"$AGENTSLOCK_DOCUMENT\" = " + KEY)
        self.assertIn(f"agentslock rebuild --document {KEY}", told)
        self.expect(2, "validate", *on, "--validator", "true")
        self.expect(0, "rebuild", *on, *store, "--builder", "true")
        self.expect(0, "apply", self.write("script.json", {"ops": [{"op": "adapter_names"}]}), *on)
        self.assertEqual(self.kept()["adapters"]["comp"]["materialized_views"]["v"]["view_status"], "ready")
        self.server.run("DROP TABLE comp.v; CREATE TABLE comp.other (a int)")
        told = self.expect(2, "reconcile", *on, *store)
        self.assertIn(f"agentslock rebuild --document {KEY} --store postgres:", told)
        self.server.run("CREATE TABLE comp.v (id int PRIMARY KEY)")
        self.expect(0, "reconcile", *on, *store, "--validator", "true", "--builder", "true")
        self.expect(0, "remove", "comp", "v", *on)
        self.assertEqual(self.files(), ["script.json"], "nothing is left behind here")

    def test_by_the_environment_too(self):
        self.put(lockfile(comp={"v": view("ready", DIGEST)}))
        named = {"AGENTSLOCK_DOCUMENT": KEY, "AGENTSLOCK_STORE": "postgres:"}
        self.assertIn(KEY, self.expect(0, "show", environment=named))
        self.expect(0, "reconcile", "--check", environment=named)
        of_libpq = {"AGENTSLOCK_DATABASE": "", "PGHOST": self.server.directory, "PGUSER": "owner", "PGDATABASE": "postgres"}
        self.expect(0, "reconcile", "--check", environment=named | of_libpq)

    def test_a_file_of_such_a_name_is_named_with_its_directory(self):
        self.write("postgres:x", lockfile(comp={"v": view("ready", DIGEST)}))
        self.expect(0, "show", "--document", "./postgres:x")
        self.expect(0, "diff", "./postgres:x", "./postgres:x")
        self.expect(4, "show", "--document", "postgres:x")

    def test_what_makes_sense_for_files_alone_is_refused(self):
        self.put(lockfile())
        for command in (["lock", "status"], ["lock", "break", "--no-token"], ["merge-driver", "--install"], ["resolve"]):
            self.assertIn(f"{KEY} lives in PostgreSQL: ", self.expect(1, *command, "--document", KEY))

    def test_two_are_held_against_each_other(self):
        self.put(lockfile(comp={"v": view("ready", DIGEST)}))
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", DIGEST), "w": view("ready", GONE)}))
        self.expect(0, "diff", KEY, KEY)
        self.assertIn("comp/w", self.expect(2, "diff", KEY, DOCUMENT))

    def test_a_sweep_goes_over_all_keys_that_begin_alike(self):
        self.put(lockfile(comp={"v": view("ready", DIGEST)}), "postgres:fleet/a")
        self.put(lockfile(comp={"v": view("pending-rebuild")}), "postgres:fleet/b")
        self.put("{", "postgres:fleet/c")
        self.put(lockfile(), "postgres:other")
        lines = [json.loads(line) for line in self.expect(4, "sweep", "--document", "postgres:fleet/").splitlines()]
        for line in lines:
            WHOLE.validate(line)
        self.assertEqual([(one["document"], one["exit_status"]) for one in lines],
                         [("postgres:fleet/a", 0), ("postgres:fleet/b", 2), ("postgres:fleet/c", 4)])
        parts = [self.run_command("sweep", "--document", "postgres:", "--shard", f"{i}/3").stdout.splitlines() for i in (1, 2, 3)]
        self.assertEqual(sorted(sum(parts, [])),
                         sorted(self.run_command("sweep", "--document", "postgres:").stdout.splitlines()))
        self.assertIn("postgres%3Afleet/b", self.expect(4, "sweep", "--document", "postgres:fleet/", "--format", "github"))
        self.assertEqual(self.expect(0, "sweep", "--document", "postgres:nothing"), "")
        self.assertIn("is a path", self.expect(1, "sweep", "--document", DOCUMENT))
        self.expect(1, "sweep", "-0", "--document", "postgres:")

    def test_a_wait_ends_when_another_program_has_written(self):
        self.put(lockfile(comp={"v": view("pending-rebuild", DIGEST)}))
        self.expect(2, "wait", "--timeout", "0", "--document", KEY)
        waiting = subprocess.Popen([COMMAND, "wait", "--document", KEY, "--timeout", "50"], cwd=self.directory,
                                   env=ENVIRONMENT | {"AGENTSLOCK_DATABASE": self.server.connection}, stdout=subprocess.PIPE)
        self.addCleanup(waiting.communicate)
        while int(self.server.run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'agentslock'")) == 0:
            self.assertIsNone(waiting.poll())
            time.sleep(0.05)
        self.put(lockfile(comp={"v": view("ready", DIGEST)}))
        self.assertEqual(waiting.wait(timeout=50), 0)

    def test_document_and_views_of_one_database_are_read_in_one_snapshot(self):
        self.put(lockfile(comp={"v": view("ready", DIGEST)}))
        self.server.run("ALTER ROLE owner SET log_statement = 'all'")
        self.addCleanup(self.server.run, "ALTER ROLE owner RESET log_statement")

        def sessions(*store):
            """What each of our sessions was told in a check."""
            log = os.path.join(self.server.directory, "log")
            before = os.path.getsize(log)
            self.expect(0, "reconcile", "--check", "--document", KEY, *store)
            with open(log) as file:
                file.seek(before)
                told = re.findall(r"^\S+ \S+ \S+ \[(\d+)\] LOG:  (?:statement|execute <unnamed>): (.*(?:\n\t.*)*)", file.read(), re.M)
            by_session = {}
            for process, statement in told:
                by_session.setdefault(process, []).append(statement)
            return list(by_session.values())

        [one] = sessions("--store", "postgres:")
        self.assertIn("REPEATABLE READ", one[0])
        self.assertEqual(len([text for text in one if "agentslock.document" in text]), 1)
        self.assertEqual(len([text for text in one if "pg_class" in text]), 1)
        self.assertEqual([text for text in one[1:] if text.startswith("BEGIN")], [])
        # Where they are named otherwise, they are read one after the other.
        self.assertEqual(len(sessions("--store", f"postgres:{self.server.connection} ")), 2)


class Failures(InPostgres):
    def test_no_connection_stands_in_a_name_and_none_is_repeated(self):
        for name in ("postgres://user-secret:pw-secret@host-secret/db", "postgresql://host-secret/db", "etcd://x-secret",
                     "postgres:host=host-secret password=pw-secret"):
            for more in ([], ["--json"], ["--format", "github"], ["--format", "sarif"]):
                done = self.run_command("show", "--document", name, *more)
                text = (done.stdout + done.stderr).decode()
                self.assertEqual(done.returncode, 1, text)
                self.assertNotIn("secret", text)
                self.assertIn("ETCDCTL_ENDPOINTS" if name.startswith("etcd:") else "AGENTSLOCK_DATABASE", text)
            for command in (["documents", "get", name], ["documents", "list", name], ["sweep", "--document", name], ["lock", "status", "--document", name],
                            ["wait", "--document", name], ["reconcile", "--document", name, "--store", "postgres:"]):
                self.assertNotIn("secret", self.expect(1, *command))

    def test_no_output_holds_what_the_connection_string_holds(self):
        for string in (f"host={self.server.directory} user=with_password password=another-secret dbname=postgres",
                       "postgresql://user-secret:pw@sec/ret@host-secret.invalid:port-secret/x", "host=/secret", "two pw-secret"):
            named = {"AGENTSLOCK_DATABASE": string}
            for command in (["show", "--document", KEY], ["documents", "list", "postgres:"], ["documents", "init", "postgres:"],
                            ["activate", "a", "--schema-digest", "d", "--document", KEY], ["sweep", "--document", "postgres:"],
                            ["reconcile", "--check", "--document", KEY, "--store", "postgres:"]):
                for more in ([], ["--json"]):
                    done = self.run_command(*command, *more, environment=named)
                    text = (done.stdout + done.stderr).decode()
                    self.assertIn(done.returncode, (1, 4), text)
                    self.assertNotRegex(text, "secret|with_password|" + self.server.directory)

    def test_a_server_that_says_nothing_or_has_gone_is_an_error_and_changes_nothing(self):
        self.put(lockfile(comp={"v": view("ready", DIGEST)}))
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind(str(self.directory / ".s.PGSQL.5432"))
            silent.listen()
            told = self.expect(4, "show", "--document", KEY, environment={
                "AGENTSLOCK_DATABASE": f"host={self.directory}", "PGCONNECT_TIMEOUT": "2"})
        self.assertIn("did not answer in time", told)
        self.server.tell("kill")
        for command in (["show", "--document", KEY], ["documents", "list", "postgres:"], ["activate", "a", "--schema-digest", "d", "--document", KEY]):
            self.expect(4, *command)
        self.server.tell("start")
        self.assertEqual(self.kept(), lockfile(comp={"v": view("ready", DIGEST)}))

    def test_libpq_is_asked_for_where_it_is_missing(self):
        self.write("libraries/libpq.so.5", "no library")
        missing = {"LD_LIBRARY_PATH": str(self.directory / "libraries")}
        self.write(DOCUMENT, lockfile())
        self.expect(0, "show", environment=missing)
        for command in (["show", "--document", KEY], ["documents", "init", "postgres:"], ["sweep", "--document", "postgres:"],
                        ["reconcile", "--document", KEY, "--store", "postgres:"], ["wait", "--document", KEY]):
            told = self.expect(4, *command, environment=missing)
            self.assertIn("libpq.so.5", told)
            self.assertIn("install", told)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
