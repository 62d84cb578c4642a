"""What the kernel says of a process: time, memory, wake-ups."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*pids):
    """The processor time that processes have taken, in all their threads, also those that have ended."""
    seconds = 0
    for pid in pids:
        fields = Path("/proc/%d/stat" % pid).read_text().rsplit(")", 1)[1].split()
        seconds += (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


def memory(pid):
    """Megabytes in memory: now, and the most so far."""
    status = dict(line.split(":", 1) for line in Path("/proc/%d/status" % pid).read_text().splitlines())
    return [int(status[key].split()[0]) * 1024 / 1e6 for key in ("VmRSS", "VmHWM")]


def threads(pid):
    """Of each thread: its name, how often it has run, and for how many nanoseconds."""
    found = {}
    for task in Path("/proc/%d/task" % pid).iterdir():
        try:
            status, schedule = (task / "status").read_text(), (task / "schedstat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It has ended meanwhile.
        switches = sum(int(line.split()[1]) for line in status.splitlines() if "ctxt_switches" in line)
        name = status.split("\n", 1)[0].split("\t")[1]
        found[int(task.name)] = (name, switches, int(schedule.split()[0]))
    return found
