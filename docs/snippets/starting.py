#!/usr/bin/env python3
"""Follows docs/starting.md as it stands: each way from a fresh clone in an empty directory, and how long it took: in all, and of a processor.

    starting.py [WAY...]

A block belongs to the ways that the comment before it names. One of CMake is the CMakeLists.txt, one of sh is run.
"""
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SAYS = "pending-rebuild: its tables are not what was recorded, or out of date; needs a rebuild\n"


def blocks():
    text = (SOURCE / "docs/starting.md").read_text()
    return [(ways.split(), kind, body) for ways, kind, body in
            re.findall(r"<!-- way: ([\w -]+) -->\n```(\w+)\n(.*?)```\n", text, re.S)]


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def follow(way, parts):
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        begun, used = time.monotonic(), processor_time()
        subprocess.run(["git", "clone", "-q", SOURCE, directory / "agentslock"], check=True)
        (directory / "program.cpp").write_text((SOURCE / "docs/snippets/readme_example.cpp").read_text())
        environment = os.environ | {"HOME": name, "CXX": "g++-12", "CC": "gcc-12"}
        for kind, body in parts:
            if kind == "cmake":
                (directory / "CMakeLists.txt").write_text(body)
                continue
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", body], cwd=directory, env=environment, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode != 0:
                sys.exit(f"{way}: exit status {done.returncode}\n{body}\n{done.stdout[-4000:]}")
        if not done.stdout.endswith(SAYS):
            sys.exit(f"{way}: the program should say\n{SAYS}and said\n{done.stdout[-400:]}")
        print(f"{time.monotonic() - begun:6.1f} s, of a processor {processor_time() - used:6.1f} s  {way}", flush=True)


def main():
    every = blocks()
    ways = list(dict.fromkeys(way for names, _, _ in every for way in names))
    for way in sys.argv[1:] or ways:
        parts = [(kind, body) for names, kind, body in every if way in names]
        if not parts:
            sys.exit(f"docs/starting.md has no way {way}; it has {', '.join(ways)}")
        follow(way, parts)


if __name__ == "__main__":
    main()
# SPDX-License-Identifier: Apache-2.0
