#!/usr/bin/env python3
"""Follows docs/starting.md as it stands: each way from a fresh clone in an empty directory, and how long it took: in all, and of a processor.

    starting.py [WAY...]

A block belongs to the ways that the comment before it names. One of CMake is the CMakeLists.txt, one of sh is run: if the comment
ends in "in a clean root", in a Debian 12 of its own, where the directory is /home and nothing else is installed; that needs root.
"""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "tests/packages"))
import packages  # noqa: E402
SAYS = "pending-rebuild: its tables are not what was recorded, or out of date; needs a rebuild\n"


def blocks():
    text = (SOURCE / "docs/starting.md").read_text()
    return [(ways.split(), "clean root" if root else kind, body) for ways, root, kind, body in
            re.findall(r"<!-- way: ([\w -]+)(, in a clean root)? -->\n```(\w+)\n(.*?)```\n", text, re.S)]


def in_clean_root(directory, body):
    """What the block says, run in a root that has nothing of this machine but the directory's files."""
    root = packages.make_root(directory / "root")
    for path in directory.iterdir():
        if path.is_file():
            shutil.copy(path, root / "home")
    shutil.copytree(directory / "agentslock/build/package", root / "home/agentslock/build/package",
                    ignore=lambda at, names: [name for name in names if not name.endswith(".deb")])
    return packages.in_root(root, "bash", "-euo", "pipefail", "-c", "cd /home\n" + body)


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
            elif kind == "clean root":
                said = in_clean_root(directory, body)
            else:
                said = packages.run("bash", "-euo", "pipefail", "-c", body, cwd=directory, env=environment)
        if not said.endswith(SAYS):
            sys.exit(f"{way}: the program should say\n{SAYS}and said\n{said[-400:]}")
        print(f"{time.monotonic() - begun:6.1f} s, of a processor {processor_time() - used:6.1f} s  {way}", flush=True)


def main():
    every = blocks()
    ways = list(dict.fromkeys(way for names, _, _ in every for way in names))
    chosen = {way: [(kind, body) for names, kind, body in every if way in names] for way in sys.argv[1:] or ways}
    for way, parts in chosen.items():
        if not parts:
            sys.exit(f"docs/starting.md has no way {way}; it has {', '.join(ways)}")
        if os.geteuid() != 0 and any(kind == "clean root" for kind, _ in parts):
            sys.exit(f"{way} needs root, for a clean one; follow by name the others of {', '.join(ways)}")
    for way, parts in chosen.items():
        follow(way, parts)


if __name__ == "__main__":
    main()
# SPDX-License-Identifier: Apache-2.0
