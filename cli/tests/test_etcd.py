"""Documents in etcd, on a real server: the command documents, every other that takes --document, and the page, run as it stands there."""
import json
import os
import re
import subprocess
import time
import unittest

import jsonschema

import etcd
from support import COMMAND, DOCUMENT, ENVIRONMENT, SCHEMA, SOURCE, CommandTest, lockfile, view

KEY = "etcd:team/project"
WHOLE = jsonschema.Draft202012Validator(SCHEMA)
PAGE = (SOURCE / "docs/etcd.md").read_text()


class InEtcd(CommandTest):
    def setUp(self):
        super().setUp()
        self.server = etcd.Server()
        self.addCleanup(self.server.end)

    def run_command(self, *arguments, environment=None, **how):
        return super().run_command(*arguments, environment=self.server.environment | (environment or {}), **how)

    def put(self, document, place=KEY):
        self.expect(0, "documents", "put", place, self.write("put", document))

    def kept(self, place=KEY):
        return json.loads(self.run_command("documents", "get", place).stdout)


class Documents(InEtcd):
    def test_bytes_come_out_as_they_went_in_and_are_listed_and_taken_away(self):
        for number, content in enumerate([bytes(range(256)), b"", b"{}\n" * 100_000]):
            path = self.write("bytes", content)
            self.assertEqual(self.json_of(0, "documents", "put", KEY, path)["size_bytes"], len(content))
            self.assertEqual(self.run_command("documents", "get", KEY).stdout, content)
        for key in ("b/2", "b/10", "ä"):
            self.put({}, f"etcd:{key}")
        told = self.json_of(0, "documents", "list", "etcd:")
        WHOLE.validate(told)
        self.assertEqual([one["document"] for one in told["documents"]], ["etcd:b/10", "etcd:b/2", KEY, "etcd:ä"])
        # What etcd does not keep is not guessed.
        self.assertEqual({(one["size_bytes"], one["changed_at"]) for one in told["documents"]}, {(None, None)})
        self.assertEqual(len(self.json_of(0, "documents", "list", "etcd:b/")["documents"]), 2)
        self.assertNotIn("byte", self.expect(0, "documents", "list", "etcd:b/"))
        self.expect(0, "documents", "delete", KEY)
        self.assertIn("no document", self.expect(4, "documents", "delete", KEY))
        self.assertIn("no document", self.expect(4, "documents", "get", KEY))
        made = self.json_of(0, "documents", "init", "etcd:")
        self.assertEqual(made["made"], [])
        self.assertIn("permission", made["privileges"])

    def test_a_pass_and_the_other_commands_work_on_it(self):
        self.put(lockfile(comp={"v": view("ready"), "w": view("pending-rebuild")}))
        self.assertIn("pending-rebuild", self.expect(2, "show", "--document", KEY))
        (self.directory / "store").mkdir()
        self.expect(0, "activate", "crg", "--schema-digest", "sha256:1", "--source-digest", "sha256:2", "--document", KEY)
        self.assertIn("crg", self.kept()["adapters"])
        self.expect(2, "sweep", "--document", "etcd:team/")
        lines = self.expect(2, "sweep", "--document", "etcd:").splitlines()
        self.assertEqual([json.loads(line)["document"] for line in lines], [KEY])
        self.assertEqual(self.expect(0, "sweep", "--document", "etcd:nothing"), "")

    def test_a_wait_ends_when_another_program_has_written(self):
        self.put(lockfile(comp={"v": view("pending-rebuild")}))
        self.expect(2, "wait", "--timeout", "0", "--document", KEY)
        waiting = subprocess.Popen([COMMAND, "wait", "--document", KEY, "--timeout", "50"], cwd=self.directory,
                                   env=ENVIRONMENT | self.server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(waiting.communicate)
        time.sleep(1)
        self.assertIsNone(waiting.poll())
        self.put(lockfile(comp={"v": view("ready")}))
        self.assertEqual(waiting.wait(timeout=50), 0)

    def test_what_is_too_large_is_told_with_sizes(self):
        self.put(lockfile())
        told = self.expect(4, "documents", "put", KEY, self.write("large", b"x" * 1_600_000))
        for size in ("1600000", "1572864"):
            self.assertIn(size, told)
        self.assertEqual(self.kept(), lockfile())

    def test_what_is_wrong_with_the_cluster_is_told_without_its_secrets(self):
        for variables, said in [({"ETCDCTL_ENDPOINTS": "127.0.0.1:1"}, "nobody listens"),
                                ({"ETCDCTL_ENDPOINTS": "http://user:s3cret@host"}, "endpoint 1"),
                                ({"ETCDCTL_ENDPOINTS": self.server.endpoint.replace("http", "https")}, "no encrypted connection"),
                                ({"ETCDCTL_CACERT": "/s3cret.pem", "ETCDCTL_ENDPOINTS": "https://127.0.0.1:1"}, "")]:
            for command in (["show", "--document", KEY], ["documents", "list", "etcd:"], ["wait", "--timeout", "0", "--document", KEY]):
                done = self.run_command(*command, environment=variables)
                told = (done.stdout + done.stderr).decode()
                self.assertNotEqual(done.returncode, 0, (variables, command))
                self.assertIn(said, told, (variables, command))
                self.assertNotIn("s3cret", told)

    def test_a_file_that_is_called_so_is_a_file(self):
        self.write("etcd:x", lockfile())
        self.expect(0, "show", "--document", "./etcd:x")
        self.assertIn("no document", self.expect(4, "show", "--document", "etcd:x"))

    def test_libcurl_is_loaded_for_such_a_document_alone(self):
        needed = subprocess.run(["readelf", "--dynamic", "--wide", COMMAND], capture_output=True, text=True, check=True).stdout
        self.assertIn("NEEDED", needed)
        self.assertNotIn("curl", needed, "cli/libcurl.cpp lacks a function that agentslock::etcd calls")
        self.write("libraries/libcurl.so.4", "no library")
        self.write(DOCUMENT, lockfile())
        environment = {"LD_LIBRARY_PATH": str(self.directory / "libraries")}
        self.expect(0, "show", environment=environment)
        for command in (["show", "--document", KEY], ["documents", "list", "etcd:"], ["sweep", "--document", "etcd:"]):
            told = self.expect(4, *command, environment=environment)
            self.assertIn("libcurl.so.4", told)
            self.assertIn("install", told)


class Page(InEtcd):
    def test_each_command_runs_as_it_stands_there(self):
        self.write(DOCUMENT, lockfile())
        (self.directory / "store").mkdir()
        (self.directory / "bin").mkdir()
        (self.directory / "bin/agentslock").symlink_to(COMMAND)
        blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S)
        self.assertEqual(len(blocks), 3)
        script = "".join(blocks).replace("http://127.0.0.1:2379", self.server.endpoint)
        environment = ENVIRONMENT | {"PATH": f"{self.directory}/bin:{os.environ['PATH']}", "ETCDCTL_API": "3"}
        done = subprocess.run(["bash", "-e", "-x", "-c", script], cwd=self.directory, env=environment, capture_output=True, text=True, timeout=100)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((self.directory / "copy.lock").read_bytes(), (self.directory / DOCUMENT).read_bytes())
        # etcdctl ends what it prints with a line's end.
        self.assertEqual((self.directory / "shown.lock").read_bytes(), (self.directory / DOCUMENT).read_bytes() + b"\n")

    def test_what_it_says_of_numbers_and_variables_is_so(self):
        header = (SOURCE / "io/include/agentslock/io/etcd_access.hpp").read_text()
        self.assertIn("answer{15'000}", header)
        self.assertIn("after 15 s at most", PAGE)
        documents = (SOURCE / "io/include/agentslock/io/etcd_documents.hpp").read_text()
        self.assertIn("wait{10'000}", documents)
        self.assertIn("within 10 s", PAGE)
        self.assertIn("std::size_t{16} << 20", documents)
        self.assertIn("16 MiB at most", PAGE)
        read = set(re.findall(r'"(ETCDCTL_\w+)"', (SOURCE / "io/etcd/etcd_access.cpp").read_text()))
        self.assertEqual({name for row in re.findall(r"^\| (`ETCDCTL_.*?) \|", PAGE, re.M) for name in re.findall(r"`(\w+)`", row)}, read)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
