#!/usr/bin/env python3
"""Makes the Debian packages, and holds them against what they promise.

    packages.py make SOURCE BUILD          builds and packs; prints what was made
    packages.py lint BUILD                 lintian finds no error
    packages.py alike BUILD DIRECTORY      a fresh clone, built without a cache in another directory, makes the same, bit for bit
    packages.py install BUILD DIRECTORY    in a clean root: apt installs them, and programs of C and C++ are compiled and run

`install` needs root. Packages come from where this machine's own come from. Each says how long it took: in all, and of a processor.
"""
import filecmp
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
NAMES = {"libagentslock0", "libagentslock-dev", "agentslock"}
SAYS = "pending-rebuild: its tables are not what was recorded, or out of date; needs a rebuild\n"


def run(*call, **options):
    done = subprocess.run([str(part) for part in call], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, call))}: exit status {done.returncode}\n{done.stdout[-8000:]}")
    return done.stdout


def packages(build):
    found = sorted(pathlib.Path(build).glob("*.deb"))
    names = {path.name.split("_")[0] for path in found}
    if names != NAMES:
        sys.exit(f"{build} should hold packages of {sorted(NAMES)} and has {sorted(names)}")
    return found


def make(source, build, environment=None):
    """Builds and packs."""
    # Whole paths: CPack works in the build's directory.
    source, build = pathlib.Path(source).resolve(), pathlib.Path(build).resolve()
    for old in build.glob("*.deb"):
        old.unlink()
    run("cmake", "--preset", "package", "-B", build, cwd=source, env=environment)
    run("cmake", "--build", build, env=environment)
    run("cpack", "--config", build / "CPackConfig.cmake", "-B", build, cwd=build, env=environment)
    return packages(build)


def lint(build):
    found = packages(build)
    root = ["--allow-root"] if os.geteuid() == 0 else []
    done = subprocess.run(["lintian", *root, "--fail-on", "error", *map(str, found)], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    print(done.stdout, end="")
    if done.returncode != 0:
        sys.exit(f"lintian: exit status {done.returncode}")


def alike(build, directory):
    first = packages(build)
    directory = pathlib.Path(directory).resolve()
    shutil.rmtree(directory, ignore_errors=True)
    # A cache of compilations would hand the second what the first has made.
    environment = {name: value for name, value in os.environ.items() if "LAUNCHER" not in name} | {"CCACHE_DISABLE": "1"}
    source = directory / "another/name"
    run("git", "clone", "-q", SOURCE, source)
    second = make(source, source / "build/package", environment)
    for one, other in zip(first, second, strict=True):
        if one.name != other.name or not filecmp.cmp(one, other, shallow=False):
            sys.exit(f"{one} and {other} differ; diffoscope says where")
    print(f"{len(first)} packages are the same from both directories")


def mirror():
    """Where this machine has Debian from."""
    for path in (pathlib.Path("/etc/apt/sources.list"), *pathlib.Path("/etc/apt/sources.list.d").glob("*")):
        found = path.is_file() and re.search(r"^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+/debian)/?\s", path.read_text(), re.M)
        if found:
            return found[1]
    sys.exit("apt's sources name no Debian archive to make a clean root from")


def make_root(directory):
    """Debian 12, with what it cannot be without. Returns its path."""
    root = pathlib.Path(directory).resolve()
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    run("debootstrap", "--variant=minbase", "bookworm", root, mirror())
    for path in pathlib.Path("/etc/apt/apt.conf.d").glob("*"):
        # What says how to reach the mirror; the rest is this machine's own.
        if "Proxy" in path.read_text():
            shutil.copy(path, root / "etc/apt/apt.conf.d" / path.name)
    return root


def in_root(root, *call, enter=("chroot",)):
    """The call, with nothing of this machine's environment but the way to the mirror; what it says. `enter` is what takes a root
    and a call."""
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    return run(*enter, root, *call, env=proxies | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
                                                     "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"})


def install(build, directory):
    found = packages(build)
    root = make_root(directory)
    (root / "packages").mkdir()
    for path in found:
        shutil.copy(path, root / "packages")
    for name in ("tests/consumer/with_io.cpp", "docs/snippets/readme_example.cpp", "tests/packages/example.c",
                 "tests/packages/CMakeLists.txt", "tests/packages/inside.sh"):
        shutil.copy(SOURCE / name, root / "packages")
    said = in_root(root, "/bin/bash", "/packages/inside.sh")
    if not said.endswith(SAYS):
        sys.exit(f"the example should say\n{SAYS}and said\n{said[-2000:]}")
    print(f"{', '.join(path.name for path in found)} are installed in a clean root, and programs run")
    shutil.rmtree(root)


def main():
    calls = {"make": (make, 2), "lint": (lint, 1), "alike": (alike, 2), "install": (install, 2)}
    if len(sys.argv) < 2 or sys.argv[1] not in calls or len(sys.argv) != 2 + calls[sys.argv[1]][1]:
        sys.exit(__doc__)
    begun = time.monotonic()
    result = calls[sys.argv[1]][0](*sys.argv[2:])
    for path in result or []:
        print(path)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{time.monotonic() - begun:6.1f} s, of a processor {used.ru_utime + used.ru_stime:6.1f} s  {sys.argv[1]}")


if __name__ == "__main__":
    main()
# SPDX-License-Identifier: Apache-2.0
