#!/usr/bin/env python3
"""plot_check.py BINARIES

Looks at the pictures of `timbrectl plot` with other programs than it was made with: expat reads the SVG, a PNG reader of
its own the pixels, a pseudo-terminal and tmux, if there is one, what comes to a screen, and Chromium, if there is one,
draws the SVG. A tone must be brightest where its frequency is, silence dark, two sounds different, and names harmless.
Prints what was checked, then how long plots take and how large they are; ends with 1 if something is not as it must be."""

import argparse
import base64
import contextlib
import fcntl
import math
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

import numpy

from private_timbred import PrivateTimbred

RATE = 44100
# The longest that a plot may take, in milliseconds: a one-shot's, and that of ten minutes.
LIMITS = {"one-shot": 60, "ten minutes": 150}
LARGEST_SVG = 400_000
SVG = "{http://www.w3.org/2000/svg}"


def write_wave(path, samples, rate=RATE):
    data = (numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    Path(path).write_bytes(struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, rate,
                                       2 * rate, 2, 16, b"data", len(data)) + data)


def tone(hertz, seconds, level=0.5):
    return level * numpy.sin(2 * math.pi * hertz * numpy.arange(int(RATE * seconds)) / RATE)


def band_of(hertz):
    """The band whose centre a frequency is, by the definition: 100 from 50 Hz to 9 kHz, even on 6 asinh(f / 600)."""
    low, high = math.asinh(50 / 600), math.asinh(9000 / 600)
    return (math.asinh(hertz / 600) - low) / (high - low) * 99


def read_png(data):
    """The pixels of a PNG that has a palette or plain colours, 8 bits each, shape [height, width, 3]."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
    place, packed, palette = 8, b"", None
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place:place + 8])
        body = data[place + 8:place + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[place + 8 + length:place + 12 + length])[0]
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", body[:10])
        packed += body if kind == b"IDAT" else b""
        palette = body if kind == b"PLTE" else palette
        place += 12 + length
    assert depth == 8
    size = {2: 3, 3: 1, 6: 4}[colours]
    raw = numpy.frombuffer(zlib.decompress(packed), numpy.uint8).reshape(height, 1 + width * size)
    rows = numpy.zeros((height, width * size), numpy.uint8)
    for y in range(height):
        kind, row, above = raw[y, 0], raw[y, 1:].astype(int), rows[y - 1].astype(int) if y else numpy.zeros(width * size, int)
        if kind == 2:
            row = row + above
        elif kind:
            for x in range(width * size):
                left, corner = (row[x - size], above[x - size]) if x >= size else (0, 0)
                guess = left + above[x] - corner
                paeth = min((abs(guess - left), 0, left), (abs(guess - above[x]), 1, above[x]),
                            (abs(guess - corner), 2, corner))[2]
                row[x] = (row[x] + {1: left, 3: (left + above[x]) // 2, 4: paeth}[kind]) & 255
        rows[y] = row & 255
    if colours == 3:
        return numpy.frombuffer(palette, numpy.uint8).reshape(-1, 3)[rows]
    return rows.reshape(height, width, size)[:, :, :3]


def lightness(pixels):
    return pixels.astype(float) @ [0.299, 0.587, 0.114]


class Checks:
    def __init__(self):
        self.failed = 0

    def __call__(self, name, holds, detail=""):
        print("%s - %s%s" % ("ok  " if holds else "FAIL", name, "" if holds else "   %s" % (detail,)), flush=True)
        self.failed += not holds

    def skip(self, name, why):
        print("skip - %s: %s" % (name, why), flush=True)


class Plotter:
    """Runs `timbrectl plot` of a daemon in all the ways that there are."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.place = Path(tempfile.mkdtemp(prefix="plot-"))

    def environment(self, **variables):
        unset = ("NO_COLOR", "COLORTERM", "TERM")
        return {**{k: v for k, v in os.environ.items() if k not in unset}, "TIMBRED_SOCKET": str(self.daemon.socket),
                "LC_ALL": "C.UTF-8", **variables}

    def file(self, suffix, *arguments):
        target = self.place / ("x." + suffix)
        self.daemon.ctl("plot", *arguments, "-o", target, "--force")
        return target.read_bytes()

    def terminal(self, columns, *arguments, **variables):
        """What comes to a terminal of that many columns."""
        child, screen = pty.fork()
        if child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
            program = str(self.daemon.binaries / "timbrectl")
            os.execve(program, [program, *map(str, arguments)], self.environment(**variables))
        text = b""
        with contextlib.suppress(OSError):
            while piece := os.read(screen, 65536):
                text += piece
        os.close(screen)
        _, status = os.waitpid(child, 0)
        assert status == 0, text
        return text.decode().replace("\r\n", "\n")


