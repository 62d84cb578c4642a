"""How long answers take: over the socket, from one client and from eight, and by the command line."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from figure_table import median, percentile

# What `timbrectl similar` and a person in front of a browser ask at once, more or less.
PAUSE = 0.005


def questions(daemon, count=300):
    """Library files to ask for."""
    files = daemon.call("Random", count=count, seed=1)["files"]
    return [{"queries": [{"path": item["path"]}]} for item in files if item["state"] == "indexed" and item.get("spans")]


class Askers:
    """Clients, each a process of its own, that ask at the same time."""

    def __init__(self, daemon, method, parameters, clients, pause, seconds):
        command = [sys.executable, Path(__file__).parent / "ask.py", daemon.socket, method, str(seconds), str(pause)]
        self.processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                          for _ in range(clients)]
        for number, process in enumerate(self.processes):
            shift = number * len(parameters) // clients
            self.say(process, json.dumps(parameters[shift:] + parameters[:shift]))
        for process in self.processes:
            assert process.stdout.readline() == b"ready\n"

    @staticmethod
    def say(process, line):
        process.stdin.write(line.encode() + b"\n")
        process.stdin.flush()

    def begin(self):
        for process in self.processes:
            self.say(process, "")

    def stop(self):
        """Has the clients end before their time."""
        for process in self.processes:
            process.stdin.close()

    def figures(self):
        """Of all questions: p50, p99 and the most, questions a second, the client's CPU time for each."""
        found = [json.loads(process.stdout.read()) for process in self.processes]
        for process in self.processes:
            process.wait()
            process.stdin.close()
            process.stdout.close()
        times = [time for one in found for time in one["milliseconds"]]
        assert times and not any(one["failed"] for one in found), "questions failed"
        return [median(times), percentile(times, 0.99), max(times),
                len(times) / max(one["seconds"] for one in found),
                sum(one["cpu"] for one in found) * 1000 / len(times)]


SOCKET_COLUMNS = ["p50 ms", "p99 ms", "most ms", "asked/s", "client's CPU ms"]
SIMILAR = "org.timbred.Library.Similar"


def ask(daemon, parameters, clients=1, pause=PAUSE, seconds=3, method=SIMILAR):
    askers = Askers(daemon, method, parameters, clients, pause, seconds)
    askers.begin()
    return askers.figures()


def name(clients, pause):
    return "%d client%s, %s" % (
        clients, "s" if clients > 1 else "", "%.0f ms apart" % (pause * 1000) if pause else "without a pause")


def socket_lines(daemon, table, prefix, seconds):
    """Adds a line for each number of clients, with and without a pause between their questions."""
    parameters = questions(daemon)
    for clients in (1, 8):
        for pause in (PAUSE, 0):
            table.add(prefix + name(clients, pause), *ask(daemon, parameters, clients, pause, seconds))


def command_lines(daemon, table, prefix="", runs=200):
    """Adds lines for `timbrectl similar FILE` as a whole process, and for others beside it, which take turns."""
    timbrectl = str(daemon.binaries / "timbrectl")
    commands = {"/bin/true": lambda path: ["/bin/true"], "timbrectl --version": lambda path: [timbrectl, "--version"],
                "timbrectl similar FILE": lambda path: [timbrectl, "similar", path]}
    times = {what: [] for what in commands}
    environment = {**os.environ, "TIMBRED_SOCKET": str(daemon.socket)}
    # That nothing is near, and the like, is said on the standard error.
    silent = [(os.POSIX_SPAWN_OPEN, output, "/dev/null", os.O_WRONLY, 0) for output in (1, 2)]
    paths = [question["queries"][0]["path"] for question in questions(daemon)]
    for run in range(runs + 1):
        for what, command in commands.items():
            words = command(paths[run % len(paths)])
            start = time.perf_counter()
            _, status = os.waitpid(os.posix_spawn(words[0], words, environment, file_actions=silent), 0)
            elapsed = (time.perf_counter() - start) * 1000
            assert status == 0, "%s: status %d" % (words, status)
            if run:
                times[what].append(elapsed)
    for what, values in times.items():
        table.add(prefix + what, median(values), percentile(values, 0.99), max(values))


COMMAND_COLUMNS = ["p50 ms", "p99 ms", "most ms"]
