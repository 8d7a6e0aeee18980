#!/usr/bin/env python3
"""Builds and runs the consumer in each way that the README names, from clean directories.

    ways.py [--all] DIRECTORY

Without --all, of the kernel alone: what CI can pay for. With it: each way with each compiler, standard and kind of library.
Of each shared library: it shows what public headers name, and nothing else.
"""
import argparse
import dataclasses
import itertools
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
COMPILERS = {"GCC": "g++-12", "Clang": "clang++-14"}
STANDARDS = (20, 23)
KINDS = ("static", "shared")
PARTS = ("kernel", "io", "sqlite", "postgres", "etcd")
WITH_LAWS = (*PARTS, "laws")  # which are for installing only
# What the kernel alone must do without.
OTHERS = ("Boost", "CURL", "OpenSSL", "PostgreSQL", "SQLite3", "Threads")


@dataclasses.dataclass(frozen=True)
class Row:
    way: str
    compiler: str
    standard: int
    kind: str
    parts: tuple = PARTS

    def __str__(self):
        return f"{self.way}, {self.compiler}, C++{self.standard}, {self.kind}, " + "+".join(self.parts)


#            way             compiler  C++  kind      parts
CHEAP = [Row("find_package", "Clang",  23, "shared", ("kernel",)),
         Row("pkg-config",   "Clang",  23, "shared", ("kernel",))]
WAYS = {"find_package": WITH_LAWS, "pkg-config": WITH_LAWS, "add_subdirectory": PARTS, "FetchContent": PARTS}
ALL = [Row(way, compiler, standard, kind, parts) for compiler, standard, kind, way in
       itertools.product(COMPILERS, STANDARDS, KINDS, WAYS) for parts in (WAYS[way], ("kernel",))]


def run(*call, **options):
    done = subprocess.run([str(part) for part in call], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, call))}: exit status {done.returncode}\n{done.stdout}")
    return done.stdout


def configure(source, directory, row, *settings):
    # Not optimised, without debugging information, and many files as one unit, which takes a fifth of the time: what is asked
    # is whether it builds, links and runs. ./dev starting builds file by file.
    run("cmake", "-S", source, "-B", directory, "-G", "Ninja", "-D", f"CMAKE_CXX_COMPILER={COMPILERS[row.compiler]}",
        "-D", f"CMAKE_CXX_STANDARD={row.standard}", "-D", "CMAKE_BUILD_TYPE=Debug", "-D", "CMAKE_CXX_FLAGS_DEBUG=-O0",
        "-D", "CMAKE_UNITY_BUILD=ON", "-D", "CMAKE_UNITY_BUILD_BATCH_SIZE=30",
        "-D", f"BUILD_SHARED_LIBS={'ON' if row.kind == 'shared' else 'OFF'}", *settings)


def programs(row):
    return ["kernel_only", "kernel_plain"] + [f"with_{part}" for part in row.parts if part != "kernel"]


def without_others(row):
    return [] if row.parts != ("kernel",) else [word for name in OTHERS
                                                for word in ("-D", f"CMAKE_DISABLE_FIND_PACKAGE_{name}=ON")]


def symbols(library, *options):
    """What a library defines, by name, without arguments; and without what it returns, with which a template's name would begin."""
    listed = run("nm", "--defined-only", *options, library).splitlines()
    names = run("c++filt", "--no-params", input="\n".join(line.split(maxsplit=2)[2] for line in listed)).splitlines()
    return {re.split(r"[(<\[]", re.sub(r"^.* for |.* thunk to ", "", name))[0] for name in names}


def shows_only_what_is_public(library, headers):
    named = {word for path in headers.rglob("*.hpp") for word in re.findall(r"\w+", path.read_text())}

    def is_public(symbol):
        # Of a class it is enough that it is named: what holds a public class's contents, and its friends, show what they define.
        parts = symbol.split("::")[1:]
        return symbol.startswith("agentslock::") and all(
            re.sub(r"^(operator\b).*", r"\1", part) in named for part in parts[:-1] or parts)
    shown = symbols(library, "--dynamic")
    if not shown or not all(map(is_public, shown)):
        sys.exit(f"{library} shows {sorted(shown - set(filter(is_public, shown))) or 'nothing'}")
    # There is something to hide: functions with external linkage in private headers.
    if all(symbol.endswith("::") or is_public(symbol) for symbol in symbols(library) if symbol.startswith("agentslock::")):
        sys.exit(f"{library} has nothing of ours that is not public: is this check blind?")


