#!/usr/bin/env python3
"""Answers the kit's questions by the command agentslock, which $AGENTSLOCK names: each in an empty directory, by `apply`."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

COMMAND = os.environ.get("AGENTSLOCK", "agentslock")


def answer(question):
    given = question["document"]
    with tempfile.TemporaryDirectory() as directory:
        document = pathlib.Path(directory, ".agentsrc.lock")
        if given is not None:
            document.write_bytes(base64.b64decode(given["b64"]) if isinstance(given, dict) else given.encode())
        script = pathlib.Path(directory, "script.json")
        # Operations that the command does not have are asked of nobody.
        if any(one["op"] == "step" for one in question["ops"]):
            return {"load": {"error": None}, "ops": [{"op": one["op"], "unknown": True} for one in question["ops"]], "document": given}
        script.write_text(json.dumps({"ops": question["ops"]}))
        call = [COMMAND, "apply", "--keep-going", "--json", "--document", document, script]
        done = subprocess.run(call, capture_output=True, text=True, cwd=directory)
        said = json.loads(done.stdout)
        after = document.read_bytes() if document.exists() else None
    try:
        text = None if after is None else after.decode()
    except UnicodeDecodeError:
        text = {"b64": base64.b64encode(after).decode()}
    return {"load": said["load"], "ops": said["ops"], "document": text}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
# SPDX-License-Identifier: Apache-2.0
