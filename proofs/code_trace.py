#!/usr/bin/env python3
"""Holds what the code does against the model: each trace of a schedule must be a path of lock.model.

    code_trace.py check LOCK_TRACES                the traces of every schedule of every setup; first, that those with one step changed
                                                   (changed_traces.py) are refused
    code_trace.py golden LOCK_TRACES [--accept]    the traces that are kept in traces/ are what the code does
    code_trace.py read FILE...                     traces in files

LOCK_TRACES is a program of io/tests that prints traces, a line a step: who, what, and who has the queue, whose sidecar stands
there, and whose updates are in the document afterwards. A step of the code may be several of the model (WORDS); those that
nobody sees, as giving up, may stand between any two (UNSEEN). All states in which the model can be then are followed, and
one of them must have it as the line says. All rules are in, and nothing is assumed.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

import model
from changed_traces import GOLDEN, changed_traces
from words import KINDS, NO_STEP, SEEN_AT_ANY_TIME, UNSEEN, WORDS

TRIES = 4  # an update begins anew at most three times, and each is a process of the model

LINE = re.compile(r"(?P<who>all|[a-z ]+ \d+(?:, try \d+)?) (?P<what>.+?)(?: of (?P<of>[a-z ]+ \d+(?:, try \d+)?)(?:, which .+)?)?"
                  r" \| queue: (?P<queue>.+) \| sidecar: (?P<sidecar>.+) \| document: (?P<document>.+)")


class Refused(Exception):
    """A trace that is no path of the model: why, with its last lines."""


def base(name):
    return name.partition(",")[0]


class Checker:
    """Follows traces through the model. One for each cast: a name with a try is a process."""

    def __init__(self, lock, names):
        self.names = [name if number == 1 else f"{name}, try {number}" for name in names
                      for number in range(1, TRIES + 1 if name.startswith("ours") else 2)]
        kinds = [KINDS[base(name).rsplit(" ", 1)[0]] for name in self.names]
        machine = model.Machine(lock, kinds)
        self.first, self.kinds = machine.first(), kinds
        self.moves = {step.name: (set(step.kinds), move) for step, move in machine.moves}
        # What the Go tool does may be what it does at other places, too: WORDS names steps that the model may not have.
        if unknown := {name for steps in WORDS.values() for name in steps} - {step.name for step in lock.steps}:
            raise ValueError(f"WORDS: the model has no step {unknown}")
        self.at = {name: machine.names.index(name) for name in ("at", "queue", "sidecar", "document", "aside", "acknowledged")}
        self.number = {name: number for number, name in enumerate(self.names)}

    def value(self, state, name):
        return state[self.at[name]]

    def called(self, p):
        return "nobody" if p == model.NOBODY else base(self.names[p])

    def unseen(self, states, p, names=None):
        """The states, and those to which the process may come from there unseen; by some steps only, where these are given."""
        found, waiting = set(states), list(states)
        names = UNSEEN[self.kinds[p]] if names is None else names
        while waiting:
            state = waiting.pop()
            for name in names:
                of, move = self.moves[name]
                if self.kinds[p] in of and (after := move(state, p)) is not None and after not in found:
                    found.add(after)
                    waiting.append(after)
        return found

    def stepped(self, states, p, what, of):
        places = NO_STEP.get(what, set())
        for state in states:
            if what == "looks at the sidecar" and self.called(self.value(state, "sidecar")) != base(of):
                continue
            if what in ("removes the sidecar", "puts back the sidecar") and self.called(self.value(state, "aside")[p]) != base(of):
                continue
            left_out = what == "is killed" and self.kinds[p] == "editor"  # it holds nothing that it could drop
            if places is None or left_out or self.value(state, "at")[p] in places:
                yield state
            for name in WORDS[what]:
                kinds, move = self.moves[name]
                if self.kinds[p] not in kinds or (after := move(state, p)) is None:
                    continue
                if what == "moves aside the sidecar" and self.called(self.value(after, "aside")[p]) != base(of):
                    continue
                yield after

    def after(self, states, line):
        """The states after a line. Refused: there is none."""
        said = LINE.fullmatch(line)
        if not said or said["what"] not in WORDS:
            raise Refused("no such line is known")
        what, of = said["what"], said["of"]
        if said["who"] != "all":
            p = self.number[said["who"]]
            states = self.unseen(self.stepped(self.unseen(states, p), p, what, of or ""), p)
            if what.startswith("returns"):
                success = what == "returns success"
                states = {state for state in states if self.value(state, "acknowledged")[p] == success}
        updates = "nothing" if said["document"] == "nothing" else set(said["document"].split(", "))

        def is_so(state):
            document = {self.called(q) for q in self.value(state, "document")}
            return (self.called(self.value(state, "queue")) == said["queue"] and
                    self.called(self.value(state, "sidecar")) == base(said["sidecar"]) and
                    (document or "nothing") == updates)
        states = {state for state in states if is_so(state)}
        if not states:
            raise Refused("the model can't be there")
        for p, kind in enumerate(self.kinds):
            states = self.unseen(states, p, SEEN_AT_ANY_TIME.get(kind, []))
        return states


def names_in(lines):
    """The processes of a trace, without tries."""
    return list(dict.fromkeys(base(LINE.fullmatch(line)["who"]) for line in lines if not line.startswith("all ")))


def read(lines, lock=None):
    """Refused: the trace is no path of the model."""
    checker = Checker(lock or model.load(), names_in(lines))
    states = {checker.first}
    for number, line in enumerate(lines):
        try:
            states = checker.after(states, line)
        except Refused as why:
            raise Refused(f"{why}:\n  " + "\n  ".join(lines[max(0, number - 12):number + 1])) from None


def traces(program, *setup):
    """Each trace of a setup as (how many of its lines the last one had, all its lines)."""
    with subprocess.Popen([program, *setup], stdout=subprocess.PIPE, text=True) as run:
        lines, ended = [], False
        for line in run.stdout:
            line = line.rstrip("\n")
            if line.startswith("@ "):
                same = int(line[2:])
                del lines[same:]
            elif line == ".":
                yield same, lines
            elif line == "ended":
                ended = True
            else:
                lines.append(line)
    if run.returncode != 0 or not ended:
        sys.exit(f"{program} failed at {setup}")


def check_setup(program, setup, lock=None):
    """(traces, lines that were followed). Refused: one is no path."""
    lock = lock or model.load()
    names, checker, followed, count, steps = [], None, [], 0, 0
    for same, lines in traces(program, setup):
        count += 1
        # The cast grows with what is seen: a new name makes a new checker.
        grown = names + [name for name in names_in(lines) if name not in names]
        if grown != names:
            names, checker, same = grown, Checker(lock, grown), 0
            followed = [{checker.first}]
        del followed[same + 1:]
        for number in range(len(followed) - 1, len(lines)):
            try:
                followed.append(checker.after(followed[-1], lines[number]))
            except Refused as why:
                raise Refused(f"{setup}: {why}:\n  " + "\n  ".join(lines[max(0, number - 25):number + 1])) from None
            steps += 1
    return count, steps


def refused_changes(lock):
    """How many traces with one step changed are refused: all of them, or this ends."""
    count = 0
    for kind, what, lines in changed_traces():
        try:
            read(lines, lock)
        except Refused:
            count += 1
        else:
            sys.exit(f"not refused: {kind}: {what}")
    return count


def check(program):
    changed = refused_changes(model.load())
    print(f"{changed} traces with one step changed: each is refused")
    all_traces, all_steps = 0, 0
    setups = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for setup, (count, steps) in zip(setups, pool.map(check_setup, [program] * len(setups), setups)):
            print(f"{setup}: {count} traces, {steps} steps", flush=True)
            all_traces += count
            all_steps += steps
    how_far = os.environ.get("AGENTSLOCK_EXPLORE", "usual")
    told = f"{all_traces} traces of {len(setups)} setups, {all_steps} steps in all: each is a path of the model"
    print(f"[ FIGURE   ] traces: {told}" if how_far == "small" else told)
    if how_far != "small":
        sys.path.insert(0, str(model.HERE.parent / "tests/night"))
        import measured
        measured.keep("traces", {"changed traces that are refused": changed, "traces": all_traces, "steps of traces": all_steps})


# What is kept: by its file, the setup, its preemptions, what such a trace has in this order, and what it has not.
KEPT = {
    "a_right_lock_run": ("2 of ours", "1", [r"ours 1 returns success", r"ours 2 returns success"], [r"killed", r"paused"]),
    "a_takeover": ("2 of ours", "1", [r"ours 1 claims", r"ours 1 is killed", r"ours 2 moves aside the sidecar of ours 1",
                                 r"ours 2 returns success"], [r"ours 1 renames"]),
    "a_theft": ("1 of ours, 1 Go tool, a holder that leaves", "3",
                [r"ours 1 claims", r"go tool 1 moves aside the sidecar of ours 1", r"go tool 1 renames",
                 r"ours 1 returns", r"all have ended"], [r"killed", r"paused"]),
}


def golden(program, accept):
    """Of the traces of a setup that are so, the shortest, and of these the first by its bytes."""
    GOLDEN.mkdir(exist_ok=True)
    wrong = False
    for name, (setup, preemptions, wanted, unwanted) in KEPT.items():
        found = None
        for _, lines in traces(program, setup, preemptions):
            text = "\n".join(lines) + "\n"
            order = re.compile(".*".join(wanted), re.S)
            if order.search(text) and "all have ended" in text and not any(re.search(one, text) for one in unwanted):
                found = min(found or text, text, key=lambda one: (one.count("\n"), one))
        if found is None:
            sys.exit(f"{name}: '{setup}' has no such trace")
        path = GOLDEN / f"{name}.txt"
        if accept:
            path.write_text(found)
        elif not path.exists() or path.read_text() != found:
            print(f"{path} is not what the code does; look at it, then: proofs/code_trace.py golden {program} --accept\n{found}")
            wrong = True
    return wrong


def main(arguments):
    flags = {a for a in arguments if a.startswith("--")}
    match [a for a in arguments if not a.startswith("--")]:
        case ["check", program] if not flags:
            check(program)
        case ["golden", program] if flags <= {"--accept"}:
            return golden(program, bool(flags))
        case ["read", *files] if files and not flags:
            for file in files:
                read(pathlib.Path(file).read_text().splitlines())
        case _:
            sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refused as why:
        sys.exit(f"no path of the model: {why}")
# SPDX-License-Identifier: Apache-2.0
