#!/usr/bin/env python3
"""Counts the instructions of the key paths by callgrind, and holds them against those that are kept.

    bench/instructions.py PROGRAM [--accept]

PROGRAM is key_paths of the release build. bench/instructions.txt holds a line for each path: its name, and its count. One that
has grown by more than 5 % is an error; --accept writes the new figures. Counts depend on the compiler and on the C library, so
that they mean something only where those are the ones that the file was made with, which its first line tells.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

KEPT = pathlib.Path(__file__).resolve().parent / "instructions.txt"
GROWTH_MAX = 0.05
ACCEPT = "accept by: ./dev instructions --accept"


def count(program, name):
    call = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=agentslock::bench::counted*",
            program, name]
    done = subprocess.run(call, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found or int(found[1]) == 0:
        sys.exit(f"{name}: callgrind counted nothing\n{done.stderr}")
    return int(found[1])


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
    [program] = [argument for argument in arguments if argument != "--accept"]
    names = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = dict(zip(names, pool.map(lambda name: count(program, name), names)))
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
