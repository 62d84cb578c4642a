#!/usr/bin/env python3
"""rude_clients.py BINARIES [SOUNDS]

Clients that send rubbish, too much, half a message, more than they read, or nothing at all, and a daemon that has run
out of file descriptors; while a polite client asks every 10 ms, which must always be answered, and within a second.
Prints what became of each rude client, and the polite one's longest wait; ends with 1 if something is not as it must
be."""

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import socket
import struct
import sys
import time
from pathlib import Path

from private_timbred import PrivateTimbred, exact, noise

LONGEST_WAIT = 1.0
MEBIBYTE = 1 << 20


class Polite:
    """A client of a process of its own that searches again and again, over one connection."""

    def __init__(self, daemon):
        # Calls, failures, the longest wait, when the call under way began, whether to stop.
        self.counts = multiprocessing.Array("d", 5)
        query = next(f["path"] for f in daemon.list() if f["state"] == "indexed")
        self.process = multiprocessing.Process(target=self.run, args=(daemon, query), daemon=True)
        self.process.start()

    def run(self, daemon, query):
        client = daemon.connect()
        while not self.counts[4]:
            self.counts[3] = start = time.monotonic()
            try:
                similar = client.call("Similar", queries=[{"path": query}])
                assert similar["results"] and client.call("Status")["pid"] == daemon.process.pid
            except Exception as error:
                print("the polite client: %r" % error, file=sys.stderr)
                self.counts[1] += 1
                time.sleep(0.1)
                with contextlib.suppress(OSError):
                    client = daemon.connect()
            self.counts[0] += 1
            self.counts[2] = max(self.counts[2], time.monotonic() - start)
            self.counts[3] = 0
            time.sleep(0.01)

    def take(self):
        calls, failures, longest, began = self.counts[:4]
        self.counts[0] = self.counts[1] = self.counts[2] = 0
        return int(calls), int(failures), max(longest, time.monotonic() - began if began else 0)

    def stop(self):
        self.counts[4] = 1
        self.process.join(5)


