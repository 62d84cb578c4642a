"""The map on the page, ways, favourites and news. See browse_check.py."""

import base64
import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import browse_check
from browse_page import enter, find, names, shown, title
from browser import Browser, until
from private_timbred import exact, noise

# What a script does for each picture, and tasks that hold everything up.
TIMER = """
window.frames = []; window.tasks = []; window.spent = 0;
const request = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (draw) => request((now) => {
  const start = performance.now();
  draw(now);
  window.frames.push({ at: now, spent: window.spent + performance.now() - start });
  window.spent = 0;
});
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (kind, listener, options) {
  const timed = ["pointermove", "wheel"].includes(kind) && typeof listener === "function"
    ? function (event) { const start = performance.now(); listener.call(this, event); window.spent += performance.now() - start; } : listener;
  return listen.call(this, kind, timed, options);
};
new PerformanceObserver((list) => { for (const task of list.getEntries()) window.tasks.push({ at: task.startTime, length: task.duration }); })
  .observe({ type: "longtask" });
"""


def positions(daemon):
    """Where the files lie on the map: paths and places."""
    found = {}
    with contextlib.closing(daemon.connect()) as client:
        for reply in client.stream("Map", paths=True):
            points = base64.b64decode(reply["points"])
            for index, item in enumerate(reply["paths"]):
                found[exact(item)] = struct.unpack_from("<hh", points, 16 * index + 8)
    assert reply["state"] == "ready", reply["state"]
    return found


def spots(page, places):
    """Where points are in the window while the whole map is shown: of pixels, from the upper left."""
    left, top, width, height = page.run(
        "const r = document.querySelector('#map').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]")
    xs, ys = [x for x, _ in places.values()], [y for _, y in places.values()]
    scale = min((width - 32) / max(1, max(xs) - min(xs)), (height - 32) / max(1, max(ys) - min(ys)))
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    return {name: (left + width / 2 + (x - middle[0]) * scale, top + height / 2 - (y - middle[1]) * scale)
            for name, (x, y) in places.items()}


def lonely(spots, wanted=lambda name: True):
    """The point that is farthest from its neighbour, of some."""
    def room(name):
        x, y = spots[name]
        return min(((x - a) ** 2 + (y - b) ** 2) ** 0.5 for other, (a, b) in spots.items() if other != name)
    return max(filter(wanted, spots), key=room)


def mouse(page, kind, spot, **more):
    page.devtools("Input.dispatchMouseEvent", type=kind, x=spot[0], y=spot[1], **more)


def click(page, spot):
    mouse(page, "mouseMoved", spot)
    for kind in ("mousePressed", "mouseReleased"):
        mouse(page, kind, spot, button="left", clickCount=1)


def open_map(daemon, browse, page):
    """Opens the page anew, and waits for the map; returns the files' places and spots."""
    daemon.call("Sync")
    until(lambda: next(daemon.connect().stream("Map"))["state"] == "ready", "the map is learnt")
    enter(browse, page)
    places = positions(daemon)
    page.wait("document.querySelector('#map-note').textContent == %s" % json.dumps("%d sounds" % len(places)))
    return places, spots(page, places)


def chosen(page, name):
    """Waits until a sound is chosen."""
    page.wait("document.querySelector('#sound-title').textContent == %s" % json.dumps(shown(os.fsdecode(name))))


def check_a_click_on_the_map_chooses_and_plays_that_sound(daemon, browse, page):
    _, where = open_map(daemon, browse, page)
    name = lonely(where)
    page.run("window.heard = 0")
    click(page, where[name])
    chosen(page, name)
    page.wait("window.heard > 0.001", "it is heard")
    assert page.run("return document.querySelector('#sound-folder').textContent") == os.fsdecode(name.rpartition(b"/")[0])


