#!/usr/bin/env python3
"""Runs the benchmarks and prints one table: work, floor, ours, ratio, goal.

    bench/table.py PROGRAM [--repetitions N] [--write PAGE PLOT]

Every figure is the median of the repetitions. Within each, the floor and ours are done in turn.
With --write the table and the machine are put into a page between its marks, and the plot of the cost against the number of
views is drawn.
"""
import argparse
import collections
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

SIZES = (10, 1_000, 100_000)
# Views in a store, and databases that they are in.
STORES = {10: 1, 100: 10, 1_000: 100, 10_000: 10, 100_000: 1_000}
# Engines that keep documents: what they are called, and with what a compare-and-swap is compared.
SWAPS = {"postgres": ("PostgreSQL", "a bare UPDATE"), "etcd": ("etcd", "a bare transaction")}
COUNTERS = {"floor_ns", "ours_ns", "ratio", "clock_floor_ns", "clock_ours_ns", "clock_ratio", "documents", "allocations",
            "bytes", "hand_over_us", "turns_a_second", "share"}


class Figures:
    """Medians by benchmark and counter; "time" is that of the processor, in nanoseconds."""

    def __init__(self, runs):
        values = collections.defaultdict(list)
        for run in runs:
            name = re.sub(r"/iterations:\d+", "", run["name"])
            scale = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[run["time_unit"]]
            values[name, "time"].append(run["cpu_time"] * scale / run.get("per", 1))
            for counter in COUNTERS & run.keys():
                values[name, counter].append(run[counter])
        self.medians = {key: statistics.median(all_of_it) for key, all_of_it in values.items()}

    def of(self, name, counter="time"):
        return self.medians[name, counter]


def in_words(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.2f} ns"


def megabytes(size):
    return f"{size / 1e6:.0f} MB"