def check_svg(check, plotter, tone_file, silence, hostile, chromium):
    document = plotter.file("svg", tone_file)
    root = ElementTree.fromstring(document)
    check("SVG is XML", root.tag == SVG + "svg")
    images = root.findall(SVG + "image")
    bands = images[0]
    box = [float(bands.get(name)) for name in ("x", "y", "width", "height")]
    pixels = read_png(base64.b64decode(bands.get("href").split(",", 1)[1]))
    middle = lightness(pixels[:, pixels.shape[1] // 2])
    row = 99 - band_of(1000)
    check("a tone of 1 kHz is brightest in its row of the bands, ± 1", abs(int(middle.argmax()) - row) <= 1,
          (int(middle.argmax()), row))
    dark = ElementTree.fromstring(plotter.file("svg", silence)).findall(SVG + "image")[0]
    check("silence is dark", lightness(read_png(base64.b64decode(dark.get("href").split(",", 1)[1]))).max() < 8)
    other = plotter.file("svg", hostile)
    check("a name is text, whatever is in it", b"<script" not in other and b"onerror=" in other
          and "<script>alert(1)" in ElementTree.fromstring(other).find(SVG + "title").text)
    check("SVG refers to nothing outside", not re.search(rb'(href|src)="(?!data:image/png)', document))
    if not chromium:
        return check.skip("Chromium draws the SVG", "there is no chromium")
    shot = plotter.place / "shot.png"
    # The last file written is that of the hostile name.
    plotter.file("svg", tone_file)
    subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         "--user-data-dir=%s" % (plotter.place / "chromium"), "--window-size=1000,900", "--screenshot=%s" % shot,
         "file://%s" % (plotter.place / "x.svg")], stderr=subprocess.DEVNULL, timeout=120, check=True)
    screen = read_png(shot.read_bytes())
    x, y, width, height = box
    column = lightness(screen[math.ceil(y):int(y + height), int(x + width / 2)])
    band = 99 - column.argmax() / len(column) * 100
    check("Chromium draws it, and the tone is in its row, ± 1", abs(band - band_of(1000)) <= 1.5, (band, band_of(1000)))


def check_png(check, plotter, tone_file, other):
    data = plotter.file("png", tone_file, "--only", "bands")
    pixels = read_png(data)
    check("PNG is as wide as usual", pixels.shape[1] == 1000, pixels.shape)
    # Only the bands are brighter than text; the tone is a bright line in them.
    column = lightness(pixels[:, 500])
    lines = numpy.flatnonzero(column > 200)
    check("the tone is one bright line", 0 < len(lines) <= 8 and numpy.ptp(lines) < 8, lines)
    check("two sounds look different", plotter.file("png", other, "--only", "bands") != data)
    check("a picture of one sound is the same each time", plotter.file("png", tone_file, "--only", "bands") == data)
    wide = read_png(plotter.file("png", tone_file, other, "--width", "2000"))
    check("--width holds for PNG", wide.shape[1] == 2000, wide.shape)


