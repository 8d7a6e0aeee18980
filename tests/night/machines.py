#!/usr/bin/env python3
"""The tests of kernel and io on machines that are not this one: another order of bytes, another size of words, another library.

    machines.py [--write] ROOT [MACHINE...]

MACHINE is one or more of MACHINES; all without one. ROOT is a clean Debian of its own, which is made where it is not there: the
compilers for other machines and what these link stand in it, and nothing of this machine changes. Programs for another
processor are run by qemu. Each machine says how many tests it passed, and how long it took. --write puts how many, when each was
tried last, into docs/testing.md. Needs root.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import measured

sys.path.insert(0, str(measured.SOURCE / "tests/packages"))
import packages

COMMON = ["cmake", "ninja-build", "python3", "qemu-user", "libboost1.81-dev"]
# What io links, for each machine that runs it.
LINKED = ["libboost-json1.81-dev", "libboost-filesystem1.81-dev", "libssl-dev", "libsqlite3-dev", "libfmt-dev", "libgtest-dev",
          "librapidcheck-dev"]
KERNEL = ["kernel_tests"]
# Those whose programs start themselves again need a kernel that takes programs of both kinds, and are left out.
IO = [*KERNEL, "io_tests", "sqlite_tests", "property_tests", "regression_tests"]


class Machine:
    """How programs are made for it, and run: Debian's name of the machine, GCC's, and qemu's; or another library alone."""

    def __init__(self, debian=None, gcc=None, qemu=None, tests=KERNEL, packages=(), options=()):
        self.debian, self.gcc, self.qemu, self.tests = debian, gcc, qemu, tests
        self.packages, self.options = list(packages), list(options)
        if gcc:
            self.packages += [f"g++-12-{gcc}", f"libstdc++6:{debian}"]
            self.packages += [f"{name}:{debian}" for name in (LINKED if tests is IO else ["libgtest-dev"])]
            self.options += [f"-DCMAKE_SYSTEM_PROCESSOR={qemu}", "-DCMAKE_SYSTEM_NAME=Linux", f"-DCMAKE_CXX_COMPILER={gcc}-g++-12",
                             f"-DCMAKE_C_COMPILER={gcc}-gcc-12"]


# Its memory_resource came with 16. There is no GoogleTest of it, so that one is made of its sources.
GTEST = "/opt/libc++"
MACHINES = {
    "arm64": Machine("arm64", "aarch64-linux-gnu", "aarch64", IO),
    "s390x": Machine("s390x", "s390x-linux-gnu", "s390x", IO),
    "i386": Machine("i386", "i686-linux-gnu", "i386"),
    "libc++": Machine(packages=["clang-19", "libc++-19-dev", "libc++abi-19-dev", "googletest"],
                      options=["-DCMAKE_CXX_COMPILER=clang++-19", "-DCMAKE_C_COMPILER=clang-19", "-DCMAKE_CXX_FLAGS=-stdlib=libc++",
                               f"-DCMAKE_PREFIX_PATH={GTEST}"]),
}


# A machine has these two file systems; in a namespace of its own they are gone when the call is.
ENTER = ("unshare", "--mount", "sh", "-c", 'mount -t proc proc "$0/proc" && mount -t sysfs -o ro sysfs "$0/sys" && exec chroot "$0" "$@"')


def inside(root, *call, directory="/"):
    """Runs a command in the root, and ends with what it said when it fails."""
    return packages.in_root(root, "/usr/bin/env", "-C", directory, *call, enter=ENTER)


def make_root(root, machines):
    """A Debian that has what the machines need; what is there already stays."""
    if not (root / "etc/debian_version").exists():
        packages.make_root(root)
    for machine in machines:
        if machine.debian:
            inside(root, "dpkg", "--add-architecture", machine.debian)
    wanted = sorted({name for machine in machines for name in [*COMMON, *machine.packages]})
    inside(root, "apt-get", "update", "-qq")
    inside(root, "apt-get", "install", "-y", "-qq", "--no-remove", "--no-install-recommends", *wanted)