def rows_of(figures):
    """(work, floor, ours, ratio, goal, reached)"""
    rows = []

    def add(work, floor, ours, ratio, goal, reached):
        rows.append((work, floor, ours, ratio, goal, "" if reached is None else "yes" if reached else "no"))

    def compare(work, name, goal=None, by=""):
        floor, ours, ratio = (figures.of(name, by + counter) for counter in ("floor_ns", "ours_ns", "ratio"))
        add(work, in_words(floor), in_words(ours), f"{ratio:.2f}", "" if goal is None else f"at most {goal}",
            None if goal is None else ratio <= goal)

    floor, ours = figures.of("transition/floor"), figures.of("transition/ours")
    add("one transition in a chain of random events, against a plain switch", in_words(floor), in_words(ours),
        f"1/{floor / ours:.1f}", "1.5 ns, 1/3", ours <= 1.5 and floor / ours >= 3)
    floor, ours = figures.of("decision/floor"), figures.of("decision/ours")
    add("one decision of a pass over random rows, against a plain switch", in_words(floor), in_words(ours),
        f"1/{floor / ours:.1f}", "1/6", floor / ours >= 6)
    for work, name in (("deciding", "allocations_of_deciding/ours"), ("a pass that changes nothing", "allocations_of_pass/ours/0")):
        count = figures.of(name, "allocations")
        add(f"allocations of {work}", "", f"{count:.0f}", "", "0", count == 0)
    for changed in (10, 100, 1_000):
        count = figures.of(f"allocations_of_pass/ours/{changed}", "allocations")
        add(f"allocations of a pass that changes {changed:,} views", "", f"{count:.0f}", "", "at most one a view",
            count <= changed)

    for views, goal in zip(SIZES, (None, 2.0, 2.0)):
        compare(f"load, reconcile, nothing to write; {views:,} views, against reading", f"load/{views}", goal)
    for views, goal in zip(SIZES, (None, 1.1, 1.1)):
        compare(f"the same by reconcile_document, against that; {views:,} views", f"whole_pass/{views}", goal)
    for views, databases in STORES.items():
        where = "1 database" if databases == 1 else f"{databases:,} databases"
        compare(f"whole reconcile --check, {views:,} views in {where}, against one query each; processor time",
                f"store/{views}", 1.5)
    for views in STORES:
        compare(f"the same by the clock; {views:,} views", f"store/{views}", by="clock_")
    for name, work in (("show", "show of 10 views as a process, against one in C that reads and prints"),
                       ("activate", "activate beside 10 views as a process, against one in C that reads and rewrites, safe from a power cut")):
        compare(work, f"process/{name}", 1.5)
    floor, ours = (figures.of("process/true", who) for who in ("floor_ns", "ours_ns"))
    add("show of 10 views as a process, against true", in_words(floor), in_words(ours), f"{ours / floor:.2f}",
        "at most 2 ms more", ours - floor <= 2e6)
    for views in (1_000, 10_000):
        # Not where there was no PostgreSQL to build with.
        if (f"postgres/{views}", "ratio") in figures.medians:
            compare(f"presence of {views:,} views in PostgreSQL, against a bare query", f"postgres/{views}")
    for engine, (called, bare) in SWAPS.items():
        for size, words in ((1_000, "1 kB"), (1_000_000, "1 MB")):
            if (f"swap/{engine}/{size}", "ratio") in figures.medians:
                compare(f"compare-and-swap of a document of {words} in {called}, against {bare}", f"swap/{engine}/{size}")
    for views, goal in zip(SIZES, (1.5, 1.1, 1.1)):
        compare(f"1 % changed and written; {views:,} views, against read, copy, write, rename", f"change/{views}", goal)
    compare("durable save of 10 views, against write, fsync, rename, fsync", "durable_save/10", 1.15)
    floor, ours, ratio = (figures.of("merge/1000", counter) for counter in ("floor_ns", "ours_ns", "ratio"))
    add("one merge of 1,000 views that both sides changed, against parsing the three documents", in_words(floor), in_words(ours),
        f"{ratio:.2f}", "at most 50 ms", ours <= 50e6)
    compare("memcpy of 100,000 views into fresh memory, and reading them", "copy/100000")

    floor = figures.of("memory/floor", "bytes")
    for who, work in (("ours", "peak memory of load, reconcile, save; 100,000 views, against the document"),
                      ("whole_pass", "the same by reconcile_document")):
        ours = figures.of(f"memory/{who}", "bytes")
        add(work, megabytes(floor), megabytes(ours), f"{ours / floor:.2f}", "at most 1.3", ours / floor <= 1.3)
    small, large = (figures.of(f"load/{views}", "ours_ns") / views for views in SIZES[1:])
    add("growth: load and reconcile for a view of 1,000, and of 100,000", in_words(small), in_words(large),
        f"{large / small:.2f}", "at most 2", large / small <= 2)

    floor, ours = (figures.of(f"lock/{who}", "hand_over_us") for who in ("floor", "ours"))
    add("lock: hand-over among 4 processes, against flock alone", f"{floor:.0f} µs", f"{ours:.0f} µs", "",
        "at most 150 µs", ours <= 150)
    floor, ours = (figures.of(f"lock/{who}", "turns_a_second") for who in ("floor", "ours"))
    add("lock: turns a second, each held for 0.7 ms", f"{floor:,.0f}", f"{ours:,.0f}", f"{ours / floor:.2f}",
        "at least 0.75", ours / floor >= 0.75)
    floor, ours = (figures.of(f"lock/{who}", "share") for who in ("floor", "ours"))
    add("lock: longest to shortest share of the processes", f"{floor:.2f}", f"{ours:.2f}", "", "at most 1.3", ours <= 1.3)
    floor, ours = (figures.of("sweep", "documents") / figures.of("sweep", who) * 1e9 for who in ("floor_ns", "ours_ns"))
    ratio = 1 / figures.of("sweep", "ratio")
    add("sweep: documents a second of 10,000, against open, read, close", f"{floor:,.0f}", f"{ours:,.0f}", f"{ratio:.2f}",
        "at least 0.3", ratio >= 0.3)
    return rows


HEADING = ("work", "floor", "ours", "ratio", "goal", "reached")


def in_columns(rows):
    widths = [max(len(row[i]) for row in [HEADING, *rows]) for i in range(len(HEADING))]
    lines = []
    for row in [HEADING, *rows]:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:4], widths[1:4])]
        lines.append("  ".join(cells + [row[4].ljust(widths[4]), row[5]]).rstrip())
    return "\n".join(lines)


