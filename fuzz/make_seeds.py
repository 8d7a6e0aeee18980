#!/usr/bin/env python3
"""Writes first inputs for the fuzz targets, made from the vectors and from real documents.

    fuzz/make_seeds.py OUT     one directory a target in OUT

They are many and overlap: ./dev fuzz --minimise keeps those that reach something which no other reaches.
"""
import json
import pathlib
import random
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[1]
SIZE_MAX = 8000


def section_of(document):
    """The text of the adapters section, as it stands."""
    text = document.decode("utf-8", "surrogateescape")
    at = text.find('"adapters":')
    if at < 0:
        return None
    value = text[at + len('"adapters":'):].lstrip()
    try:
        _, end = json.JSONDecoder().raw_decode(value)
    except (ValueError, RecursionError):
        return None
    return value[:end].encode("utf-8", "surrogateescape")


def merges():
    """Yields a base and two sides: conflicts, members and items that are not ours, entries that a side has not."""
    def document(crg="d0", status="ready", note="", item="", config="1", views=True, end="\n"):
        view = f'''"v": {{"view_digest": "v", "view_status": "{status}",
        "depends_on": [{{"adapter": "crg", "schema_digest": "d0"{item}}}]{note}}}''' if views else ""
        return f'''{{"adapters": {{
    "comp": {{"source_digest": "s", "schema_digest": "d"{note},
      "materialized_views": {{{view}}}}},
    "crg": {{
      "source_digest": "{crg}", "schema_digest": "{crg}"}}}},
  "config": {{
    "a": {config},

    "b": 2}},
  "lock_version": 1}}
'''.replace("\n", end).encode()
    base = document()
    changes = [{"crg": "d1"}, {"status": "pending-rebuild"}, {"status": "pending-recompat-check"}, {"note": ',\n"x": 1.0'},
               {"note": ',\n"x": 1e400'}, {"item": ', "y": 1'}, {"item": ', "y": 2'}, {"config": "[1]"}, {"config": "{}"},
               {"views": False}, {"end": "\r\n"}, {"crg": "d2"}]
    for i, ours in enumerate(changes):
        for theirs in changes[i + 1:]:
            yield base, document(**ours), document(**theirs)
    yield b"", document(crg="d1"), document(status="pending-rebuild")
    yield b"<<<<<<< ours\n{}\n=======\n{ }\n>>>>>>> theirs\n", b"{", document()
    yield b"<<<<<<<< a\n||||||||\n========\n>>>>>>>> b\n", document(), b'{"lock_version": 2}'


