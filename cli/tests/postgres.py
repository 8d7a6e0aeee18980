"""A PostgreSQL server for the tests of the command; see io/tests/support/postgres_server.hpp."""
import os
import subprocess
import tempfile

PSQL = os.path.join(os.environ["POSTGRES_PROGRAMS"], "psql")


class Server:
    """Starts it; end() ends it, and so does the end of this process."""

    def __init__(self):
        # No directory of the tests' own: the server's user must get there.
        self.process = subprocess.Popen([os.environ["POSTGRES_SERVER"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, cwd=tempfile.gettempdir())
        self.directory = self.process.stdout.readline().strip()
        assert self.directory, "the server has not started"
        self.connection = f"host={self.directory} user=owner dbname=postgres"

    def tell(self, word):
        """start, stop or kill."""
        print(word, file=self.process.stdin, flush=True)
        assert self.process.stdout.readline() == "done\n", word

    def run(self, sql):
        """Runs statements, and returns what the last one answered, as one text."""
        return subprocess.run([PSQL, "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", self.connection], input=sql, text=True,
                              check=True, stdout=subprocess.PIPE).stdout.strip()

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait() == 0
# SPDX-License-Identifier: Apache-2.0
