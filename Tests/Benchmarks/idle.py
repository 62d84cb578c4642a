"""What the daemon does while nothing happens."""

import contextlib
import os
import socket
import threading
import time

from private_timbred import PrivateTimbred
from processes import threads
from ingest import link

COLUMNS = ["woken", "CPU ms", "notices to the manager"]


class Manager(threading.Thread):
    """Stands for systemd: counts what the daemon tells of itself."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.heard = 0

    def run(self):
        while self.socket.recv(1 << 16):
            self.heard += 1


@contextlib.contextmanager
def environment(**variables):
    os.environ.update(variables)
    try:
        yield
    finally:
        for variable in variables:
            del os.environ[variable]


def started(daemon, files, watchdog=None):
    """A daemon that has taken files in, with a manager that listens and, perhaps, wants a sign of life."""
    link(files, daemon.folder)
    manager = Manager(daemon.place / "notify")
    manager.start()
    variables = {"NOTIFY_SOCKET": str(daemon.place / "notify")}
    if watchdog:
        variables["WATCHDOG_USEC"] = str(watchdog * 1_000_000)
    with environment(**variables):
        daemon.start()
    daemon.call("Sync")
    return daemon, manager


def measure(binaries, files, table, seconds, settling=10, watchdog=30):
    """Adds a line with the unit's watchdog and one without; names the threads that have run."""
    with PrivateTimbred(binaries) as plain, PrivateTimbred(binaries) as watched:
        daemons = [started(plain, files), started(watched, files, watchdog)]
        time.sleep(settling)
        before = [(threads(daemon.process.pid), manager.heard) for daemon, manager in daemons]
        time.sleep(seconds)
        for what, (daemon, manager), (old, heard) in zip(
                ["without a watchdog", "with a watchdog of %d s" % watchdog], daemons, before):
            new = threads(daemon.process.pid)
            run = {task: (name, switches - old.get(task, (name, 0, 0))[1], cpu - old.get(task, (name, 0, 0))[2])
                   for task, (name, switches, cpu) in new.items()}
            table.add("%s, %d s" % (what, seconds), sum(one[1] for one in run.values()),
                      sum(one[2] for one in run.values()) / 1e6, manager.heard - heard)
            for task, (name, switches, cpu) in run.items():
                if switches:
                    table.add("  thread %s%s" % (name, " (main)" if task == daemon.process.pid else ""), switches,
                              cpu / 1e6, None)
