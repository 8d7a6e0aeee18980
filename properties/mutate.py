#!/usr/bin/env python3
"""Mutation testing: small faults put into kernel/ and io/, each of which the tests must notice.

    mutate.py [--write] [--seed N] [--sample N] [--seconds N] [--jobs N] BUILD LAYER...

A mutant is one source or header with one place changed: see mutations.py. A seeded sample of all is taken, of each layer (kernel,
io) so many. What is made of it is compiled without optimisation and linked in front of the libraries of BUILD, into the fastest
test programs that know the file (mutant_build.py); it is killed when one of them fails, or does not end, or when a header's static
assertions do not hold. Most of these programs wait more than they compute: as many
mutants as --jobs says are tried at once. What became of each is kept in build/night/mutants.json, so that a run that is stopped
goes on; one that has survived is tried again when the tests have changed. Mutants that survive because they change nothing stand in
survivors.txt with the reason, and are not counted. Ends with an error when less than 95 % of a layer's are killed, when the list
names one that is killed or is none, or when a survivor is neither listed nor allowed by the goal. --write puts the figures into
docs/testing.md.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent
sys.path.insert(0, str(SOURCE / "tests/night"))
import measured
import mutations
from mutant_build import Build, Mutant, NotBuilt

GOAL = 95.0
STATE = measured.KEPT / "mutants.json"
IO = "io/tests/"
POSTGRES, POSTGRES_DOCUMENT, ETCD = IO + "postgres_tests", IO + "postgres_document_tests", IO + "etcd_tests"
# By where a source lies, the programs that know it, the fastest first.
TESTS = [("kernel/", ["kernel/kernel_tests"]),
         ("io/presence/sqlite/", [IO + "sqlite_tests"]),
         ("io/presence/postgres/", [POSTGRES]),
         ("io/pass/postgres/", [POSTGRES, POSTGRES_DOCUMENT]),
         ("io/postgres/", [POSTGRES, POSTGRES_DOCUMENT]),
         ("io/store/postgres/", [POSTGRES_DOCUMENT]),
         ("io/etcd/", [ETCD]),
         ("io/store/etcd/", [ETCD]),
         ("io/include/", [IO + one for one in ("io_tests", "sqlite_tests", "program_tests", "lifecycle_tests", "fault_tests", "lock_tests")]
          + [POSTGRES, POSTGRES_DOCUMENT, ETCD]),
         ("io/store/swapped_document", [IO + "document_store_tests", ETCD]),
         ("io/base/", [IO + "io_tests", IO + "lifecycle_tests"]),
         ("io/program/", [IO + "program_tests"]),
         ("io/lock/", [IO + "io_tests", IO + "fault_tests", IO + "lock_tests", IO + "schedule_tests"]),
         ("io/system/", [IO + "io_tests", IO + "fault_tests", IO + "lock_tests"]),
         ("io/file/", [IO + "io_tests", IO + "lifecycle_tests", IO + "fault_tests"]),
         ("io/store/", [IO + "io_tests", IO + "document_store_tests", IO + "fault_tests", IO + "lock_tests"]),
         ("io/pass/", [IO + "io_tests", IO + "lifecycle_tests"]),
         ("io/presence/", [IO + "io_tests", IO + "lifecycle_tests"]),
         ("io/", [IO + "io_tests"])]


def sources(layer):
    """The sources and headers of a layer."""
    return [path for path in sorted((SOURCE / layer).rglob("*.?pp")) if "tests" not in path.relative_to(SOURCE).parts]


def name_of(path, one):
    return f"{path.relative_to(SOURCE)}: {one}"


def tests_of(name):
    return next(tests for beginning, tests in TESTS if name.startswith(beginning))


def tried(build, path, one):
    """What becomes of a mutant: "not built", "killed by TEST", "survived"."""
    with tempfile.TemporaryDirectory() as directory:
        into = pathlib.Path(directory)
        changed, asked = Mutant(build, path, one.applied(path.read_text()), into), False
        try:
            for test in tests_of(str(path.relative_to(SOURCE))):
                for objects, of_tests in changed.ways(test):
                    asked = True
                    if not build.passes(test, build.link(test, objects, of_tests, into)):
                        return f"killed by {pathlib.Path(test).name}"
        except NotBuilt as fault:
            return "killed by the compiler" if fault.refused else "not built"
    if not asked:
        raise measured.Fault(f"{path}: no program of tests holds it")
    return "survived"


class Kept:
    """What became of mutants, in a file."""

    def __init__(self, file, build):
        self.file, self.build, self.lock = file, build, threading.Lock()
        self.state = json.loads(file.read_text()) if file.exists() else {}

    def result(self, path, one, may_begin, changes_nothing=False):
        """Of a mutant, which is tried where nothing is known of it; nothing when that may not begin any more. One that is said to change
        nothing, and is killed, is tried again: a machine that is busy may have failed the test."""
        name = name_of(path, one)
        # Of a source that has changed nothing is known any more, and of a survivor nothing when tests have.
        key = hashlib.sha256((name + path.read_text()).encode()).hexdigest()[:24]
        survived = "survived " + "".join(self.build.digest(test) for test in tests_of(name))
        known = self.state.get(key)
        is_out_of_date = known is not None and known.startswith("survived") and known != survived
        if known is None or is_out_of_date or (changes_nothing and known.startswith("killed")):
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


def sampled(build, layer, seed, count, jobs):
    """So many mutants of a layer, drawn by the seed: (source, mutant). And how many there are. A change of one source leaves the
    others' in the sample."""
    paths = sources(layer)
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(mutations.of, paths, [build.arguments(path) for path in paths]))
    everything = [(path, one) for path, of_path in zip(paths, found) for one in of_path]
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
    """(a line for the page, the share that was killed or none, what is wrong) of {name: what became of it}."""
    built = {name: result for name, result in results.items() if result != "not built"}
    wrong = [f"survivors.txt: it is {built[name]} after all: {name}" for name in reasons
             if name in built and built[name] != "survived"]
    counted = {name: result for name, result in built.items() if name not in reasons or result != "survived"}
    if not counted:
        return f"{layer}: none was tried", None, [*wrong, f"{layer}: no mutant was tried"]
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
        sample, in_all = sampled(build, layer, chosen.seed, chosen.sample, chosen.jobs)
        with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
            became = list(pool.map(lambda mutant: kept.result(*mutant, may_begin, name_of(*mutant) in reasons), sample))
        results = {name_of(*mutant): result for mutant, result in zip(sample, became) if result is not None}
        line, share, faults = judged(layer, results, reasons)
        lines.append(f"{layer}: a sample of {len(results)} of {in_all} mutants, seed {chosen.seed}: {line}")
        if share is not None:
            figures |= {f"{layer} mutants tried": len(results), f"{layer} mutants killed, %": round(share, 1)}
        wrong += faults
        for name, result in results.items():
            if result == "survived":
                print(f"survived, {'as ' + reasons[name] if name in reasons else 'and not listed'}: {name}")
    print("\n".join(lines))
    measured.keep("mutation", figures)
    if chosen.write:
        measured.put("mutation", lines)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    try:
        main()
    except measured.Fault as fault:
        sys.exit(str(fault))
# SPDX-License-Identifier: Apache-2.0
