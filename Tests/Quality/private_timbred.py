"""A private timbred for checks from outside: its own folder, state and socket, ended with the check."""

import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path

READY_WITHIN = 20


class Failed(Exception):
    """The daemon answered with an error: its name and parameters."""


class PrivateTimbred:
    def __init__(self, binaries, config="", folder=None, within=()):
        """`within` is a command that starts another, such as unshare with its arguments."""
        self.within = list(within)
        self.binaries = Path(binaries).resolve()
        self.place = Path(tempfile.mkdtemp(prefix="timbred-"))
        self.folder = Path(folder) if folder else self.place / "Samples"
        self.folder.mkdir(exist_ok=True)
        self.state = self.place / "state"
        self.socket = self.place / "s.sock"
        self.log = self.place / "log"
        self.toml = self.place / "timbred.toml"
        self.toml.write_text('watch = ["%s"]\n%s' % (self.folder, config))
        self.process = None

    def start(self, wait=True):
        self.process = subprocess.Popen(
            [*self.within, self.binaries / "timbred", "--config", self.toml, "--state-dir", self.state, "--socket",
             self.socket],
            stderr=open(self.log, "ab"))
        deadline = time.monotonic() + READY_WITHIN
        while wait:
            with contextlib.suppress(OSError):
                self.call("Status")
                return self
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("timbred did not start:\n" + self.log.read_text(errors="replace")[-2000:])
            time.sleep(0.01)
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(30)
            status, self.process = self.process.returncode, None
            return status

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def connect(self):
        return Client(self.socket)

    def call(self, method, **parameters):
        with contextlib.closing(self.connect()) as client:
            return client.call(method, **parameters)

    def list(self, **parameters):
        with contextlib.closing(self.connect()) as client:
            return [f for reply in client.stream("List", **parameters) for f in reply["files"]]

    def ctl(self, *arguments, check=True, **keywords):
        """timbrectl, as a user runs it."""
        done = subprocess.run(
            [self.binaries / "timbrectl", *arguments], capture_output=True,
            env={**os.environ, "TIMBRED_SOCKET": str(self.socket)}, **keywords)
        if check and done.returncode:
            raise SystemExit("timbrectl %s: %d %s" % (arguments, done.returncode, done.stderr.decode()))
        return done

    def ctl_json(self, *arguments):
        return json.loads(self.ctl(*arguments, "--json").stdout)


class Client:
    """One Varlink connection."""

    def __init__(self, path, interface="org.timbred.Library"):
        self.interface = interface
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.rest = b""

    def close(self):
        self.socket.close()

    def send(self, method, parameters, **flags):
        message = {"method": "%s.%s" % (self.interface, method), "parameters": parameters, **flags}
        self.socket.sendall(json.dumps(message).encode() + b"\0")

    def receive(self):
        while b"\0" not in self.rest:
            more = self.socket.recv(1 << 20)
            if not more:
                raise ConnectionError("the daemon has closed the connection")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        reply = json.loads(message)
        if "error" in reply:
            raise Failed(reply["error"], reply.get("parameters"))
        return reply

    def call(self, method, **parameters):
        self.send(method, parameters)
        return self.receive().get("parameters", {})

    def stream(self, method, **parameters):
        self.send(method, parameters, more=True)
        while True:
            reply = self.receive()
            yield reply["parameters"]
            if not reply.get("continues"):
                return


def noise():
    """The bytes of a sound, a quarter of a second of noise, that there is not twice."""
    data = os.urandom(11024)
    return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, 22050, 44100, 2, 16,
                       b"data", len(data)) + data


def exact(item):
    """The bytes of a path on the wire."""
    import base64
    return base64.b64decode(item["path_bytes"]) if "path_bytes" in item else os.fsencode(item["path"])
