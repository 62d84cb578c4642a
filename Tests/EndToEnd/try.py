#!/usr/bin/env python3
"""try.py BINARIES

What `make run` does on a terminal: it learns a folder, asks for one of its sounds, and ends in a prompt that takes
questions and file names, runs nothing that is quoted in them, and leaves nothing behind at Ctrl-C."""

import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 60


class Terminal:
    def __init__(self, command, **options):
        ours, theirs = pty.openpty()
        self.descriptor, self.text = ours, ""
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: self.sit_down(theirs), **options)
        os.close(theirs)

    @staticmethod
    def sit_down(terminal):
        """Makes a terminal that of this process, and lets Ctrl-C end it, which a shell's jobs in the background ignore."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.close(os.open(os.ttyname(terminal), os.O_RDWR))

    def wait_for(self, *words):
        """Everything up to some words, each behind the one before."""
        end, place = time.monotonic() + PATIENCE, 0
        for word in words:
            while word not in self.text[place:]:
                if not select.select([self.descriptor], [], [], max(0, end - time.monotonic()))[0]:
                    raise SystemExit("FAIL - no %r on the terminal:\n%s" % (word, self.text))
                try:
                    self.text += os.read(self.descriptor, 4096).decode(errors="replace")
                except OSError:
                    raise SystemExit("FAIL - it ended before %r:\n%s" % (word, self.text)) from None
            place = self.text.index(word, place) + len(word)
        seen, self.text = self.text[:place], self.text[place:]
        return seen

    def type(self, text):
        os.write(self.descriptor, text.encode())


def check(name, is_so):
    print("%s - %s" % ("ok  " if is_so else "FAIL", name))
    return is_so


def main():
    with tempfile.TemporaryDirectory(prefix="timbred-try-test.") as scratch:
        scratch = Path(scratch)
        (scratch / "prefix").mkdir()
        (scratch / "prefix/bin").symlink_to(Path(sys.argv[1]).resolve())
        folder = REPOSITORY / "Config/demo/drums"
        environment = {**os.environ, "HOME": str(scratch), "TMPDIR": str(scratch), "TERM": "dumb", "COLUMNS": "120"}
        terminal = Terminal(
            [REPOSITORY / ".make/try", scratch / "prefix", folder], env=environment, cwd=scratch)
        terminal.wait_for("similar -n 5", "kick", "Ask it here")
        terminal.wait_for("timbrectl ")
        state = next((scratch / "prefix/state").iterdir())
        daemon = int((state / "lock").read_text().split()[0])
        results = [check("it ends in a prompt", True)]
        terminal.type("similar -n 3 --format paths %s\n" % (folder / "kick/808.flac"))
        terminal.wait_for("808.flac", ".flac\r\n")
        results.append(check("which answers", terminal.wait_for("timbrectl ").count(".flac") == 2))
        terminal.type("%s\n" % (folder / "kick/808.flac"))
        terminal.wait_for("808.flac", "score", ".flac", "\r\n\r\ntimbrectl ")
        results.append(check("also a file that is dropped there", True))
        terminal.type("list '$(touch %s/evil)'\n" % scratch)
        terminal.wait_for("evil", "timbrectl: ", "\r\n\r\ntimbrectl ")
        results.append(check("and runs nothing that is written in a name", not (scratch / "evil").exists()))
        terminal.type("\x03")
        try:
            ended = terminal.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(terminal.process.pid, signal.SIGKILL)
            raise SystemExit("FAIL - Ctrl-C does not end it") from None
        results.append(check("Ctrl-C ends it", ended == 130))
        results.append(check("and the daemon", not Path("/proc/%d" % daemon).exists()))
        results.append(check("and its socket's folder", not list(Path("/tmp").glob("timbred-try.*/timbred.sock"))))
    print("%d passed, %d failed" % (sum(results), len(results) - sum(results)))
    raise SystemExit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
