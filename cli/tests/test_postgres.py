"""A PostgreSQL store, by each way to name it; and what is said when there is none."""
import os
import socket
import subprocess
import unittest

import postgres
from support import COMMAND, DOCUMENT, CommandTest, lockfile, schema_digest, view

DIGEST = schema_digest(["id", "integer", 1, 1], ["name", "text", 0, 0])
ABSENT = schema_digest(["gone", "text", 0, 0])


class Postgres(CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.server = postgres.Server()
        cls.addClassCleanup(cls.server.end)
        cls.server.run("CREATE SCHEMA comp; CREATE TABLE comp.v (id int PRIMARY KEY, name text);"
                       "CREATE ROLE with_password LOGIN PASSWORD 'pw-secret'")
        cls.store = f"postgres:{cls.server.connection}"

    def setUp(self):
        super().setUp()
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", DIGEST)}))

    def test_a_pass_holds_the_document_against_the_database(self):
        self.expect(0, "reconcile", "--check", "--store", self.store)
        self.assertEqual(self.expect(0, "digest", "comp", "v", "--store", self.store).strip(), DIGEST)
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", DIGEST), "w": view("ready", ABSENT)}))
        self.expect(2, "reconcile", "--store", self.store)
        views = self.document()["adapters"]["comp"]["materialized_views"]
        self.assertEqual((views["v"]["view_status"], views["w"]["view_status"]), ("ready", "pending-rebuild"))

    def test_each_way_to_name_the_database(self):
        directory, service = self.server.directory, self.write("services", f"[agents]\n{self.server.connection.replace(' ', chr(10))}\n")
        of_libpq = {"PGHOST": directory, "PGUSER": "owner", "PGDATABASE": "postgres"}
        for store, environment in [
                (self.store, {}), ("postgres:", of_libpq), (None, {"AGENTSLOCK_STORE": self.store}),
                (None, of_libpq | {"AGENTSLOCK_STORE": "postgres:"}),
                ("postgres:", {"AGENTSLOCK_DATABASE": self.server.connection}),
                ("postgres:user=owner", of_libpq | {"PGUSER": "nobody", "AGENTSLOCK_DATABASE": "user=nobody"}),
                (f"postgresql://owner@/postgres?host={directory}", {}), (f"postgres://owner@/postgres?host={directory}", {}),
                (f"postgres:postgresql://owner@/postgres?host={directory}", {}),
                ("postgres:service=agents", {"PGSERVICEFILE": service}),
                ("postgres:", {"PGSERVICEFILE": service, "PGSERVICE": "agents"})]:
            with self.subTest(store=store, environment=environment):
                named = ["--store", store] if store else []
                self.expect(0, "reconcile", "--check", *named, environment=environment)

    def test_what_is_registered_and_what_nobody_recorded(self):
        self.server.run("CREATE TABLE comp.orphan (a text)")
        self.addCleanup(self.server.run, "DROP TABLE comp.orphan")
        self.assertEqual([(one["adapter"], one["view"]) for one in
                          self.json_of(2, "orphans", "--store", self.store)["orphans"]], [("comp", "orphan")])
        self.expect(0, "register", "comp", "orphan", "--store", self.store)
        self.expect(0, "orphans", "--store", self.store)
        self.expect(0, "reconcile", "--check", "--store", self.store)

    def test_a_program_is_told_the_store_and_can_build_in_it(self):
        self.write(DOCUMENT, lockfile(comp={"built": view("pending-rebuild")}))
        build = f"{postgres.PSQL} -qX -d \"${{AGENTSLOCK_STORE#postgres:}}\" -c 'CREATE TABLE comp.built (a text)'"
        self.addCleanup(self.server.run, "DROP TABLE comp.built")
        self.expect(0, "rebuild", "--builder", build, "--store", self.store)
        self.expect(0, "reconcile", "--check", "--store", self.store)

    def test_what_can_not_be_found_out_is_no_verdict(self):
        self.server.run("CREATE SEQUENCE comp.w; CREATE ROLE plain LOGIN")
        self.addCleanup(self.server.run, "DROP SEQUENCE comp.w; DROP ROLE plain")
        before = (self.directory / DOCUMENT).read_bytes()
        plain = self.store.replace("user=owner", "user=plain")
        self.assertIn("USAGE", self.expect(4, "reconcile", "--store", plain))
        self.assertIn("nobody listens", self.expect(4, "reconcile", "--store", "postgres:host=127.0.0.1 port=1"))
        self.assertIn("no such database", self.expect(4, "reconcile", "--store", self.store + "x"))
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)
        self.write(DOCUMENT, lockfile(comp={"w": view("ready", ABSENT)}))
        self.assertIn("a sequence", self.expect(4, "reconcile", "--store", self.store))

    def test_a_server_that_says_nothing_is_given_up(self):
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind(str(self.directory / ".s.PGSQL.5432"))
            silent.listen()
            told = self.expect(4, "reconcile", "--store", f"postgres:host={self.directory}",
                               environment={"PGCONNECT_TIMEOUT": "2"})
        self.assertIn("did not answer in time", told)

    def test_a_server_that_has_gone_and_come_again(self):
        self.server.tell("kill")
        self.expect(4, "reconcile", "--store", self.store)
        self.server.tell("start")
        self.expect(0, "reconcile", "--check", "--store", self.store)

    def test_no_output_holds_what_the_connection_string_holds(self):
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", DIGEST), "w": view("pending-rebuild"), "x": view("ready", ABSENT)}))
        host = f"host={self.server.directory}"
        for code, string in [(2, f"{host} user=with_password password=pw-secret dbname=postgres"),
                             (4, f"{host} user=with_password password=another-secret dbname=postgres"),
                             (4, f"{host} user=user-secret dbname=postgres"), (1, f"{host} password=two pw-secret"),
                             (4, f"postgresql://user-secret:pw@sec/ret@host-secret.invalid:port-secret/x"),
                             (1, "pw-secret")]:
            self.server.run("GRANT USAGE ON SCHEMA comp TO with_password; GRANT SELECT ON comp.v TO with_password")
            for more in ([], ["--json"], ["--dry-run", "--validator", "exit 1", "--builder", "exit 1"]):
                with self.subTest(string=string, more=more):
                    done = self.run_command("reconcile", *([] if more[1:] else ["--check"]), "--store", f"postgres:{string}", *more)
                    text = (done.stdout + done.stderr).decode()
                    self.assertEqual(done.returncode, code, text)
                    self.assertNotRegex(text, "secret|with_password|" + self.server.directory)
        text = self.expect(2, "reconcile", "--check", "--store", f"postgres:{host} user=owner dbname=postgres")
        self.assertIn("--store postgres:CONNECTION", text)

    def test_libpq_is_loaded_for_such_a_store_alone(self):
        needed = subprocess.run(["readelf", "--dynamic", "--wide", COMMAND], capture_output=True, text=True, check=True).stdout
        self.assertIn("NEEDED", needed)
        self.assertNotIn("libpq", needed, "cli/libpq.cpp lacks a function that agentslock::postgres calls")
        self.write("libraries/libpq.so.5", "no library")
        environment = {"LD_LIBRARY_PATH": str(self.directory / "libraries")}
        self.expect(0, "show", environment=environment)
        for command in (["reconcile"], ["orphans"], ["digest", "comp", "v"]):
            told = self.expect(4, *command, "--store", self.store, environment=environment)
            self.assertIn("libpq.so.5", told)
            self.assertIn("install", told)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
