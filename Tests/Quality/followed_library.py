"""What is known of a library by who follows it, and asks nothing: for follow_check.py."""

import json
import os
import queue
import signal
import subprocess
import threading

from private_timbred import exact

# What these tell of a file is all that a list would say; of others it is path, number and state.
COMPLETE = {"listed", "found", "retried", "indexed", "changed", "failed", "skipped"}
ABOUT_THE_STREAM = {"listed", "ready", "lost", "stopping"}


class FollowedLibrary:
    """The list, made of events alone; `wrong` is what cannot be."""

    def __init__(self):
        self.items, self.listing, self.listed_at, self.number = {}, {}, None, None
        self.counts, self.wrong = {}, []

    def take(self, event):
        kind, number, file = event["event"], event["number"], event.get("file")
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if kind not in ABOUT_THE_STREAM:
            if self.number is not None and number != self.number + 1:
                self.wrong.append("%d comes after %d" % (number, self.number))
            self.number = number
        if kind == "listed":
            if number != self.listed_at:
                self.listing, self.listed_at = {}, number
            self.listing[exact(file)] = file
        elif kind == "ready":
            self.items = self.listing if number == self.listed_at else {}
            self.listing, self.listed_at, self.number = {}, None, number
        elif kind == "directory_renamed":
            old, new = exact(event["before"]), exact(event["path"])
            for path in [path for path in self.items if path.startswith(old + b"/")]:
                self.items[new + path[len(old):]] = self.moved(self.items.pop(path), new + path[len(old):])
        elif file:
            self.take_file(kind, event, file)

    def take_file(self, kind, event, file):
        path = exact(file)
        before = self.items.pop(exact(event["before"]) if kind == "renamed" else path, None)
        if (before is None) != (kind == "found"):
            self.wrong.append("%s %r, which was %s" % (kind, path, before and before["state"]))
        elif before and before["id"] != event.get("earlier_id", file["id"]):
            self.wrong.append("%s %r, which was %d: %s" % (kind, path, before["id"], event))
        if kind == "renamed" and path in self.items:
            self.wrong.append("renamed to %r, which is there" % path)
        if kind in COMPLETE:
            self.items[path] = file
        elif kind != "removed":
            self.items[path] = self.moved({**(before or {}), "state": file["state"]}, path)

    def moved(self, item, path):
        """The item under another name, as it would be said on the wire."""
        item = {key: value for key, value in item.items() if key not in ("path", "path_bytes")}
        return {**item, "exact": path}

    def differences(self, listed):
        """Where this is not what a list says."""
        def plain(item):
            return {key: value for key, value in item.items() if key not in ("path", "path_bytes", "exact")}
        listed = {exact(item): plain(item) for item in listed}
        here = {path: plain(item) for path, item in self.items.items()}
        return [(path, here.get(path), listed.get(path)) for path in sorted(set(here) | set(listed))
                if here.get(path) != listed.get(path)]


class FollowProgram:
    """`timbrectl follow --jsonl --snapshot`, and what its reader knows by it."""

    def __init__(self, daemon):
        self.library, self.lines = FollowedLibrary(), queue.Queue()
        self.complaints = open(daemon.place / "follow.log", "wb")
        self.process = subprocess.Popen(
            [daemon.binaries / "timbrectl", "follow", "--jsonl", "--snapshot"], stdout=subprocess.PIPE,
            stderr=self.complaints, env={**os.environ, "TIMBRED_SOCKET": str(daemon.socket)},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def read_until(self, number, patience):
        """Takes in all up to an event of this number; raises queue.Empty if it does not come."""
        while True:
            event = json.loads(self.lines.get(timeout=patience))
            self.library.take(event)
            if event["number"] == number and event["event"] != "listed":
                return

    def is_at(self, number):
        return self.library.number == number

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)
