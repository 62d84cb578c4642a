#!/usr/bin/env python3
"""completions_check.py BINARIES: types into bash, zsh and fish, as a person does, and looks at what each completes.

Each shell runs in a terminal of its own (tmux), with the script that `timbrectl --generate-completion-script` prints for
it, beside a private daemon. A line is typed as far as a person would, then Tab; what then stands there is compared. Ends
with 1 if a shell completes something else, with 0 and a word on it if a shell is not installed."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from private_timbred import PrivateTimbred, noise

WITHIN = 20
PROMPT = "ready%"


class Terminal:
    """A shell in a terminal that a program types into."""

    def __init__(self, place, command, environment):
        # A server that is told to end may take a moment: the next one has a socket of its own.
        self.socket = place / f"tmux-{time.monotonic_ns()}"
        # Of what -e sets, PATH is replaced by that of who asks.
        subprocess.run(
            ["tmux", "-S", self.socket, "-f", "/dev/null", "new-session", "-d", "-x", "180", "-y", "50",
             "-c", place / "work", *(f"-e{name}={value}" for name, value in environment.items()), *command],
            check=True, env={**os.environ, "PATH": str(environment["PATH"])})

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], stderr=subprocess.DEVNULL)

    def type(self, *keys):
        subprocess.run(["tmux", "-S", self.socket, "send-keys", *keys], check=True)

    def screen(self):
        return subprocess.run(
            ["tmux", "-S", self.socket, "capture-pane", "-p", "-J"], capture_output=True, text=True, check=True).stdout

    def line(self):
        """What stands behind the last prompt."""
        return self.screen().rpartition(PROMPT)[2]

    def wait(self, is_there, what):
        """Looks at the screen until it is as it should be."""
        deadline = time.monotonic() + WITHIN
        while not is_there():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}; there is:\n{self.screen().rstrip()}")
            time.sleep(0.02)


def script(binaries, shell):
    return subprocess.run(
        [binaries / "timbrectl", "--generate-completion-script", shell], capture_output=True, text=True, check=True).stdout


def bash(place, binaries):
    (place / "rc").write_text(
        f"PS1='{PROMPT} '\nbind 'set show-all-if-ambiguous on'\nbind 'set bell-style none'\n" + script(binaries, "bash"))
    return ["bash", "--noprofile", "--rcfile", place / "rc", "-i"]


def zsh(place, binaries):
    (place / "functions").mkdir()
    (place / "functions/_timbrectl").write_text(script(binaries, "zsh"))
    (place / ".zshrc").write_text(
        f"PROMPT='{PROMPT}% '\nunsetopt beep\nsetopt auto_list no_auto_menu no_list_ambiguous\n"
        f"fpath=({place}/functions $fpath)\nautoload -U compinit && compinit -u -d {place}/dump\n")
    return ["zsh", "-i"]


def fish(place, binaries):
    (place / "config/fish/completions").mkdir(parents=True)
    (place / "config/fish/completions/timbrectl.fish").write_text(script(binaries, "fish"))
    (place / "config/fish/config.fish").write_text(
        f"function fish_prompt; echo -n '{PROMPT} '; end\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n")
    return ["fish", "-i"]


# What is typed, and the words that then have to be there, in the line itself or in the list that is offered below it.
def cases(daemon, added, away):
    return [
        ("a verb", "timbrectl dupl", ["timbrectl duplicates"], []),
        ("a verb of two", "timbrectl model imp", ["timbrectl model import"], []),
        ("verbs that begin alike", "timbrectl co", ["compare"], []),
        ("a flag", "timbrectl similar a.wav --per-f", ["--per-folder"], []),
        ("metrics", "timbrectl similar a.wav --metric ", ["timbre", "codes"], []),
        ("a metric", "timbrectl similar a.wav --metric ti", ["--metric timbre"], []),
        ("formats", "timbrectl similar a.wav --format ", ["audacity", "m3u", "table"], []),
        ("a model's number", "timbrectl model use ", ["timbrectl model use 1"], []),
        ("a model's number for an option", "timbrectl model export out.json --id ", ["--id 1"], []),
        # bash lists the last names of paths that begin alike.
        ("a folder that can be removed", "timbrectl watch remove ", [added.name, away.name], [daemon.folder.name]),
        ("watched folders", "timbrectl scan ", [added.name, daemon.folder.name], []),
        ("a folder that is not there now", "timbrectl prune --offline ", [str(away)], [added.name]),
        ("a file", "timbrectl similar uni", ["timbrectl similar unique.wav"], []),
        ("a folder of the disk", "timbrectl compare fol", ["timbrectl compare folder/"], []),
    ]


def check(shell, command, daemon, added, away):
    place = daemon.place / shell
    (place / "work/folder").mkdir(parents=True)
    (place / "work/unique.wav").write_bytes(b"")
    environment = {
        "HOME": place, "ZDOTDIR": place, "XDG_CONFIG_HOME": place / "config", "TIMBRED_SOCKET": daemon.socket,
        "PATH": f"{daemon.binaries}:{os.environ['PATH']}", "TERM": "screen", "LC_ALL": "C.UTF-8"}
    terminal = Terminal(place, command(place, daemon.binaries), environment)
    failed = 0
    with contextlib.closing(terminal):
        terminal.wait(lambda: PROMPT in terminal.screen(), f"{shell} does not start")
        for what, typed, words, others in cases(daemon, added, away):
            try:
                terminal.type("-l", typed)
                terminal.wait(lambda: typed.strip() in terminal.line(), f"'{typed}' cannot be typed")
                terminal.type("Tab")
                terminal.wait(
                    lambda: all(word in terminal.screen() for word in words), f"{what}: '{typed}' should offer {words}")
                if any(word in terminal.screen() for word in others):
                    raise TimeoutError(f"{what}: '{typed}' offers one of {others}:\n{terminal.screen().rstrip()}")
                print(f"{shell}: {what}")
            except TimeoutError as error:
                failed += 1
                print(f"{shell}: FAILED: {error}")
            # The line is given up, and the screen empty for the next one.
            terminal.type("C-c")
            terminal.wait(lambda: terminal.line().strip() == "", f"{shell}: the line is not given up")
            terminal.type("-l", "clear")
            terminal.wait(lambda: terminal.line().strip() == "clear", f"{shell}: nothing can be typed")
            terminal.type("Enter")
            terminal.wait(lambda: terminal.screen().strip() == PROMPT, f"{shell}: the screen is not cleared")
    return failed


def main():
    binaries = Path(sys.argv[1]).resolve()
    failed = 0
    with PrivateTimbred(binaries) as daemon:
        (daemon.folder / "a.wav").write_bytes(noise())
        added, away = daemon.place / "Kits and more", daemon.place / "Stick"
        for folder in (added, away):
            folder.mkdir()
            (folder / "b.wav").write_bytes(noise())
        daemon.start()
        for folder in (added, away):
            daemon.ctl("watch", "add", folder)
        daemon.ctl("sync")
        away.rename(daemon.place / "taken")
        daemon.ctl("scan", "--wait")
        assert [f for f in daemon.call("ListFolders")["folders"] if f["mode"] == "offline"], "no folder is offline"
        for shell, command in {"bash": bash, "zsh": zsh, "fish": fish}.items():
            if not shutil.which(shell) or not shutil.which("tmux"):
                print(f"{shell}: skipped; it is not installed (`.make/packages shells`)")
                continue
            failed += check(shell, command, daemon, added, away)
    print(f"completions: {failed} failed" if failed else "completions: all as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
