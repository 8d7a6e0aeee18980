#!/usr/bin/env python3
"""Where the figures of what runs at night are kept: in docs/testing.md, and as JSON beside the build for the next night.

    measured.py NAME FIGURE NUMBER    keeps one, for what is no program in Python

In the page stand, between "<!-- measured: NAME -->" and "<!-- end measured -->", the lines that NAME printed last.
"""
import json
import pathlib
import re
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGE = SOURCE / "docs/testing.md"
KEPT = SOURCE / "build/night"


class Fault(Exception):
    """What is wrong, for a person."""


def put(name, lines, page=PAGE):
    """Puts lines, each "WHAT: figures", into the page. Those of WHAT that is not among them stay. Fault: the page has no place for them."""
    text = page.read_text()
    block = re.compile(rf"(<!-- measured: {re.escape(name)} -->\n)(?:```text\n(.*?)\n```\n)?(<!-- end measured -->)", re.S)
    found = block.findall(text)
    if len(found) != 1:
        raise Fault(f"{page}: has {len(found)} places '<!-- measured: {name} -->'")
    by_what = {line.partition(":")[0]: line for line in [*found[0][1].splitlines(), *lines]}
    made = block.sub(lambda m: m[1] + "```text\n" + "\n".join(by_what.values()) + "\n```\n" + m[3], text)
    if made != text:
        page.write_text(made)


def file_of(name):
    return KEPT / f"{name}.figures.json"


def keep(name, figures):
    """Keeps figures, a dictionary of numbers, for the page of the night. Those of NAME that it does not name stay."""
    everything = json.loads(file_of(name).read_text()) if file_of(name).exists() else {}
    everything |= {figure: {"is": number, "at": time.time()} for figure, number in figures.items()}
    KEPT.mkdir(parents=True, exist_ok=True)
    file_of(name).write_text(json.dumps(everything, indent=1) + "\n")


def kept(name, since=0):
    """The figures that were kept at or after that time of day, in seconds since 1970; nothing when there are none."""
    everything = json.loads(file_of(name).read_text()) if file_of(name).exists() else {}
    return {figure: one["is"] for figure, one in everything.items() if one["at"] >= since}


if __name__ == "__main__":
    if len(sys.argv) != 4 or not sys.argv[3].isdigit():
        sys.exit(__doc__)
    keep(sys.argv[1], {sys.argv[2]: int(sys.argv[3])})
# SPDX-License-Identifier: Apache-2.0
