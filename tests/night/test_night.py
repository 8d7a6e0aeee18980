"""What runs at night refuses what it should: a place that is missing, a list that is wrong, a mutant that survives."""
import contextlib
import io
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import coverage
import machines
import measured
import night

sys.path.insert(0, str(measured.SOURCE / "properties"))
import mutant_build
import mutate
import mutations

NAME = "kernel/src/a.cpp: if (a && b) return; [a: true]"


def exported(directory, branches, conditions):
    """What llvm-cov says of one source with one decision."""
    path = pathlib.Path(directory) / "kernel/src/a.cpp"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("// a\nif (a && b) return;\nfriend bool operator==(x, x) = default;\n")
    return {"data": [{"files": [{"filename": str(path),
                                 "branches": [[2, 5, 2, 6, *branches], [3, 31, 3, 32, 1, 0]],
                                 "mcdc_records": [[2, 5, 2, 11, 0, 0, 5, conditions]]}]}]}


def judged(branches=(1, 1), conditions=(True, True), listed=""):
    with tempfile.TemporaryDirectory() as directory:
        places = coverage.Places()
        places.read(exported(directory, branches, list(conditions)), "kernel", pathlib.Path(directory))
        return coverage.judge("kernel", places, coverage.listed(listed), set())


class Coverage(unittest.TestCase):
    def test_all_that_is_reached_is_right(self):
        line, figures, missing, wrong = judged()
        self.assertEqual((missing, wrong), ([], []))
        self.assertEqual(figures, {"kernel branches": 100.0, "kernel conditions": 100.0})
        self.assertIn("2 of 2 branches (100.00 %), 2 of 2 conditions", line)

    def test_a_branch_or_a_condition_that_is_not_reached_is_an_error(self):
        _, _, missing, wrong = judged(branches=(0, 1))
        self.assertEqual([name for _, name in missing], [NAME])
        self.assertEqual(wrong, ["kernel: 50.00 % of branches are reached, and 100.0 % must be"])
        self.assertEqual(len(judged(conditions=(True, False))[3]), 1)

    def test_what_is_listed_is_not_counted(self):
        line, figures, missing, wrong = judged(branches=(0, 1), listed=f"{NAME} -- nothing makes it so\n")
        self.assertEqual((missing, wrong, figures["kernel branches"]), ([], [], 100.0))
        self.assertIn("1 of 1 branches", line)

    def test_what_is_listed_and_reached_is_an_error(self):
        self.assertIn("is reached after all", judged(listed=f"{NAME} -- nothing makes it so\n")[3][0])

    def test_a_reason_is_asked_for(self):
        with self.assertRaisesRegex(measured.Fault, "no reason"):
            coverage.listed(NAME)

    def test_what_one_instantiation_reaches_is_reached(self):
        with tempfile.TemporaryDirectory() as directory:
            places = coverage.Places()
            told = exported(directory, (1, 0), [True, False])
            told["data"][0]["files"][0]["branches"].append([2, 5, 2, 6, 0, 3])
            told["data"][0]["files"][0]["mcdc_records"].append([2, 5, 2, 11, 0, 0, 5, [False, True]])
            places.read(told, "kernel", pathlib.Path(directory))
        self.assertTrue(all(places.branches.values()))
        self.assertTrue(all(places.conditions.values()))

    def test_the_list_names_sources_that_are_there(self):
        for name in coverage.listed(coverage.LIST.read_text()):
            source, _, place = name.partition(": ")
            line = place.rpartition(" [")[0]
            self.assertIn(line, (measured.SOURCE / source).read_text(), name)