def in_markdown(rows):
    lines = ["| " + " | ".join(HEADING) + " |", "|---|--:|--:|--:|---|---|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def machine(context):
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1])
    system = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    return (f"{context['num_cpus']} processors ({model[1] if model else platform.machine()}), "
            f"{memory / 2**20:.0f} GiB of memory, {system[1]}, Linux {platform.release().split('-')[0]}; "
            f"load when it began {context['load_avg'][0]:.1f}.")


def progress(done, total, name, seconds):
    """What is being done, in a line."""
    left = f", about {seconds * (total - done) / done / 60:.0f} min left" if done and seconds > 10 else ""
    return f"{done + 1} of {total}: {name}, {seconds:.0f} s so far{left}"


class Teller:
    """Says on standard error which benchmark is at work: always on the same line of a terminal, else on a line each."""

    def __init__(self, names, rounds):
        self.names, self.total = names, len(names) * rounds
        self.done, self.since = 0, time.monotonic()
        self.on_terminal = sys.stderr.isatty()
        self.tell()

    def tell(self):
        if self.done == self.total:
            line = f"{self.total} done in {time.monotonic() - self.since:.0f} s"
        else:
            line = progress(self.done, self.total, self.names[self.done % len(self.names)].split("/iterations:")[0],
                            time.monotonic() - self.since)
        begin, end = ("\r\x1b[K", "" if self.done < self.total else "\n") if self.on_terminal else ("", "\n")
        print(begin + line, end=end, file=sys.stderr, flush=True)

    def ended(self, line):
        """A line that the benchmarks have printed: one that begins with a name says that this one is done."""
        if line.split(maxsplit=1)[:1] == [self.names[self.done % len(self.names)]]:
            self.done += 1
            self.tell()


def run_all(program, rounds):
    """Runs all benchmarks, one after the other, so many rounds. What they told: a list, one for each round."""
    names = subprocess.run([program, "--benchmark_list_tests"], check=True, capture_output=True, text=True).stdout.split()
    teller = Teller(names, rounds)
    told = []
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "out.json")
        for _ in range(rounds):
            with subprocess.Popen([program, "--benchmark_min_time=0.05", f"--benchmark_out={out}",
                                   "--benchmark_out_format=json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  text=True) as benchmarks:
                for line in benchmarks.stdout:
                    teller.ended(line)
            if benchmarks.returncode != 0:
                sys.exit(f"{program} ended with {benchmarks.returncode}")
            told.append(json.loads(pathlib.Path(out).read_text()))
    return told


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("program")
    options.add_argument("--repetitions", type=int, default=7)
    options.add_argument("--write", nargs=2, metavar=("PAGE", "PLOT"))
    given = options.parse_args()
    told = run_all(given.program, given.repetitions)
    figures = Figures(run for one in told for run in one["benchmarks"] if run["run_type"] == "iteration")
    rows = rows_of(figures)
    print(in_columns(rows))
    if not given.write:
        return 0
    page, plot = map(pathlib.Path, given.write)
    import plot as drawing
    costs = {who: [(views, figures.of(f"{name}/{views}", counter) / views) for views in sizes]
             for who, name, counter, sizes in (
                 ("read the file", "load", "floor_ns", SIZES), ("load and reconcile", "load", "ours_ns", SIZES),
                 ("read, copy, write, rename", "change", "floor_ns", SIZES),
                 ("1 % changed and written", "change", "ours_ns", SIZES),
                 ("one query a database", "store", "floor_ns", STORES), ("check with a store", "store", "ours_ns", STORES))}
    plot.write_text(drawing.draw(costs))
    made = f"\\1\n{in_markdown(rows)}\n\nMeasured on {machine(told[0]['context'])}\n\\2"
    text, count = re.subn(r"(<!-- generated: performance -->).*?(<!-- end generated -->)", made, page.read_text(), flags=re.S)
    if count != 1:
        sys.exit(f"{page}: has no '<!-- generated: performance -->'")
    page.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
# SPDX-License-Identifier: Apache-2.0