def check_the_pointer_tells_names_and_is_heard_if_that_is_wanted(daemon, browse, page):
    _, where = open_map(daemon, browse, page)
    name = lonely(where)
    mouse(page, "mouseMoved", (where[name][0] + 2, where[name][1]))
    page.wait("!document.querySelector('#map-name').hidden")
    assert page.run("return document.querySelector('#map-name').textContent") == shown(os.fsdecode(name))
    assert page.run("return window.heard") == 0
    mouse(page, "mouseMoved", (2, 2))
    page.press("h")
    mouse(page, "mouseMoved", where[name])
    page.wait("window.heard > 0.001", "it is heard")
    assert page.run("return document.querySelector('#sound').hidden"), "nothing is chosen by that"


def check_the_keyboard_moves_over_the_map(daemon, browse, page):
    places, _ = open_map(daemon, browse, page)
    page.press("m")
    assert page.run("return document.activeElement.id") == "map"
    page.press("ArrowDown")
    page.wait("!document.querySelector('#sound').hidden")

    def here():
        said = page.run("return document.querySelector('#sound-folder').textContent + '/' + document.querySelector('#sound-title').textContent")
        return places.get(os.fsencode(said))

    passed = 0
    for key, (dx, dy) in {"ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowLeft": (-1, 0), "ArrowDown": (0, -1)}.items():
        for _ in range(3):
            before, title_before = here(), page.run("return document.querySelector('#sound-title').textContent")
            page.press(key)
            # At the edge there is no next one.
            deadline = time.monotonic() + 1
            while time.monotonic() < deadline and page.run("return document.querySelector('#sound-title').textContent") == title_before:
                time.sleep(0.02)
            after = here()
            if before and after and before != after:
                assert (after[0] - before[0]) * dx + (after[1] - before[1]) * dy > 0, (key, before, after)
                passed += 1
    assert passed >= 6, passed
    until(lambda: (page.press("ArrowRight"), page.run("return document.querySelector('#map-note').textContent.includes('no sound further')"))[1],
          "the map ends on the right, and says so")
    page.press("+", "+", "-", "0", "m")
    assert page.run("return document.body.classList.contains('mapped')")
    page.press("m")
    assert not page.run("return document.body.classList.contains('mapped')")
    page.press("s")
    title(page, "like")
    return "%d steps" % passed


def check_what_the_words_leave_out_is_dim_and_not_picked(daemon, browse, page):
    _, where = open_map(daemon, browse, page)
    inside = lambda name: b"/containers/" in name
    find(page, "dir:containers")
    page.press("Enter")
    picked, other = lonely(where, inside), lonely(where, lambda name: not inside(name))
    click(page, where[other])
    click(page, where[picked])
    chosen(page, picked)
    seen = page.run("return document.querySelector('.row[aria-selected=true] .name')?.textContent")
    assert seen == shown(os.fsdecode(picked)), "the list's row is chosen as well"


def check_a_way_leads_from_one_sound_to_another(daemon, browse, page):
    enter(browse, page)
    ends = [str(daemon.folder / name) for name in ("demo/drums/kick/fat.flac", "tones/1 kHz.wav")]
    find(page, "fat.flac")
    page.press("Enter", "w")
    page.wait("document.querySelector('#way').textContent == 'Way to here'")
    find(page, "1 kHz")
    page.press("Enter", "w")
    title(page, "from fat.flac to 1 kHz.wav")
    expected = [shown(step["path"]) for step in daemon.ctl_json("path", *ends)["steps"]]
    assert names(page) == expected and len(expected) > 2, (names(page), expected)
    # It is heard in order.
    page.wait("document.querySelector('.row[aria-selected=true]').dataset.index > 1", "the way goes on by itself")
    link = page.run("return location.search")
    enter(browse, page, link)
    title(page, "from fat.flac to 1 kHz.wav")
    assert names(page) == expected
    return "%d sounds" % len(expected)