class Rude:
    """Each act returns what came of it, and whether that is right."""

    def __init__(self, daemon):
        self.daemon, self.chance = daemon, random.Random(1)
        self.half = self.connect()
        self.half.sendall(b'{"method":"org.timbred.Library.')
        self.half_since = time.monotonic()

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(self.daemon.socket))
        client.settimeout(60)
        return client

    def end(self, client):
        """Whatever comes until the daemon hangs up: the bytes, or what went wrong."""
        received = b""
        try:
            while piece := client.recv(MEBIBYTE):
                received += piece
        except ConnectionError:
            pass
        client.close()
        return received

    def say(self, message, count=1):
        """The replies to a message, errors by their names; "end" for the end of the connection."""
        client, received = self.connect(), b""
        with contextlib.suppress(ConnectionError):
            client.sendall(message + b"\0")
            while received.count(b"\0") < count and (piece := client.recv(MEBIBYTE)):
                received += piece
        client.close()
        replies = [json.loads(reply) for reply in received.split(b"\0")[:-1]]
        said = [reply.get("error", "reply").rpartition(".")[2] for reply in replies]
        return ", ".join(said) or "end"

    def call(self, method, parameters=b"{}", more=b"", count=1):
        return self.say(b'{"method":"%s","parameters":%s%s}' % (method, parameters, more), count)

    def rubbish(self):
        ends = 0
        for _ in range(200):
            client = self.connect()
            with contextlib.suppress(ConnectionError):
                client.sendall(self.chance.randbytes(self.chance.randrange(1, 5000)) + b"\0")
            ends += self.end(client) == b""
        return "%d of 200 connections ended" % ends, ends == 200

    def no_end(self):
        """100 MB without a NUL, from eight clients at once."""
        before, clients, sent = self.resident(), [self.connect() for _ in range(8)], []
        children = []
        for client in clients:
            if (child := os.fork()) == 0:
                count = 0
                with contextlib.suppress(ConnectionError):
                    while count < 100 * MEBIBYTE:
                        count += client.send(b"x" * MEBIBYTE)
                os._exit(count // MEBIBYTE)
            children.append(child)
            client.close()
        most = 0
        while children:
            most = max(most, self.resident() - before)
            done, status = os.waitpid(-1, os.WNOHANG)
            if done:
                children.remove(done)
                sent.append(os.waitstatus_to_exitcode(status))
            time.sleep(0.01)
        return ("ended after %d to %d MB, %d MB of memory at the most" % (min(sent), max(sent), most),
                max(sent) < 100 and most < 600)

    def deep(self):
        said = []
        for depth in [100, 600, 100_000, 10_000_000]:
            for left, right in [(b"[", b"]"), (b'{"a":', b"1}")]:
                nested = left * depth + right * (depth if left == b"[" else 1)
                said.append(self.call(b"org.timbred.Library.Info", b'{"path":%s}' % nested))
                said.append(self.say(b'{"method":"org.varlink.service.GetInfo","x":%s}' % nested))
        return ", ".join(sorted(set(said))), set(said) <= {"end", "InvalidParameter", "reply"}

    def numbers(self):
        said = {}
        for number in [b"1e999", b"-1e999", b"9" * 400, b"NaN", b"Infinity", b"-1", b"0", b"2.5", b"1e3", b'"1"']:
            said[number] = self.call(b"org.timbred.Library.Random", b'{"count":%s}' % number)
        right = {number: "InvalidParameter" for number in said} | {b"1e3": "reply"}
        right |= {number: "end" for number in [b"NaN", b"Infinity"]}
        wrong = {n.decode()[:9]: s for n, s in said.items() if s not in (right[n], "end" if n[:1] in b"NI9-1" else "")}
        return str(wrong or "all refused but 1e3"), not wrong

    def strange_text(self):
        said = [
            self.call(b"org.timbred.Library.Status", b"{}", b',"method":"org.timbred.Library.Nope"'),
            self.call(b"org.timbred.Library.Info", b'{"path":"/\xff\xfe"}'),
            self.call(b"org.timbred.Library.Info", b'{"path":"/\\ud800"}'),
            self.call(b"org.timbred.Library.Info", b'{"path":"/a\\u0000b"}'),
            self.call(b"org.timbred.Library.Info", b'{"path":"/' + b"a/" * 500_000 + b'"}'),
            self.call(b"org.timbred.Library.\xff"), self.call(b""), self.call(b"."), self.call(b"a." * 100_000),
            self.say(b"\xef\xbb\xbf{}"), self.say(b'"a"'), self.say(b"[]"), self.say(b"null"), self.say(b"")]
        return ", ".join(sorted(set(said))), not set(said) & {"Internal"}

    def pipelined(self):
        """Ten thousand calls in one write; they are answered in order."""
        calls = b"".join(b'{"method":"org.timbred.Library.Nope%d"}\0' % number for number in range(10_000))
        client, received = self.connect(), b""
        if os.fork() == 0:
            client.sendall(calls)
            os._exit(0)
        while received.count(b"\0") < 10_000 and (piece := client.recv(MEBIBYTE)):
            received += piece
        os.wait()
        client.close()
        names = [json.loads(reply)["parameters"]["method"] for reply in received.split(b"\0")[:-1]]
        right = ["org.timbred.Library.Nope%d" % number for number in range(10_000)]
        return "%d replies" % len(names), names == right

    def never_reads(self):
        """Calls without end, and no reply is read."""
        before, start, sent = self.resident(), time.monotonic(), 0
        client = self.connect()
        call = b'{"method":"org.varlink.service.GetInterfaceDescription","parameters":' \
               b'{"interface":"org.timbred.Library"}}\0'
        most = 0
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - start < 60:
                sent += client.send(call * 100)
                most = max(most, self.resident() - before)
        took = time.monotonic() - start
        self.end(client)
        return "ended after %.0f s, %d MB of memory at the most" % (took, most), took < 20 and most < 100

    def stops_within_a_list(self):
        """Many ask for the whole list, read its beginning, and no more."""
        clients = [self.connect() for _ in range(40)]
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            with contextlib.suppress(ConnectionError):
                client.sendall(b'{"method":"org.timbred.Library.List","parameters":{},"more":true}\0' * 200)
        start = time.monotonic()
        for client in clients:
            client.recv(10)
        count = self.wait_for_connections(2, 40)
        for client in clients:
            client.close()
        return "%d of 42 connections are left after %.0f s" % (count, time.monotonic() - start), count <= 2

    def at_once(self):
        """Two thousand connections that end at once, some with a call whose reply nobody wants."""
        linger = struct.pack("ii", 1, 0)
        for number in range(2000):
            with contextlib.suppress(BlockingIOError, ConnectionError):
                client = self.connect()
                if number % 2:
                    client.send(b'{"method":"org.timbred.Library.Status"}\0')
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                client.close()
        count = self.wait_for_connections(2, 5)
        return "%d connections are left" % count, count <= 2

    def flags(self):
        said = [
            self.call(b"org.timbred.Library.List"), self.call(b"org.timbred.Library.Status", b"{}", b',"upgrade":true'),
            self.call(b"org.timbred.Library.Status", b"{}", b',"more":true'),
            self.say(b'{"method":"org.timbred.Library.Pause2","oneway":true}\0'
                     b'{"method":"org.timbred.Library.Status","oneway":false}'),
            self.call(b"org.timbred.Library.Status", b"{}", b',"more":1'),
            self.call(b"org.timbred.Library.Status", b"null", b',"oneway":null')]
        right = ["ExpectedMore", "MethodNotImplemented", "reply", "reply", "end", "reply"]
        return ", ".join(said), said == right

    def crowd(self):
        """More connections than there may be; later ones are turned away, and the next comes in when they have gone."""
        clients = [self.connect() for _ in range(300)]
        time.sleep(0.3)
        count = self.connections()
        for client in clients:
            client.close()
        self.wait_for_connections(2, 5)
        return "%d of 300 at one time" % count, count <= 128 and self.daemon.call("Status")["pid"]

    def heavy(self):
        """A search for as many and as long sounds as one message holds."""
        code = b'{"code":"AQIDBAUGBwgJCgsMDQ4PEA=="},'
        cepstra = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIz" * (20 * MEBIBYTE // 40)
        said = [
            self.call(b"org.timbred.Library.Similar", b'{"queries":[%s]}' % (code * 900_000)[:-1]),
            self.call(b"org.timbred.Library.Similar", b'{"queries":[%s]}' % (code * 10_000)[:-1]),
            self.call(b"org.timbred.Library.Similar", b'{"queries":[{"features":{"sample_count":9223372036854775807,'
                      b'"duration":1e308,"cepstra":"%s"}}],"at":{"start":0,"end":1e308}}' % cepstra)]
        return ", ".join(said), said == ["InvalidParameter", "reply", "reply"]

    def half_a_message(self):
        """It began with the first act, and has 30 seconds."""
        self.half.settimeout(max(1, 35 - (time.monotonic() - self.half_since)))
        try:
            return "ended", self.end(self.half) == b""
        except TimeoutError:
            return "still there after %.0f s" % (time.monotonic() - self.half_since), False

    def no_descriptors(self):
        """Clients take all descriptors; a file comes meanwhile, and is heard once they have gone."""
        pid = self.daemon.process.pid
        sound = next(Path(f["path"]) for f in self.daemon.list() if f["state"] == "indexed")
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE, (64, resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]))
        clients = [self.connect() for _ in range(40)]
        time.sleep(0.5)
        opened, used = len(os.listdir("/proc/%d/fd" % pid)), self.seconds()
        new = [self.daemon.folder / ("late folder %d" % number) for number in range(3)]
        for folder in new:
            folder.mkdir()
            (folder / "late.wav").write_bytes(sound.read_bytes() + os.urandom(8))
        time.sleep(3)
        used = self.seconds() - used
        for client in clients:
            client.close()
        self.daemon.call("Sync")
        states = [f["state"] for f in self.daemon.list() if os.path.dirname(exact(f)) in map(os.fsencode, new)]
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        right = opened >= 63 and used < 1.5 and states == ["indexed"] * 3
        return "%d of 64 taken, %.1f s of work in 3 s, then %s" % (opened, used, states), right

    # What the daemon takes.

    def resident(self):
        """Mebibytes of memory."""
        with open("/proc/%d/statm" % self.daemon.process.pid) as file:
            return int(file.read().split()[1]) * resource.getpagesize() // MEBIBYTE

    def seconds(self):
        """Of processor time."""
        with open("/proc/%d/stat" % self.daemon.process.pid) as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def connections(self):
        """Of clients that the daemon has open: the sockets of its own name but the one that listens."""
        with open("/proc/net/unix") as file:
            return sum(line.rstrip().endswith(str(self.daemon.socket)) for line in file) - 1

    def wait_for_connections(self, count, seconds):
        """Until there are no more than so many: the polite client's, and the one with half a message."""
        deadline = time.monotonic() + seconds
        while (found := self.connections()) > count and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    ACTS = [rubbish, strange_text, numbers, deep, flags, pipelined, at_once, no_end, crowd, heavy, stops_within_a_list,
            never_reads, no_descriptors, half_a_message]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds", nargs="?", help="a folder of sounds; made-up ones if there is none")
    parser.add_argument("--only", help="the name of one act")
    a = parser.parse_args()
    wrong = 0
    with PrivateTimbred(a.binaries) as daemon:
        if a.sounds:
            shutil.copytree(a.sounds, daemon.folder, dirs_exist_ok=True)
        for number in range(0 if a.sounds else 100):
            (daemon.folder / ("%d.wav" % number)).write_bytes(noise())
        daemon.start()
        daemon.call("Sync")
        polite, rude = Polite(daemon), Rude(daemon)
        time.sleep(0.5)
        print("%-20s %-70s %6s %9s" % ("act", "what came of it", "polite", "longest"))
        for act in [lambda _: (time.sleep(2), ("", True))[1], *Rude.ACTS]:
            name = act.__name__.strip("<>")
            if a.only and name not in (a.only, "lambda"):
                continue
            polite.take()
            outcome, is_right = act(rude)
            calls, failures, longest = polite.take()
            is_right = is_right and not failures and longest < LONGEST_WAIT
            wrong += not is_right
            print("%-20s %-70s %6d %6.0f ms%s" % (
                name.replace("_", " ").replace("lambda", "nobody is rude"), outcome, calls, longest * 1000,
                "" if is_right else "   WRONG" + (", %d failures" % failures if failures else "")), flush=True)
        polite.stop()
        if daemon.process.poll() is not None or daemon.stop() != 0:
            raise SystemExit("the daemon ended by itself:\n" + daemon.log.read_text(errors="replace")[-2000:])
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
