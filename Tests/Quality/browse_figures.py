"""The page's sizes and times, for a library that is there and for made-up ones. See browse_check.py."""

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
        addresses, sizes = browse_page.loaded(page)
        files = {name: urlsplit(address) for name, address in addresses.items() if address.startswith("http")}
        own = [sizes.get(name, (0, 0)) for name, url in files.items() if not url.path.startswith("/api/")]
        return {
            "paint": page.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"),
            "rows": page.run("return window.firstRows"), "mapped": mapped,
            "files": len(own), "sent": sum(sent for sent, _ in own), "unpacked": sum(unpacked for _, unpacked in own),
            "map": sum(sent for name, (sent, _) in sizes.items() if name in files and files[name].path == "/api/map")}


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
    page = rows[0][1]
    print("page: %d files, %.0f kB sent, %.0f kB unpacked" % (page["files"], page["sent"] / 1e3, page["unpacked"] / 1e3))
    print("%-24s %12s %12s %14s %12s %10s" % ("medians of 5 visits", "first paint", "first rows", "map all there", "map's bytes", "memory"))
    for name, visit, resident in rows:
        print("%-24s %9.0f ms %9.0f ms %11.0f ms %9.2f MB %7.0f MB" % (
            name, visit["paint"], visit["rows"], visit["mapped"], visit["map"] / 1e6, resident))
