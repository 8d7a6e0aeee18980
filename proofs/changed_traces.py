"""Traces with one step changed, each of which the model must refuse: (the kind of change, what was changed, the lines).

Each kind of CHANGES is a function that makes them of the traces that are kept.
"""
import model

GOLDEN = model.HERE / "traces"
OVER = ("which is the one it read", "renames", "syncs the directory")


def kept(name):
    return (GOLDEN / f"{name}.txt").read_text().splitlines()


def at(lines, what):
    """Which line says this first."""
    return next(number for number, line in enumerate(lines) if what in line)


def without(lines, number):
    return lines[:number] + lines[number + 1:]


def dropped(lines):
    for what in ("enters the queue", "claims", "looks at the sidecar", "reads the document", "writes the new document",
                 *OVER, "moves aside", "removes the sidecar", "leaves the queue"):
        yield what, without(lines, at(lines, what))


def without_looks_after(lines):
    after = at(lines, "syncs the directory")
    yield "no look after it", [line for number, line in enumerate(lines) if number <= after or "looks at" not in line]


def swapped(lines):
    for first, second in (("claims", "reads the document"), ("writes the new", "looks at the sidecar"), OVER[:2], OVER[1:]):
        changed, one, other = list(lines), at(lines, first), at(lines, second)
        changed[one], changed[other] = changed[other], changed[one]
        yield f"{first} and {second}", changed


def replaced(lines, what, old, new):
    number = at(lines, what)
    if old not in lines[number]:
        raise ValueError(f"no '{old}' in: {lines[number]}")
    return [*lines[:number], lines[number].replace(old, new, 1), *lines[number + 1:]]


def of_another_process(lines):
    for what in ("claims", "renames", "syncs the directory", "moves aside", "leaves the queue"):
        yield what, replaced(lines, what, "ours 1", "ours 2")


def with_another_result(lines):
    for what, old, new in (("looks at the sidecar", "sidecar of ours 1 |", "sidecar of ours 2 |"),
                           (OVER[0], "the one it read", "another one"),
                           ("claims", "sidecar: ours 1", "sidecar: nobody"),
                           ("renames", "document: ours 1", "document: nothing"),
                           ("enters the queue", "enters the queue", "finds no queue")):
        yield f"{what}: {new}", replaced(lines, what, old, new)


def success_of_the_robbed(lines):
    yield "", replaced(lines, "returns that the outcome", "returns that the outcome is uncertain", "returns success")


def in_other_words(lines):
    yield "grabs", replaced(lines, "claims", "claims", "grabs")


# By the kind of change, the trace that is changed, and how.
CHANGES = {"a step that is dropped": ("a_right_lock_run", dropped),
           "a look again that is left out": ("a_right_lock_run", without_looks_after),
           "two steps that are swapped": ("a_right_lock_run", swapped),
           "a step of another process": ("a_right_lock_run", of_another_process),
           "a step with another result": ("a_right_lock_run", with_another_result),
           "success where the lock was stolen": ("a_theft", success_of_the_robbed),
           "a step in other words": ("a_right_lock_run", in_other_words)}


def changed_traces():
    for kind, (name, change) in CHANGES.items():
        for what, lines in change(kept(name)):
            yield kind, what, lines
# SPDX-License-Identifier: Apache-2.0
