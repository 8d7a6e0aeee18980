"""Mutants are made of patches: what is put in, what is refused, and what a renewal mends or leaves to a person."""
import pathlib
import tempfile
import unittest

import mutants

SOURCE = ["int first() {", "  return 1;", "}", "", "int second() {", "  const int two = 2;", "  return two;", "}"]
FILE = "kernel/src/numbers.cpp"


def patch_text(name, diff, file=FILE):
    return f"The {name} is wrong.\n\nFound by: a_law, in a_property\n\n--- a/{file}\n+++ b/{file}\n{diff}"


def at_the_return(name, line=6):
    return patch_text(name, f"@@ -{line},2 +{line},3 @@\n   const int two = 2;\n"
                            f"+  if (is_on(mutant::{name})) return 3;\n   return two;\n")


def of_the_constant(name):
    return patch_text(name, "@@ -5,3 +5,3 @@\n int second() {\n-  const int two = 2;\n"
                            f"+  const int two = is_on(mutant::{name}) ? 3 : 2;\n   return two;\n")


class Mutants(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.into, self.patches = self.root / "made", self.root / "patches"
        self.patches.mkdir()
        self.write(SOURCE)

    def write(self, lines, file=FILE):
        mutants.write(self.root / file, "\n".join(lines) + "\n")

    def add(self, name, text):
        (self.patches / f"{name}.patch").write_text(text)

    def make(self):
        mutants.make(mutants.patches_of(self.patches), self.root, self.into)
        return (self.into / FILE).read_text().splitlines()

    def fault(self):
        with self.assertRaises(mutants.Fault) as caught:
            self.make()
        return str(caught.exception)

    def renew(self):
        said = []
        left = mutants.renew(mutants.patches_of(self.patches), self.root, said.append)
        return left, "\n".join(said)

    # What is made

    def test_what_a_patch_puts_in_stands_in_the_copy_and_not_in_the_source(self):
        self.add("one", at_the_return("one"))
        self.assertEqual(self.make(), SOURCE[:6] + ["  if (is_on(mutant::one)) return 3;"] + SOURCE[6:])
        self.assertEqual((self.root / FILE).read_text().splitlines(), SOURCE)

    def test_of_two_at_one_place_both_stand_in_order_of_their_names(self):
        self.add("two", at_the_return("two"))
        self.add("one", at_the_return("one"))
        self.assertEqual([line.split("::")[1][:3] for line in self.make()[6:8]], ["one", "two"])

    def test_a_line_that_one_changes_may_be_the_context_of_another(self):
        self.add("one", at_the_return("one"))
        self.add("two", of_the_constant("two"))
        made = self.make()
        self.assertIn("  if (is_on(mutant::one)) return 3;", made)
        self.assertIn("  const int two = is_on(mutant::two) ? 3 : 2;", made)
        self.assertNotIn("  const int two = 2;", made)

    def test_lines_that_have_moved_are_found(self):
        self.add("one", at_the_return("one"))
        self.write(["// A comment."] + SOURCE)
        self.assertEqual(self.make()[7], "  if (is_on(mutant::one)) return 3;")

    def test_tests_are_told_the_name_the_sentence_the_law_and_the_property(self):
        self.add("one", at_the_return("one"))
        self.make()
        self.assertIn("  /// The one is wrong.\n  one,\n", (self.into / "mutant_names.hpp").read_text())
        self.assertIn('{mutant::one, "one", "a_law", "a_property"}', (self.into / "mutant_list.cpp").read_text())

    def test_what_has_not_changed_is_not_written(self):
        self.add("one", at_the_return("one"))
        self.make()
        before = {path: path.stat().st_mtime_ns for path in self.into.rglob("*")}
        self.make()
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.into.rglob("*")}, before)

    # What is refused

    def test_a_patch_that_does_not_apply_is_refused_with_the_command_that_renews_it(self):
        self.add("one", at_the_return("one"))
        self.add("two", of_the_constant("two"))
        self.write([line.replace("two = 2", "two{2}") for line in SOURCE])
        fault = self.fault()
        for name in ("one", "two"):
            self.assertRegex(fault, f"{name}.patch: does not apply to {FILE}; renew it by: ./dev mutants --renew")

    def test_so_is_one_that_applies_in_two_places_neither_of_which_it_names(self):
        self.add("one", at_the_return("one", line=3))
        self.write(SOURCE + SOURCE)
        self.assertIn("does not apply", self.fault())

    def test_so_is_one_whose_source_is_gone(self):
        self.add("one", at_the_return("one"))
        (self.root / FILE).unlink()
        self.assertRegex(self.fault(), f"there is no {FILE}; renew it by")

    def test_two_that_change_the_same_line_are_refused(self):
        self.add("one", of_the_constant("one"))
        self.add("two", of_the_constant("two"))
        self.assertRegex(self.fault(), f"two.patch: changes line 6 of {FILE}, as one.patch does")

    def test_a_patch_says_what_is_wrong_by_what_it_is_found_and_asks_for_its_own_mutant(self):
        good = at_the_return("one")
        for bad in (good.replace("The one is wrong.\n\n", ""), good.replace("Found by: ", "By: "), at_the_return("two"),
                    good.replace(FILE, "kernel/include/numbers.hpp"), good.replace("+++ b/", "+++ "),
                    good.replace("@@ -6,2", "@@ six"), good.replace("\n+  if", "\n*  if"), good.split("\n---")[0]):
            self.add("one", bad)
            self.fault()
        self.add("one", good)
        self.make()

    def test_a_directory_without_patches_is_refused(self):
        self.assertIn("holds no patch", self.fault())

    # What a renewal does

    def renewed(self, lines, file=FILE):
        """What the patch makes of these lines, after it was refused and renewed."""
        self.write(lines, file)
        self.fault()
        self.assertEqual(self.renew()[0], 0)
        mutants.make(mutants.patches_of(self.patches), self.root, self.into)
        return (self.into / file).read_text().splitlines()

    def test_a_neighbour_may_change(self):
        self.add("one", at_the_return("one"))
        made = self.renewed([line.replace("two = 2", "two{2}") for line in SOURCE])
        self.assertEqual(made[5:8], ["  const int two{2};", "  if (is_on(mutant::one)) return 3;", "  return two;"])

    def test_the_indentation_may_change(self):
        self.add("one", of_the_constant("one"))
        made = self.renewed([line and "  " + line for line in SOURCE])
        self.assertEqual(made[4:6], ["  int second() {", "  const int two = is_on(mutant::one) ? 3 : 2;"])

    def test_the_source_may_move(self):
        self.add("one", at_the_return("one"))
        (self.root / FILE).unlink()
        made = self.renewed(SOURCE, "kernel/room/numbers.cpp")
        self.assertIn("  if (is_on(mutant::one)) return 3;", made)

    def test_what_applies_is_given_its_lines_and_its_context(self):
        self.add("one", at_the_return("one"))
        self.write(["// A comment."] + SOURCE)
        self.assertEqual(self.renew()[0], 0)
        text = (self.patches / "one.patch").read_text()
        self.assertIn("@@ -6,4 +6,5 @@\n int second() {\n", text)
        left, said = self.renew()
        self.assertEqual((left, said), (0, "patches: 1, to be mended by a person: 0"))
        self.assertEqual((self.patches / "one.patch").read_text(), text)

    def test_a_person_mends_what_is_not_found_or_is_found_twice(self):
        self.add("gone", of_the_constant("gone"))
        self.add("twice", at_the_return("twice"))
        self.write([line.replace("const int two", "int two") for line in SOURCE] + ["  return two;"])
        before = [path.read_text() for path in sorted(self.patches.iterdir())]
        left, said = self.renew()
        self.assertEqual(left, 2)
        for name in ("gone", "twice"):
            self.assertRegex(said, f"{name}.patch: a person must mend it")
        self.assertEqual([path.read_text() for path in sorted(self.patches.iterdir())], before)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
