"""What a retrain takes."""

import time

from processes import cpu_seconds, memory

COLUMNS = ["frames", "seconds", "daemon's CPU s", "frames per CPU s", "most MB"]


def measure(daemon, table, prefix):
    """Adds a line for a model of another seed than the one in use has."""
    client, cpu, start = daemon.connect(), cpu_seconds(daemon.process.pid), time.monotonic()
    outcome = client.call("Retrain", wait=True, seed=7, force=True)["outcome"]
    seconds, cpu = time.monotonic() - start, cpu_seconds(daemon.process.pid) - cpu
    client.close()
    frames, most = outcome["frames"], memory(daemon.process.pid)[1]
    table.add(prefix + "retrained", frames, seconds, cpu, frames / cpu, most)
