#!/usr/bin/env python3
"""recipes_check.py BINARIES: runs the commands of docs/recipes.md as they stand there, with the real programs.

What is marked `run: NAME` is taken out of the page, and run in a home of its own beside a private daemon: by a shell or, where
somebody has to type, in a terminal (tmux). mpv plays into nothing, and a stand-in for notify-send writes down what it is
told; systemd-analyze looks at the units, where it is installed. Every mark needs a check here, and every check a mark."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import wave
from array import array
from contextlib import closing
from pathlib import Path

from completions_check import Terminal
from private_timbred import PrivateTimbred

PAGE = Path(__file__).resolve().parents[2] / "docs/recipes.md"
DEMO = PAGE.parents[1] / "Config/demo"
WITHIN = 60
PROMPT = "home%"


def recipes(kind):
    blocks = re.findall(r"<!-- %s: (\S+) -->\n```\w+\n(.*?)```" % kind, PAGE.read_text(), re.S)
    assert len({name for name, _ in blocks}) == len(blocks), "a name comes twice"
    return dict(blocks)


def wait(is_there, what):
    deadline = time.monotonic() + WITHIN
    while not is_there():
        if time.monotonic() > deadline:
            raise AssertionError(what() if callable(what) else what)
        time.sleep(0.05)


class Home:
    """A home with sounds in it, the tools, and a daemon that watches ~/Samples."""

    def __init__(self, daemon):
        self.path = daemon.place / "home"
        self.daemon = daemon
        samples = daemon.folder
        for folder in ("kicks", "hats"):
            (samples / folder).mkdir(parents=True)
        kicks = sorted(DEMO.glob("drums/kick/*.flac"))
        hats = sorted(DEMO.glob("drums/hat*/*.flac"))
        assert len(kicks) > 3 and len(hats) > 2, "the demonstration has other sounds now"
        for place, kick in enumerate(kicks[1:]):
            shutil.copy(kick, samples / "kicks" / ("deep.flac" if place == 0 else kick.name))
        for place, hat in enumerate(hats):
            shutil.copy(hat, samples / "hats" / ("open.flac" if place == 0 else hat.name))
        shutil.copy(kicks[0], self.path / "kick.wav")
        self.make_tape(samples / "tape.wav")
        tools = self.path / "bin"
        tools.mkdir()
        self.notes = self.path / "notes"
        (tools / "notify-send").write_text(f'#!/bin/sh\nprintf "%s: %s\\n" "$1" "$2" >>"{self.notes}"\n')
        (tools / "notify-send").chmod(0o755)
        (self.path / "mpv").mkdir()
        (self.path / "mpv/mpv.conf").write_text("ao=null\nvo=null\nuntimed=yes\n")
        self.environment = {
            **os.environ, "HOME": str(self.path), "MPV_HOME": str(self.path / "mpv"), "TIMBRED_SOCKET": str(daemon.socket),
            "PATH": f"{tools}:{daemon.binaries}:{os.environ['PATH']}", "TERM": "screen", "LC_ALL": "C.UTF-8"}
        self.environment.pop("XDG_STATE_HOME", None)

    def make_tape(self, path):
        """Ten seconds of faint hiss in which a bark is heard three times; the bark alone is ~/bark.wav."""
        state = 1
        def hiss():
            nonlocal state
            state = (state * 1103515245 + 12345) % 2**31
            return state / 2**30 - 1
        bark = [20000 * hiss() * (1 - n / 6000) ** 2 * (1 if n // 60 % 2 else 0.2) for n in range(6000)]
        tape = [40 * hiss() for _ in range(220500)]
        for start in (30000, 100000, 170000):
            for place, value in enumerate(bark):
                tape[start + place] += value
        for name, values in ((path, tape), (self.path / "bark.wav", bark)):
            with wave.open(str(name), "wb") as out:
                out.setparams((1, 2, 22050, 0, "NONE", ""))
                out.writeframes(array("h", [int(v) for v in values]).tobytes())

    def run(self, text, codes=(0,)):
        """What a shell prints that is given the recipe."""
        done = subprocess.run(
            ["bash", "-c", text], cwd=self.path, env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode in codes, f"ends with {done.returncode}: {done.stderr}"
        return done.stdout

    def terminal(self):
        (self.path / "rc").write_text(f"PS1='{PROMPT} '\n")
        place = self.path / "terminal"
        (place / "work").mkdir(parents=True, exist_ok=True)
        keep = {k: self.environment[k] for k in ("HOME", "MPV_HOME", "TIMBRED_SOCKET", "PATH", "TERM", "LC_ALL")}
        terminal = Terminal(place, ["bash", "--noprofile", "--rcfile", self.path / "rc", "-i"], keep)
        terminal.wait(lambda: PROMPT in terminal.screen(), "bash does not start")
        return terminal

    def type(self, terminal, text):
        """Runs a recipe in a terminal, as if it had been pasted."""
        (self.path / "recipe").write_text(text)
        terminal.type("-l", f"cd; . {self.path}/recipe")
        terminal.type("Enter")


def hear(home, text):
    played = home.run(text)
    assert played.count("Playing: ") == 5 and "kicks/" in played, played


def playlist(home, text):
    played = home.run(text)
    assert (home.path / "kicks.m3u").read_text().startswith("#EXTM3U") and "kicks/" in played, played


def way(home, text):
    played = home.run(text)
    assert played.startswith("Playing: ") and "hats/open.flac" in played.split("Playing: ")[-1], played


def pick(home, text):
    with closing(home.terminal()) as terminal:
        home.type(terminal, text)
        terminal.wait(lambda: "> " in terminal.screen() and "deep.flac" in terminal.screen(), "fzf does not list")
        terminal.type("-l", "deep.flac")
        terminal.wait(lambda: re.search(r"^> .*deep\.flac", terminal.screen(), re.M), "fzf does not find it")
        terminal.wait(lambda: re.search(r"│ *[a-z-]+\.flac", terminal.screen()), "no neighbours beside the list")
        terminal.type("C-p")
        terminal.type("Enter")
        terminal.wait(lambda: "score" in terminal.screen() and "kicks/" in terminal.screen(), "no table of neighbours")


def collect(home, text):
    with closing(home.terminal()) as terminal:
        home.type(terminal, text)
        terminal.wait(lambda: "> " in terminal.screen() and "kicks/" in terminal.screen(), "fzf does not list")
        # Tab marks and goes on towards the prompt, where the first one is; Shift-Tab goes the other way.
        terminal.type("BTab")
        terminal.type("BTab")
        terminal.wait(lambda: "(2)" in terminal.screen(), "two are not marked")
        terminal.type("Enter")
        terminal.wait(lambda: len(list((home.path / "project").glob("*"))) == 2, "two are not copied")


def notify(home, text):
    process = subprocess.Popen(["bash", "-c", text], cwd=home.path, env=home.environment, start_new_session=True)
    try:
        number = [0]

        def told():
            # Before it follows, what arrives is not told: another name is tried.
            number[0] += 1
            shutil.copy(home.path / "kick.wav", home.daemon.folder / f"kicks/new {number[0]}.wav")
            home.daemon.call("Sync")
            return home.notes.exists() and "A new kick: " in home.notes.read_text()

        wait(told, "nothing was told")
        assert "kicks/new" in home.notes.read_text()
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)
        for file in home.daemon.folder.glob("kicks/new *.wav"):
            file.unlink()
        home.daemon.call("Sync")


def favourites(home, text):
    home.run(text)
    assert [f.name for f in (home.path / "favourites").iterdir()] == ["deep.flac"]


def labels(home, text):
    home.run(text)
    rows = [line.split("\t") for line in (home.path / "barks.txt").read_text().splitlines()]
    starts = sorted(float(row[0]) for row in rows)
    assert len(starts) == 3 and all(abs(a - b / 22050) < 0.1 for a, b in zip(starts, (30000, 100000, 170000))), rows


def regions(home, text):
    home.run(text)
    rows = (home.path / "barks.csv").read_text().splitlines()
    assert rows[0] == "#,Name,Start,End,Length" and len(rows) == 4, rows


def cut(home, text):
    home.run(text)
    assert len(list((home.path / "barks").glob("tape *.wav"))) == 3


def kits(home, text):
    told = home.run(text)
    assert "no counterpart in " in told and "nearest" in told, told


def layer(home, text):
    told = home.run(text)
    assert "kicks/" in told and "/hats/" not in told, told


CHECKS = [hear, playlist, way, pick, collect, notify, favourites, labels, regions, cut, kits, layer]


def look_at_units(home):
    """The units are what systemd takes; where it is not installed nobody can say."""
    folder = home.path / "units"
    folder.mkdir()
    for name, text in recipes("unit").items():
        (folder / name).write_text(text)
    assert (folder / "new-kicks.service").read_text().count("follow --like") == 1
    watched = re.search("^PathChanged=(.*)$", (folder / "favourites.path").read_text(), re.M)[1]
    kept = json.loads(home.run("timbrectl favourite list --json", codes=(0, 1)))["playlist"]["path"]
    assert watched.replace("%h", str(home.path)) == kept, f"favourites.path waits for {watched}, and favourites are in {kept}"
    if not shutil.which("systemd-analyze"):
        print("units: skipped; systemd-analyze is not installed")
        return
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", "--recursive-errors=no", *sorted(folder.iterdir())],
        capture_output=True, text=True, env={**home.environment, "XDG_RUNTIME_DIR": str(home.path)})
    assert done.returncode == 0, done.stderr
    print("units: as systemd takes them")


def main():
    binaries = Path(sys.argv[1]).resolve()
    commands = recipes("run")
    assert set(commands) == {check.__name__ for check in CHECKS}, "the page and its checks are about different recipes"
    missing = [tool for tool in ("fzf", "mpv", "tmux") if not shutil.which(tool)]
    failed = 0
    with PrivateTimbred(binaries) as daemon:
        home = daemon.place / "home"
        home.mkdir()
        daemon.folder = home / "Samples"
        daemon.folder.mkdir()
        daemon.toml.write_text(f'watch = ["{daemon.folder}"]\n')
        home = Home(daemon)
        daemon.start()
        daemon.call("Sync")
        for check in CHECKS:
            needed = [tool for tool in missing if tool in commands[check.__name__] or check in (pick, collect)]
            if needed:
                print(f"{check.__name__}: skipped; not installed: {' '.join(needed)} (`.make/packages recipes`)")
                continue
            try:
                check(home, commands[check.__name__])
                print(f"{check.__name__}: works")
            except (AssertionError, TimeoutError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"{check.__name__}: FAILED: {error}")
        look_at_units(home)
    print(f"recipes: {failed} failed" if failed else "recipes: all work")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
