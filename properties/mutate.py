#!/usr/bin/env python3
"""Mutation testing: small faults put into kernel/ and io/, each of which the tests must notice.

    mutate.py [--write] [--seed N] [--sample N] [--seconds N] [--jobs N] BUILD LAYER...

A mutant is one source with one place changed: see mutations.py. A seeded sample of all is taken, of each layer (kernel, io) so
many. Its object is compiled without optimisation and linked in front of the libraries of BUILD, into the fastest test programs
that know the file; it is killed when one of them fails, or does not end. Most of these programs wait more than they compute: as many
mutants as --jobs says are tried at once. What became of each is kept in build/night/mutants.json, so that a run that is stopped
goes on; one that has survived is tried again when the tests have changed. Mutants that survive because they change nothing stand in
survivors.txt with the reason, and are not counted. Ends with an error when less than 95 % of a layer's are killed, when the list
names one that is killed or is none, or when a survivor is neither listed nor allowed by the goal. --write puts the figures into
docs/testing.md, and leaves those of a layer that was not named.
"""
import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent
sys.path.insert(0, str(SOURCE / "tests/night"))
import measured
import mutations

GOAL = 95.0
STATE = measured.KEPT / "mutants.json"
IO = "io/tests/"
# By where a source lies, the programs that know it, the fastest first.
TESTS = [("kernel/", ["kernel/kernel_tests"]),
         ("io/presence/sqlite/", [IO + "sqlite_tests"]),
         ("io/program/", [IO + "program_tests"]),
         ("io/lock/", [IO + "io_tests", IO + "fault_tests", IO + "lock_tests", IO + "schedule_tests"]),
         ("io/system/", [IO + "io_tests", IO + "fault_tests", IO + "lock_tests"]),
         ("io/file/", [IO + "io_tests", IO + "fault_tests"]),
         ("io/store/", [IO + "io_tests", IO + "fault_tests", IO + "lock_tests"]),
         ("io/pass/", [IO + "io_tests", IO + "lifecycle_tests"]),
         ("io/presence/", [IO + "io_tests", IO + "lifecycle_tests"]),
         ("io/", [IO + "io_tests"])]


def sources(layer):
    """The sources of a layer. What needs a server is left out: its tests take too long for each mutant."""
    return [path for path in sorted((SOURCE / layer).rglob("*.cpp"))
            if not {"tests", "postgres", "etcd"} & set(path.relative_to(SOURCE).parts)]


def name_of(path, one):
    return f"{path.relative_to(SOURCE)}: {one}"


def tests_of(name):
    return next(tests for beginning, tests in TESTS if name.startswith(beginning))


class Build:
    """A build whose objects are taken but for one."""

    def __init__(self, directory):
        self.directory = directory.resolve()
        self.compile = {}
        for one in json.loads((self.directory / "compile_commands.json").read_text()):
            self.compile.setdefault(str(pathlib.Path(one["file"]).resolve()), shlex.split(one["command"]))
        self.seconds, self.lock = {}, threading.Lock()

    def arguments(self, path):
        """What the compiler is told about a source, without its output."""
        words = self.compile[str(path)]
        words = words[next(i for i, word in enumerate(words) if "++" in word):]
        cut = words.index("-o")
        return [word for word in words[:cut] + words[cut + 2:] if word not in ("-c", str(path)) and not word.startswith("-O")]

    def object_of(self, path, text, into):
        """Compiles a text in the place of a source. False: it does not compile."""
        copy = into / path.name
        copy.write_text(text)
        call = [*self.arguments(path), "-O0", "-g0", "-w", "-iquote", str(path.parent), "-c", str(copy), "-o", str(into / "mutant.o")]
        return subprocess.run(call, cwd=self.directory, capture_output=True).returncode == 0

    @functools.cache
    def link_of(self, test):
        told = subprocess.run(["ninja", "-t", "commands", "-s", test], cwd=self.directory, check=True, capture_output=True,
                              text=True).stdout
        line = next(one for one in told.splitlines() if f" -o {test} " in one)
        words = shlex.split(line.split("&&")[1] if "&&" in line else line)
        return tuple(words[next(i for i, word in enumerate(words) if "++" in word):])

    @functools.cache
    def digest(self, test):
        """Of a program of tests and of all that is linked into it."""
        return hashlib.sha256((self.directory / test).read_bytes()).hexdigest()[:12]

    def link(self, test, into):
        words = list(self.link_of(test))
        words[words.index("-o") + 1] = str(into / "tests")
        # The mutant stands first, and is what is taken where the library has it, too.
        first = next(i for i, word in enumerate(words) if word.endswith(".o"))
        words[first:first] = [str(into / "mutant.o"), "-Wl,-z,muldefs", "-fuse-ld=lld"]
        subprocess.run(words, cwd=self.directory, check=True, capture_output=True)

    def passes(self, test, program):
        """Whether a program of tests passes. Its own time is measured first; ten times as long is too long."""
        call = [str(program), "--gtest_brief=1", "--gtest_fail_fast"]
        kept = {"cwd": self.directory / pathlib.Path(test).parent, "env": mutations.environment(), "stdout": subprocess.DEVNULL,
                "stderr": subprocess.DEVNULL}
        with self.lock:
            if test not in self.seconds:
                begin = time.monotonic()
                if subprocess.run([str(self.directory / test), *call[1:]], **kept).returncode != 0:
                    raise measured.Fault(f"{test} fails without any mutant")
                self.seconds[test] = time.monotonic() - begin
        try:
            return subprocess.run(call, timeout=30 + 10 * self.seconds[test], **kept).returncode == 0
        except subprocess.TimeoutExpired:
            return False


