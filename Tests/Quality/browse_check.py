#!/usr/bin/env python3
"""browse_check.py BINARIES [--only WORD] [--server] [--if-there] [--no-speed] [--pictures FOLDER] [--figures]

`timbrectl browse` as a person has it: the server under requests that no page of ours makes, and the page in a headless
Chromium, over a library of its own with one sound of each container, names that try to be more than names, and the sounds
of Config/demo. Prints a line for each check; ends with 1 if something is not as it must be. --figures prints sizes and
times instead."""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import browse_figures
import browse_map
import browse_page
import browse_routes
import browse_server
import made_sounds
from browser import Browser, is_installed, until
from private_timbred import PrivateTimbred, noise

DEMO = Path(__file__).resolve().parents[2] / "Config" / "demo"

# One of each container: its name, libsndfile's numbers.
CONTAINERS = {
    "wave.wav": (made_sounds.WAV, made_sounds.PCM_16), "float.wav": (made_sounds.WAV, made_sounds.FLOAT),
    "alaw.wav": (made_sounds.WAV, made_sounds.ALAW), "ulaw.wav": (made_sounds.WAV, made_sounds.ULAW),
    "rf64.wav": (made_sounds.RF64, made_sounds.PCM_16), "flac.flac": (made_sounds.FLAC, made_sounds.PCM_16),
    "vorbis.ogg": (made_sounds.OGG, made_sounds.VORBIS), "opus.opus": (made_sounds.OGG, made_sounds.OPUS),
    "layer3.mp3": (made_sounds.MPEG, made_sounds.LAYER_3), "aiff.aiff": (made_sounds.AIFF, made_sounds.PCM_16),
    "au.au": (made_sounds.AU, made_sounds.PCM_16), "caf.caf": (made_sounds.CAF, made_sounds.PCM_16),
    "w64.w64": (made_sounds.W64, made_sounds.PCM_16), "ima.wav": (made_sounds.WAV, made_sounds.IMA_ADPCM),
}

HOSTILE = [b"<img src=x onerror=window.pwned=1>.wav", b"\"><script>window.pwned=1;.wav", b"new\nline.wav",
           "right\u202eto left.wav".encode(), b"bytes \xff\xfe.wav", b"'; window.pwned=1; '.wav", b"%2e%2e%2fpasswd.wav"]


def person(daemon):
    """The environment of somebody who uses a daemon, and has a home of their own for favourites."""
    return {"TIMBRED_SOCKET": str(daemon.socket), "XDG_STATE_HOME": str(daemon.place / "person")}


class Browse:
    """A running `timbrectl browse`."""

    def __init__(self, daemon, *arguments, within=(), environment=None):
        self.errors = open(daemon.place / "web-errors", "ab")
        self.process = subprocess.Popen(
            [*within, daemon.binaries / "timbrectl", "browse", *(arguments or ["--no-open"])], stdout=subprocess.PIPE,
            stderr=self.errors, env={**os.environ, **person(daemon), **(environment or {})})
        self.address = self.process.stdout.readline().decode().strip()
        self.port = urlsplit(self.address).port
        self.key = self.address.partition("#t=")[2]

    def request(self, path, method="POST", body="{}", headers=None, key=None):
        """The status and the body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            sent = {"Authorization": "Bearer " + (self.key if key is None else key), **(headers or {})}
            connection.request(method, path, body if method == "POST" else None, sent)
            answer = connection.getresponse()
            self.headers = answer.headers
            return answer.status, answer.read()

    def ask(self, question, **parameters):
        status, body = self.request("/api/" + question, body=json.dumps(parameters))
        assert status == 200, (question, status, body)
        return json.loads(body)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def fill(folder):
    """The library's sounds."""
    containers = folder / "containers"
    containers.mkdir()
    for number, (name, (container, encoding)) in enumerate(CONTAINERS.items()):
        rate = 48000 if name == "opus.opus" else made_sounds.RATE
        samples = made_sounds.tune(1.5, rate=rate, seed=number)
        (containers / name).write_bytes(made_sounds.encoded(samples, container | encoding, rate=rate))
    names = folder / "names"
    names.mkdir()
    for name in HOSTILE:
        (Path(os.fsencode(names).decode()) / os.fsdecode(name)).write_bytes(noise())
    tones = folder / "tones"
    tones.mkdir()
    (tones / "1 kHz.wav").write_bytes(browse_page.sine(1000, 1.0))
    (tones / "long.flac").write_bytes(
        made_sounds.encoded(made_sounds.tune(45, seed=99), made_sounds.FLAC | made_sounds.PCM_16))
    (tones / "click.wav").write_bytes(browse_page.sine(3000, 0.02))
    (folder / "tagged").mkdir()
    (folder / "tagged/tagged loop.wav").write_bytes(browse_page.tagged(0.5))
    shutil.copytree(DEMO, folder / "demo")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("--only", default="", help="checks that have this in their names")
    parser.add_argument("--server", action="store_true", help="only what needs no browser")
    parser.add_argument("--if-there", action="store_true", help="as --server where there is no Chromium")
    parser.add_argument("--no-speed", action="store_true", help="nothing that a busy machine makes slower than it may be")
    parser.add_argument("--pictures", help="a folder for pictures of the page")
    parser.add_argument("--figures", action="store_true", help="only measure sizes and times")
    arguments = parser.parse_args()
    # In a script's background and under nohup these are ignored, also by what is started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)
    without_browser = [browse_server, browse_routes]
    leaves_out_browser = arguments.server or arguments.if_there and not is_installed()
    modules = without_browser if leaves_out_browser else [*without_browser, browse_page, browse_map]
    checks = [(name, check) for module in modules for name, check in vars(module).items()
              if name.startswith("check_") and check.__module__ == module.__name__ and arguments.only in name
              and not (arguments.no_speed and "100000" in name)]
    failed = []
    with PrivateTimbred(arguments.binaries) as daemon:
        fill(daemon.folder)
        daemon.start()
        daemon.call("Sync")
        if arguments.figures:
            browse_figures.show(daemon)
            return
        with Browse(daemon) as browse, contextlib.ExitStack() as stack:
            page = None
            for name, check in checks:
                start = time.monotonic()
                try:
                    if sys.modules[check.__module__] not in without_browser:
                        if page is None:
                            page = stack.enter_context(Browser())
                            browse_page.prepare(page)
                            page.pictures = arguments.pictures
                        said = check(daemon, browse, page)
                    else:
                        said = check(daemon, browse)
                    word = "ok"
                except Exception as error:
                    failed.append(name)
                    word, said = "FAILED", "%s: %s" % (type(error).__name__, error)
                title = name[len("check_"):].replace("_", " ")
                print("%-6s %-48s %5.1f s  %s" % (word, title, time.monotonic() - start, said or ""), flush=True)
                if name == "check_the_page_loads" and failed[-1:] == [name]:
                    break
    print("%d checks%s, %d failed" % (len(checks), " without a browser" if leaves_out_browser else "", len(failed)))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
