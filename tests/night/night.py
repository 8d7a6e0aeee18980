#!/usr/bin/env python3
"""A night: all that takes too long for every change, within a given time, and one page of what came of it.

    night.py SECONDS

Each part of PARTS is a command of ./dev, which leaves figures. A part begins when its share of the time that is left allows it, and
is stopped when its time is over. The same command goes on with the parts that have not ended, as long as the source is the same
(build/night/night.json); parts that keep their own state go on there, too. The page is build/night/page.md: what ran, how far, what
was found, and the figures against those of the night before. Ends with an error when a part fails or has not ended, when one of
its figures was not measured in this night, or when the model or the traces, without which its parts say nothing, are missing.
"""
import datetime
import hashlib
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
    """One command of ./dev: its share of the night, the names of the figures that it must leave, and under which name it keeps them (its
    own); whether it is told its seconds, and ends by itself."""

    def __init__(self, name, command, share, figures, keeps_as=None, takes_seconds=False):
        self.name, self.command, self.share, self.figures = name, command, share, figures
        self.keeps_as, self.takes_seconds = keeps_as or name, takes_seconds


def machine(name, share):
    return Part(name, ["machines", name], share, [f"tests passed on {name}"], "machines")


PARTS = [
    Part("proofs", ["proofs"], 1, ["questions that z3 answers", "questions that cvc5 answers", "counterexamples"]),
    Part("coverage", ["coverage"], 3, [f"{layer} {kind}" for layer in ("kernel", "io") for kind in ("branches", "conditions")]),
    Part("traces", ["traces"], 3, ["changed traces that are refused", "traces", "steps of traces"]),
    Part("mutation", ["mutation"], 4, [f"{layer} mutants {what}" for layer in ("kernel", "io") for what in ("tried", "killed, %")],
         takes_seconds=True),
    Part("properties", ["properties", "--long"], 3, ["rounds on fresh seeds"], takes_seconds=True),
    machine("arm64", 3),
    machine("s390x", 3),
    machine("i386", 1),
    machine("libc++", 1),
    Part("lint", ["lint"], 2, ["sources without a warning"]),
]
# Without these, what the parts say means nothing.
NEEDED = ["proofs/lock.model", "proofs/traces/a_right_lock_run.txt", "proofs/traces/a_takeover.txt", "proofs/traces/a_theft.txt",
          "proofs/changed_traces.py"]


def source():
    """The commit, and whether and how the files that git knows differ from it."""
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=SOURCE, check=True, capture_output=True).stdout
    changes = git("diff", "HEAD")
    return git("rev-parse", "HEAD").decode().strip() + (" and " + hashlib.sha256(changes).hexdigest()[:12] if changes else "")


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


def page(kept, missing):
    lines = [f"# The night of {datetime.date.fromtimestamp(kept['begun'])}", "", f"Source: {kept['source']}.", "",
             "| part | became | seconds | its last line |", "|---|---|---|---|"]
    for name, one in kept["results"].items():
        last = next((line for line in reversed(one["told"]) if line.strip()), "").replace("|", "\\|")
        lines.append(f"| {name} | {one['became']} | {one['seconds']} | {last} |")
    lines += ["", "## Figures", ""]
    for keeps_as, before in kept["before"].items():
        lines += against(measured.kept(keeps_as, kept["begun"]), before)
    for name, one in kept["results"].items():
        if one["became"] == "failed":
            lines += ["", f"## What {name} found", "", "```text", *one["told"], "```"]
    if missing:
        lines += ["", "## What is missing", "", *[f"- {one}" for one in missing]]
    return "\n".join(lines) + "\n"


def is_over(kept, part):
    """Whether there is nothing to go on with: it has ended, or failed."""
    return kept["results"].get(part.name, {}).get("became") in ("ended", "failed")


def this_night(parts):
    """What is kept of the night that is to go on, or of a new one."""
    of = source()
    if STATE.exists():
        kept = json.loads(STATE.read_text())
        if kept.get("source") == of and not all(is_over(kept, part) for part in parts):
            return kept
    before = {keeps_as: measured.kept(keeps_as) for keeps_as in dict.fromkeys(part.keeps_as for part in parts)}
    return {"source": of, "begun": time.time(), "results": {}, "before": before}


def night(seconds, parts=None, runs=run):
    """(the page, whether all is well)."""
    parts = PARTS if parts is None else parts
    measured.KEPT.mkdir(parents=True, exist_ok=True)
    begin, kept = time.monotonic(), this_night(parts)
    missing = [name for name in NEEDED if not (SOURCE / name).exists()]
    to_do = [part for part in parts if not is_over(kept, part)]
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
    for part in parts:
        if not is_over(kept, part):
            missing.append(f"{part.name} has not {'ended' if part.name in kept['results'] else 'run'}")
        known = measured.kept(part.keeps_as, kept["begun"])
        missing += [f"figure of {part.name}: {figure}" for figure in part.figures if figure not in known]
    text = page(kept, missing)
    (measured.KEPT / "page.md").write_text(text)
    return text, not missing and all(one["became"] == "ended" for one in kept["results"].values())


def main(arguments):
    if len(arguments) != 1 or not arguments[0].isdigit():
        sys.exit(__doc__)
    text, well = night(int(arguments[0]))
    print(text)
    sys.exit(0 if well else "this night found something, or has not come to its end: see build/night/page.md")


if __name__ == "__main__":
    main(sys.argv[1:])
# SPDX-License-Identifier: Apache-2.0