def check_terminal(check, plotter, tone_file, other):
    plain = plotter.terminal(100, "plot", tone_file, other, TERM="xterm-256color", NO_COLOR="1")
    check("NO_COLOR: no escape sequence", "\x1b" not in plain)
    check("NO_COLOR: the tone is among the letters", "@@@@@@@@" in plain)
    check("TERM=dumb is the same", plotter.terminal(100, "plot", tone_file, other, TERM="dumb") == plain)
    for name, variables, mark in [("256 colours", {}, "38;5;"), ("24 bits", {"COLORTERM": "truecolor"}, "38;2;")]:
        text = plotter.terminal(100, "plot", tone_file, other, TERM="xterm-256color", **variables)
        check("%s: sequences of that kind alone" % name, mark in text and {"38;5;": "38;2;", "38;2;": "38;5;"}[mark] not in text)
        bare = re.sub(r"\x1b\[[0-9;]*m", "", text)
        check("%s: the words are the same" % name, re.sub(r"[^a-zA-Z0-9]", "", bare) == re.sub(r"[^a-zA-Z0-9]", "", plain))
        check("%s: no line is wider" % name, max(map(len, bare.split("\n"))) <= 100)
    for columns in (40, 80, 200):
        text = plotter.terminal(columns, "plot", tone_file, TERM="dumb")
        check("%d columns are filled" % columns, columns - 2 <= max(map(len, text.split("\n"))) <= columns)
    if not shutil.which("tmux"):
        return check.skip("tmux shows it", "there is no tmux")
    socket = plotter.place / "tmux"
    try:
        subprocess.run(
            ["tmux", "-f", "/dev/null", "-S", socket, "new-session", "-d", "-x", "100", "-y", "60",
             "%s plot %s; read line" % (plotter.daemon.binaries / "timbrectl", tone_file)],
            env=plotter.environment(COLORTERM="truecolor", TERM="xterm-256color"), check=True)
        deadline, shown = time.monotonic() + 20, ""
        while "0.0 s" not in shown and time.monotonic() < deadline:
            shown = subprocess.run(["tmux", "-S", socket, "capture-pane", "-p", "-e"], stdout=subprocess.PIPE).stdout.decode()
        check("tmux shows half blocks in colour", "▀" in shown and "\x1b[38;" in shown)
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], stderr=subprocess.DEVNULL)


def figures(check, plotter, one_shot, ten_minutes):
    """How long plots take, the fastest of some runs, and how large they are; a limit is missed only by much."""
    print("\n%-12s %-9s %9s %9s %9s" % ("", "", "time", "limit", "size"))
    for name, path in [("one-shot", one_shot), ("ten minutes", ten_minutes)]:
        for kind in ("terminal", "svg", "png"):
            times = []
            for _ in range(5):
                start = time.monotonic()
                data = (plotter.daemon.ctl("plot", path).stdout if kind == "terminal" else plotter.file(kind, path))
                times.append(1000 * (time.monotonic() - start))
            print("%-12s %-9s %6.0f ms %6d ms %6.1f kB" % (name, kind, min(times), LIMITS[name], len(data) / 1000))
            if kind == "svg":
                check("SVG of %s is no larger than %d kB" % (name, LARGEST_SVG / 1000), len(data) <= LARGEST_SVG)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binaries")
    arguments = parser.parse_args()
    check = Checks()
    with PrivateTimbred(arguments.binaries) as daemon:
        folder = daemon.folder
        rng = numpy.random.default_rng(1)
        tone_file, silence, kick = folder / "tone.wav", folder / "silence.wav", folder / "kick.wav"
        hostile = daemon.place / "<script>alert(1)<x onerror='1'>\n.wav"
        ten = folder / "ten.wav"
        write_wave(tone_file, tone(1000, 1.5))
        write_wave(silence, numpy.zeros(RATE))
        decay = numpy.exp(-20 * numpy.arange(RATE // 2) / RATE)
        write_wave(kick, decay * tone(60, 0.5, 0.9) + decay ** 4 * rng.uniform(-0.1, 0.1, RATE // 2))
        write_wave(hostile, tone(300, 0.3))
        write_wave(ten, numpy.concatenate([
            rng.uniform(0.1, 0.9) * rng.uniform(-1, 1, RATE) * numpy.exp(-3 * numpy.arange(RATE) / RATE) + tone(100 + 4 * s, 1, 0.1)
            for s in range(600)]))
        daemon.start()
        daemon.ctl("sync", timeout=300)
        plotter = Plotter(daemon)
        try:
            check_svg(check, plotter, tone_file, silence, hostile, shutil.which("chromium"))
            check_png(check, plotter, tone_file, kick)
            check_terminal(check, plotter, tone_file, kick)
            figures(check, plotter, kick, ten)
        finally:
            shutil.rmtree(plotter.place, ignore_errors=True)
    print("\n%s" % ("%d checks failed" % check.failed if check.failed else "all as it should be"))
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
