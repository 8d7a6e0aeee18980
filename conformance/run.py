#!/usr/bin/env python3
"""Holds an implementation against the cases of the kit.

    conformance/run.py [--only TEXT] [--list] COMMAND [ARGUMENT...]
    conformance/run.py --go-tool     what the recorded Go tool did otherwise

COMMAND is started once. It reads a question a line from standard input and prints an answer a line; docs/conformance.md says what
both look like. Exit status: 0 it answered all as it must, 1 it did not, 2 it could not be asked.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import select
import subprocess
import sys

import cases

VECTORS = cases.HERE.parent / "tests/vectors"
CORPORA = cases.HERE.parent / "fuzz/corpus"
SECONDS_MAX = 60


class Program:
    """An implementation that runs as a program."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.rest = b""

    def __call__(self, case):
        """Its answer; asked once more of another process it would say the same, so one that ends is an error."""
        self.process.stdin.write(json.dumps(case.question).encode() + b"\n")
        self.process.stdin.flush()
        while b"\n" not in self.rest:
            if not select.select([self.process.stdout], [], [], SECONDS_MAX)[0]:
                raise RuntimeError(f"no answer in {SECONDS_MAX} s")
            got = self.process.stdout.read1(1 << 20)
            if not got:
                raise RuntimeError("it ended")
            self.rest += got
        line, _, self.rest = self.rest.partition(b"\n")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        if self.process.wait(SECONDS_MAX) != 0:
            raise RuntimeError(f"it ended with status {self.process.returncode}")


class GoTool:
    """What the Go tool did when the vectors were recorded. Of the other cases it was not asked."""

    def __call__(self, case):
        path = VECTORS / case.name.split()[1]
        recorded = json.loads((path / "go.json").read_text())
        # A document that it left as it was is not there twice, and where it only matters that it took one, not at all.
        texts = [(path / name).read_bytes() for name in ("go.lock", "in.lock") if (path / name).exists()]
        of = recorded["final"].get("sha256")
        after = next((text for text in texts if hashlib.sha256(text).hexdigest() == of), None)
        document = {"sha256": of} if of and after is None else cases.as_text(after)
        operations = [{"error": one.get("panic"), **one} for one in recorded["ops"]]
        return {"load": recorded["load"], "ops": operations, "document": document}


def lacks(case, answer):
    """Whether the implementation has no such operation, where it need not have it."""
    return case.needs is not None and any(one.get("unknown") for one in answer.get("ops", []))


def hold(all_cases, implementation):
    """By case what is wrong with the answer: nothing, or words; "lacks" where it need not answer."""
    for case in all_cases:
        try:
            answer = implementation(case)
            yield case, "lacks" if lacks(case, answer) else case.judge(answer)
        except (KeyError, IndexError, TypeError, AttributeError, ValueError, cases.plain.Refused) as wrong:
            yield case, f"an answer of another form: {type(wrong).__name__}: {wrong}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="the cases whose name has this text")
    parser.add_argument("--list", action="store_true", help="print the questions, and ask nobody")
    parser.add_argument("--go-tool", action="store_true", help="hold what the Go tool did against the documents")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    asked = [case for case in cases.all_cases(VECTORS, CORPORA) if chosen.only in case.name]
    if chosen.list:
        for case in asked:
            print(json.dumps({"name": case.name, **case.question}))
        return 0
    if chosen.go_tool:
        notes = {one["dir"]: one["note"] or one["about"] for one in json.loads((VECTORS / "INDEX.json").read_text())}
        asked = [case for case in asked if case.name.startswith("document ")]
        for case, found in hold(asked, GoTool()):
            if found is not None:
                print(f"{case.name}: {found[:200]} ({notes[case.name.split()[1]]})")
        return 0
    if not chosen.command or not asked:
        parser.print_usage(sys.stderr)
        return 2
    program = Program(chosen.command)
    counts, wrong = collections.Counter(), 0
    try:
        for case, found in hold(asked, program):
            counts[case.name.split(":")[0].split()[0], found == "lacks"] += 1
            if found not in (None, "lacks"):
                wrong += 1
                print(f"{case.name}: {found[:300]}")
        program.close()
    except (RuntimeError, OSError) as failed:
        print(f"{chosen.command[0]}: {failed}", file=sys.stderr)
        return 2
    for (kind, lacked), count in sorted(counts.items()):
        print(f"{kind}: {count} cases" + (" that it has no operation for" if lacked else ""))
    print(f"{len(asked)} cases, {wrong} answered otherwise")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
# SPDX-License-Identifier: Apache-2.0
