#!/usr/bin/env python3
"""Which lines of kernel/ and io/ the corpora reach, without any fuzzing, and which they do not.

Lines that no input can reach are listed in unreachable.txt with the reason, so that they are not counted: a file, or a
line of one. Ends with an error when the corpora reach less than 95 % of the others, or when the list is wrong: a line that
is not there any more, or that is reached after all.
"""
import pathlib
import re
import subprocess
import sys

import run

SOURCE = run.FUZZ.parent
GOAL = 95.0
FLAGS = "-O0 -g1 -fprofile-instr-generate -fcoverage-mapping"


def measured():
    """By file, by line that has code: whether it ran."""
    out = run.build("coverage", FLAGS)
    profiles = []
    for target in run.TARGETS:
        profile = run.BUILD / "coverage" / f"{target}.profraw"
        call = [out / target, "-runs=0", run.FUZZ / "corpus" / target]
        subprocess.run(call, check=True, env={"LLVM_PROFILE_FILE": str(profile)}, stderr=subprocess.DEVNULL)
        profiles.append(profile)
    merged = run.BUILD / "coverage/all.profdata"
    subprocess.run(["llvm-profdata-14", "merge", "-o", merged, *profiles], check=True)
    objects = [f"-object={out / target}" for target in run.TARGETS]
    told = subprocess.run(["llvm-cov-14", "export", "-format=lcov", f"-instr-profile={merged}", *objects,
                           "-ignore-filename-regex=/(properties|fuzz|cli)/|/usr/"],
                          check=True, capture_output=True, text=True).stdout
    lines = {}
    for record in told.split("end_of_record"):
        name = re.search(r"^SF:(.+)$", record, re.M)
        if name and (path := pathlib.Path(name[1]).relative_to(SOURCE)).parts[0] in ("kernel", "io"):
            counts = re.findall(r"^DA:(\d+),(\d+)", record, re.M)
            lines[str(path)] = {int(number): int(count) > 0 for number, count in counts}
    return lines


def listed():
    """What no input can reach: (file, text of a line or nothing, reason)."""
    for line in (run.FUZZ / "unreachable.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            place, reason = line.split(" -- ")
            name, _, text = place.partition(": ")
            yield name.strip(), text.strip(), reason.strip()


def main():
    lines = measured()
    texts = {name: [""] + (SOURCE / name).read_text().splitlines() for name in lines}
    wrong, excused = [], 0
    # Of a library only those files are linked of which something is called.
    sources = {str(path.relative_to(SOURCE)) for layer in ("kernel", "io") for path in (SOURCE / layer).rglob("*.cpp")
               if "tests" not in path.parts}
    unlinked = sources - set(lines)
    for name, text, reason in listed():
        unlinked.discard(name)
        if not (SOURCE / name).exists():
            wrong.append(f"unreachable.txt names {name}, which is not there")
        if name not in lines:
            print(f"not counted: {name}: {reason}")
            continue
        numbers = [n for n in lines[name] if not text or texts[name][n].strip() == text]
        if not numbers:
            wrong.append(f"unreachable.txt: no line of {name} is '{text}'")
        for number in numbers:
            if lines[name][number] and text:
                wrong.append(f"unreachable.txt: {name}:{number} is reached after all")
            excused += 1
            del lines[name][number]
        print(f"not counted: {name} {text or '(' + str(len(numbers)) + ' lines)'}: {reason}")
    wrong += [f"nothing of {name} is reached, and unreachable.txt does not say why" for name in sorted(unlinked)]
    total = sum(len(one) for one in lines.values())
    reached = sum(sum(one.values()) for one in lines.values())
    for name, one in sorted(lines.items()):
        for number in sorted(n for n, ran in one.items() if not ran):
            print(f"not reached: {name}:{number}: {texts[name][number].strip()}")
    share = 100 * reached / total
    print(f"the corpora reach {reached} of the {total} lines of kernel/ and io/ that input can reach: {share:.1f} %")
    print(f"{excused} lines are not counted")
    if share < GOAL:
        wrong.append(f"that is less than {GOAL} %")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
# SPDX-License-Identifier: Apache-2.0