def seeds():
    """Yields (target, bytes)."""
    rng = random.Random(1)
    for directory in sorted((SOURCE / "tests/vectors").iterdir()):
        if not directory.is_dir():
            continue
        before = (directory / "in.lock").read_bytes() if (directory / "in.lock").exists() else b""
        after = (directory / "go.lock").read_bytes() if (directory / "go.lock").exists() else b""
        script = (directory / "script.json").read_bytes()
        yield "fuzz_apply", script + b"\0" + before
        for document in (before, after):
            yield "fuzz_document", document
            yield "fuzz_document", document + b"\0" + rng.randbytes(40)
        if before and after and before != after:
            yield "fuzz_merge", before + b"\0" + after + b"\0" + rng.randbytes(40).replace(b"\0", b"\1")
            yield "fuzz_merge", before + b"\0" + rng.randbytes(40).replace(b"\0", b"\1") + b"\0" + rng.randbytes(40)
        sections = [section_of(before), section_of(after)]
        if all(sections):
            yield "fuzz_adapters", sections[0] + b"\0" + sections[1]
        for section in filter(None, sections):
            yield "fuzz_adapters", section
    for path in sorted((SOURCE / "tests/data").glob("*.lock")):
        yield "fuzz_document", path.read_bytes()[:SIZE_MAX]
    view = b'{"adapters":{"crg":{"schema_digest":"d0"},"comp":{"materialized_views":{"v":%s}}}}'
    for text in (b'{"view_status":"ready","depends_on":[null,{"adapter":"crg"}],"state_history":[null,{}]}',
                 b'{"view_status":"ready","depends_on":[null,{}],"a/b~c":1,"A":18446744073709551615}',
                 b'{"view_status":18446744073709551615}', b'{"depends_on":[18446744073709551615]}',
                 b'{"Depends_on":[]}', b'{"x~/":1,"x~/":2}', b'{"depends_on":[{"~":1,"~":1}]}'):
        yield "fuzz_document", view % text
        yield "fuzz_document", view % text + b"\0" + rng.randbytes(60)
        section = (view % text)[len(b'{"adapters":'):-1]
        filled = section.replace(b"null", b'{"adapter":"crg","schema_digest":"d1","at":"t","to":"x"}')
        yield "fuzz_adapters", section + b"\0" + filled
    for sides in merges():
        yield "fuzz_merge", b"\0".join(sides)
    for now in (b"2026-07-01T12:00:00.25+01:30", b"2026-07-01T12:00:00-23:59", b"2026-07-01T12:00:00.Z", b"20"):
        yield "fuzz_apply", b'{"ops":[{"op":"activate","name":"crg","source_digest":"s","schema_digest":"t","now":"%s"},' \
                            b'{"op":"save"}]}' % now
    for deep in (1999, 2000, 2001):
        yield "fuzz_document", b'{"a":' + b"[" * (deep - 1) + b"]" * (deep - 1) + b"}"
    for _ in range(200):
        yield "fuzz_kernel", rng.randbytes(rng.randrange(8, 200))
    item = b'{"adapter":"crg","schema_digest":"sha256:5eed"%s}'
    for list_ in (b"", item % b"", item % b',"version":"2.0.0"', item % b"" + b", " + item % b',"version":""',
                  item % b',"version":null', item % b',"version":"1","version":"2"', item % b',"Version":"1"',
                  item.replace(b"crg", b"") % b"", b'{"adapter":"crg"}', b'{"schema_digest":"d"}', b"null", b"[]", b"1e999",
                  item % b',"version":"\\ud83d\\ude00\\u0000"', item % b',"version":"\\ud83d"', item % b',"version":"\xff"'):
        yield "fuzz_validator_answer", b'{"depends_on": [' + list_ + b"]}\n"
    for printed in (b"", b" \t\r\n", b"{}", b"{} x", b"[]", b"valid\n", b"\xef\xbb\xbf{}", b'{"depends_on": null}',
                    b'{"depends_on": {}}', b'{"depends_on": [], "depends_on": []}', b'{"depends_on": [], "x": 1}',
                    b'{"depends_\\u006fn": []}', b'{"depends_on": [', b"<<<<<<< ours\n",
                    b'{"depends_on":' + b"[" * 2001 + b"]" * 2001 + b"}"):
        yield "fuzz_validator_answer", printed
    token = b"9f86d081884c7d659a2feaa0c55ad015"
    boot = b"boot 6a1f0000-0000-4000-8000-000000000000"
    yield "fuzz_sidecar", b"4242\n1782907200000000000\n" + token + b"\n"
    yield "fuzz_sidecar", b"4242\n1782907200000000000\n" + token + b"\n" + boot + b"\ngate 65024 1048577\n"
    yield "fuzz_sidecar", b"4242\r\n1782907200000000000\r\n"
    yield "fuzz_sidecar", b"1\n" * 2100


def main(out):
    out = pathlib.Path(out)
    counts = {}
    for target, data in seeds():
        if len(data) > SIZE_MAX:
            continue
        counts[target] = counts.get(target, 0) + 1
        (out / target).mkdir(parents=True, exist_ok=True)
        (out / target / f"seed-{counts[target]:03}").write_bytes(data)
    for target, count in sorted(counts.items()):
        print(f"{target}: {count} seeds")


if __name__ == "__main__":
    main(*sys.argv[1:])
# SPDX-License-Identifier: Apache-2.0
