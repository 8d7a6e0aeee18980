"""Where the figures of what runs at night are kept: in docs/testing.md, and as JSON beside the build for the next night.

In the page stand, between "<!-- measured: NAME -->" and "<!-- end measured -->", the lines that NAME printed last.
"""
import json
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGE = SOURCE / "docs/testing.md"
KEPT = SOURCE / "build/night"


class Fault(Exception):
    """What is wrong, for a person."""


def put(name, lines, page=PAGE):
    """Puts lines into the page. Fault: the page has no place for them."""
    text = page.read_text()
    block = re.compile(rf"(<!-- measured: {re.escape(name)} -->\n).*?(<!-- end measured -->)", re.S)
    made, count = block.subn(lambda m: m[1] + "```text\n" + "\n".join(lines) + "\n```\n" + m[2], text)
    if count != 1:
        raise Fault(f"{page}: has {count} places '<!-- measured: {name} -->'")
    if made != text:
        page.write_text(made)


def shown(name, page=PAGE):
    """The lines that the page shows. Fault: it shows none."""
    found = re.search(rf"<!-- measured: {re.escape(name)} -->\n```text\n(.+?)\n```\n<!-- end measured -->",
                      page.read_text(), re.S)
    if not found:
        raise Fault(f"{page}: shows no figures of '{name}'")
    return found[1].split("\n")


def keep(name, figures):
    """Keeps figures, a dictionary of numbers, for the page of the night."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n")


def kept(name, directory=None):
    """The figures that were kept; nothing when there are none."""
    path = (directory or KEPT) / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else {}
# SPDX-License-Identifier: Apache-2.0
