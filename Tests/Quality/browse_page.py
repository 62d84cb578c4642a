"""What the page does in a browser. See browse_check.py."""

import contextlib
import json
import math
import os
import shutil
import signal
import struct
import time
from pathlib import Path
from urllib.parse import urlsplit

import browse_check
import containers
from browser import until

# What goes to the loudspeaker is listened to as well, and long tasks and the moment of the first rows are noted.
LISTENER = """
window.heard = 0;
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to === this.context.destination) {
    if (!this.context.tap) {
      const tap = this.context.tap = this.context.createAnalyser();
      tap.fftSize = 32768;
      const samples = new Float32Array(tap.fftSize);
      setInterval(() => { tap.getFloatTimeDomainData(samples); for (const s of samples) window.heard = Math.max(window.heard, Math.abs(s)); }, 50);
    }
    connect.call(this, this.context.tap);
  }
  return connect.call(this, to, ...rest);
};
const start = AudioBufferSourceNode.prototype.start;
window.waits = [];
addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
AudioBufferSourceNode.prototype.start = function (...rest) {
  window.waits.push(performance.now() - window.pressed);
  return start.apply(this, rest);
};
window.pwned = 0;
window.alert = () => { window.pwned = 1; };
new MutationObserver((_, observer) => {
  if (!document.querySelector(".row")) return;
  window.firstRows = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


def sine(hertz, seconds, rate=44100):
    data = b"".join(struct.pack("<h", round(16000 * math.sin(2 * math.pi * hertz * n / rate))) for n in range(int(rate * seconds)))
    return containers.wave(data, rate, channels=1)


# A comment as long as is kept, without a place to break it, and a title that tries to be more than a title.
TAGS = {"TIT2": "Große <img src=x onerror=window.pwned=1>", "TPE1": "Ann Tromm", "TALB": "Attic", "TBPM": "119.98",
        "TKEY": "Dbm", "COMM": "w" * 900}


def tagged(seconds):
    """A WAV file with an ID3 tag in it."""
    def frame(name, text):
        content = b"\3" + (b"eng\0" if name == "COMM" else b"") + text.encode()
        return name.encode() + struct.pack(">IH", len(content), 0) + content

    frames = b"".join(frame(*tag) for tag in TAGS.items())
    size = bytes(len(frames) >> shift & 127 for shift in (21, 14, 7, 0))
    tag = b"ID3\3\0\0" + size + frames
    sound = sine(700, seconds)
    chunk = b"id3 " + struct.pack("<I", len(tag)) + tag + bytes(len(tag) % 2)
    return sound[:4] + struct.pack("<I", len(sound) + len(chunk) - 8) + sound[8:] + chunk


def enter(browse, page, search=""):
    """Opens the page anew, with the key, and waits for its list."""
    page.go("about:blank")
    page.go("http://127.0.0.1:%d/%s#t=%s" % (browse.port, search, browse.key))
    page.wait("document.querySelectorAll('.row').length")


def title(page, word):
    """Waits for an answer whose title has a word."""
    page.wait("document.querySelector('#list').ariaBusy == 'false' && "
              "document.querySelector('#list-title').textContent.includes(%s)" % json.dumps(word))


def find(page, words):
    """Types into the search box, and waits for the answer."""
    page.press("/")
    page.run("document.querySelector('#words').value = ''")
    page.press(*words)
    title(page, words)


def shown(path):
    """The name of a file, as the page writes it."""
    return "".join("\\u%04x" % ord(c) if ord(c) < 32 or 0x202a <= ord(c) <= 0x202e else c for c in path.rpartition("/")[2])


def names(page):
    return page.run("return [...document.querySelectorAll('.row .name')].map((e) => e.textContent)")


def prepare(page):
    """Has every page that is opened listened to."""
    page.devtools("Page.addScriptToEvaluateOnNewDocument", source=LISTENER)


def loaded(page):
    """What has been asked for since the network was looked at last: addresses, and bytes as sent and as unpacked."""
    addresses, sizes = {}, {}
    for entry in page.log("performance"):
        message = json.loads(entry["message"])["message"]
        details = message["params"]
        if message["method"] == "Network.requestWillBeSent":
            addresses[details["requestId"]] = details["request"]["url"]
        if message["method"] == "Network.dataReceived":
            sent, unpacked = sizes.get(details["requestId"], (0, 0))
            sizes[details["requestId"]] = (sent + details["encodedDataLength"], unpacked + details["dataLength"])
    return addresses, sizes


def check_the_page_loads(daemon, browse, page):
    page.look()
    page.log("performance")
    page.go(browse.address)
    page.wait("document.querySelectorAll('.row').length")
    page.wait("document.querySelector('#status').textContent.includes('sounds')")
    assert "#" not in page.run("return location.href"), "the key is left in the address"
    # A browser that imitates a graphics card warns of it when it is asked for one.
    said = [entry["message"] for entry in page.log("browser") if "software WebGL" not in entry["message"]]
    assert not said, said
    requests, sizes = loaded(page)
    files = [name for name, url in requests.items() if "/api/" not in url]
    sent, unpacked = (sum(sizes.get(name, (0, 0))[kind] for name in files) for kind in (0, 1))
    assert all(urlsplit(url).hostname == "127.0.0.1" for url in requests.values() if not url.startswith("data:")), requests
    paint = page.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    rows = page.run("return window.firstRows")
    # The page itself, before anything is asked for.
    assert len(files) <= 12 and sent < 80_000, (len(files), sent)
    return "%d files, %.0f kB sent, %.0f kB unpacked, first paint %.0f ms, rows %.0f ms" % (
        len(files), sent / 1000, unpacked / 1000, paint, rows)


def check_a_search_says_what_timbrectl_says(daemon, browse, page):
    enter(browse, page)
    query = str(daemon.folder / "demo/drums/kick/fat.flac")
    find(page, "fat.flac")
    page.press("Enter")
    page.wait("document.querySelector('.row[aria-selected=true]')")
    page.press("Enter")
    title(page, "like fat.flac")
    expected = [shown(r["path"]) for r in daemon.ctl_json("similar", query, "-n", "100")["results"]]
    assert names(page) == expected, (names(page)[:5], expected[:5])
    page.click("#row-3")
    page.click("#similar")
    title(page, "like " + expected[3])


def check_every_container_is_heard(daemon, browse, page):
    enter(browse, page)
    find(page, "dir:containers")
    count = len(browse_check.CONTAINERS)
    page.wait("document.querySelectorAll('.row').length == %d" % count)
    silent = []
    for index, name in enumerate(names(page)):
        page.run("window.heard = 0")
        page.click("#row-%d" % index)
        try:
            until(lambda: page.run("return window.heard > 0.001 || !document.querySelector('#notice').hidden"), name)
            if page.run("return window.heard") <= 0.001:
                silent.append("%s (%s)" % (name, page.run("return document.querySelector('#notice').textContent")))
        except AssertionError:
            silent.append(name)
    assert not silent, "not heard: " + ", ".join(silent)
    return "%d kinds" % count


def check_a_key_is_heard_at_once(daemon, browse, page):
    enter(browse, page)
    find(page, "dir:drums")
    page.press("Enter")
    for number in range(12):
        page.wait("window.waits.length > %d" % number)
        time.sleep(0.2)
        page.press("ArrowDown")
    waits = sorted(page.run("return window.waits.slice(1)"))
    assert waits[len(waits) // 2] < 150, waits
    return "from the key to the sound's start: median %.0f ms, longest %.0f ms" % (waits[len(waits) // 2], waits[-1])


def check_a_long_sound_is_heard_from_where_it_is_clicked(daemon, browse, page):
    enter(browse, page)
    find(page, "long.flac")
    page.run("window.heard = 0")
    page.press("Enter")
    page.wait("window.heard > 0.001", "the long sound is heard")
    page.run("const r = document.querySelector('#wave').getBoundingClientRect(); document.querySelector('#wave').dispatchEvent("
             "new MouseEvent('click', { clientX: r.left + r.width / 2, clientY: r.top + 9, bubbles: true }))")
    until(lambda: 0.45 < page.run("const h = new DOMMatrix(getComputedStyle(document.querySelector('#head')).transform).e;"
                                  "return h / document.querySelector('#wave').clientWidth") < 0.6, "the head is in the middle")
    page.press("Escape")
    page.wait("document.querySelector('#play').textContent == 'Play'")


def check_sounds_are_equally_loud(daemon, browse, page):
    """The sound of a kick and of a sine differ by far; what is heard of them does not."""
    enter(browse, page)
    peaks = {}
    for levels in (True, False):
        for name in ("1 kHz.wav", "layer3.mp3"):
            find(page, name)
            page.run("window.heard = 0")
            page.press("Enter")
            page.wait("window.heard > 0.001", name + " is heard")
            time.sleep(0.4)
            peaks[levels, name] = page.run("return window.heard")
        page.press("g")
    # A sine of -18 dBFS RMS has a peak of -15 dBFS.
    assert abs(peaks[True, "1 kHz.wav"] - 10 ** (-15 / 20)) < 0.02, peaks
    assert abs(peaks[False, "1 kHz.wav"] - 16000 / 32768) < 0.02, peaks


def check_random_is_random_and_a_link_repeats_it(daemon, browse, page):
    enter(browse, page)
    drawn = []
    for _ in range(2):
        before = page.run("return location.search")
        page.press("r")
        page.wait("location.search != %s && document.querySelector('#list').ariaBusy == 'false'" % json.dumps(before))
        title(page, "at random")
        page.wait("document.querySelectorAll('.row').length > 10")
        drawn.append((names(page), page.run("return location.search")))
    assert drawn[0][0] != drawn[1][0]
    enter(browse, page, drawn[0][1])
    title(page, "at random")
    assert names(page) == drawn[0][0]


def check_pictures_show_what_is_heard(daemon, browse, page):
    enter(browse, page)
    find(page, "1 kHz")
    page.press("Enter")
    page.wait("!document.querySelector('#picture').hidden && document.querySelector('#picture').naturalWidth")
    assert "1 kHz" in page.run("return document.querySelector('#picture').alt")
    lit = page.run("""
        const wave = document.querySelector('#wave');
        const data = wave.getContext('2d').getImageData(0, 0, wave.width, wave.height).data;
        return data.some((value, index) => index % 4 === 3 && value > 0)""")
    assert lit, "no waveform"
    # Where the picture's columns are brightest: 1 kHz is 8.5 of 20.3 Bark, at the height that the lane's words say.
    row = page.run("""
        const image = document.querySelector('#picture');
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const x = Math.round(canvas.width / 2);
        const bright = [];
        for (let y = 0; y < 240; y++) { const p = context.getImageData(x, y, 1, 1).data; bright.push(p[0] + p[1] - p[2]); }
        return bright.indexOf(Math.max(...bright.slice(25)))""")
    # The lane is 200 high and begins below its heading.
    share = 1 - (row - 29) / 200
    assert abs(share - 8.5 / 20.3) < 0.05, (row, share)


def check_two_sounds_are_compared(daemon, browse, page):
    enter(browse, page)
    find(page, "fat.flac")
    page.press("Enter")
    page.wait("document.querySelector('#picture').naturalHeight")
    alone = page.run("return document.querySelector('#picture').naturalHeight")
    assert page.run("return document.querySelector('#compare').hidden")
    page.press("Enter")
    title(page, "like fat.flac")
    page.press("ArrowDown", "v")
    page.wait("document.querySelector('#picture').naturalHeight > %d && !document.querySelector('#picture').hidden" % (1.5 * alone),
              "the picture of two")
    page.press("v")
    page.wait("document.querySelector('#picture').naturalHeight < %d" % (1.3 * alone), "the picture of one")


def check_the_keyboard_is_enough(daemon, browse, page):
    enter(browse, page)
    page.devtools("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    find(page, "kick")
    page.press("Enter", "ArrowDown", "ArrowDown", "ArrowDown")
    chosen = page.wait("document.getElementById(document.querySelector('#list').getAttribute('aria-activedescendant'))"
                       "?.querySelector('.name').textContent")
    assert page.run("return document.querySelector('[aria-selected=true] .name').textContent") == chosen
    page.wait("document.querySelector('#said').textContent.includes(%s)" % json.dumps("playing " + chosen))
    page.press("Enter")
    title(page, "like " + chosen)
    page.press("j", "c")
    page.wait("document.querySelector('#said').textContent.includes('copied')")
    # The window of a driven browser is not always the one in front, as reading the clipboard demands.
    with contextlib.suppress(RuntimeError):
        copied = page.run("return navigator.clipboard.readText()")
        assert copied.startswith(str(daemon.folder)), copied
    page.press("x")
    page.wait("document.querySelectorAll('#chips li').length == 2")
    page.press("b")
    page.wait("document.querySelectorAll('#chips li').length == 1")
    page.press("?")
    page.wait("document.querySelector('#help').open")
    page.press("Escape")
    page.wait("!document.querySelector('#help').open")
    places = []
    page.run("document.activeElement.blur()")
    for _ in range(25):
        page.press("Tab")
        places.append(page.run("""
            const e = document.activeElement;
            const style = getComputedStyle(e);
            return [e.id || e.textContent, e === document.body || (style.outlineStyle !== 'none' && style.outlineWidth !== '0px')]"""))
    assert len({name for name, _ in places}) >= 10 and all(seen for _, seen in places), places


def check_everything_has_a_name_and_contrast(daemon, browse, page):
    enter(browse, page)
    find(page, "kick")
    page.press("Enter", "Enter")
    title(page, "like")
    page.press("ArrowDown")
    page.wait("!document.querySelector('#sound').hidden")
    for dark in (False, True):
        page.look(dark=dark)
        poor = page.run("""
            const channels = (text) => text.match(/[\\d.]+/g).map(Number);
            const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
              .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
            const behind = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
              if (c.startsWith('rgb') && (channels(c)[3] ?? 1) === 1) return channels(c); } return [255, 255, 255]; };
            const poor = [];
            for (const e of document.querySelectorAll('body *')) {
              const has = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
              if (!has || !e.checkVisibility() || e.closest('.unseen') || e.closest('dialog:not([open])')) continue;
              const [a, b] = [luminance(channels(getComputedStyle(e).color)), luminance(behind(e))];
              const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
              if (ratio < 4.5) poor.push(e.textContent.slice(0, 30) + ' ' + ratio.toFixed(2));
            }
            return poor""")
        assert not poor, (dark, poor[:5])
    page.look()
    nameless = page.run("""
        return [...document.querySelectorAll('button, input, [role], img, canvas, section')].filter((e) => e.checkVisibility())
          .filter((e) => e.ariaHidden !== 'true' && !(e.textContent.trim() || e.getAttribute('aria-label') || e.alt || e.labels?.length || e.getAttribute('aria-labelledby')))
          .map((e) => e.outerHTML)""")
    assert not nameless, nameless
    assert page.run("return document.querySelectorAll('[role=listbox] > [role=option]').length") > 10


def check_it_fits_narrow_windows_and_zoom(daemon, browse, page):
    enter(browse, page)
    find(page, "kick")
    page.press("Enter", "Enter")
    title(page, "like")
    page.press("ArrowDown")
    for width, height, scale in ((400, 800, 1), (1280, 800, 2), (320, 640, 1)):
        page.look(width=width, height=height, scale=scale)
        wide = page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (width, scale, wide)
        for _ in range(5):
            page.press("ArrowDown")
        seen = page.wait("""(() => {
            const row = document.querySelector('[aria-selected=true]').getBoundingClientRect();
            const pane = document.querySelector('#sound-pane').getBoundingClientRect();
            return row.top >= 0 && (row.bottom <= pane.top + 1 || pane.left > row.right - 1); })()""", "the chosen row is in sight")
        assert seen
    page.look()


def check_a_newcomer_hears_three_neighbours_of_a_kick(daemon, browse, page):
    """With the keyboard alone, and at 200 %: all that has to be known is on the page when it is needed."""
    page.look(scale=2)
    begun = time.monotonic()
    enter(browse, page)

    def in_sight(selector):
        return page.run("const r = document.querySelector(%s).getBoundingClientRect();"
                        "return r.height > 0 && r.top >= 0 && r.bottom <= innerHeight" % json.dumps(selector))

    page.wait("document.activeElement === document.body")
    assert in_sight("#sound-folder"), "what the keys do"
    assert all(
        word in page.run("return document.querySelector('#sound-folder').textContent") for word in ("↑ ↓", "Enter", "/", "?"))
    page.press("?")
    page.wait("document.querySelector('#help').open")
    assert in_sight("#help-title"), "the keys are read from the first on"
    page.press("Escape")
    page.press("/")
    page.press(*"kick")
    title(page, "kick")
    page.press("Enter")
    assert in_sight("#similar"), "what can be done with the sound"
    page.press("Enter")
    title(page, "like")
    heard = []
    for _ in range(3):
        page.run("window.heard = 0")
        page.press("ArrowDown")
        page.wait("window.heard > 0.001", "a neighbour is heard")
        heard.append(page.run("return document.querySelector('#sound-title').textContent"))
        assert in_sight("[aria-selected=true]"), heard
    took = time.monotonic() - begun
    page.look()
    assert len(set(heard)) == 3 and took < 60, (heard, took)
    return "after %.1f s" % took


def check_a_link_shows_the_same_in_another_window(daemon, browse, page):
    enter(browse, page)
    find(page, "fat.flac")
    page.press("Enter", "Enter")
    title(page, "like fat.flac")
    link, rows = page.run("return location.href"), names(page)
    assert browse.key not in link and "#" not in link
    first = page.command("/window", method="GET")
    other = page.command("/window/new", {"type": "tab"})["handle"]
    page.command("/window", {"handle": other})
    try:
        # No key comes with the link: the other window of the page gives it.
        page.go(link)
        title(page, "like fat.flac")
        assert names(page) == rows
    finally:
        page.command("/window", method="DELETE")
        page.command("/window", {"handle": first})


def check_without_a_key_the_page_says_so(daemon, browse, page):
    page.go("about:blank")
    page.go("http://localhost:%d/" % browse.port)
    page.wait("document.querySelector('#notice').textContent.includes('timbrectl browse')")


def check_a_dropped_file_is_searched_by(daemon, browse, page):
    enter(browse, page)
    outside = daemon.place / "outside kick.flac"
    shutil.copy(daemon.folder / "demo/drums/kick/fat.flac", outside)
    data = {"items": [], "files": [str(outside)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        page.devtools("Input.dispatchDragEvent", type=kind, x=400, y=300, data=data)
    title(page, "like outside kick.flac")
    assert names(page)[0] == "fat.flac", names(page)[:3]
    assert page.run("return document.querySelector('#drop').hidden")


def check_hostile_names_are_only_names(daemon, browse, page):
    enter(browse, page)
    find(page, "dir:names")
    page.wait("document.querySelectorAll('.row').length == %d" % len(browse_check.HOSTILE))
    shown = names(page)
    for part in ("<img src=x onerror", "\"><script>", "new\\u000aline", "right\\u202eto", "\\xff"):
        assert any(part in name for name in shown), (part, shown)
    for index in range(len(shown)):
        page.run("window.heard = 0")
        page.click("#row-%d" % index)
        page.wait("window.heard > 0.001", shown[index] + " is heard")
        page.press("s")
        title(page, "like")
        page.press("b")
        page.wait("document.querySelectorAll('.row').length == %d" % len(shown))
    assert page.run("return window.pwned") == 0


def check_tags_are_shown_and_searched_by(daemon, browse, page):
    enter(browse, page)
    for words in ("tag:tromm", "tag:artist=tromm", "bpm:118-124", "bpm:120", "bpm:>118 bpm:<124", "key:C#m", "tag:ATTIC bpm:<130 loop dir:tagged"):
        find(page, words)
        assert names(page) == ["tagged loop.wav"], (words, names(page))
    for words in ("tag:title=tromm", "bpm:121-124", "key:C", "tag:tromm kick", "bpm:>121 bpm:<130"):
        find(page, words)
        assert names(page) == [], (words, names(page))
        assert "its tags" in page.wait("document.querySelector('#notice').textContent"), words
    find(page, "click")
    page.press("Enter", "Enter")
    title(page, "like click")
    page.press("/", *"tag:tromm")
    title(page, "1 sound like click")
    page.press("Enter")
    page.wait("document.querySelector('#facts').textContent.includes('Attic')")
    said = page.run("return Object.fromEntries([...document.querySelectorAll('#facts div')].map((e) => [...e.children].map((c) => c.textContent)))")
    expected = {"Title": TAGS["TIT2"], "Artist": "Ann Tromm", "Album": "Attic", "Key": "Dbm", "Tempo": "119.98 BPM",
                "Comment": TAGS["COMM"]}
    assert {name: said.get(name) for name in expected} == expected, said
    for width in (320, 400):
        page.look(width=width, height=700)
        wide = page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (width, wide)
    page.look()
    enter(browse, page)
    find(page, "1 kHz")
    page.press("Enter", "ArrowDown")
    page.wait("document.querySelector('#facts').textContent.includes('Rate')")
    assert "Title" not in page.run("return document.querySelector('#facts').textContent"), "a sound has the tags of another"
    assert page.run("return window.pwned") == 0


def check_places_are_played_from_where_they_are(daemon, browse, page):
    enter(browse, page)
    find(page, "layer3")
    page.press("Enter", "Enter")
    title(page, "like layer3")
    page.press("p")
    title(page, "place")
    expected = daemon.ctl_json("similar", str(daemon.folder / "containers/layer3.mp3"), "--segments", "-n", "100")["results"]
    assert names(page) == [shown(r["path"]) for r in expected]
    wanted = next((i for i, r in enumerate(expected) if r["start"] > 1), None)
    if wanted is None:
        return "skipped: no place is found inside a sound"
    page.run("window.heard = 0")
    page.run("document.getElementById('row-%d').click()" % wanted)
    page.wait("window.heard > 0.001", "the place is heard")
    page.press("Escape")


def check_new_sounds_are_counted_and_found(daemon, browse, page):
    enter(browse, page)
    before = page.wait("parseInt(document.querySelector('#status').textContent)")
    shutil.copy(daemon.folder / "demo/drums/kick/fat.flac", daemon.folder / "brand-new.flac")
    start = time.monotonic()
    page.wait("parseInt(document.querySelector('#status').textContent) == %d" % (before + 1))
    counted = time.monotonic() - start
    page.press("/")
    page.press(*"brand-new")
    until(lambda: "brand-new.flac" in names(page), "the new sound is found")
    (daemon.folder / "brand-new.flac").unlink()
    return "counted after %.1f s" % counted


def check_a_restarted_daemon_is_found_again(daemon, browse, page):
    enter(browse, page)
    daemon.stop(signal.SIGKILL)
    page.wait("document.querySelector('#status').textContent.includes('does not answer')")
    page.press("r")
    page.wait("!document.querySelector('#notice').hidden")
    daemon.start()
    start = time.monotonic()
    title(page, "at random")
    page.wait("document.querySelector('#notice').hidden")
    waited = time.monotonic() - start
    assert waited < 3, waited
    return "after %.1f s" % waited


def check_pictures_of_the_page(daemon, browse, page):
    if not page.pictures:
        return "none wanted: --pictures FOLDER"
    folder = Path(page.pictures)
    folder.mkdir(parents=True, exist_ok=True)
    enter(browse, page)
    page.picture(folder / "start.png")
    find(page, "kick")
    page.press("Enter", "Enter")
    title(page, "like")
    page.press("ArrowDown", "v")
    page.wait("document.querySelector('#picture').naturalHeight > 700")
    page.look(height=1700)
    page.picture(folder / "compare.png")
    page.press("v")
    page.wait("document.querySelector('#picture').naturalHeight < 700")
    for name, look in {"light": {}, "dark": {"dark": True}, "narrow": {"width": 400}, "zoom": {"scale": 2},
                       "tall": {"height": 1400}, "narrow-dark": {"width": 400, "dark": True}}.items():
        page.look(**look)
        time.sleep(0.5)
        page.picture(folder / (name + ".png"))
    page.look(width=400)
    page.click("#to-map")
    time.sleep(0.5)
    page.picture(folder / "narrow-map.png")
    page.look()
    time.sleep(0.5)
    page.picture(folder / "large-map.png")
    page.press("1")
    return str(folder)
