#!/usr/bin/env python3
"""trespass.py BINARIES [--seconds 20]

Sends paths that lead out of the watched folder to every verb that takes one, and lets a folder and a symbolic link that
leads outside change places while files are read: strace shows that the daemon opens nothing there. Then users who may
not change anything, or not even look, try every verb. Needs root, strace and unshare; ends with 1 if anyone gets
further than he may."""

import argparse
import base64
import contextlib
import ctypes
import json
import multiprocessing
import os
import re
import socket
import subprocess
import time
from pathlib import Path

from private_timbred import Failed, PrivateTimbred, noise

CHANGING = ["Retry", "AddFolder", "RemoveFolder", "Pause", "Resume", "Reload", "Retrain", "UseModel", "ImportModel",
            "Prune"]
LOOKING = ["Similar", "Explain", "Random", "List", "Info", "Status", "Errors", "ListFolders", "Scan", "Sync",
           "ListModels", "ShowModel", "ExportModel", "Evaluate", "Duplicates", "Verify"]
GROUP, NOBODY = 4242, 65534
SECRET = "only-outside"
# What a program opens for itself.
OWN = re.compile(
    rb"/(usr|lib|lib64|proc|sys|dev|etc/ld\.so\.cache|etc/localtime|memfd:)|pipe:|socket:|anon_inode:")


class Watch:
    """What a daemon and its workers open and look at, from now on."""

    def __init__(self, daemon):
        self.daemon, self.log = daemon, daemon.place / "strace"
        self.strace = subprocess.Popen(
            ["strace", "-f", "-y", "-s", "5000", "-o", self.log, "-e",
             "trace=open,openat,openat2,execve,stat,lstat,newfstatat,statx,readlink,readlinkat,access,faccessat2,"
             "inotify_add_watch", "-p", str(daemon.process.pid)], stderr=subprocess.DEVNULL)
        status = Path("/proc/%d/status" % daemon.process.pid)
        while b"TracerPid:\t0" in status.read_bytes():
            time.sleep(0.01)
        time.sleep(0.2)

    def end(self):
        self.strace.terminate()
        self.strace.wait()
        return self.log.read_bytes().splitlines()

    def opened_outside(self, lines):
        """The files that were opened and are neither the daemon's own nor in the watched folder, as the kernel says."""
        allowed = tuple(os.fsencode(p) for p in (self.daemon.folder, self.daemon.state, self.daemon.binaries))
        opened = [m.group(1) for line in lines if (m := re.search(rb"open[a-z0-9]*\(.* = \d+<(.*?)>$", line))]
        return sorted({path for path in opened if not path.startswith(allowed) and not OWN.match(path)}), len(opened)


def paths(daemon):
    """Ways out of the folder, as members of a message."""
    folder, outside = str(daemon.folder), str(daemon.place / "outside")
    ways = [
        "/etc/shadow", outside, outside + "/secret.wav", folder + "/../outside", folder + "/../outside/secret.wav",
        folder + "/sub/../../outside/secret.wav", folder + "/./sub/.././../outside", folder + "/link",
        folder + "/link/secret.wav", folder + "/linked.wav", "/proc/self/root" + outside, "/proc/self/cwd",
        "/dev/stdin", "/proc/%d/root%s/secret.wav" % (daemon.process.pid, outside), "/proc/self/fd/3", "secret.wav",
        "../outside",
        "Samples/../outside", "~/x", "/", "//", "/..", folder + "/..", folder + "x", folder + "/" + "sub/../" * 300
        + "../outside/secret.wav", folder + "/" + "a/" * 3000 + "x.wav", folder + "/" + "b" * 300 + ".wav",
        folder + "/x\n.wav", folder + "/*", folder + "/sub/../link/secret.wav"]
    for way in ways:
        yield {"": way}
    yield {"": folder + "/tone.wav", "_bytes": base64.b64encode(outside.encode() + b"/secret.wav").decode()}
    yield {"": folder + "/tone.wav", "_bytes": base64.b64encode(os.fsencode(folder) + b"/tone.wav\0/../../x").decode()}
    yield {"": "", "_bytes": ""}


