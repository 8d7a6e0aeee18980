#!/usr/bin/env python3
"""Builds the fuzz targets by oss-fuzz/build.sh and runs them. ./dev fuzz calls it.

    run.py                      what CI does: build, check what was built, a short time for each target
    run.py TARGET [SECONDS]     one target, into a corpus of its own that is kept in build/fuzz
    run.py --nightly SECONDS    every target for so many seconds; then what is new is merged into the corpora
    run.py --minimise [DIRECTORY]  the corpora and DIRECTORY/TARGET, down to what each input alone reaches
    run.py --coverage           which lines of kernel/ and io/ the corpora reach
    run.py --afl [SECONDS]      the same targets under AFL++
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

FUZZ = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("AGENTSLOCK_FUZZ_DIRECTORY", FUZZ.parent / "build/fuzz"))
TARGETS = sorted(path.stem for path in FUZZ.glob("fuzz_*.cpp") if path.stem != "fuzz_canary")
SANITIZED = ("-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link "
             "-fno-sanitize-recover=all")
# How long each target is fuzzed when nothing else is said, in seconds.
SHORT = 15
# The executions a second below which a target has become too slow to be of use. About a tenth of what it does on two idle
# cores, so that a busy machine is not taken for a slow target.
FLOORS = {"fuzz_document": 50, "fuzz_adapters": 80, "fuzz_apply": 150, "fuzz_kernel": 15, "fuzz_merge": 5,
          "fuzz_sidecar": 5000, "fuzz_validator_answer": 1000}

# How large a corpus in git may be.
INPUTS_MAX = 300
BYTES_MAX = 300_000


def fail(why):
    sys.exit(f"fuzz: {why}")


def build(name="asan", flags=SANITIZED, engine="-fsanitize=fuzzer", cc="clang-14", cxx="clang++-14"):
    """Runs the build script as OSS-Fuzz does, with a plain compiler. Returns the directory of the targets."""
    began = time.monotonic()
    out = BUILD / name / "out"
    shutil.rmtree(out, ignore_errors=True)
    environment = {**os.environ, "CC": cc, "CXX": cxx, "CFLAGS": flags, "CXXFLAGS": flags,
                   "LIB_FUZZING_ENGINE": engine, "WORK": str(BUILD / name / "work"), "OUT": str(out),
                   "AGENTSLOCK_FUZZ_CANARY": "1"}
    done = subprocess.run([FUZZ / "oss-fuzz/build.sh"], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        fail(f"the build failed:\n{done.stdout[-5000:]}")
    print(f"built {name} in {time.monotonic() - began:.0f} s", flush=True)
    return out


def options(out, target):
    """The options that an engine takes from TARGET.options, as arguments."""
    text = (out / f"{target}.options").read_text()
    given = dict(re.findall(r"^(\w+) = (.+)$", text, re.M))
    if "dict" in given:
        given["dict"] = out / given["dict"]
    return [f"-{name}={value}" for name, value in given.items()]


def seeds(target):
    return [FUZZ / "corpus" / target, FUZZ / "regressions" / target]


def run(out, target, seconds, corpus=None):
    """Fuzzes one target. Returns (executions a second, whether it held, the end of its log)."""
    corpus = corpus or BUILD / "corpus" / target
    found = BUILD / "found" / target
    for directory in (corpus, found):
        directory.mkdir(parents=True, exist_ok=True)
    call = [out / target, *options(out, target), f"-max_total_time={seconds}", "-print_final_stats=1",
            f"-artifact_prefix={found}/", corpus, *filter(pathlib.Path.is_dir, seeds(target))]
    done = subprocess.run(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    speed = re.search(r"average_exec_per_sec: +(\d+)", done.stdout)
    return int(speed[1]) if speed else 0, done.returncode == 0, done.stdout[-4000:]


def run_all(out, seconds):
    """All targets, as many at a time as there are cores. Returns what is wrong: something found, or a slow target."""
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda target: run(out, target, seconds), TARGETS))
    for target, (speed, held, log) in zip(TARGETS, results):
        floor = FLOORS[target]
        verdict = "holds" if held else "BROKEN"
        print(f"{target}: {seconds} s, {speed} executions/s, floor {floor}: {verdict}", flush=True)
        if not held:
            wrong.append(f"{target} found something; it is kept in {BUILD / 'found' / target}\n{log}")
        elif speed < floor:
            wrong.append(f"{target} is slower than its floor")
    return "\n".join(wrong)


def canary(out):
    """The target that must crash, and must be seen to."""
    call = [out / "fuzz_canary", "-seed=1", "-max_total_time=60", f"-artifact_prefix={BUILD}/canary-"]
    done = subprocess.run(call, capture_output=True, text=True, errors="replace")
    if done.returncode == 0 or "BROKEN LAW: no_view_ever_needs_another_program" not in done.stderr:
        fail("the canary lives: the engine found nothing in 60 s, so that what it does not find means nothing")
    tried = re.findall(r"^#(\d+)", done.stderr, re.M)
    print(f"the canary is dead after about {tried[-1] if tried else 0} executions", flush=True)


def minimise(out, more=None):
    """Merges the corpora, with what was found meanwhile, into the fewest inputs that reach as much."""
    for target in TARGETS:
        into = BUILD / "merged" / target
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        sources = [FUZZ / "corpus" / target, BUILD / "corpus" / target]
        sources += [pathlib.Path(more) / target] if more else []
        # By edges, not by how often each was taken: the corpora stay small enough for git.
        call = [out / target, "-set_cover_merge=1", "-use_counters=0", *options(out, target), into,
                *filter(pathlib.Path.is_dir, sources)]
        subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        corpus = FUZZ / "corpus" / target
        shutil.rmtree(corpus, ignore_errors=True)
        corpus.mkdir(parents=True)
        sizes = []
        # The smallest first: git keeps them for ever.
        for path in sorted(into.iterdir(), key=lambda one: one.stat().st_size):
            if len(sizes) < INPUTS_MAX and sum(sizes) + path.stat().st_size <= BYTES_MAX:
                sizes.append(path.stat().st_size)
                shutil.copy(path, corpus)
        print(f"{target}: {len(sizes)} inputs, {sum(sizes)} bytes", flush=True)


def afl(seconds):
    """AFL++ and its driver for targets of libFuzzer: it must start, run, and count paths."""
    os.environ.update(AFL_QUIET="1", AFL_CC="clang-14", AFL_CXX="clang++-14")
    out = build("afl", "-O1 -g1", "-fsanitize=fuzzer", "afl-clang-fast", "afl-clang-fast++")
    os.environ.update(AFL_SKIP_CPUFREQ="1", AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1", AFL_NO_AFFINITY="1",
                      AFL_NO_UI="1")
    for target in TARGETS:
        state = BUILD / "afl/state" / target
        shutil.rmtree(state, ignore_errors=True)
        state.parent.mkdir(parents=True, exist_ok=True)
        call = ["afl-fuzz", "-V", str(seconds), "-i", FUZZ / "corpus" / target, "-o", state, "-t", "5000", "--",
                out / target]
        done = subprocess.run(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        stats = state / "default/fuzzer_stats"
        if done.returncode != 0 or not stats.exists():
            fail(f"AFL++ does not run {target}:\n{done.stdout[-3000:]}")
        told = dict(re.findall(r"^(\w+) +: (.+)$", stats.read_text(), re.M))
        if int(told["execs_done"]) == 0 or int(told["saved_crashes"]) != 0:
            fail(f"AFL++ on {target}: {told['execs_done']} executions, {told['saved_crashes']} crashes")
        print(f"AFL++ {target}: {told['execs_per_sec']} executions/s, {told['corpus_count']} inputs", flush=True)


def build_and_check():
    """Builds, holds what was built against OSS-Fuzz's rules, and sees the engine break the law that does not hold."""
    out = build()
    subprocess.run([sys.executable, "-B", FUZZ / "tests/check_out.py", out], check=True)
    canary(out)
    return out


def main(arguments):
    match arguments:
        case []:
            out = build_and_check()
            if wrong := run_all(out, SHORT):
                fail(wrong)
        case ["--nightly", seconds]:
            out = build_and_check()
            wrong = run_all(out, int(seconds))
            minimise(out)
            if wrong:
                fail(wrong)
        case ["--minimise", *more]:
            minimise(build(), *more)
        case ["--coverage"]:
            subprocess.run([sys.executable, "-B", FUZZ / "coverage.py"], check=True)
        case ["--afl", *seconds]:
            afl(int(seconds[0]) if seconds else 10)
        case [target, *seconds] if target in TARGETS:
            speed, held, log = run(build(), target, int(seconds[0]) if seconds else 60)
            print(log if not held else f"{target}: {speed} executions/s, nothing found")
            sys.exit(0 if held else 1)
        case _:
            fail(f"no such target or option; the targets are {', '.join(TARGETS)}\n{__doc__}")


if __name__ == "__main__":
    main(sys.argv[1:])
# SPDX-License-Identifier: Apache-2.0
