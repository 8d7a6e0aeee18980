#!/usr/bin/env python3
"""Makes mutants of the product's sources: copies, with every patch of this directory in them.

    mutants.py make DIRECTORY   the copies, and what tests need to know of the patches; writes only what changes
    mutants.py renew            writes the patches anew, for sources that have changed since

A patch is one mutant, and its file has the mutant's name. It says in a sentence what is wrong with the mutant, then by
what it is found (a law and its property, or a program of tests), then how one source is changed: as a unified diff of the
product's source, so that no patch needs another. What it puts in stands behind is_on(mutant::NAME): a test chooses one.

`make` takes a patch whose lines have moved, if they stand in one place only; else it fails. `renew` also follows a source
that has moved, another indentation, and a neighbouring line that has changed, where that leaves one place. It says what a
person must mend.
"""
import difflib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
CONTEXT = 2
MEND = "renew it by: ./dev mutants --renew"

NAMES = """// Made of the patches in properties/mutants/.
#pragma once

#include <cstdint>

namespace agentslock {

enum class mutant : std::uint8_t {
  none,
@};

}  // namespace agentslock
"""
LIST = """// Made of the patches in properties/mutants/.
#include "mutant.hpp"

namespace agentslock {

std::span<const mutant_facts> mutants() noexcept {
  static constexpr mutant_facts all[] = {
@  };
  return all;
}

}  // namespace agentslock
"""


class Fault(Exception):
    """What is wrong with a patch, for a person."""


class Hunk:
    """Lines that must stand in a source, and the changes among them: each (first, end, new lines), from their first."""

    def __init__(self, line, body):
        self.at = line - 1
        self.old, self.changes = [], []
        first, new, changed = 0, [], False
        for sign, text in body + [(" ", None)]:
            if sign == " ":
                if changed:
                    self.changes.append((first, len(self.old), new))
                first, new, changed = len(self.old) + 1, [], False
            else:
                changed = True
            if sign == "+":
                new.append(text)
            elif text is not None:
                self.old.append(text)

    def place(self, lines):
        """The line at which it stands: the one that it names, else the only one."""
        if lines[self.at:self.at + len(self.old)] == self.old:
            return self.at
        return only(places(self.old, lines))

    def loose_place(self, lines):
        """As place; else indentation may differ, then context lines at both ends."""
        at = self.place(lines)
        if at is not None:
            return at
        tight = [text.strip() for text in lines]
        old = [text.strip() for text in self.old]
        before, after = self.changes[0][0], len(old) - self.changes[-1][1]
        for left_out in range(before + after + 1):
            found = set()
            for front in range(max(0, left_out - after), min(before, left_out) + 1):
                part = old[front:len(old) - (left_out - front)]
                if any(re.search(r"\w", text) for text in part):
                    found |= {at - front for at in places(part, tight)}
            if found:
                return only(sorted(found))
        return None


class Patch:
    def __init__(self, path):
        self.path, self.name = path, path.stem
        head, _, diff = path.read_text().partition("\n--- ")
        parts = [" ".join(part.split()) for part in head.split("\n\n")]
        if not re.fullmatch(r"[a-z]\w*", self.name) or not diff:
            raise Fault(f"{path}: wants a name in lower case, and a unified diff")
        if len(parts) != 2 or not parts[1].startswith("Found by: "):
            raise Fault(f"{path}: wants a sentence, an empty line, and 'Found by: LAW, in PROPERTY' or 'Found by: TESTS'")
        self.head, self.sentence = head.rstrip("\n") + "\n", parts[0]
        self.found_by, _, self.property = parts[1].removeprefix("Found by: ").partition(", in ")
        names, *lines = diff.removesuffix("\n").split("\n")
        self.file = lines[0].removeprefix("+++ b/")
        if names != f"a/{self.file}" or not self.file.endswith(".cpp"):
            raise Fault(f"{path}: changes one source, a .cpp; what includes a header is not made anew")
        self.hunks = [self.hunk(part) for part in re.split(r"^(?=@@ )", "\n".join(lines[1:]), flags=re.M) if part]
        if f"is_on(mutant::{self.name})" not in diff:
            raise Fault(f"{path}: does not ask for is_on(mutant::{self.name})")

    def hunk(self, text):
        title, *body = text.removesuffix("\n").split("\n")
        numbers = re.match(r"@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@", title)
        hunk = numbers and Hunk(int(numbers[1]), [(line[:1] or " ", line[1:]) for line in body])
        if not hunk or not hunk.changes or any(line[:1] not in ("", " ", "+", "-") for line in body):
            raise Fault(f"{self.path}: not a unified diff: {title}")
        return hunk

    def changes(self, lines, place=Hunk.place):
        """Its changes of a source's lines: each (first, end, new lines)."""
        made = []
        for hunk in self.hunks:
            at = place(hunk, lines)
            if at is None:
                raise Fault(f"{self.path}: does not apply to {self.file}; {MEND}")
            made += [(at + first, at + end, new) for first, end, new in hunk.changes]
        return made

    def text(self, lines):
        """The patch of these lines."""
        mutant = changed(lines, [(change, self) for change in self.changes(lines, Hunk.loose_place)])
        diff = difflib.unified_diff(lines, mutant, f"a/{self.file}", f"b/{self.file}", n=CONTEXT, lineterm="")
        return self.head + "\n" + "".join(line.rstrip() + "\n" for line in diff)


