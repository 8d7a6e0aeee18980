#!/usr/bin/env python3
"""Puts beside a fuzz target what an engine wants with it: seeds as a zip, dictionary, options.

    pack.py FUZZ_DIRECTORY NAME OUT
"""
import pathlib
import shutil
import sys
import zipfile

# Targets whose inputs begin with JSON; the others are short.
JSON = {"fuzz_document": 8192, "fuzz_adapters": 8192, "fuzz_apply": 8192, "fuzz_merge": 8192,
        "fuzz_validator_answer": 2048}
SHORT = {"fuzz_kernel": 512, "fuzz_sidecar": 4200}


def main(fuzz, name, out):
    fuzz, out = pathlib.Path(fuzz), pathlib.Path(out)
    seeds = [path for directory in ("corpus", "regressions") for path in sorted((fuzz / directory / name).glob("[!.]*"))]
    if not seeds:
        sys.exit(f"{name} has no seeds")
    with zipfile.ZipFile(out / f"{name}_seed_corpus.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in seeds:
            packed.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    options = ["[libfuzzer]", f"max_len = {JSON.get(name) or SHORT[name]}", "timeout = 25"]
    if name in JSON:
        shutil.copy(fuzz / "json.dict", out / f"{name}.dict")
        options.append(f"dict = {name}.dict")
    (out / f"{name}.options").write_text("\n".join(options) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
# SPDX-License-Identifier: Apache-2.0
