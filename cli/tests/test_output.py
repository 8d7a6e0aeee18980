"""A command whose output can't be written does not end as if all were well."""
import os
import subprocess
import unittest

from support import COMMAND, DOCUMENT, ENVIRONMENT, CommandTest, lockfile, view

FINE = (["show"], ["show", "--json"], ["activate", "a", "--schema-digest", "d"],
        ["reconcile", "--store", "sqlite:."], ["apply", "script"], ["--help"], ["show", "--help"], ["--version"])


class Output(CommandTest):
    def setUp(self):
        super().setUp()
        self.write(DOCUMENT, lockfile(a={}))
        self.write("script", {"ops": [{"op": "save"}]})

    def test_a_full_disk_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            for command in FINE:
                self.assertEqual(self.run_command(*command, stdout=full).returncode, 1, command)

    def test_so_is_a_closed_output(self):
        for command in FINE:
            done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", COMMAND, *command], cwd=self.folder,
                                  env=ENVIRONMENT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1, command)

    def test_a_document_is_never_taken_for_the_output(self):
        # Whatever is opened first when 0, 1 and 2 are closed gets their numbers.
        for number in range(3):
            subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", COMMAND, "activate", f"a{number}",
                            "--schema-digest", "d"], cwd=self.folder, env=ENVIRONMENT)
        self.assertEqual(sorted(self.document()["adapters"]), ["a", "a0", "a1", "a2"])

    def test_a_code_that_says_more_stays(self):
        self.write(DOCUMENT, lockfile(a={"v": view("dsl-update-required")}))
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.run_command("show", stdout=full).returncode, 3)

    def test_results_go_to_one_stream_and_failures_to_the_other(self):
        for command, code, result in ((["show"], 0, True), (["show", "--lock", "nothing"], 4, False),
                                      (["show", "--adapter", "b"], 1, False)):
            done = self.run_command(*command)
            self.assertEqual((done.returncode, bool(done.stdout), bool(done.stderr)), (code, result, not result))


if __name__ == "__main__":
    unittest.main()
