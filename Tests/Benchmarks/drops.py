"""How soon a search finds a file that was dropped into a watched folder."""

from drop_latency import drop
from figure_table import median, percentile

COLUMNS = ["median ms", "95 % ms", "most ms", "of these settle"]
SETTLE = 250


def measure(daemon, sounds, table, count=100):
    """Adds a line for sounds that are not known yet, on a daemon whose settle time is the usual one."""
    milliseconds = drop(daemon, sounds[-count:])
    table.add("%d drops" % count, median(milliseconds), percentile(milliseconds, 0.95), max(milliseconds), SETTLE)
