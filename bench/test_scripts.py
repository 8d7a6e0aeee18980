"""The scripts that judge and show the figures: growth is found, a missed goal is said, the plot is a picture."""
import unittest
import xml.etree.ElementTree

import instructions
import plot
import table


def run(name, time, **counters):
    return {"name": name, "time_unit": "ns", "real_time": time, "cpu_time": time, **counters}


def figures(**changed):
    """A run in which ours takes as long as the floor, and each goal about that is reached."""
    runs = [run(name, 1, floor_ns=1000, ours_ns=1000, ratio=1, documents=10)
            for name in ["sweep", *(f"{work}/{views}" for work in ("load", "whole_pass", "change", "copy", "durable_save")
                                    for views in table.SIZES)]]
    runs += [run("transition/floor", 4), run("transition/ours", 1), run("decision/floor", 7), run("decision/ours", 1),
             run("allocations_of_deciding/ours", 1, allocations=0)]
    runs += [run(f"allocations_of_pass/ours/{views}", 1, allocations=0) for views in (0, 10, 100, 1000)]
    runs += [run(f"{work}/{who}", 1, bytes=1, hand_over_us=1, turns_a_second=1, share=1)
             for work in ("memory", "lock") for who in ("floor", "ours")]
    for one in runs:
        if one["name"] in changed:
            one |= changed[one["name"]]
    return table.Figures(runs)


class Table(unittest.TestCase):
    def missed(self, **changed):
        return [row[0] for row in table.rows_of(figures(**changed)) if row[-1] == "no"]

    def test_each_goal_that_is_missed_is_said(self):
        self.assertEqual(self.missed(), [])
        for name, worse in {"transition/ours": {"cpu_time": 2}, "decision/ours": {"cpu_time": 2},
                            "allocations_of_pass/ours/0": {"allocations": 1}, "load/1000": {"ratio": 2.8},
                            "change/10": {"ratio": 1.6}, "durable_save/10": {"ratio": 1.2},
                            "memory/ours": {"bytes": 3}, "lock/ours": {"share": 2}, "sweep": {"ratio": 4}}.items():
            self.assertEqual(len(self.missed(**{name: worse})), 1, name)

    def test_a_figure_is_the_median(self):
        told = table.Figures([run("a/iterations:1", time) for time in (1, 9, 2)])
        self.assertEqual(told.of("a"), 2)

    def test_both_forms_have_a_line_for_each_work(self):
        rows = table.rows_of(figures())
        self.assertEqual(len(table.in_columns(rows).splitlines()), len(rows) + 1)
        self.assertEqual(len(table.in_markdown(rows).splitlines()), len(rows) + 2)


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
