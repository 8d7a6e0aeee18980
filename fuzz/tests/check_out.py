#!/usr/bin/env python3
"""Checks what oss-fuzz/build.sh left in $OUT by OSS-Fuzz's own rules.

    check_out.py OUT

Each target starts away from its sources with nothing but $OUT, ends cleanly on an empty input and on every seed of its zip,
knows its options and its dictionary, and needs no shared library that a plain runtime has not.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

FUZZ = pathlib.Path(__file__).resolve().parents[1]
# What the image that OSS-Fuzz runs targets in has.
RUNTIME = r"linux-vdso|ld-linux|libc\.so|libm\.so|libgcc_s|libstdc\+\+|libpthread|libdl\.so|librt\.so|libresolv"


def check(out, name):
    target = out / name
    assert os.access(target, os.X_OK), f"{name} is no executable"
    assert b"LLVMFuzzerTestOneInput" in target.read_bytes(), f"{name} is no fuzz target"
    needed = subprocess.run(["ldd", target], capture_output=True, text=True, check=True).stdout
    foreign = [line.split()[0] for line in needed.splitlines() if not re.search(RUNTIME, line)]
    assert not foreign, f"{name} needs {foreign}, which the runtime has not"
    options = dict(re.findall(r"^(\w+) = (.+)$", (out / f"{name}.options").read_text(), re.M))
    assert int(options["max_len"]) > 0 and int(options["timeout"]) > 0, f"{name}: {options}"
    arguments = []
    if "dict" in options:
        assert (out / options["dict"]).is_file(), f"{name} has no dictionary {options['dict']}"
        arguments = [f"-dict={options['dict']}"]
    with tempfile.TemporaryDirectory() as elsewhere:
        # As OSS-Fuzz does: the directory is mounted somewhere, and the target is started in it.
        there = pathlib.Path(elsewhere) / "out"
        there.mkdir()
        for path in out.glob(f"{name}*"):
            shutil.copy(path, there)
        seeds = there / "seeds"
        with zipfile.ZipFile(there / f"{name}_seed_corpus.zip") as packed:
            assert packed.namelist(), f"{name}_seed_corpus.zip is empty"
            packed.extractall(seeds)
        (there / "empty").touch()
        for given in (["empty"], ["-runs=0", "seeds"], ["-runs=50", f"-max_len={options['max_len']}", "-seed=1"]):
            done = subprocess.run([there / name, *arguments, *given], cwd=there, capture_output=True, text=True,
                                  errors="replace", env={"PATH": "/usr/bin:/bin"}, timeout=120)
            assert done.returncode == 0, f"{name} {given} ends with {done.returncode}:\n{done.stderr[-2000:]}"
        return len(list(seeds.iterdir()))


def main(out):
    out = pathlib.Path(out).resolve()
    names = sorted(path.stem for path in FUZZ.glob("fuzz_*.cpp") if path.stem != "fuzz_canary")
    for name in names:
        print(f"$OUT/{name}: starts, {check(out, name)} seeds, ends cleanly on the empty input", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
# SPDX-License-Identifier: Apache-2.0
