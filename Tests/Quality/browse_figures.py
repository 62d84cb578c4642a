"""The page's sizes and times, for a library that is there and for made-up ones. See browse_check.py."""

import json
import time
from pathlib import Path
from urllib.parse import urlsplit

import browse_check
import browse_page
from browse_map import made_up
from browser import Browser


def memory(browse):
    """What the server has in memory, in MB."""
    status = Path("/proc/%d/status" % browse.process.pid).read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1000


def load(browse):
    """One visit with an empty cache: what was loaded, and when what was there."""
    with Browser() as page:
        browse_page.prepare(page)
        page.look()
        page.log("performance")
        browse_page.enter(browse, page)
        page.wait("document.querySelector('#map-note').textContent.includes('sound')")
        mapped = page.run("return performance.now()")
        files, sizes = {}, {}
        for entry in page.log("performance"):
            message = json.loads(entry["message"])["message"]
            details = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                files[details["requestId"]] = urlsplit(details["request"]["url"])
            if message["method"] == "Network.dataReceived":
                sizes[details["requestId"]] = sizes.get(details["requestId"], 0) + details["dataLength"]
        own = {url.path: sizes.get(name, 0) for name, url in files.items() if url.scheme == "http" and not url.path.startswith("/api/")}
        later = {"/%s.js" % name for name in ("map", "points", "paint", "overlay")}
        return {
            "paint": page.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"),
            "rows": page.run("return window.firstRows"), "mapped": mapped,
            "first": [len(own.keys() - later), sum(size for path, size in own.items() if path not in later)],
            "all": [len(own), sum(own.values())],
            "map": sum(size for name, size in sizes.items() if files.get(name) and files[name].path == "/api/map")}


def visits(browse, count=5):
    """The median of some visits, by when the map was there."""
    found = sorted((load(browse) for _ in range(count)), key=lambda visit: visit["mapped"])
    return found[count // 2]


def show(daemon):
    size = (daemon.binaries / "timbre-web").stat().st_size
    print("timbre-web: %.1f MB" % (size / 1e6))
    rows = []
    with browse_check.Browse(daemon) as browse:
        rows.append(("a library of %d" % len(daemon.list()), visits(browse), memory(browse)))
    for count in (10_000, 100_000):
        with made_up(daemon, str(count)) as browse:
            start = time.monotonic()
            while not browse.ask("find", words=[], folders=[], count=1, **{"not": []})["ready"]:
                time.sleep(0.01)
            print("%d names: all there after %.2f s" % (count, time.monotonic() - start))
            rows.append(("%d, made up" % count, visits(browse), memory(browse)))
    first, whole = rows[0][1]["first"], rows[0][1]["all"]
    print("page: %d files of %.0f kB before the first rows, %d of %.0f kB in all" % (first[0], first[1] / 1e3, whole[0], whole[1] / 1e3))
    print("%-24s %12s %12s %14s %12s %10s" % ("medians of 5 visits", "first paint", "first rows", "map all there", "map's bytes", "memory"))
    for name, visit, resident in rows:
        print("%-24s %9.0f ms %9.0f ms %11.0f ms %9.2f MB %7.0f MB" % (
            name, visit["paint"], visit["rows"], visit["mapped"], visit["map"] / 1e6, resident))
