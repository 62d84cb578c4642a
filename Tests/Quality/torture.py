#!/usr/bin/env python3
"""torture.py BINARIES [--seconds 60] [--seed N]

Does to a watched folder all that can be done to files, fast and at random (unruly_folder.py), kills, stops and restarts
the daemon and its extraction processes meanwhile, and now and then asks it to sync: then it must list what is on disk.
At the end everything is compared: the list with the disk, features and codes with those of a fresh daemon over the same
folder, the live index with the database (verify), and the list before and after a restart. The same seed draws the same
acts; how they meet the daemon is the machine's."""

import argparse
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from pathlib import Path

from private_timbred import PrivateTimbred, exact
from unruly_folder import UnrulyFolder

AUDIO = {".wav", ".aif", ".mp3"}
# Seconds that the daemon may take to answer.
PATIENCE = 120
FEATURES = ("SELECT hash, sampleRate, channelCount, frameCount, sampleCount, isIncomplete, featureCount, soundingCount, "
            "content.failure, spans, frames, vectors, "
            "(SELECT group_concat(hex(data)) FROM (SELECT data FROM cepstra WHERE key >> 20 = content.id ORDER BY key)), "
            "(SELECT group_concat(hex(data)) FROM (SELECT data FROM bands WHERE key >> 20 = content.id ORDER BY key)) "
            "FROM content LEFT JOIN code ON code.content = content.id WHERE content.id IN (SELECT content FROM file)")


class Torture:
    def __init__(self, daemon, seed):
        self.daemon = daemon
        self.folder = UnrulyFolder(daemon.folder, daemon.place / "outside", seed)
        self.chance = random.Random(seed + 1)
        self.counts = self.folder.counts
        self.differences, self.workers, self.stopped = [], set(), []

    def run(self, seconds):
        self.daemon.start()
        end = time.monotonic() + seconds
        kinds = {self.kill_worker: 8, self.stop_worker: 3, self.stop_daemon: 4, self.kill_daemon: 3, self.restart: 1,
                 self.sync: 4, None: 400}
        while time.monotonic() < end:
            self.folder.act()
            time.sleep(self.chance.choice([0, 0, 0, 0.001, 0.01, 0.03, 0.1]))
            kind = self.chance.choices(list(kinds), kinds.values())[0]
            if kind:
                sys.audit("torture.%s" % kind.__name__)
                if kind() is not False:
                    self.counts[kind.__name__] += 1
            if self.daemon.process.poll() is not None:
                raise SystemExit("the daemon ended by itself: %d" % self.daemon.process.returncode)
            self.go_on(self.chance.random())
        self.go_on(0)
        self.folder.calm()

    def differ(self, what, items=()):
        sys.audit("torture.differ", what, items)
        print("DIFFERENT: %s %s" % (what, items if items else ""), flush=True)
        self.differences.append(what)

    # What happens to the processes.

    def children(self):
        pid = self.daemon.process.pid
        tasks = Path("/proc/%d/task" % pid).glob("*/children")
        found = sorted(int(child) for task in tasks for child in task.read_text().split())
        self.workers |= set(found)
        return found

    def kill_worker(self):
        children = self.children()
        if not children:
            return False
        self.signal(self.chance.choice(children), signal.SIGKILL)

    def stop_worker(self):
        children = self.children()
        if not children:
            return False
        self.stop(self.chance.choice(children))

    def stop_daemon(self):
        """Stands still; half of the time, more happens than the kernel remembers."""
        is_flooded = self.chance.random() < 0.5
        if is_flooded:
            self.go_on(0)
            self.when_ready()
        self.stop(self.daemon.process.pid)
        if is_flooded:
            self.folder.flood()

    def stop(self, pid):
        self.signal(pid, signal.SIGSTOP)
        self.stopped.append(pid)

    def go_on(self, draw):
        if draw < 0.05:
            while self.stopped:
                self.signal(self.stopped.pop(), signal.SIGCONT)

    def signal(self, pid, number):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    def kill_daemon(self):
        self.children()
        self.go_on(0)
        self.daemon.stop(signal.SIGKILL)
        for _ in range(self.chance.randrange(20)):
            self.folder.act()
        self.daemon.start(wait=False)

    def restart(self):
        self.children()
        self.go_on(0)
        self.when_ready()
        self.daemon.stop()
        for _ in range(self.chance.randrange(5)):
            self.folder.act()
        self.daemon.start(wait=False)

    # What must be so.

    def sync(self):
        self.go_on(0)
        self.when_ready()
        self.daemon.ctl("sync", timeout=PATIENCE)
        self.compare("after a sync", self.daemon.list(), is_final=False)

    def when_ready(self):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.daemon.call("Status")
            except OSError:
                if self.daemon.process.poll() is not None or time.monotonic() > end:
                    raise SystemExit("the daemon does not answer; see %s" % self.daemon.log)
                time.sleep(0.01)

    def on_disk(self):
        """The files that are to be listed, by path: the hash of their bytes, and their status."""
        found = {}
        for folder, folders, names in os.walk(os.fsencode(self.daemon.folder)):
            folders[:] = [name for name in folders if not name.startswith(b".") and not name.endswith(b".part")]
            for name in names:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                is_file = not os.path.islink(path) and not name.startswith(b".")
                if is_file and os.path.splitext(name.decode("latin-1"))[1].lower() in AUDIO:
                    try:
                        found[path] = hashlib.sha256(Path(os.fsdecode(path)).read_bytes()).hexdigest(), status
                    except PermissionError:
                        found[path] = None, status
        return found

    def compare(self, when, items, is_final):
        listed = {exact(item): item for item in items}
        disk = self.on_disk()
        hidden = [entry["path"] for entry in self.folder.closed]
        open_files = self.folder.being_written()
        # inotify tells of a write under the name that it was made by, not under the file's other names.
        unclear = set() if is_final else {
            path for path in set(disk) | set(listed)
            if any(path == other or path.startswith(other + b"/") for other in hidden)
            or (path in disk and disk[path][1].st_ino in open_files | self.folder.linked)}
        missing, extra = set(disk) - set(listed) - unclear, set(listed) - set(disk) - unclear
        if missing:
            self.differ("%s, missing in the list: %d" % (when, len(missing)), sorted(missing)[:5])
        if extra:
            self.differ("%s, listed but not on disk: %d" % (when, len(extra)), sorted(extra)[:5])
        for path in sorted(set(disk) & set(listed) - unclear):
            item, content = listed[path], disk[path][0]
            right = "indexed" if content in self.folder.valid else None
            crashed = not is_final and "decoder" in item.get("error", "")
            if item["state"] not in ([right] if right and not crashed else ["indexed", "failed"]):
                self.differ("%s, state" % when, (path, item, content in self.folder.valid))
            elif item["state"] == "indexed" and item["content"] != "sha256:" + content:
                self.differ("%s, content" % when, (path, item, content))

    def finish(self):
        daemon = self.daemon
        self.when_ready()
        daemon.ctl("sync", timeout=PATIENCE)
        daemon.ctl("scan", "--wait", timeout=PATIENCE)
        # A file whose worker was killed twice counts as its killer, which these are not.
        with_crash = [f for f in self.errors() if f["reason"] == "crashed"]
        if with_crash:
            paths = [{k: f[k] for k in ("path", "path_bytes") if k in f} for f in with_crash]
            self.counts["retried"] += daemon.call("Retry", files=paths)["queued"]
            daemon.ctl("sync", timeout=PATIENCE)
        items = daemon.list()
        self.compare("at the end", items, is_final=True)
        self.counts["overflows"] = daemon.log.read_text(errors="replace").count("the queue of inotify overflowed")
        verified = daemon.call("Verify", queries=300)
        if verified["differences"]:
            self.differ("verify", verified["differences"][:3])
        self.compare_fresh(items)
        daemon.stop()
        daemon.start()
        daemon.ctl("sync", timeout=PATIENCE)
        if daemon.list() != items:
            self.differ("the list after a restart", [x for x in zip(daemon.list(), items) if x[0] != x[1]][:3])
        left = [pid for pid in self.workers - set(self.children()) if alive(pid)]
        if left:
            self.differ("extraction processes outlive their daemon", left)
        return len(items), sum(item["state"] == "failed" for item in items)

    def errors(self):
        client = self.daemon.connect()
        return [f for reply in client.stream("Errors") for f in reply["files"]]

    def compare_fresh(self, items):
        """Holds files, features and codes against those of a daemon that sees the folder for the first time."""
        with PrivateTimbred(self.daemon.binaries, folder=self.daemon.folder) as fresh:
            fresh.start()
            fresh.ctl("sync", timeout=PATIENCE)
            keys = ("state", "content", "spans", "duration", "size", "error")
            now, then = [{exact(i): [i.get(k) for k in keys] for i in list} for list in (items, fresh.list())]
            if now != then:
                others = [p for p in sorted(set(now) | set(then)) if now.get(p) != then.get(p)]
                self.differ("from a fresh daemon: %d files" % len(others),
                            [(p, now.get(p), then.get(p)) for p in others[:3]])
            rows = [{row[0]: row for row in sqlite3.connect(d.state / "library.sqlite").execute(FEATURES)}
                    for d in (self.daemon, fresh)]
            if rows[0] != rows[1]:
                others = [k for k in rows[0].keys() | rows[1].keys() if rows[0].get(k) != rows[1].get(k)]
                self.differ("features or codes of %d contents" % len(others), [k.hex() for k in others[:3]])
            self.counts["contents compared"] = len(rows[0])


