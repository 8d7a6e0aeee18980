#!/usr/bin/env python3
"""Counts the instructions of the key paths by callgrind, and holds them against those that are kept.

    bench/instructions.py PROGRAM COMMAND [--accept | --order]

PROGRAM is key_paths of the release build, and COMMAND its agentslock, of which whole processes are counted, from the loader's
first instruction on, and the pages of its code that they touch, each of which the system must map. bench/instructions.txt holds a
line for each path: its name, and its count. One that has grown by more than 5 % is an error; --accept writes the new figures.
--order writes cli/start_order.ld, by which the linker puts the functions that short commands call beside one another. Counts depend
on the compiler and on the C library, so that they mean something only where those are the ones that the file was made with, which
its first line tells.
"""
import collections
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
ORDER = KEPT.parent.parent / "cli" / "start_order.ld"
PAGE_BYTES = 4096
ACCEPT = "accept by: ./dev instructions --accept"


# Whole processes on a document with 10 views.
COMMANDS = {
    "process_show_10": ["show", "--document", "lock"],
    "process_activate_10": ["activate", "new", "--source-digest", "sha256:1", "--schema-digest", "sha256:2", "--document", "lock"],
    "process_check_10": ["reconcile", "--check", "--document", "lock", "--store", "sqlite:views"],
}


def callgrind(name, call, options=(), out="/dev/null", directory=None, fine=(0,)):
    """The instructions that a call takes."""
    call = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *options, *call]
    # In another locale there is another one to be looked for.
    done = subprocess.run(call, capture_output=True, text=True, cwd=directory, env={**os.environ, "LC_ALL": "C.UTF-8"})
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode not in fine or not found or int(found[1]) == 0:
        sys.exit(f"{name}: callgrind counted nothing\n{done.stderr}")
    return int(found[1])


def count(program, name):
    return {name: callgrind(name, [program, name], ["--toggle-collect=agentslock::bench::counted*"])}


class Process:
    """A run of the command on a document with 10 views and their store: its instructions, and what it went through of its own code."""

    def __init__(self, program, command, name, symbols):
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
            told = pathlib.Path(directory) / "callgrind.out"
            # Some of the views wait for something.
            self.instructions = callgrind(
                name, [command, *COMMANDS[name]], ["--dump-instr=yes", "--compress-pos=no", "--compress-strings=no", "--demangle=no"],
                out=told, directory=directory, fine=(0, 2, 3))
            self.functions, self.pages = gone_through(told.read_text(), command, symbols)


def gone_through(told, command, symbols):
    """What callgrind says was executed of the command itself: the functions, and the pages of its code. Whose code is that does not lie in
    .text it can't tell, and where it lies in memory, not in the file: such functions are known by their names, and the way is the same
    for all."""
    parts, whose = [], None
    for line in told.splitlines():
        if line.startswith("ob="):
            whose = line.removeprefix("ob=")
        elif line.startswith("fn="):
            parts.append((whose, line.removeprefix("fn=").split("'")[0], []))
        elif line.startswith("0x"):
            parts[-1][2].append(int(line.split()[0], 16))
    own = [(name, addresses) for whose, name, addresses in parts if whose == command]
    unknown = [(name, addresses) for whose, name, addresses in parts if whose == "???" and name in symbols and addresses]
    pages = {address // PAGE_BYTES for _, addresses in own for address in addresses}
    if unknown:
        [(way, _)] = collections.Counter(min(addresses) - symbols[name] for name, addresses in unknown).most_common(1)
        pages |= {(address - way) // PAGE_BYTES for _, addresses in unknown for address in addresses}
    return {name for name, _ in own + unknown if name in symbols}, pages


def symbols_of(command):
    """Where each function of a program lies in its file."""
    told = subprocess.run(["nm", command], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in told.splitlines()]
    return {row[2]: int(row[0], 16) for row in rows if len(row) == 3 and row[1] in "tTwW"}


def count_process(program, command, name):
    process = Process(program, command, name, symbols_of(command))
    return {name: process.instructions, f"{name}_pages": len(process.pages)}


def order(groups, symbols):
    """The linker script that puts the functions of these groups first, a group after the other; what the compiler made of one function is
    with it. A name that stands for the same code as one of them is as good: a section has but one."""
    lines, seen = [], set()
    for functions in groups:
        places = {symbols[name] for name in functions}
        names = {name.split(".")[0] for name, place in symbols.items() if place in places}
        lines += [f"    *(.text.{name} .text.{name}.*)" for name in sorted(names - seen) if name.startswith("_Z")]
        seen |= names
    return "\n".join(["/* Made by ./dev instructions --order: what short commands call lies side by side, so that they touch fewer pages. A name that",
                      "   is not there any more does no harm. */", "SECTIONS {", "  .text.first : {", *lines, "  }", "}",
                      "INSERT BEFORE .text;", "/* SPDX-License-Identifier: Apache-2.0 */"]) + "\n"


def write_order(program, command):
    symbols = symbols_of(command)
    ran = [Process(program, command, name, symbols).functions for name in COMMANDS]
    # What all call, then what is one command's own.
    ORDER.write_text(order([set.intersection(*ran), *ran], symbols))


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
            wrong.append(f"{name} takes {counted / before - 1:.1%} more than it did: {counted:,}, not {before:,}")
    return wrong


def main(arguments):
    accept = "--accept" in arguments
    program, command = (os.path.abspath(argument) for argument in arguments if not argument.startswith("--"))
    if "--order" in arguments:
        write_order(program, command)
        return 0
    names = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split() + list(COMMANDS)

    def count_one(name):
        return count_process(program, command, name) if name in COMMANDS else count(program, name)
    counts = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for counted in pool.map(count_one, names):
            counts |= counted
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
