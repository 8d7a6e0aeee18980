"""An etcd server for the tests of the command and of the pages."""
import os
import socket
import subprocess
import tempfile
import time
import urllib.request


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """Starts it on the loopback interface, in a directory of its own; end() ends it."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.endpoint = client
        self.environment = {"ETCDCTL_ENDPOINTS": client, "ETCDCTL_API": "3"}
        self.process = subprocess.Popen(
            [os.environ["ETCD_SERVER"], "--data-dir", self.directory.name, "--logger=zap", "--log-level=error",
             "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer,
             "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{client}/health", timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, "the server has not started"
                time.sleep(0.02)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.directory.cleanup()
# SPDX-License-Identifier: Apache-2.0
