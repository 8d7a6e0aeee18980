"""The scripts that judge and show the figures: growth is found, a missed goal is said, the plot is a picture."""
import contextlib
import io
import pathlib
import tempfile
import unittest
import xml.etree.ElementTree

import instructions
import plot
import table


def run(name, time, **counters):
    return {"name": name, "time_unit": "ns", "real_time": time, "cpu_time": time, **counters}


def figures(more=(), **changed):
    """A run in which ours takes as long as the floor, and each goal about that is reached."""
    runs = [run(name, 1, floor_ns=1000, ours_ns=1000, ratio=1, documents=10)
            for name in ["sweep", *(f"{work}/{views}" for work in ("load", "whole_pass", "change", "copy", "durable_save", "merge")
                                    for views in table.SIZES)]]
    runs += [run(f"store/{views}", 1, floor_ns=1000, ours_ns=1000, ratio=1, clock_floor_ns=1000, clock_ours_ns=1000,
                 clock_ratio=1) for views in table.STORES]
    runs += [run(f"process/{work}", 1, floor_ns=1000, ours_ns=1000, ratio=1) for work in ("true", "show", "activate")]
    runs += [run("transition/floor", 4), run("transition/ours", 1), run("decision/floor", 7), run("decision/ours", 1),
             run("allocations_of_deciding/ours", 1, allocations=0)]
    runs += [run(f"allocations_of_pass/ours/{views}", 1, allocations=0) for views in (0, 10, 100, 1000)]
    runs += [run(f"{work}/{who}", 1, bytes=1, hand_over_us=1, turns_a_second=1, share=1)
             for work in ("memory", "lock") for who in ("floor", "ours")]
    runs += [run("memory/whole_pass", 1, bytes=1)]
    for one in runs:
        if one["name"] in changed:
            one |= changed[one["name"]]
    return table.Figures([*runs, *more])


class Table(unittest.TestCase):
    def missed(self, **changed):
        return [row[0] for row in table.rows_of(figures(**changed)) if row[-1] == "no"]

    def test_each_goal_that_is_missed_is_said(self):
        self.assertEqual(self.missed(), [])
        for name, worse in {"transition/ours": {"cpu_time": 2}, "decision/ours": {"cpu_time": 2},
                            "allocations_of_pass/ours/0": {"allocations": 1}, "load/1000": {"ratio": 2.1},
                            "process/true": {"ours_ns": 3e6}, "process/show": {"ratio": 1.6},
                            "change/10": {"ratio": 1.6}, "durable_save/10": {"ratio": 1.2}, "merge/1000": {"ours_ns": 51e6},
                            "memory/ours": {"bytes": 3}, "memory/whole_pass": {"bytes": 3}, "whole_pass/1000": {"ratio": 1.2}, "store/100": {"ratio": 1.6}, "lock/ours": {"share": 2}, "sweep": {"ratio": 4}}.items():
            self.assertEqual(len(self.missed(**{name: worse})), 1, name)

    def test_what_needs_a_server_has_rows_where_it_was_measured(self):
        measured = [run(name, 1, floor_ns=1000, ours_ns=2000, ratio=2)
                    for name in ("postgres/1000", "postgres/10000", "swap/postgres/1000", "swap/postgres/1000000",
                                 "swap/etcd/1000", "swap/etcd/1000000")]
        rows = table.rows_of(figures(more=measured))
        for server, count in (("PostgreSQL", 4), ("etcd", 2)):
            self.assertEqual([row[1:4] for row in rows if server in row[0]], [("1 µs", "2 µs", "2.00")] * count)
        self.assertEqual(len(rows), len(table.rows_of(figures())) + 6)

    def test_a_figure_is_the_median(self):
        told = table.Figures([run("a/iterations:1", time) for time in (1, 9, 2)])
        self.assertEqual(told.of("a"), 2)

    def test_both_forms_have_a_line_for_each_work(self):
        rows = table.rows_of(figures())
        self.assertEqual(len(table.in_columns(rows).splitlines()), len(rows) + 1)
        self.assertEqual(len(table.in_markdown(rows).splitlines()), len(rows) + 2)


