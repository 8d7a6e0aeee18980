#!/usr/bin/env python3
"""A night: all that takes too long for every change, within a given time, and one page of what came of it.

    night.py SECONDS

Each part of PARTS is a command of ./dev. A part begins when its share of the time that is left allows it, is stopped when its
time is over, and is said to be so. A night that was stopped goes on with the parts that it has not ended (build/night/night.json);
parts that keep their own state go on there, too. The page is build/night/page.md: what ran, how far, what was found, and the
figures against those of the night before. Ends with an error when a part fails, when a figure that a part must leave is
missing, or when the model or the traces, without which its parts say nothing, are.
"""
import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import measured

SOURCE = measured.SOURCE
STATE = measured.KEPT / "night.json"


class Part:
    """One command of ./dev: its share of the night, the option that tells it its seconds, the figures that it leaves."""

    def __init__(self, name, command, share, takes_seconds=False, figures=None):
        self.name, self.command, self.share = name, command, share
        self.takes_seconds, self.figures = takes_seconds, figures


PARTS = [
    Part("proofs", ["proofs"], 1),
    Part("coverage", ["coverage"], 2, figures="coverage"),
    Part("traces", ["traces"], 3, figures="traces"),
    Part("mutation", ["mutation"], 4, takes_seconds=True, figures="mutation"),
    Part("properties", ["properties", "--long"], 3, takes_seconds=True),
    Part("machines", ["machines"], 4, figures="machines"),
    Part("lint", ["lint"], 2),
]
# Without these, what the parts say means nothing.
NEEDED = ["proofs/lock.model", "proofs/traces/a_right_lock_run.txt", "proofs/traces/a_takeover.txt", "proofs/traces/a_theft.txt",
          "proofs/test_code_trace.py"]


def run(part, seconds):
    """("ended", "failed" or "stopped", the last lines that it printed)."""
    log = measured.KEPT / f"{part.name}.log"
    call = [str(SOURCE / "dev"), *part.command, *([str(max(1, int(seconds * 0.8)))] if part.takes_seconds else [])]
    with open(log, "w") as out:
        process = subprocess.Popen(call, cwd=SOURCE, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            became = "ended" if process.wait(timeout=seconds) == 0 else "failed"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            became = "stopped"
    return became, log.read_text(errors="replace").splitlines()[-20:]


def against(now, before):
    """The figures, each with what it was."""
    return [f"- {name}: {value}" + (f" (before: {before[name]})" if name in before and before[name] != value else "")
            for name, value in sorted(now.items())]


def page(results, before, missing):
    lines = [f"# The night of {datetime.date.today()}", "", "| part | became | seconds |", "|---|---|---|"]
    lines += [f"| {name} | {one['became']} | {one['seconds']} |" for name, one in results.items()]
    lines += ["", "## Figures", ""]
    for part in PARTS:
        if part.figures and part.name in results:
            lines += against(measured.kept(part.figures), before.get(part.figures, {}))
    for name, one in results.items():
        if one["became"] == "failed":
            lines += ["", f"## What {name} found", "", "```text", *one["told"], "```"]
    if missing:
        lines += ["", "## What is missing", "", *[f"- {one}" for one in missing]]
    return "\n".join(lines) + "\n"


def night(seconds, parts=None, runs=run):
    """(the page, whether all is well)."""
    parts = PARTS if parts is None else parts
    measured.KEPT.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    kept = json.loads(STATE.read_text()) if STATE.exists() else {"results": {}, "before": {}}
    if all(part.name in kept["results"] for part in parts):  # the last one was at its end
        before = {part.figures: measured.kept(part.figures) for part in parts if part.figures}
        kept = {"results": {}, "before": before}
    missing = [name for name in NEEDED if not (SOURCE / name).exists()]
    to_do = [part for part in parts if part.name not in kept["results"]]
    for number, part in enumerate(to_do):
        left = seconds - (time.monotonic() - begin)
        if left <= 0 or missing:
            break
        mine = left * part.share / sum(one.share for one in to_do[number:])
        since = time.monotonic()
        became, told = runs(part, mine)
        kept["results"][part.name] = {"became": became, "told": told, "seconds": round(time.monotonic() - since)}
        STATE.write_text(json.dumps(kept, indent=1))
        print(f"{part.name}: {became}", flush=True)
    missing += [f"{part.name} has not run" for part in parts if part.name not in kept["results"]]
    missing += [f"figures of {part.name}" for part in parts
                if part.figures and kept["results"].get(part.name, {}).get("became") == "ended" and not measured.kept(part.figures)]
    text = page(kept["results"], kept["before"], missing)
    (measured.KEPT / "page.md").write_text(text)
    return text, not missing and all(one["became"] != "failed" for one in kept["results"].values())


def main(arguments):
    if len(arguments) != 1 or not arguments[0].isdigit():
        sys.exit(__doc__)
    text, well = night(int(arguments[0]))
    print(text)
    sys.exit(0 if well else "this night found something, or did not come to its end: see build/night/page.md")


if __name__ == "__main__":
    main(sys.argv[1:])
# SPDX-License-Identifier: Apache-2.0