def calls(way):
    def named(name):
        return {name + suffix: value for suffix, value in way.items()}
    path = named("path")
    for method, parameters in [
            ("Similar", {"queries": [path]}), ("Similar", {"queries": [path], "not": [path], "sync": True}),
            ("Explain", {"a": path, "b": path}), ("Info", path), ("List", named("directory")),
            ("List", {**named("directory"), "all": True}), ("Scan", {**named("directory"), "wait": True}),
            ("Retry", {"files": [path]}), ("RemoveFolder", path), ("Duplicates", named("under")),
            ("Evaluate", {"labels": [{**path, "label": "x"}]}), ("Evaluate", named("under")),
            ("Prune", {**named("offline"), "dry_run": True}),
            ("Random", {"filter": {**named("under"), **named("glob")}}),
            ("ShowModel", {"model": way[""]}), ("ExportModel", {"model": way[""]}), ("UseModel", {"model": way[""]}),
            ("ImportModel", {"document": way[""]})]:
        yield method, parameters


def ask_all(daemon):
    """Asks everything; what came of it by names, and the answers that tell of what lies outside."""
    counts, told = {}, []
    for way in paths(daemon):
        for method, parameters in calls(way):
            client = daemon.connect()
            try:
                answer = json.dumps(list(client.stream(method, **parameters)))
                outcome = "answers"
            except Failed as error:
                answer = json.dumps(error.args)
                outcome = error.args[0].rpartition(".")[2]
            client.close()
            counts[outcome] = counts.get(outcome, 0) + 1
            if SECRET in answer or outcome == "Internal":
                told.append((method, parameters, answer[:300]))
    return counts, told


def swap(folder, outside, seconds):
    """A folder and a link to another, both with files of the same names, change places again and again."""
    libc = ctypes.CDLL(None)
    end = time.monotonic() + seconds
    inner, other = os.fsencode(folder) + b"/swap", os.fsencode(folder.parent) + b"/link"
    count = 0
    while time.monotonic() < end:
        libc.renameat2(-100, inner, -100, other, 2)
        time.sleep(0.0007 * (count % 7))
        count += 1
        with contextlib.suppress(OSError):
            if not os.path.islink(inner):
                path = inner + b"/deep/tone%d.wav" % (count % 5)
                with open(path, "r+b") as file:
                    file.seek(60)
                    file.write(os.urandom(8))


def race(daemon, sound, seconds):
    outside = daemon.place / "outside"
    for place in (daemon.folder / "swap" / "deep", outside / "deep"):
        place.mkdir(parents=True)
        for number in range(5):
            (place / ("tone%d.wav" % number)).write_bytes(sound)
    (outside / "deep" / (SECRET + ".wav")).write_bytes(sound)
    os.symlink(outside, daemon.place / "link")
    swapping = multiprocessing.Process(target=swap, args=(daemon.folder, outside, seconds))
    swapping.start()
    while swapping.is_alive():
        daemon.call("Scan", wait=True)
    swapping.join()
    status = daemon.call("Status")
    return status["decoded"] + status["recognized"]


def as_user(user, groups, body, *arguments):
    """Runs something as another user."""
    def run(results):
        os.setgroups(groups)
        os.setgid(NOBODY)
        os.setuid(user)
        results.put(body(*arguments))
    results = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=run, args=(results,))
    process.start()
    process.join(60)
    return results.get() if process.exitcode == 0 else "failed"


def denied(daemon):
    """The methods that are not permitted."""
    names = []
    for method in CHANGING + LOOKING:
        client = daemon.connect()
        try:
            list(client.stream(method))
        except Failed as error:
            if error.args[0] == "org.varlink.service.PermissionDenied":
                names.append(method)
        client.close()
    return names


def crowd(daemon):
    """How many of 200 connections stay, and how long."""
    clients, start = [], time.monotonic()
    for _ in range(200):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(daemon.socket))
        clients.append(client)
    time.sleep(0.5)
    count = 0
    for client in clients:
        client.setblocking(False)
        try:
            client.recv(1)
        except BlockingIOError:
            count += 1
        except OSError:
            pass
    return count