def check_new_sounds_are_told_of_and_come_on_the_map(daemon, browse, page):
    places, _ = open_map(daemon, browse, page)
    told, mapped = [], []
    for number in range(3):
        (daemon.folder / ("arrives %d.wav" % number)).write_bytes(noise())
        start = time.monotonic()
        page.wait("!document.querySelector('#toast').hidden && document.querySelector('#toast-words').textContent == '%d new'" % (number + 1))
        told.append(time.monotonic() - start)
        page.wait("document.querySelector('#map-note').textContent == '%d sounds'" % (len(places) + number + 1))
        mapped.append(time.monotonic() - start)
    page.click("#toast-show")
    title(page, "since:1h")
    find(page, "arrives since:1h")
    assert len(names(page)) == 3, names(page)
    for number in range(3):
        (daemon.folder / ("arrives %d.wav" % number)).unlink()
    page.wait("document.querySelector('#map-note').textContent == '%d sounds'" % len(places))
    # A second of the daemon's own patience with a file that was just closed is part of it.
    assert max(told) < 1.5, told
    return "told after %s s, on the map after %s s" % tuple(
        "/".join("%.2f" % seconds for seconds in times) for times in (told, mapped))


def check_favourites_are_shared_with_timbrectl(daemon, browse, page):
    person = {**os.environ, **browse_check.person(daemon)}

    def favourites(*words):
        done = subprocess.run([daemon.binaries / "timbrectl", "favourite", *words], capture_output=True, text=True, env=person)
        return done.stdout.splitlines()

    enter(browse, page)
    find(page, "fat.flac")
    page.press("Enter", "f")
    fat, other = (str(daemon.folder / name) for name in ("demo/drums/kick/fat.flac", "tones/click.wav"))
    until(lambda: favourites("list") == [fat], "timbrectl has it")
    page.wait("document.querySelector('.row.favourite')")
    page.press("F")
    title(page, "1 favourite")
    favourites("add", other)
    start = time.monotonic()
    title(page, "2 favourites")
    waited = time.monotonic() - start
    assert names(page) == ["fat.flac", "click.wav"]
    favourites("remove", fat, other)
    title(page, "0 favourites")
    # The page may write there, and nowhere else.
    assert browse.request("/api/mark", body=json.dumps({"paths": [{"path": "relative"}], "marked": True}))[0] == 400
    assert sorted(p.name for p in (daemon.place / "person" / "timbrectl").iterdir()) == ["favourites.lock", "favourites.m3u"]
    return "timbrectl's marks are seen after %.1f s" % waited