def places(part, lines):
    return [at for at in range(len(lines) - len(part) + 1) if lines[at:at + len(part)] == part]


def only(found):
    return found[0] if len(found) == 1 else None


def changed(lines, changes):
    """The lines with all changes in them: at one place in the order of names. No two may change one line."""
    made, taken, by = [], 0, None
    for (first, end, new), patch in sorted(changes, key=lambda one: (one[0][:2], one[1].name)):
        if first < taken:
            raise Fault(f"{patch.path}: changes line {first + 1} of {patch.file}, as {by.path.name} does; let one of them "
                        "only put lines in beside it")
        made += lines[taken:first] + new
        taken, by = end, patch
    return made + lines[taken:]


def patches_of(directory):
    found = [Patch(path) for path in sorted(directory.glob("*.patch"))]
    if not found:
        raise Fault(f"{directory}: holds no patch")
    return found


def lines_of(root, patch):
    file = root / patch.file
    if not file.is_file():
        raise Fault(f"{patch.path}: there is no {patch.file}; {MEND}")
    return file.read_text().removesuffix("\n").split("\n")


def write(path, text):
    if not path.is_file() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def make(patches, root, into):
    by_file, faults = {}, []
    for patch in patches:
        try:
            lines = lines_of(root, patch)
            by_file.setdefault(patch.file, (lines, []))[1].extend((one, patch) for one in patch.changes(lines))
        except Fault as fault:
            faults.append(str(fault))
    if faults:
        raise Fault("\n".join(faults))
    for file, (lines, changes) in by_file.items():
        write(into / file, "\n".join(changed(lines, changes)) + "\n")
    names = "".join(f"  /// {patch.sentence}\n  {patch.name},\n" for patch in patches)
    write(into / "mutant_names.hpp", NAMES.replace("@", names))
    rows = "".join(f'    {{mutant::{patch.name}, "{patch.name}", "{patch.found_by}", "{patch.property}"}},\n'
                   for patch in patches)
    write(into / "mutant_list.cpp", LIST.replace("@", rows))


def renew(patches, root, say=print):
    """How many a person must mend."""
    left = 0
    for patch in patches:
        if not (root / patch.file).is_file():
            layer = patch.file.split("/")[0]
            moved = only([path for path in (root / layer).rglob(pathlib.Path(patch.file).name)])
            patch.file = str(moved.relative_to(root)) if moved else patch.file
        try:
            text = patch.text(lines_of(root, patch))
        except Fault:
            say(f"{patch.path}: a person must mend it: {patch.file} has no place for it, or more than one")
            left += 1
            continue
        if text != patch.path.read_text():
            patch.path.write_text(text)
            say(f"{patch.path}: renewed")
    say(f"patches: {len(patches)}, to be mended by a person: {left}")
    return left


def main(arguments):
    try:
        patches = patches_of(HERE)
        if arguments == ["renew"]:
            return 1 if renew(patches, SOURCE) else 0
        if len(arguments) != 2 or arguments[0] != "make":
            sys.exit(__doc__)
        make(patches, SOURCE, pathlib.Path(arguments[1]))
    except Fault as fault:
        sys.exit(str(fault))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
# SPDX-License-Identifier: Apache-2.0