def connects(daemon):
    try:
        daemon.connect().close()
    except OSError as error:
        return type(error).__name__
    return "connected"


class Report:
    def __init__(self):
        self.wrong = 0

    def __call__(self, what, found, is_right):
        self.wrong += not is_right
        print("%-5s %s: %s" % ("ok" if is_right else "WRONG", what, found), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--seconds", type=float, default=20, help="how long folder and link change places")
    a = parser.parse_args()
    report = Report()
    with PrivateTimbred(a.binaries) as daemon:
        sound = noise()
        outside = daemon.place / "outside"
        for place in (outside, daemon.folder / "sub"):
            place.mkdir()
        for name in ("secret.wav", SECRET + ".wav", SECRET + ".txt"):
            (outside / name).write_bytes(sound)
        os.symlink(outside, daemon.folder / "link")
        os.symlink(outside / "secret.wav", daemon.folder / "linked.wav")
        (daemon.folder / "tone.wav").write_bytes(sound)
        (daemon.folder / "sub" / "noise.wav").write_bytes(noise())
        daemon.start()
        daemon.call("Sync")

        watch = Watch(daemon)
        counts, told = ask_all(daemon)
        lines = watch.end()
        opened, count = watch.opened_outside(lines)
        report("%d calls" % sum(counts.values()), counts, counts["answers"] > 10)
        report("files opened outside, of %d" % count, opened, not opened)
        report("answers that tell of what lies outside", told, not told)

        watch = Watch(daemon)
        read = race(daemon, sound, a.seconds)
        opened, count = watch.opened_outside(watch.end())
        # What was opened inside may have been outside a moment later, where the link was before.
        opened = [path for path in opened if path.startswith(os.fsencode(outside))]
        report("files opened outside in a race, of %d, %d having been read" % (count, read), opened, not opened)
        listed = {f["path"] for f in daemon.list()}
        report("files outside that are listed", [p for p in listed if SECRET in p], SECRET not in str(listed))

        report("another user at the socket", as_user(NOBODY, [], connects, daemon), True)
        report("is kept out", "", as_user(NOBODY, [], connects, daemon) == "PermissionError")
        os.chmod(daemon.place, 0o755)
        os.chmod(daemon.socket, 0o666)
        everything = CHANGING + LOOKING
        report("a stranger whom the file system lets in may do nothing", "",
               as_user(NOBODY, [], denied, daemon) == everything)
        kept = as_user(NOBODY, [], crowd, daemon)
        report("connections of 200 that a stranger keeps", kept, kept <= 32)
        report("the owner is served meanwhile", "", daemon.call("Status")["pid"] == daemon.process.pid)

    # The system's service has a group, whose members may look; a mount namespace gives this one such a group.
    groups = Path("/etc/group").read_text() + "timbred:x:%d:\n" % GROUP
    script = 'mount --bind "$0" /etc/group && exec "$@"'
    with PrivateTimbred(a.binaries) as daemon:
        (daemon.place / "group").write_text(
            "".join(l + "\n" for l in groups.splitlines() if not l.startswith("timbred:") or str(GROUP) in l))
        daemon.within = ["unshare", "-m", "sh", "-c", script, daemon.place / "group"]
        os.chmod(daemon.place, 0o755)
        daemon.start()
        status = os.stat(daemon.socket)
        report("the socket of the system's service", "%o, group %d" % (status.st_mode & 0o777, status.st_gid),
               status.st_mode & 0o777 == 0o660 and status.st_gid == GROUP)
        found = as_user(NOBODY, [GROUP], denied, daemon)
        report("a member of the group is denied", found, found == CHANGING)
        report("who is not in it does not get in", "", as_user(NOBODY, [], connects, daemon) == "PermissionError")
        kept = as_user(NOBODY, [GROUP], crowd, daemon)
        report("connections of 200 that a member keeps", kept, kept <= 32)
        report("root may change things", "", denied(daemon) == [])
    raise SystemExit(1 if report.wrong else 0)


if __name__ == "__main__":
    main()