def put_source(root):
    """The files of the project as they are now, with their times, so that what has not changed is not built again."""
    shutil.rmtree(root / "source", ignore_errors=True)
    listed = packages.run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=measured.SOURCE).split("\0")
    for name in filter(None, listed):
        target = root / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(measured.SOURCE / name, target, follow_symlinks=False)


def gtest_of_libcxx(root, machine):
    if (root / GTEST.lstrip("/") / "lib/cmake/GTest").exists():
        return
    inside(root, "cmake", "-G", "Ninja", "-S", "/usr/src/googletest", "-B", "/build/gtest", f"-DCMAKE_INSTALL_PREFIX={GTEST}",
           "-DCMAKE_INSTALL_LIBDIR=lib", "-DCMAKE_BUILD_TYPE=Release", *machine.options)
    inside(root, "cmake", "--build", "/build/gtest", "--target", "install")


def passed_of(name, said):
    """How many tests a program says have passed. Ends when it is none, or not all."""
    found = re.search(r"^\[  PASSED  \] ([1-9]\d*) tests?\.$", said, re.M)
    if not found or "[  FAILED  ]" in said:
        sys.exit(f"{name}: not all tests have passed\n{said[-2000:]}")
    return int(found[1])


def check(root, name, machine):
    """How many tests passed. Ends with what was said when one did not."""
    build = f"/build/{name}"
    if name == "libc++":
        gtest_of_libcxx(root, machine)
    with_io = "ON" if machine.tests is IO else "OFF"
    inside(root, "cmake", "-G", "Ninja", "-S", "/source", "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DAGENTSLOCK_STRICT=ON",
           f"-DAGENTSLOCK_IO={with_io}", f"-DAGENTSLOCK_SQLITE={with_io}", "-DAGENTSLOCK_POSTGRES=OFF", "-DAGENTSLOCK_ETCD=OFF",
           "-DAGENTSLOCK_C=OFF", "-DAGENTSLOCK_COMMAND=OFF", "-DAGENTSLOCK_BENCH=OFF", "-DAGENTSLOCK_COMPANIONS=OFF",
           # Tests are run below, and not looked into while they are built.
           "-DCMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE=PRE_TEST", *machine.options)
    inside(root, "cmake", "--build", build, "--target", *machine.tests)
    runner = [f"qemu-{machine.qemu}"] if machine.qemu else []
    passed = 0
    for test in machine.tests:
        [program] = [path for path in (root / build.lstrip("/")).rglob(test) if path.is_file()]
        said = inside(root, *runner, f"/{program.relative_to(root)}", "--gtest_brief=1", directory=f"/{program.parent.relative_to(root)}")
        passed += passed_of(f"{name}: {test}", said)
    return passed


def lines_of(figures):
    """What the page says of the figures that are kept."""
    return [f"{name}: {figures[f'tests passed on {name}']} tests of {', '.join(machine.tests)}" for name, machine in MACHINES.items()
            if f"tests passed on {name}" in figures]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("machines", nargs="*", metavar="MACHINE", help=", ".join(MACHINES))
    given = parser.parse_args()
    unknown = [name for name in given.machines if name not in MACHINES]
    if unknown:
        parser.error(f"no such machine: {', '.join(unknown)}; there are {', '.join(MACHINES)}")
    if os.geteuid() != 0:
        sys.exit("a root of its own can only be made by root")
    chosen = {name: MACHINES[name] for name in given.machines or MACHINES}
    root = given.root.resolve()
    root.mkdir(parents=True, exist_ok=True)
    make_root(root, chosen.values())
    put_source(root)
    for name, machine in chosen.items():
        begun = time.monotonic()
        passed = check(root, name, machine)
        print(f"{name}: {passed} tests of {', '.join(machine.tests)} passed, {time.monotonic() - begun:.0f} s", flush=True)
        measured.keep("machines", {f"tests passed on {name}": passed})
    if given.write:
        measured.put("machines", lines_of(measured.kept("machines")))


if __name__ == "__main__":
    main()
# SPDX-License-Identifier: Apache-2.0
