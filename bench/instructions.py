#!/usr/bin/env python3
"""Counts the instructions of the key paths by callgrind, and holds them against those that are kept.

    bench/instructions.py PROGRAM COMMAND [--accept]

PROGRAM is key_paths of the release build, and COMMAND its agentslock, of which whole processes are counted, from the loader's
first instruction on. bench/instructions.txt holds a line for each path: its name, and its count. One that
has grown by more than 5 % is an error; --accept writes the new figures. Counts depend on the compiler and on the C library, so
that they mean something only where those are the ones that the file was made with, which its first line tells.
"""
import concurrent.futures
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

KEPT = pathlib.Path(__file__).resolve().parent / "instructions.txt"
GROWTH_MAX = 0.05
ACCEPT = "accept by: ./dev instructions --accept"


# Whole processes on a document with 10 views.
COMMANDS = {
    "process_show_10": ["show", "--document", "lock"],
    "process_check_10": ["reconcile", "--check", "--document", "lock", "--store", "sqlite:views"],
    "process_activate_10": ["activate", "new", "--source-digest", "sha256:1", "--schema-digest", "sha256:2", "--document", "lock"],
}


def callgrind(name, call, options=(), directory=None, fine=(0,)):
    """The instructions that a call takes."""
    call = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *options, *call]
    done = subprocess.run(call, capture_output=True, text=True, cwd=directory)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode not in fine or not found or int(found[1]) == 0:
        sys.exit(f"{name}: callgrind counted nothing\n{done.stderr}")
    return int(found[1])


def count(program, name):
    return callgrind(name, [program, name], ["--toggle-collect=agentslock::bench::counted*"])


def count_process(program, command, name):
    with tempfile.TemporaryDirectory() as directory:
        document = pathlib.Path(directory) / "lock"
        document.write_bytes(subprocess.run([program, "document"], capture_output=True, check=True).stdout)
        os.utime(document, (1_700_000_000, 1_700_000_000))
        views = pathlib.Path(directory) / "views"
        views.mkdir()
        with sqlite3.connect(views / "kg_adapter-00000.db") as store:
            for number in range(10):
                store.execute(f"CREATE TABLE materialized_view_{number} (id INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT)")
        store.close()
        # Some of the views wait for something.
        return callgrind(name, [command, *COMMANDS[name]], directory=directory, fine=(0, 2, 3))


def tools():
    """The compiler and the library that the counts belong to."""
    compiler = subprocess.run(["g++-12", "-dumpfullversion"], capture_output=True, text=True, check=True).stdout.strip()
    return f"# GCC {compiler}, {' '.join(os.confstr('CS_GNU_LIBC_VERSION').split())}"


def read_kept():
    lines = KEPT.read_text().splitlines() if KEPT.exists() else []
    counts = dict(line.split() for line in lines if not line.startswith("#"))
    return {name: int(counted) for name, counted in counts.items()}


def faults(kept, counts):
    """What is wrong with these counts, a line each."""
    wrong = [f"{name} is kept, and there is no such path" for name in kept.keys() - counts.keys()]
    for name, counted in counts.items():
        before = kept.get(name)
        if before is None:
            wrong.append(f"{name} is not kept")
        elif counted > before * (1 + GROWTH_MAX):
            wrong.append(f"{name} takes {counted / before - 1:.1%} more instructions than it did: {counted:,}, not {before:,}")
    return wrong


def main(arguments):
    accept = "--accept" in arguments
    program, command = (os.path.abspath(argument) for argument in arguments if argument != "--accept")
    names = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split() + list(COMMANDS)

    def count_one(name):
        return count_process(program, command, name) if name in COMMANDS else count(program, name)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = dict(zip(names, pool.map(count_one, names)))
    kept = read_kept()
    for name, counted in counts.items():
        print(f"{name:28}{counted:>14,}  " + (f"{counted / kept[name] - 1:+.1%}" if name in kept else "new"))
    if accept:
        KEPT.write_text("\n".join([tools(), *(f"{name} {counted}" for name, counted in counts.items())]) + "\n")
        return 0
    wrong = faults(kept, counts)
    if wrong:
        print("\n".join(wrong), f"Make it as fast as it was, or {ACCEPT}", sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
# SPDX-License-Identifier: Apache-2.0