def tried(build, path, one):
    """What becomes of a mutant: "not built", "killed by TEST", "survived"."""
    with tempfile.TemporaryDirectory() as directory:
        into = pathlib.Path(directory)
        if not build.object_of(path, one.applied(path.read_text()), into):
            return "not built"
        for test in tests_of(str(path.relative_to(SOURCE))):
            build.link(test, into)
            if not build.passes(test, into / "tests"):
                return f"killed by {pathlib.Path(test).name}"
    return "survived"


class Kept:
    """What became of mutants, in a file."""

    def __init__(self, file, build):
        self.file, self.build, self.lock = file, build, threading.Lock()
        self.state = json.loads(file.read_text()) if file.exists() else {}

    def result(self, path, one, may_begin):
        """Of a mutant, which is tried where nothing is known of it; nothing when that may not begin any more."""
        name = name_of(path, one)
        # Of a source that has changed nothing is known any more, and of a survivor nothing when tests have.
        key = hashlib.sha256((name + path.read_text()).encode()).hexdigest()[:24]
        survived = "survived " + "".join(self.build.digest(test) for test in tests_of(name))
        known = self.state.get(key)
        if known is None or (known.startswith("survived") and known != survived):
            if not may_begin():
                return None
            known = tried(self.build, path, one)
            print(f"{known}: {name}", flush=True)
            known = survived if known == "survived" else known
            with self.lock:
                self.state[key] = known
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self.file.write_text(json.dumps(self.state, indent=1))
        return "survived" if known == survived else known


def sampled(build, layer, seed, count):
    """So many mutants of a layer, drawn by the seed: (source, mutant). And how many there are. A change of one source leaves the
    others' in the sample."""
    everything = [(path, one) for path in sources(layer) for one in mutations.of(path, build.arguments(path))]
    everything.sort(key=lambda mutant: hashlib.sha256(f"{seed} {name_of(*mutant)}".encode()).digest())
    return everything[:count], len(everything)


def listed(text):
    """The survivors that change nothing: by name, the reason."""
    reasons = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, separator, reason = line.rpartition(" -- ")
            if not separator or not reason:
                raise measured.Fault(f"survivors.txt: no reason is given: {line}")
            reasons[name] = reason
    return reasons


def judged(layer, results, reasons):
    """(a line for the page, the share that was killed, what is wrong) of {name: what became of it}."""
    built = {name: result for name, result in results.items() if result != "not built"}
    wrong = [f"survivors.txt: it is {built[name]} after all: {name}" for name in reasons
             if name in built and built[name] != "survived"]
    counted = {name: result for name, result in built.items() if name not in reasons or result != "survived"}
    if not counted:
        return f"{layer}: none was tried", 0.0, [*wrong, f"{layer}: no mutant was tried"]
    alive = [name for name, result in counted.items() if result == "survived"]
    share = 100 * (len(counted) - len(alive)) / len(counted)
    line = (f"{len(counted) - len(alive)} of {len(counted)} killed ({share:.1f} %); {len(built) - len(counted)} that change nothing, "
            f"{len(results) - len(built)} that do not compile")
    if share < GOAL:
        wrong += [f"survived: {name}" for name in alive] + [f"{layer}: {share:.1f} % are killed, and {GOAL} % must be"]
    return line, share, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seconds", type=int, help="begin no mutant after so long")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once (as many as processors)")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("layer", nargs="+", choices=["kernel", "io"])
    chosen = parser.parse_args()
    begin, build = time.monotonic(), Build(chosen.build)
    kept = Kept(STATE, build)

    def may_begin():
        return chosen.seconds is None or time.monotonic() - begin <= chosen.seconds

    reasons, lines, figures, wrong = listed((HERE / "survivors.txt").read_text()), [], {}, []
    for layer in chosen.layer:
        sample, in_all = sampled(build, layer, chosen.seed, chosen.sample)
        with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
            became = list(pool.map(lambda mutant: kept.result(*mutant, may_begin), sample))
        results = {name_of(*mutant): result for mutant, result in zip(sample, became) if result is not None}
        line, share, faults = judged(layer, results, reasons)
        lines.append(f"{layer}: a sample of {len(results)} of {in_all} mutants, seed {chosen.seed}: {line}")
        figures[f"{layer} mutants killed"] = round(share, 1)
        wrong += faults
        for name, result in results.items():
            if result == "survived":
                print(f"survived, {'as ' + reasons[name] if name in reasons else 'and not listed'}: {name}")
    print("\n".join(lines))
    measured.keep("mutation", figures)
    if chosen.write:
        kept_lines = [line for line in measured.shown("mutation") if line.split(":")[0] not in chosen.layer]
        measured.put("mutation", sorted([*kept_lines, *lines], key=lambda line: line.startswith("io:")))
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    try:
        main()
    except measured.Fault as fault:
        sys.exit(str(fault))
# SPDX-License-Identifier: Apache-2.0
