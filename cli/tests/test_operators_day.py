"""An operator's day at the terminal, as it stands in operators_day.txt: each command of the transcript is run again, and says
what it said.

    AGENTSLOCK=build/release/agentslock cli/tests/test_operators_day.py --accept

writes what the commands say now; the commands are written by hand.
"""
import pathlib
import re
import subprocess
import sys
import unittest

from support import COMMAND, ENVIRONMENT, CommandTest

TRANSCRIPT = pathlib.Path(__file__).resolve().parent / "operators_day.txt"
PROGRAMS = {
    "build.sh": """#!/bin/sh
exec sqlite3 "${AGENTSLOCK_STORE#sqlite:}/kg_$AGENTSLOCK_ADAPTER.db" < "$AGENTSLOCK_VIEW.sql"
""",
    "judge.sh": """#!/bin/sh
if grep -q team "$AGENTSLOCK_VIEW.sql" && [ "$AGENTSLOCK_CRG_HAS" = owner ]; then
  echo "$AGENTSLOCK_VIEW reads crg.team, which is crg.owner now" >&2
  exit 1
fi
""",
    "owners.sql": """BEGIN;
DROP TABLE IF EXISTS owners;
CREATE TABLE owners (path TEXT PRIMARY KEY, team TEXT);
COMMIT;
""",
    "callers.sql": """BEGIN;
DROP TABLE IF EXISTS callers;
CREATE TABLE callers (symbol TEXT NOT NULL, caller TEXT NOT NULL);
COMMIT;
""",
}


class OperatorsDay(CommandTest):
    def said(self, line):
        """What a terminal shows after a line that was typed."""
        done = subprocess.run(["sh", "-c", line], cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        text = done.stdout.decode() + (f"(exit status {done.returncode})\n" if done.returncode else "")
        text = re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "NOW", text.replace(str(self.directory), "DIRECTORY"))
        return re.sub(r"(?m)\d+ s( ago|$)", r"N s\1", text)

    def test_each_command_says_what_the_transcript_shows(self):
        for name, text in PROGRAMS.items():
            (self.directory / name).write_text(text)
            (self.directory / name).chmod(0o755)
        (self.directory / "store").mkdir()
        path = f"{pathlib.Path(COMMAND).parent}:{ENVIRONMENT['PATH']}"
        self.environment = ENVIRONMENT | {"PATH": path, "AGENTSLOCK_CRG_HAS": "owner"}
        recorded = TRANSCRIPT.read_text()
        now = ""
        for line in recorded.splitlines(keepends=True):
            if line.startswith("# "):
                now += ("\n" if now else "") + line
            elif line.startswith("$ "):
                now += line + self.said(line[2:])
        if ACCEPT:
            TRANSCRIPT.write_text(now)
        self.assertEqual(now, TRANSCRIPT.read_text(), "--accept writes it anew")
        self.assertRegex(now, r"\$ agentslock show\n.*2 views: 2 ready\n[^$]*\Z", "the day ends with all ready")


ACCEPT = "--accept" in sys.argv
if __name__ == "__main__":
    unittest.main(argv=[one for one in sys.argv if one != "--accept"])
# SPDX-License-Identifier: Apache-2.0
