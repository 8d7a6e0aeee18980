"""A headless browser, spoken to over a pipe by the DevTools protocol."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAM = shutil.which("chromium-headless-shell")
SECONDS_MAX = 60


class Browser:
    """One page of it. `errors` are what its console, its security policy and its network complained about."""

    def __init__(self):
        # Debian's package; see the lists in dev.
        assert PROGRAM, "chromium-headless-shell is not installed"
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        its_input, self.output = os.pipe()
        self.input, its_output = os.pipe()
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$0" "$@" 3<&{its_input} 4>&{its_output}', PROGRAM, "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}"],
            pass_fds=(its_input, its_output), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(its_input)
        os.close(its_output)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.errors = []
        self.loaded = False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(f"{domain}.enable")

    def close(self):
        os.close(self.output)
        os.close(self.input)
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

    def receive(self):
        end = time.monotonic() + SECONDS_MAX
        while b"\0" not in self.buffer:
            readable, _, _ = select.select([self.input], [], [], max(0, end - time.monotonic()))
            piece = os.read(self.input, 1 << 20) if readable else b""
            assert piece, "the browser says nothing more"
            self.buffer += piece
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while (answer := self.receive()).get("id") != self.number:
            self.note(answer)
        assert "error" not in answer, (method, answer)
        return answer["result"]

    def note(self, event):
        method, what = event.get("method"), event.get("params", {})
        self.loaded = self.loaded or method == "Page.loadEventFired"
        if method in ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled", "Audits.issueAdded"):
            self.errors.append(what)
        if method == "Network.requestWillBeSent" and not what["request"]["url"].startswith("file:"):
            self.errors.append(what)

    def open(self, path, width=1280, height=900, scheme="light"):
        """Opens a file in a window of that size, for a reader who likes it light or dark."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.loaded = False
        self.call("Page.navigate", url=path.as_uri())
        while not self.loaded:
            self.note(self.receive())

    def value(self, script):
        """What a script finds out. The protocol runs it beside the page, which may forbid its own."""
        done = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def screenshot(self, path):
        """A picture of the whole page."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))
# SPDX-License-Identifier: Apache-2.0