def alive(pid):
    try:
        return "timbre-extract" in Path("/proc/%d/cmdline" % pid).read_text()
    except OSError:
        return False


def keep_diary(place):
    """Writes down what this process does to files, for whoever looks for the cause of a difference."""
    diary = open(place / "diary", "w")
    events = {"open", "os.rename", "os.remove", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod", "os.utime"}
    start, here = time.monotonic(), os.fsencode(place)

    def note(event, arguments):
        if event.startswith("torture.") or event in events and arguments[0].__class__ is bytes:
            if event != "os.utime" or b"/flood " not in arguments[0]:
                told = [a.replace(here, b"") if isinstance(a, bytes) else a for a in arguments]
                diary.write("%.3f %s %s\n" % (time.monotonic() - start, event, told))
    sys.addaudithook(note)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    a = parser.parse_args()
    print("seed %d" % a.seed, flush=True)
    daemon = PrivateTimbred(a.binaries)
    torture, ended = Torture(daemon, a.seed), False
    keep_diary(daemon.place)
    try:
        torture.run(a.seconds)
        files, failed = torture.finish()
        ended = True
        print(", ".join("%s %d" % item for item in sorted(torture.counts.items())))
        print("%d files, %d of them failed; %d differences" % (files, failed, len(torture.differences)))
    finally:
        torture.go_on(0)
        if ended and not torture.differences:
            daemon.close()
        else:
            daemon.stop(signal.SIGKILL)
            print("seed %d; kept: %s, its folder, state and log" % (a.seed, daemon.place))
    raise SystemExit(1 if torture.differences else 0)


if __name__ == "__main__":
    main()
