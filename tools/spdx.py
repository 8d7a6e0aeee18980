#!/usr/bin/env python3
"""Each source names its license in its last line; the first says what the file is for.

    spdx.py --check|--write

--check names those that don't; --write adds the line to them.
"""
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[1]
MARK = "SPDX-License-Identifier: Apache-2.0"
COMMENT = {".cpp": "// ", ".hpp": "// ", ".c": "// ", ".h": "// ", ".py": "# ", ".cmake": "# ", ".sh": "# ", ".go": "// "}


def sources():
    told = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=SOURCE, capture_output=True,
                          text=True, check=True).stdout
    for name in told.splitlines():
        path = SOURCE / name
        comment = "# " if path.name == "CMakeLists.txt" else COMMENT.get(path.suffix)
        if comment and path.is_file():
            yield path, comment + MARK


def main():
    if sys.argv[1:] not in (["--check"], ["--write"]):
        sys.exit(__doc__)
    seen, without = 0, []
    for path, line in sources():
        seen += 1
        text = path.read_text()
        if text.rstrip("\n").rsplit("\n", 1)[-1] == line:
            continue
        without.append(path)
        if sys.argv[1] == "--write":
            path.write_text(text.rstrip("\n") + "\n" + line + "\n")
    if sys.argv[1] == "--write":
        return
    if seen < 100:
        sys.exit(f"only {seen} sources were found")
    for path in without:
        print(f"{path.relative_to(SOURCE)}: no license in its last line")
    if without:
        sys.exit("to add it: ./dev format")


if __name__ == "__main__":
    main()
# SPDX-License-Identifier: Apache-2.0