class Measured(unittest.TestCase):
    def test_figures_are_put_where_their_name_stands(self):
        with tempfile.TemporaryDirectory() as directory:
            page = pathlib.Path(directory) / "page.md"
            page.write_text("a\n<!-- measured: b -->\n<!-- end measured -->\nc\n")
            measured.put("b", ["io: 1 of 2"], page)
            self.assertEqual(page.read_text(), "a\n<!-- measured: b -->\n```text\nio: 1 of 2\n```\n<!-- end measured -->\nc\n")
            with self.assertRaises(measured.Fault):
                measured.put("d", [], page)

    def test_what_was_not_measured_again_stays_on_the_page(self):
        with tempfile.TemporaryDirectory() as directory:
            page = pathlib.Path(directory) / "page.md"
            page.write_text("<!-- measured: b -->\n<!-- end measured -->\n")
            measured.put("b", ["kernel: 1", "io: 2"], page)
            measured.put("b", ["kernel: 3"], page)
            self.assertIn("```text\nkernel: 3\nio: 2\n```", page.read_text())

    def test_figures_are_kept_one_by_one_with_their_time(self):
        self.addCleanup(setattr, measured, "KEPT", measured.KEPT)
        with tempfile.TemporaryDirectory() as directory:
            measured.KEPT = pathlib.Path(directory) / "night"
            self.assertEqual(measured.kept("a"), {})
            measured.keep("a", {"kernel": 1, "io": 2})
            since = time.time()
            measured.keep("a", {"io": 3})
            self.assertEqual(measured.kept("a"), {"kernel": 1, "io": 3})
            self.assertEqual(measured.kept("a", since), {"io": 3})
            self.assertEqual(measured.kept("a", time.time() + 1), {})


SAMPLE = """struct pair { int a, b; };
int sum(int a, int b);
pair make(int x, int y) {
  if (x < 3 && !(y == x)) return {x, sum(y, x)};
  ++x;
  const bool yes = true;
  return yes ? pair{x, y} : pair{y, x};
}
enum class side { left, right };
struct either { either(side) {} either() {} };
side first(int x) { if (x == 8) return side::right; return side::left; }
either made() { return side::left; }
int* none(int& x) { if (x == 8) return &x; return nullptr; }
"""


