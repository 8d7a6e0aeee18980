#!/usr/bin/env python3
"""Puts the figures that tests printed into the pages that show them.

    tools/figures.py [--check] LOG PAGE...

A test prints a figure as one line, "[ FIGURE   ] GROUP: TEXT". LOG is what ctest keeps of its last run. In a page stand, between
"<!-- figures: GROUP -->" and "<!-- end figures -->", all figures of that group, in the order of the tests' names.
With --check nothing is written: a difference is an error. A group that no test has printed is an error too.
"""
import pathlib
import re
import sys

BLOCK = re.compile(r"(<!-- figures: ([\w ,]+) -->\n).*?(<!-- end figures -->)", re.S)
MEND = "mend it by: ./dev test && ./dev figures"


def figures_of(log):
    """By group, the figures in the order of the tests' names, and within a test as printed."""
    by_test = {}
    for part in re.split(r"^\d+/\d+ Testing: ", log, flags=re.M)[1:]:
        lines = re.findall(r"^\[ FIGURE   \] ([\w ,]+): (.*)$", part, re.M)
        by_test[part.split("  #")[0].split("\n")[0]] = lines
    groups = {}
    for _, lines in sorted(by_test.items()):
        for group, text in lines:
            groups.setdefault(group, []).append(text.rstrip())
    return groups


def main(arguments):
    check = "--check" in arguments
    log, *pages = [a for a in arguments if a != "--check"]
    groups = figures_of(pathlib.Path(log).read_text(errors="replace"))
    wrong = False
    for page in map(pathlib.Path, pages):
        text = page.read_text()

        def block(match):
            if match[2] not in groups:
                sys.exit(f"{page}: no test in {log} has printed figures of '{match[2]}'; run ./dev test first")
            return match[1] + "```text\n" + "\n".join(groups[match[2]]) + "\n```\n" + match[3]

        made, count = BLOCK.subn(block, text)
        if count == 0:
            sys.exit(f"{page}: has no '<!-- figures: GROUP -->'")
        if made == text:
            continue
        if check:
            print(f"{page}: its figures are not what the tests printed; {MEND}", file=sys.stderr)
            wrong = True
        else:
            page.write_text(made)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
# SPDX-License-Identifier: Apache-2.0
