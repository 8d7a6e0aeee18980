#!/usr/bin/env python3
"""Which branches and conditions of kernel/ and io/ their own tests go through, by Clang 19's MC/DC.

    coverage.py [--write] [LAYER...] --build BUILD
    coverage.py --targets [LAYER...]                  the programs of tests that are to be built for that

BUILD is a build of the preset `coverage`; its test programs are run. A branch counts twice, for true and for false. A condition
counts when it was seen to decide by itself, all others of its decision being the same (MC/DC). What can't be reached is listed
in unreached.txt with its reason, and not counted. Ends with an error when a layer reaches less than its goal of the rest, or
when the list is wrong: a place that is not there any more, or that is reached after all. --write puts the figures into
docs/testing.md.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

import measured

SOURCE = measured.SOURCE
LIST = pathlib.Path(__file__).with_name("unreached.txt")
IO_TESTS = ("io", "lifecycle", "sqlite", "lock", "fault", "document_store", "schedule", "recovery", "program", "postgres",
            "postgres_document", "etcd")
TESTS = {"kernel": ["kernel/kernel_tests"], "io": [f"io/tests/{name}_tests" for name in IO_TESTS]}
# In per cent: of branches, of conditions; nothing: what is reached is only told.
GOALS = {"kernel": (100.0, 100.0), "io": (95.0, None)}


class Places:
    """What is to be reached, and whether it was: by its name, "FILE: LINE [PIECE]"."""

    def __init__(self):
        self.branches, self.conditions = {}, {}

    def read(self, exported, layer, source=SOURCE):
        """Takes in what llvm-cov exports. An instantiation of a template that goes somewhere goes there for all."""
        for one in exported["data"][0]["files"]:
            path = pathlib.Path(one["filename"])
            name = path.relative_to(source) if path.is_relative_to(source) else path
            if name.parts[0] != layer or "tests" in name.parts:
                continue
            lines = ["", *path.read_text().split("\n")]
            taken = collections.defaultdict(lambda: [False, False])
            for first, column, last, end, true, false, *_ in one["branches"]:
                place = taken[first, column, last, end]
                place[0] |= true > 0
                place[1] |= false > 0
            for (first, column, last, end), outcomes in taken.items():
                # A defaulted comparison has no branch in the source: what Clang counts there is what it makes of the members.
                if re.search(r"= *$", lines[first][:column - 1].removesuffix("defaul")):
                    continue
                piece = lines[first][column - 1:end - 1 if first == last else None].strip()
                for outcome, reached in zip(("true", "false"), outcomes):
                    self.branches[first, column, f"{name}: {lines[first].strip()} [{piece}: {outcome}]"] = reached
            decided = {}
            for first, column, last, end, *_, conditions in one.get("mcdc_records", []):
                before = decided.get((first, column, last, end), [False] * len(conditions))
                decided[first, column, last, end] = [a or b for a, b in zip(before, conditions)]
            for (first, column, _, _), conditions in decided.items():
                for number, reached in enumerate(conditions, 1):
                    self.conditions[first, column, f"{name}: {lines[first].strip()} [condition {number}]"] = reached


def listed(text):
    """What no test can reach: by its name, the reason."""
    reasons = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            place, separator, reason = line.rpartition(" -- ")
            if not separator or not reason.strip():
                raise measured.Fault(f"unreached.txt: no reason is given: {line}")
            reasons[place] = reason
    return reasons


def judged(kind, places, reasons, used):
    """(reached, all that count, what is missing by name, what is wrong). Marks the reasons that are used."""
    missing, excused, wrong = [], 0, []
    for (first, _, name), reached in sorted(places.items()):
        if name in reasons:
            used.add(name)
            excused += 1
            if reached:
                wrong.append(f"unreached.txt: {kind} is reached after all, in line {first}: {name}")
        elif not reached:
            missing.append((first, name))
    count = len(places) - excused
    return count - len(missing), count, missing, wrong


def run(build, layer):
    """What llvm-cov exports after the layer's tests were run."""
    out = build / "coverage" / layer
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.profraw"):
        old.unlink()
    for test in TESTS[layer]:
        name = pathlib.Path(test).name
        # %m: processes that a test starts add to the same file. The schedules are the same code again and again.
        environment = dict(os.environ, LLVM_PROFILE_FILE=str(out / f"{name}-%m.profraw"), AGENTSLOCK_EXPLORE="small")
        # Listed first, so that the file is there before a child who is another user adds to it.
        subprocess.run([build / test, "--gtest_list_tests"], check=True, env=environment, stdout=subprocess.DEVNULL)
        for made in out.glob(f"{name}-*.profraw"):
            made.chmod(0o666)
        subprocess.run([build / test, "--gtest_brief=1"], check=True, env=environment, stdout=subprocess.DEVNULL)
    profile = out / "all.profdata"
    subprocess.run(["llvm-profdata-19", "merge", "-o", profile, *sorted(out.glob("*.profraw"))], check=True)
    first, *others = [str(build / test) for test in TESTS[layer]]
    call = ["llvm-cov-19", "export", first, *[f"-object={one}" for one in others], f"-instr-profile={profile}",
            "-skip-functions", "-skip-expansions", "-ignore-filename-regex=/usr/|/tests/"]
    return json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def judge(layer, places, reasons, used):
    """(a line for the page, the figures, what is missing, what is wrong) of one layer."""
    told, figures, all_missing, wrong = [], {}, [], []
    for kind, found, goal in zip(("branches", "conditions"), (places.branches, places.conditions), GOALS[layer]):
        reached, count, missing, faults = judged(kind, found, reasons, used)
        wrong += faults
        if count == 0:
            wrong.append(f"{layer}: no {kind} were found")
            continue
        share = 100 * reached / count
        told.append(f"{reached} of {count} {kind} ({share:.2f} %)")
        figures |= {f"{layer} {kind}": round(share, 2)}
        all_missing += missing
        if goal is not None and share < goal:
            wrong.append(f"{layer}: {share:.2f} % of {kind} are reached, and {goal} % must be")
    excused = sum(name.startswith(layer + "/") for name in used)
    return f"{layer}: {', '.join(told)}; {excused} that can't be reached are listed", figures, all_missing, wrong


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--targets", action="store_true")
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("layer", nargs="*", choices=[*TESTS, []], default=[])
    chosen = parser.parse_args(arguments)
    layers = chosen.layer or list(TESTS)
    if chosen.targets:
        print("\n".join(pathlib.Path(test).name for layer in layers for test in TESTS[layer]))
        return
    if chosen.build is None:
        parser.error("--build is missing")
    reasons, used, lines, figures, wrong = listed(LIST.read_text()), set(), [], {}, []
    for layer in layers:
        places = Places()
        places.read(run(chosen.build.resolve(), layer), layer)
        line, of_layer, missing, faults = judge(layer, places, reasons, used)
        for number, name in missing:
            print(f"not reached, line {number}: {name}")
        lines.append(line)
        figures |= of_layer
        wrong += faults
        wrong += [f"unreached.txt: no such place: {name}" for name in reasons
                  if name.startswith(layer + "/") and name not in used]
    print("\n".join(lines))
    if wrong:
        sys.exit("\n".join(wrong))
    measured.keep("coverage", figures)
    if chosen.write:
        measured.put("coverage", lines)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except measured.Fault as fault:
        sys.exit(str(fault))
# SPDX-License-Identifier: Apache-2.0
