#!/usr/bin/env python3
"""Compares the C library's binary interface with the one that is recorded.

    compare.py LIBRARY [--accept]

LIBRARY is built with -g. What is recorded lies beside this file: libagentslock.abi, as libabigail describes the library, and
numbers.txt, the numbers of agentslock.h, which no library shows. --accept records them anew. Before it believes a comparison
it changes the record in ways that break programs, and sees that each is found.

Exit status: 0 the same, 1 not, 2 usage.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"
RECORDED, NUMBERS = HERE / "libagentslock.abi", HERE / "numbers.txt"
MENDS = "If the change is meant: ./dev abi --accept. What programs that are there can't bear asks for another SOVERSION, too."

# Each takes out or changes something that a program relies on.
BREAKS = {
    "a function is gone": (r" *<elf-symbol name='agentslock_gate_ask'[^\n]*\n", ""),
    "a function takes its arguments in another order":
        (r"(<function-decl name='agentslock_reconcile'[^\n]*\n)( *<parameter [^\n]*\n)( *<parameter [^\n]*\n)", r"\1\3\2"),
    "a function returns something else":
        (r"(<function-decl name='agentslock_listing_view_count'.*?<parameter type-id=')([^']*)('.*?<return type-id=')[^']*",
         r"\1\2\3\2"),
    "a struct has lost its last member":
        (r"(<class-decl name='agentslock_dependency'.*?)( *<data-member [^<]*<var-decl name='version'.*?</data-member>\n)", r"\1"),
    "a struct has another size": (r"(<class-decl name='agentslock_text' size-in-bits=')128", r"\g<1>192"),
}


def described(library, at):
    """What libabigail says of a library, by the public header alone."""
    subprocess.run(["abidw", "--headers-dir", INCLUDE, "--drop-private-types", "--exported-interfaces-only",
                    "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--out-file", at, library], check=True)
    return at.read_text()


def numbers():
    found = re.findall(r"\b(AGENTSLOCK_\w+) = (-?\d+)", (INCLUDE / "agentslock.h").read_text())
    assert len(found) > 50 and len(dict(found)) == len(found)
    return "".join(f"{name} {number}\n" for name, number in sorted(found))


def difference(old, new):
    """What abidiff says of two descriptions; empty when they are the same."""
    done = subprocess.run(["abidiff", "--harmless", old, new], capture_output=True, text=True)
    if done.returncode & 3:  # its own failure, or a wrong call
        raise RuntimeError(done.stderr + done.stdout)
    return done.stdout if done.returncode else ""


def undetected(recorded, directory):
    """The names of the breaks that are not found."""
    changed = directory / "changed.abi"
    for name, (pattern, replacement) in BREAKS.items():
        text, count = re.subn(pattern, replacement, recorded, count=1, flags=re.S)
        if count != 1 or text == recorded:
            yield f"{name} (can't be made)"
            continue
        changed.write_text(text)
        if not difference(RECORDED, changed):
            yield name


def main(arguments):
    accept = "--accept" in arguments
    libraries = [one for one in arguments if one != "--accept"]
    if len(libraries) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        now = directory / "now.abi"
        text = described(libraries[0], now)
        if accept:
            RECORDED.write_text(text)
            NUMBERS.write_text(numbers())
        missed = list(undetected(RECORDED.read_text(), directory))
        if missed:
            print("the comparison does not find: " + "; ".join(missed), file=sys.stderr)
            return 1
        told = difference(RECORDED, now)
        if NUMBERS.read_text() != numbers():
            old, new = (set(one.splitlines()) for one in (NUMBERS.read_text(), numbers()))
            told += f"numbers of agentslock.h: gone {sorted(old - new)}, new {sorted(new - old)}\n"
        if told:
            print(f"{told}\nThe binary interface of the C library is not the recorded one. {MENDS}", file=sys.stderr)
            return 1
    functions = len(re.findall("<function-decl ", text))
    print(f"{functions} functions as recorded; {len(BREAKS)} breaks of them found")
    return 0


sys.exit(main(sys.argv[1:]))
# SPDX-License-Identifier: Apache-2.0