class Progress(unittest.TestCase):
    def test_a_line_says_what_is_at_work_and_how_long_it_may_take(self):
        self.assertEqual(table.progress(0, 4, "load/10", 0.2), "1 of 4: load/10, 0 s so far")
        self.assertEqual(table.progress(2, 4, "sweep", 120), "3 of 4: sweep, 120 s so far, about 2 min left")

    def run_with(self, script):
        """Runs a program in the place of the benchmarks: what is said, and what it told or how it ended."""
        with tempfile.TemporaryDirectory() as directory:
            program = pathlib.Path(directory) / "benchmarks"
            program.write_text("#!/bin/sh\ncase $1 in *list*) echo a/1; echo b/2; exit;; esac\n" + script)
            program.chmod(0o755)
            with contextlib.redirect_stderr(io.StringIO()) as said:
                try:
                    return said, table.run_all(str(program), 2)
                except SystemExit as why:
                    return said, str(why)

    def test_each_benchmark_is_said_when_it_is_its_turn(self):
        said, told = self.run_with('echo Benchmark Time; echo a/1 3 ns; echo b/2 4 ns; echo "[1]" >"${2#--benchmark_out=}"')
        self.assertEqual(told, [[1], [1]])
        self.assertEqual([line.split(",")[0] for line in said.getvalue().splitlines()],
                         ["1 of 4: a/1", "2 of 4: b/2", "3 of 4: a/1", "4 of 4: b/2", "4 done in 0 s"])

    def test_benchmarks_that_fail_are_a_failure(self):
        self.assertIn("ended with 3", self.run_with("exit 3")[1])


TOLD = """ob=/bin/libc.so.6
fn=main
0x1000 3 4
ob=/here/agentslock
fn=_Zlate
0x5008 3 4
calls=1 0x2000 0
0x6000 3 90
fn=(below main)
0x5010 3 4
ob=???
fn=_Zearly.part.0
0x10a010 3 4
0x10a000 3 4
fn=_Zother'2
0x10b000 3 4
fn=of_another
0x900000 1 1
"""
SYMBOLS = {"main": 0x9000, "_Zlate": 0x5000, "_Zearly.part.0": 0x2000, "_Zother": 0x3000, "_Zsame": 0x3000, "_Znever": 0x4000}


class Order(unittest.TestCase):
    def test_what_was_gone_through_is_told_by_its_place_in_the_file(self):
        functions, pages = instructions.gone_through(TOLD, "/here/agentslock", SYMBOLS)
        self.assertEqual(functions, {"_Zlate", "_Zearly.part.0", "_Zother"})
        self.assertEqual(pages, {0x2, 0x3, 0x5, 0x6})
        self.assertEqual(instructions.gone_through("ob=/bin/libc.so.6\nfn=main\n0x1 1 1\n", "/here/agentslock", SYMBOLS), (set(), set()))

    def test_the_script_has_each_function_once_in_the_first_group_that_has_it(self):
        script = instructions.order([{"_Zother"}, {"_Zother", "_Zearly.part.0", "main"}], SYMBOLS)
        lines = [line.strip() for line in script.splitlines() if line.startswith("    *")]
        self.assertEqual(lines, ["*(.text._Zother .text._Zother.*)", "*(.text._Zsame .text._Zsame.*)", "*(.text._Zearly .text._Zearly.*)"])

    def test_what_is_kept_is_a_script_of_this_form(self):
        lines = instructions.ORDER.read_text().splitlines()
        listed = [line for line in lines if line.startswith("    *(.text._Z")]
        self.assertGreater(len(listed), 100)
        self.assertEqual(instructions.order([], {}).splitlines(), [line for line in lines if line not in listed])


class Instructions(unittest.TestCase):
    def test_growth_by_more_than_a_twentieth_is_a_fault(self):
        self.assertEqual(instructions.faults({"a": 1000}, {"a": 1050}), [])
        self.assertEqual(instructions.faults({"a": 1000}, {"a": 1}), [])
        [fault] = instructions.faults({"a": 1000}, {"a": 1060})
        self.assertIn("6.0% more", fault)

    def test_so_is_a_path_that_is_new_or_gone(self):
        self.assertEqual(len(instructions.faults({"a": 1}, {"b": 1})), 2)

    def test_something_is_kept(self):
        self.assertGreater(len(instructions.read_kept()), 5)


class Plot(unittest.TestCase):
    def test_it_has_a_line_and_a_name_for_each_series(self):
        lines = {"one": [(10, 5.0), (1000, 50.0)], "two": [(10, 2e6), (1000, 2e5)]}
        svg = xml.etree.ElementTree.fromstring(plot.draw(lines))
        kinds = [part.tag.split("}")[1] for part in svg.iter()]
        self.assertEqual(kinds.count("circle"), 4)
        texts = {part.text for part in svg.iter() if part.tag.endswith("text")}
        self.assertLessEqual({"one", "two", "1,000", "1 ms"}, texts)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