def check_a_line_around_sounds_picks_them(daemon, browse, page):
    places, where = open_map(daemon, browse, page)
    left, top, width, height = page.run(
        "const r = document.querySelector('#map').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]")
    # Around the left part, up to where there is most room between two sounds of the middle.
    xs = sorted(x for x, _ in where.values())
    gap = max(range(len(xs) // 4, 3 * len(xs) // 4), key=lambda index: xs[index + 1] - xs[index])
    border = (xs[gap] + xs[gap + 1]) / 2
    corners = [(left + 3, top + 3), (border, top + 3), (border, top + height - 3), (left + 3, top + height - 3)]
    wanted = {shown(name.decode(errors="backslashreplace")) for name, (x, _) in where.items() if x < border}
    shift = 8
    mouse(page, "mouseMoved", corners[0], modifiers=shift)
    mouse(page, "mousePressed", corners[0], button="left", clickCount=1, modifiers=shift)
    for corner in corners[1:]:
        mouse(page, "mouseMoved", corner, button="left", modifiers=shift)
    mouse(page, "mouseReleased", corners[-1], button="left", clickCount=1, modifiers=shift)
    title(page, "from the map")
    picked = names(page)
    assert set(picked) == wanted and 3 < len(picked) < len(places), (len(picked), len(wanted), set(picked) ^ wanted)
    # Of neighbours in the list, most are neighbours on the map: each step is shorter than a step at random.
    at = {shown(name.decode(errors="backslashreplace")): spot for name, spot in where.items()}
    step = lambda a, b: ((at[a][0] - at[b][0]) ** 2 + (at[a][1] - at[b][1]) ** 2) ** 0.5
    walked = sum(step(a, b) for a, b in zip(picked, picked[1:]))
    in_order = sum(step(a, b) for a, b in zip(sorted(picked), sorted(picked)[1:]))
    assert walked < 0.6 * in_order, (walked, in_order)
    link = page.run("return location.search")
    # All of them become favourites, and none.
    page.press("A")
    page.wait("document.querySelectorAll('.row.favourite').length == %d" % len(picked))
    page.press("A")
    page.wait("!document.querySelector('.row.favourite')")
    enter(browse, page, link)
    title(page, "from the map")
    assert names(page) == picked
    # A line with nothing in it says so.
    spot = (left + width - 4, top + 4)
    mouse(page, "mousePressed", spot, button="left", clickCount=1, modifiers=shift)
    for dx, dy in ((-6, 0), (-6, 6), (0, 6)):
        mouse(page, "mouseMoved", (spot[0] + dx, spot[1] + dy), button="left", modifiers=shift)
    mouse(page, "mouseReleased", (spot[0], spot[1] + 6), button="left", clickCount=1, modifiers=shift)
    page.wait("document.querySelector('#notice').textContent.includes('no sound inside')")
    return "%d of %d sounds" % (len(picked), len(places))


def check_favourites_and_what_is_picked_are_narrowed_as_the_list_is(daemon, browse, page):
    person = {**os.environ, **browse_check.person(daemon)}
    paths = [daemon.folder / name for name in ("tagged/tagged loop.wav", "demo/drums/kick/fat.flac", "tones/click.wav")]
    loop, fat, click = names_of = [path.name for path in paths]
    gone = daemon.place / "gone kick.wav"

    def favourites(verb):
        subprocess.run([daemon.binaries / "timbrectl", "favourite", verb, *map(str, paths), str(gone)], check=True, env=person)

    wanted = {"tag:tromm": [loop], "bpm:118-124 key:C#m": [loop], "bpm:>125": [], "dir:tagged": [loop], "-loop -kick": [click],
              "dir:drums kick": [fat], "len:>100": [], "ch:1 tag:album=attic": [loop], "tag:title=tromm": [], "CLICK": [click]}
    gone.write_bytes(b"")
    favourites("add")
    gone.unlink()
    try:
        enter(browse, page)
        page.press("F")
        title(page, "4 favourites")
        for words, expected in wanted.items():
            find(page, words)
            assert names(page) == expected, (words, names(page))
            if not expected:
                page.wait("!document.querySelector('#notice').hidden", words)
        # What the library does not have now has a name, and nothing else that could be asked about.
        find(page, "gone")
        assert names(page) == [gone.name]
        numbers = [file["number"] for file in json.loads(browse.request(
            "/api/files", body=json.dumps({"paths": [{"path": str(path)} for path in paths]}))[1])["files"]]
    finally:
        favourites("remove")
    # What is picked is named by its numbers, in base 36, in the order in which it was picked.
    spelt = base64.urlsafe_b64encode(json.dumps({"picked": ".".join(map(base36, reversed(numbers)))}).encode()).decode().rstrip("=")
    enter(browse, page, "?q=" + spelt)
    title(page, "3 sounds from the map")
    assert names(page) == list(reversed(names_of)), names(page)
    for words, expected in wanted.items():
        find(page, words)
        assert names(page) == expected, (words, names(page))
    find(page, "-nothing")
    assert names(page) == list(reversed(names_of)), "they stay in their order"
    return "%d searches in each" % len(wanted)


def base36(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (base36(number // 36) if number >= 36 else "") + digits[number % 36]


def check_the_list_is_played_from_one_to_the_next(daemon, browse, page):
    enter(browse, page)
    find(page, "dir:drums")
    page.press("Enter")
    begun = "+document.querySelector('.row[aria-selected=true]').dataset.index"
    page.press("a")
    page.wait("document.querySelector('#through').ariaPressed == 'true'")
    page.wait(begun + " >= 2", "it goes on by itself")
    page.press("Escape")
    assert page.run("return document.querySelector('#through').ariaPressed") == "false"
    page.wait("document.querySelector('#play').textContent == 'Play'")


def check_colours_show_length_brightness_and_age(daemon, browse, page):
    open_map(daemon, browse, page)
    drawn = "return document.querySelector('#map canvas').toDataURL()"
    seen = [page.run(drawn)]
    for kind, low in (("length", "0.1 s"), ("brightness", "dull"), ("age", "new")):
        page.press("t")
        page.wait("document.querySelector('#shade').value == %s && document.querySelector('#scale').textContent.startsWith(%s)" % (
            json.dumps(kind), json.dumps(low)))
        until(lambda: page.run(drawn) not in seen, "other colours for " + kind)
        seen.append(page.run(drawn))
    page.press("t")
    page.wait("document.querySelector('#scale').hidden")
    until(lambda: page.run(drawn) == seen[0], "the folders' colours again")
    # By the control itself, and the letters typed there are its own.
    page.run("const s = document.querySelector('#shade'); s.focus(); s.value = 'length'; s.dispatchEvent(new Event('change'))")
    until(lambda: page.run(drawn) == seen[1], "the colours of lengths")
    page.press("f")
    assert page.run("return document.querySelector('#favourite').ariaPressed") == "false"


def check_a_graphics_card_draws_what_is_drawn_without_one(daemon, browse, page):
    """No card is here: Chromium's imitation of one draws by the same shaders. Where it draws points is where the others are."""
    open_map(daemon, browse, page)
    drawn = {}
    for kind in ("webgl2", "2d"):
        with Browser() as other:
            other.devtools("Page.addScriptToEvaluateOnNewDocument", source="""
                for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
                  const get = kind.prototype.getContext;
                  kind.prototype.getContext = function (kind, options) {
                    return get.call(this, kind, kind === "webgl2" ? { preserveDrawingBuffer: true } : options); };
                }
                const ask = WebGL2RenderingContext.prototype.getParameter;
                WebGL2RenderingContext.prototype.getParameter = function (name) { return %s ?? ask.call(this, name); };""" % (
                    "name === 0x9246 ? 'a card' : null" if kind == "webgl2" else "null"))
            other.look()
            enter(browse, other)
            other.wait("document.querySelector('#map-note').textContent.includes('sounds')")
            assert other.run("return document.querySelector('#map canvas').getContext(%s) !== null" % json.dumps(kind)), kind
            # The picture in cells of 10 by 10 pixels, and whether anything is in each.
            drawn[kind] = other.wait("""(() => {
                const canvas = document.querySelector('#map canvas'), copy = new OffscreenCanvas(canvas.width, canvas.height);
                const context = copy.getContext('2d'), cells = new Set();
                context.drawImage(canvas, 0, 0);
                const { data } = context.getImageData(0, 0, copy.width, copy.height);
                for (let i = 3; i < data.length; i += 4) {
                  if (data[i] > 100) cells.add(Math.floor((i >> 2) % copy.width / 10) + ' ' + Math.floor((i >> 2) / copy.width / 10));
                }
                return cells.size > 20 && [...cells] })()""", "points are drawn")
    both, one = (len(operator(set(drawn["webgl2"]), set(drawn["2d"]))) for operator in (set.intersection, set.union))
    assert both / one > 0.8, (both, one)
    return "%d of %d cells are lit in both" % (both, one)


def check_with_reduced_motion_nothing_pulses(daemon, browse, page):
    open_map(daemon, browse, page)
    for reduced in (False, True):
        page.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce" if reduced else ""}])
        find(page, "long.flac")
        page.press("Enter", "Home")
        page.wait("document.querySelector('#play').textContent == 'Stop'")
        before = page.run("return document.querySelectorAll('#map canvas')[1].toDataURL()")
        time.sleep(0.5)
        changes = before != page.run("return document.querySelectorAll('#map canvas')[1].toDataURL()")
        page.press("Escape")
        assert changes == (not reduced), reduced
    page.look()


@contextlib.contextmanager
def made_up(daemon, *words):
    """A page over a library that is not there."""
    path = daemon.place / ("made-up-%s.sock" % "-".join(words))
    library = subprocess.Popen([sys.executable, Path(__file__).with_name("made_up_library.py"), path, *words])
    try:
        until(path.exists, "the made-up library answers", patience=60)
        with browse_check.Browse(daemon, "--no-open", "--socket", path) as browse:
            yield browse
    finally:
        library.kill()
        library.wait()


def check_a_map_that_is_learnt_or_is_not_there_is_said_to_be(daemon, browse, page):
    for state, words in (("learning", "learning 40 %"), ("none", "too few sounds")):
        with made_up(daemon, "40", state) as other:
            enter(other, page)
            page.wait("document.querySelector('#map-note').textContent.includes(%s)" % json.dumps(words))
            page.press("Enter" if state == "none" else "ArrowDown")


def move_over(page, move):
    """Pans, zooms or points on the map, and says what that took the page's own thread."""
    left, top = page.run("const r = document.querySelector('#map').getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]")
    # Of what a page does, the processor's own time: what a busy machine does in between is not the page's.
    page.devtools("Performance.enable", timeDomain="threadTicks")

    def busy():
        metrics = {m["name"]: m["value"] for m in page.devtools("Performance.getMetrics")["metrics"]}
        return metrics["TaskDuration"], metrics["ScriptDuration"]

    page.run("window.frames = []; window.tasks = []")
    if move == "pan":
        mouse(page, "mousePressed", (left, top), button="left", clickCount=1)
    times = [busy()]
    for step in range(60):
        spot = (left + 80 * ((step % 20) - 10) / 10, top + 3 * (step % 10))
        if move == "zoom":
            mouse(page, "mouseWheel", (left, top), deltaX=0, deltaY=-60 if step < 30 else 60)
        else:
            mouse(page, "mouseMoved", spot, button="left" if move == "pan" else "none")
        times.append(busy())
    if move == "pan":
        mouse(page, "mouseReleased", (left, top), button="left", clickCount=1)
    frames, tasks = page.run("return [window.frames, window.tasks]")
    spent = sorted(frame["spent"] for frame in frames)
    tasks_of_steps, scripts = (sorted(1000 * (after[kind] - before[kind]) for before, after in zip(times, times[1:])) for kind in (0, 1))
    # A step of the pointer is two frames, or three.
    script, longest = scripts[int(len(scripts) * 0.95)], tasks_of_steps[-1]
    said = "%s: %d frames, script median %.1f, 95 %% %.1f ms of the clock; processor time of a step of the pointer: scripts 95 %% %.1f ms, " \
        "all at most %.0f ms; %d tasks took longer than 50 ms of the clock" % (
            move, len(spent), spent[len(spent) // 2], spent[int(len(spent) * 0.95)], script, longest, sum(t["length"] > 50 for t in tasks))
    assert script <= 4 and longest <= 50, said
    return said


def check_the_map_of_100000_sounds_moves_smoothly(daemon, browse, page):
    with made_up(daemon, "100000") as other, Browser() as large:
        large.devtools("Page.addScriptToEvaluateOnNewDocument", source=TIMER)
        large.look()
        enter(other, large)
        large.wait("document.querySelector('#map-note').textContent == '100,000 sounds'")
        usable = large.run("return performance.now()")
        # Figures that are asked for before all names have come are asked for again.
        large.press("t")
        large.wait("!document.querySelector('#scale').hidden")
        title(large, "100,000 sounds")
        large.wait("""(() => {
            const canvas = document.querySelector('#map canvas'), { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let grey = 0, all = 0;
            for (let i = 0; i < data.length; i += 4) {
              if (data[i + 3] > 100) all++;
              if (data[i + 3] > 100 && Math.abs(data[i] - data[i + 2]) < 12) grey++;
            }
            return all > 1000 && grey < all / 20; })()""", "no sound is without its colour")
        large.press("t", "t", "t")
        large.wait("document.querySelector('#scale').hidden")
        # What was under way at the start is over.
        large.run("return new Promise((go) => setTimeout(go, 1500))")
        figures = [move_over(large, move) for move in ("pan", "zoom", "point")]
        if page.pictures:
            for name, look in {"100000-light": {}, "100000-dark": {"dark": True}}.items():
                large.look(**look)
                large.press("0")
                time.sleep(1)
                large.picture(Path(page.pictures) / (name + ".png"))
            large.press("m")
            time.sleep(1)
            large.picture(Path(page.pictures) / "100000-large-dark.png")
    return "all there after %.0f ms; %s" % (usable, "; ".join(figures))