def installed(row, directory):
    """The libraries of a row, built and installed once for all rows that want the same."""
    prefix = directory / f"{row.compiler}-{row.standard}-{row.kind}-{len(row.parts)}" / "prefix"
    if not prefix.exists():
        build = prefix.parent / "build"
        configure(SOURCE, build, row, "-D", f"CMAKE_INSTALL_PREFIX={prefix}", "-D", "AGENTSLOCK_COMMAND=OFF",
                  "-D", "AGENTSLOCK_TESTS=OFF", "-D", "AGENTSLOCK_C=OFF", "-D", "AGENTSLOCK_STATIC=OFF",
                  *(word for part in WITH_LAWS if part != "kernel"
                    for word in ("-D", f"AGENTSLOCK_{part.upper()}={'ON' if part in row.parts else 'OFF'}")))
        run("cmake", "--build", build)
        run("cmake", "--install", build)
        libraries = [path for path in (prefix / "lib").glob("*.so") if row.kind == "shared"]
        if row.kind == "shared" and len(libraries) != sum(part in PARTS for part in row.parts):
            sys.exit(f"{prefix} has {libraries}")
        for library in libraries:
            shows_only_what_is_public(library, prefix / "include")
    return prefix


def by_pkg_config(row, prefix, directory):
    directory.mkdir(parents=True)
    [modules] = {path.parent for path in prefix.rglob("agentslock-kernel.pc")}
    static = ["--static"] if row.kind == "static" else []
    for program in programs(row):
        module = "agentslock-" + program.removeprefix("with_") if program.startswith("with_") else "agentslock-kernel"
        told = run("pkg-config", *static, "--cflags", "--libs", module,
                   env=os.environ | {"PKG_CONFIG_PATH": str(modules)}).split()
        plain = ["-fno-exceptions", "-fno-rtti"] if program == "kernel_plain" else []
        source = HERE / f"{program.replace('plain', 'only')}.cpp"
        run(COMPILERS[row.compiler], f"-std=c++{row.standard}".replace("23", "2b"), *plain, source, "-o", directory / program,
            *told, f"-Wl,-rpath,{modules.parent}")


def holds(row, directory):
    """Builds one row and runs its programs."""
    here = directory / str(row).replace(", ", "-").replace("+", "-")
    if row.way == "pkg-config":
        by_pkg_config(row, installed(row, directory), here)
    else:
        settings = ["-D", f"WAY={row.way}", "-D", "PARTS=" + ";".join(row.parts), *without_others(row)]
        if row.way == "find_package":
            settings += ["-D", f"CMAKE_PREFIX_PATH={installed(row, directory)}"]
        else:
            settings += ["-D", f"SOURCE={SOURCE}"]
        configure(HERE, here, row, *settings)
        run("cmake", "--build", here)
        # Nothing of agentslock's is installed with what only uses it.
        run("cmake", "--install", here, "--prefix", here / "prefix")
        files = [str(path.relative_to(here / "prefix")) for path in (here / "prefix").rglob("*") if not path.is_dir()]
        if files != ["bin/kernel_only"]:
            sys.exit(f"{row}: installed {files}")
    for program in programs(row):
        run(here / program, cwd=here)


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("directory", type=pathlib.Path)
    told = arguments.parse_args()
    directory = told.directory.resolve()
    shutil.rmtree(directory, ignore_errors=True)
    rows = ALL if told.all else CHEAP
    for row in rows:
        begun, used = time.monotonic(), processor_time()
        holds(row, directory)
        print(f"{time.monotonic() - begun:6.1f} s, of a processor {processor_time() - used:6.1f} s  {row}", flush=True)
    print(f"{len(rows)} of {len(rows)} ways build and run")


if __name__ == "__main__":
    main()
# SPDX-License-Identifier: Apache-2.0