class Mutations(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = pathlib.Path(self.directory.name) / "a.cpp"
        self.path.write_text(SAMPLE)
        self.all = mutations.of(self.path, ["g++", "-std=c++20"])

    def test_every_kind_is_made(self):
        self.assertEqual({one.what for one in self.all},
                         {"comparison", "boundary", "negation", "constant", "removed", "swapped", "default"})

    def test_one_place_is_changed(self):
        texts = [one.applied(SAMPLE) for one in self.all]
        self.assertEqual(len(set(texts)), len(texts))
        for text in texts:
            changed = [a for a, b in zip(SAMPLE.split("\n"), text.split("\n")) if a != b]
            self.assertEqual(len(changed), 1)
        for piece in ("x <= 3", "x > 3", "&& (y == x)", "||", "y != x", "x < 4", "sum(x, y)", "(void)0;", "yes = false",
                      "return {}"):
            self.assertTrue(any(piece in text for text in texts), piece)

    def test_a_value_is_not_replaced_by_itself(self):
        replaced = [one.old for one in self.all if one.what == "default"]
        self.assertEqual(replaced, ["return {x, sum(y, x)}", "return yes ? pair{x, y} : pair{y, x}", "return side::right",
                                    "return side::left", "return &x"])
        self.assertIn("either made", [one.line[:11] for one in self.all if one.old == "return side::left"])


class ChangedFiles(unittest.TestCase):
    """A small build: a library, a program of tests, and a header that both include."""
    FILES = {"io/one.hpp": "#pragma once\ninline int one() { return 1; }\nint made();\n", "io/made.cpp": '#include "one.hpp"\nint made() { return one(); }\n',
             "io/tests/a_test.cpp": '#include "../one.hpp"\nint main() { return 10 * one() + made(); }\n'}
    OBJECTS = {"io/made.o": "io/made.cpp", "io/tests/a_test.o": "io/tests/a_test.cpp"}

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.source = pathlib.Path(directory.name) / "source"
        self.into = pathlib.Path(directory.name) / "into"
        self.into.mkdir()
        for name, text in self.FILES.items():
            (self.source / name).parent.mkdir(parents=True, exist_ok=True)
            (self.source / name).write_text(text)
        for name, value in (("SOURCE", self.source), ("TREES", ("io",))):
            self.addCleanup(setattr, mutant_build, name, getattr(mutant_build, name))
            setattr(mutant_build, name, value)
        self.build = mutant_build.Build.__new__(mutant_build.Build)
        self.build.directory = self.source
        self.build.commands = {made: ["g++", "-o", made, "-c", str(self.source / of)] for made, of in self.OBJECTS.items()}
        self.build.object_of = {str(self.source / of): made for made, of in self.OBJECTS.items()}
        self.build.includers = {str(self.source / "io/one.hpp"): set(self.OBJECTS)}
        self.build.inputs = lambda test: frozenset(self.OBJECTS)

    def ended(self, objects):
        """How a program of objects, and of the unchanged ones for what is missing, ends."""
        program = self.into / "program"
        unchanged = [str(self.source / of) for made, of in self.OBJECTS.items() if made not in objects]
        subprocess.run(["g++", *map(str, objects.values()), *unchanged, "-o", str(program)], check=True)
        return subprocess.run([str(program)]).returncode

    def changed(self, name, old, new):
        path = self.source / name
        return mutant_build.Mutant(self.build, path, path.read_text().replace(old, new), self.into)

    def test_a_source_is_changed_in_its_object(self):
        [(objects, of_tests)] = self.changed("io/made.cpp", "one()", "one() + 4").ways("tests")
        self.assertEqual((of_tests, self.ended({"io/made.o": objects[0]})), ({}, 15))

    def test_a_header_is_changed_in_the_product_first_then_in_the_tests_too(self):
        product, both = self.changed("io/one.hpp", "return 1", "return 2").ways("tests")
        self.assertEqual(product[1], {})
        self.assertEqual(both[0], product[0])
        self.assertEqual(self.ended({"io/made.o": both[0][0], **both[1]}), 22)
        self.assertEqual((self.source / "io/one.hpp").read_text(), self.FILES["io/one.hpp"])

    def test_what_does_not_compile_is_refused_only_by_our_own_assertions(self):
        for text, refused in (("static_assert(1 == 2);", True), ("static_assert(sizeof(int)) + ;", False), ("return none;", False),
                              ("#include <array>\nint x = std::get<3>(std::array<int, 2>{});", False)):
            for name, old in (("io/one.hpp", "#pragma once"), ("io/made.cpp", '#include "one.hpp"')):
                with self.assertRaises(mutant_build.NotBuilt) as caught:
                    next(self.changed(name, old, f"{old}\n{text}").ways("tests"))
                self.assertEqual(caught.exception.refused, refused, text)
                for path in self.into.iterdir():
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


class Mutants(unittest.TestCase):
    RESULTS = {f"m{i}": "killed by t" for i in range(19)} | {"x": "survived", "y": "not built"}

    def test_what_survives_is_counted(self):
        line, share, wrong = mutate.judged("kernel", self.RESULTS, {})
        self.assertEqual((share, wrong), (95.0, []))
        self.assertIn("19 of 20 killed (95.0 %); 0 that change nothing, 1 that do not compile", line)

    def test_too_many_that_survive_are_an_error_and_named(self):
        wrong = mutate.judged("kernel", {"a": "survived", "b": "killed by t"}, {})[2]
        self.assertEqual(wrong, ["survived: a", "kernel: 50.0 % are killed, and 95.0 % must be"])

    def test_what_is_listed_is_not_counted_and_must_survive(self):
        self.assertEqual(mutate.judged("kernel", self.RESULTS, {"x": "why"})[1], 100.0)
        self.assertIn("after all", mutate.judged("kernel", self.RESULTS, {"m1": "why"})[2][0])

    def test_nothing_tried_is_an_error(self):
        _, share, wrong = mutate.judged("kernel", {"y": "not built"}, {})
        self.assertEqual((share, wrong), (None, ["kernel: no mutant was tried"]))

    def test_what_is_known_is_not_tried_again_but_a_survivor_when_tests_have_changed(self):
        build = type("build", (), {"digest": lambda self, test: digest})()
        path, tries, becomes, digest = mutate.SOURCE / "io/system/path.cpp", [], "survived", "a"

        def tried(build, path, one):
            tries.append(one)
            return becomes

        self.addCleanup(setattr, mutate, "tried", mutate.tried)
        mutate.tried = tried
        with tempfile.TemporaryDirectory() as directory, contextlib.redirect_stdout(io.StringIO()):
            def result(may_begin=True, changes_nothing=False):
                kept = mutate.Kept(pathlib.Path(directory) / "kept", build)
                return kept.result(path, "one", lambda: may_begin, changes_nothing)

            self.assertIsNone(result(False))
            self.assertEqual((result(), result(), len(tries)), ("survived", "survived", 1))
            digest, becomes = "b", "killed by t"
            self.assertEqual((result(), len(tries)), ("killed by t", 2))
            digest = "c"
            self.assertEqual((result(False), len(tries)), ("killed by t", 2))
            # One that should survive may have been killed by a busy machine.
            becomes = "survived"
            self.assertEqual((result(changes_nothing=True), result(), len(tries)), ("survived", "survived", 3))

    def test_every_source_has_tests_that_know_it(self):
        for layer in ("kernel", "io"):
            self.assertGreater(len(mutate.sources(layer)), 10)
            for path in mutate.sources(layer):
                self.assertTrue(mutate.tests_of(str(path.relative_to(mutate.SOURCE))))


class Machines(unittest.TestCase):
    def test_a_program_that_runs_no_test_is_an_error(self):
        self.assertEqual(machines.passed_of("a", "[==========] 3 tests\n[  PASSED  ] 3 tests.\n"), 3)
        for said in ("", "[  PASSED  ] 0 tests.\n", "[  PASSED  ] 2 tests.\n[  FAILED  ] 1 test\n", "qemu: exec format error\n"):
            with self.assertRaises(SystemExit, msg=said):
                machines.passed_of("a", said)

    def test_the_page_says_what_is_known(self):
        self.assertEqual(machines.lines_of({"tests passed on i386": 7, "tests passed on vax": 1}), ["i386: 7 tests of kernel_tests"])
        self.assertEqual(len(machines.lines_of({f"tests passed on {name}": 1 for name in machines.MACHINES})), len(machines.MACHINES))

    def test_each_has_tests_that_are_built(self):
        built = "".join(path.read_text() for path in measured.SOURCE.rglob("CMakeLists.txt") if "build" not in path.parts)
        for name, machine in machines.MACHINES.items():
            for test in machine.tests:
                self.assertIn(f"agentslock_test({test}", built, name)


class Night(unittest.TestCase):
    PARTS = [night.Part("a", ["a"], 1, ["share"]), night.Part("b", ["b"], 1, ["of one", "of other"], keeps_as="c")]

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        where = pathlib.Path(self.directory.name)
        for one, name, value in ((measured, "KEPT", where), (night, "STATE", where / "night.json"), (night, "source", lambda: self.source)):
            self.addCleanup(setattr, one, name, getattr(one, name))
            setattr(one, name, value)
        self.seen, self.source = [], "a commit"

    def runs(self, became="ended", figures=True):
        """What becomes of a part, or of each by its name; which figures it leaves: all, or those named."""
        def run(part, seconds):
            self.seen.append((part.name, seconds))
            left = part.figures if figures is True else [name for name in part.figures if name in (figures or [])]
            measured.keep(part.keeps_as, {name: len(self.seen) for name in left})
            return became if isinstance(became, str) else became[part.name], ["told", "at last | this", ""]
        return run

    def names_seen(self):
        return [name for name, _ in self.seen]

    def test_all_parts_run_within_their_shares_and_stand_on_the_page(self):
        text, well = night.night(100, self.PARTS, self.runs())
        self.assertTrue(well)
        self.assertEqual(self.names_seen(), ["a", "b"])
        self.assertLessEqual(self.seen[0][1], 50)
        self.assertIn("Source: a commit.", text)
        self.assertIn("| a | ended | 0 | at last \\| this |", text)
        self.assertIn("- of one: 2\n- of other: 2\n", text)
        self.assertIn("- share: 1\n", text)
        self.assertNotIn("missing", text)

    def test_a_part_that_fails_is_told_and_makes_the_night_fail(self):
        text, well = night.night(100, self.PARTS, self.runs({"a": "failed", "b": "ended"}))
        self.assertFalse(well)
        self.assertIn("## What a found\n\n```text\ntold", text)

    def test_a_figure_that_is_missing_makes_it_fail(self):
        for became in ("ended", "stopped"):
            for left in ([], ["share", "of one"]):
                text, well = night.night(100, self.PARTS, self.runs(became, left))
                self.assertFalse(well)
                self.assertEqual("- figure of a: share" in text, not left, text)
                self.assertEqual("- figure of b: of one" in text, not left, text)
                self.assertIn("- figure of b: of other", text)
                night.STATE.unlink()
                for part in self.PARTS:
                    measured.file_of(part.keeps_as).unlink()

    def test_a_figure_of_an_earlier_night_is_none_of_this(self):
        night.night(100, self.PARTS, self.runs())
        text, well = night.night(100, self.PARTS, self.runs(figures=["share"]))
        self.assertFalse(well)
        self.assertIn("- figure of b: of one", text)
        self.assertNotIn("- of one: 2", text)

    def test_the_model_that_is_missing_makes_it_fail(self):
        self.addCleanup(setattr, night, "NEEDED", night.NEEDED)
        night.NEEDED = ["proofs/no.model"]
        text, well = night.night(100, self.PARTS, self.runs())
        self.assertFalse(well)
        self.assertIn("- proofs/no.model", text)
        self.assertEqual(self.seen, [])

    def test_a_part_that_was_stopped_has_not_ended(self):
        text, well = night.night(100, self.PARTS, self.runs({"a": "ended", "b": "stopped"}))
        self.assertFalse(well)
        self.assertIn("- b has not ended", text)

    def test_a_night_goes_on_with_what_has_not_ended(self):
        text, well = night.night(0, self.PARTS, self.runs())
        self.assertFalse(well)
        self.assertIn("- a has not run", text)
        night.night(100, self.PARTS, self.runs({"a": "ended", "b": "stopped"}))
        text, well = night.night(100, self.PARTS, self.runs())
        self.assertTrue(well)
        self.assertEqual(self.names_seen(), ["a", "b", "b"])
        self.assertIn("- share: 1\n", text)

    def test_what_failed_is_not_mended_by_going_on(self):
        night.night(100, self.PARTS, self.runs({"a": "failed", "b": "stopped"}))
        _, well = night.night(100, self.PARTS, self.runs())
        self.assertFalse(well)
        self.assertEqual(self.names_seen(), ["a", "b", "b"])

    def test_another_source_is_another_night(self):
        night.night(100, self.PARTS, self.runs({"a": "ended", "b": "stopped"}))
        self.source = "another commit"
        _, well = night.night(100, self.PARTS, self.runs())
        self.assertTrue(well)
        self.assertEqual(self.names_seen(), ["a", "b", "a", "b"])

    def test_the_next_night_shows_what_a_figure_was(self):
        night.night(100, self.PARTS, self.runs())
        text, _ = night.night(100, self.PARTS, self.runs())
        self.assertIn("- share: 3 (before: 1)", text)

    def test_each_part_is_a_command_and_leaves_figures(self):
        usage = (measured.SOURCE / "dev").read_text()
        for part in night.PARTS:
            self.assertIn(f"#   ./dev {part.command[0]} ", usage)
            self.assertTrue(part.figures, part.name)
        self.assertEqual({part.name for part in night.PARTS if part.keeps_as == "machines"}, set(machines.MACHINES))

    def test_a_part_is_a_command_that_is_stopped_when_its_time_is_over(self):
        self.assertEqual(night.run(night.Part("help", ["help"], 1, []), 60)[0], "ended")
        self.assertEqual(night.run(night.Part("wrong", ["wrong"], 1, []), 60)[0], "failed")
        self.assertEqual(night.run(night.Part("slow", ["help"], 1, []), 0)[0], "stopped")

    def test_what_a_night_needs_is_there(self):
        for name in night.NEEDED:
            self.assertTrue((measured.SOURCE / name).exists(), name)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
