"""What people met in their folders: changes of which the kernel tells nothing, copies, tags, and what is left out."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

import containers
import made_sounds
from private_timbred import PrivateTimbred, noise

LINK = "it is a symbolic link; follow_symlinks = true has links followed"


def run(binaries, report):
    for group in (unseen_changes, followed_links, turned_folder, bind_mount, copies, tags, left_out, system_folders, downloads):
        for name, should, found in group(binaries):
            report.line(name, "" if should == found else str(should), [] if should == found else [str(found)])


class Library(PrivateTimbred):
    """A daemon that has been asked to sync, and what it then knows."""

    def __init__(self, binaries, config="", **keywords):
        super().__init__(binaries, config, **keywords)
        self.outside = self.place / "outside"
        self.outside.mkdir()

    def synced(self):
        self.ctl("sync")
        return {Path(f["path"]).relative_to(self.folder).as_posix(): f for f in self.list()}

    def contents(self):
        return {name: f.get("content") for name, f in self.synced().items() if f["state"] == "indexed"}

    def states(self):
        return {name: f["state"] for name, f in self.synced().items()}

    def decoded(self):
        return self.call("Status")["decoded"]

    def why(self, name):
        """What `timbrectl info` says of a file that it does not know."""
        done = self.ctl("info", self.folder / name, check=False)
        return done.stderr.decode().strip()


def content(sound):
    import hashlib
    return "sha256:" + hashlib.sha256(sound).hexdigest()


def unseen_changes(binaries):
    with Library(binaries) as daemon:
        file, other = daemon.folder / "x.wav", daemon.outside / "other.wav"
        file.write_bytes(noise())
        daemon.start()
        daemon.synced()
        os.link(file, other)
        daemon.synced()
        sound = noise()
        other.write_bytes(sound)
        yield ("a hard link written through its other name", {"x.wav": content(sound)}, daemon.contents())
        os.truncate(file, 8000)
        yield ("a file cut by truncate(2)", {"x.wav": content(sound[:8000])}, daemon.contents())


def followed_links(binaries):
    with Library(binaries, "follow_symlinks = true\n") as daemon:
        (daemon.folder / "x.wav").symlink_to(daemon.outside / "object")
        (daemon.folder / "kit").symlink_to(daemon.outside / "disk")
        daemon.start()
        yield ("links that lead nowhere", {}, daemon.contents())
        sounds = noise(), noise()
        (daemon.outside / "object").write_bytes(sounds[0])
        (daemon.outside / "disk").mkdir()
        (daemon.outside / "disk" / "y.wav").write_bytes(sounds[1])
        both = {"x.wav": content(sounds[0]), "kit/y.wav": content(sounds[1])}
        yield ("their targets come, as git-annex gets them", both, daemon.contents())
        (daemon.outside / "object").unlink()
        shutil.rmtree(daemon.outside / "disk")
        yield ("their targets go, as git-annex drops them", {}, daemon.contents())


def turned_folder(binaries):
    with Library(binaries) as daemon:
        sounds = {}
        for name in ("one", "two"):
            (daemon.outside / name).mkdir()
            sounds[name] = noise()
            (daemon.outside / name / (name + ".wav")).write_bytes(sounds[name])
        link = daemon.place / "link"
        link.symlink_to(daemon.outside / "one")
        daemon.toml.write_text('watch = ["%s"]\n' % link)
        daemon.start()

        def listed():
            daemon.ctl("sync")
            return sorted(f["content"] for f in daemon.list() if f["state"] == "indexed")
        yield ("a watched link", [content(sounds["one"])], listed())
        new = daemon.place / "new"
        new.symlink_to(daemon.outside / "two")
        new.rename(link)
        yield ("the link is turned elsewhere", [content(sounds["two"])], listed())


def bind_mount(binaries):
    if os.geteuid() != 0:
        print("skip   a bind mount within a watched folder needs root", flush=True)
        return
    with Library(binaries, within=["unshare", "--mount", "--propagation", "private"]) as daemon:
        (daemon.outside / "x.wav").write_bytes(noise())
        point = daemon.folder / "disk"
        point.mkdir()
        daemon.start()

        def inside(*command):
            subprocess.run(["nsenter", "-t", str(daemon.process.pid), "-m", *map(str, command)], check=True)
        inside("mount", "--bind", daemon.outside, point)
        yield ("a bind mount comes", {"disk/x.wav": "indexed"}, daemon.states())
        inside("umount", point)
        yield ("a bind mount goes", {"disk/x.wav": "offline"}, daemon.states())
        inside("mount", "--bind", daemon.outside, point)
        yield ("and comes back, with nothing decoded", ({"disk/x.wav": "indexed"}, 1),
               (daemon.states(), daemon.decoded()))
        # The mount goes with the daemon's namespace.
        daemon.stop()
        daemon.start()
        yield ("it went while nobody looked", {"disk/x.wav": "offline"}, daemon.states())


def copies(binaries):
    with Library(binaries) as daemon:
        known = [noise() for _ in range(30)]
        (daemon.folder / "a").mkdir()
        for number, sound in enumerate(known):
            (daemon.folder / "a" / ("%d.wav" % number)).write_bytes(sound)
        daemon.start()
        daemon.synced()
        subprocess.run(["cp", "-r", daemon.folder / "a", daemon.folder / "b"], check=True)
        # As a slow disk copies: what is seen first is the half of it.
        (daemon.folder / "c").mkdir()
        for number, sound in enumerate(known):
            with open(daemon.folder / "c" / ("%d.wav" % number), "wb", buffering=0) as file:
                file.write(sound[:5000])
                file.write(sound[5000:])
        states = list(daemon.states().values())
        yield ("copies of 30 known sounds, by cp and in halves", (90, 30), (states.count("indexed"), daemon.decoded()))
        before, sound = daemon.decoded(), noise()
        (daemon.folder / "d").mkdir()
        for number in range(500):
            (daemon.folder / "d" / ("%d.wav" % number)).write_bytes(sound)
        states = list(daemon.states().values())
        yield ("500 copies of one new sound, decoded at most twice", (590, True),
               (states.count("indexed"), daemon.decoded() - before <= 2))


def tagged_ogg(data):
    """The same file with a title of 5,000 letters, so that all that follows is on other pages."""
    pages = list(containers.ogg_pages(data))
    packets, packet, count = [], b"", 0
    while len(packets) < 2:
        count += 1
        page = pages[count]
        place = 27 + page[26]
        for size in page[27:place]:
            packet += page[place:place + size]
            place += size
            if size < 255:
                packets.append(packet)
                packet = b""
    vendor = struct.unpack_from("<I", packets[0], 7)[0]
    title = b"TITLE=" + 5000 * b"x"
    packets[0] = packets[0][:11 + vendor] + struct.pack("<II", 1, len(title)) + title + b"\1"
    segments = [(len(part), part) for whole in packets
                for part in [whole[at:at + 255] for at in range(0, len(whole) + 1, 255)]]
    serial, out = struct.unpack_from("<I", data, 14)[0], pages[:1]
    for at in range(0, len(segments), 255):
        some = segments[at:at + 255]
        is_continued = at > 0 and segments[at - 1][0] == 255
        out.append(struct.pack("<4sBBqIII", b"OggS", 0, is_continued, 0, serial, 0, 0) + bytes([len(some)])
                   + bytes(size for size, _ in some) + b"".join(part for _, part in some))
    for number, page in enumerate(out + pages[count + 1:]):
        page = page[:18] + struct.pack("<I", number) + bytes(4) + page[26:]
        yield page[:22] + struct.pack("<I", containers.ogg_sum(page)) + page[26:]


def tagged(name, data):
    """The same sound with other tags, as programs for tags write them."""
    if name == "x.wav":
        chunk = containers.chunk(b"LIST", b"INFO" + containers.chunk(b"INAM", b"a name\0\0"))
        return b"RIFF" + struct.pack("<I", len(data) + len(chunk) - 8) + data[8:] + chunk
    if name == "x.aif":
        chunk = containers.chunk(b"NAME", b"a name", order=">")
        return b"FORM" + struct.pack(">I", len(data) + len(chunk) - 8) + data[8:] + chunk
    if name == "x.flac":
        comment = struct.pack("<I", 4) + b"none" + struct.pack("<II", 1, 11) + b"TITLE=title"
        return data[:42] + bytes([4]) + len(comment).to_bytes(3, "big") + comment + data[42:]
    if name == "x.mp3":
        return containers.id3(3000) + data + containers.id3v1()
    return b"".join(tagged_ogg(data))


def tags(binaries):
    tune, kinds = made_sounds.tune(1.0), {"x.wav": made_sounds.WAV | made_sounds.PCM_16, "x.aif": made_sounds.AIFF | 2,
                                          "x.flac": made_sounds.FLAC | 2, "x.mp3": made_sounds.MPEG | made_sounds.LAYER_3,
                                          "x.ogg": made_sounds.OGG | made_sounds.VORBIS}
    with Library(binaries) as daemon:
        sounds = {name: made_sounds.encoded(tune, kind) for name, kind in kinds.items()}
        for name, sound in sounds.items():
            (daemon.folder / name).write_bytes(sound)
        daemon.start()
        ids = {name: f["id"] for name, f in daemon.synced().items()}
        with_tags = {name: tagged(name, sound) for name, sound in sounds.items()}
        for name, sound in with_tags.items():
            (daemon.folder / name).write_bytes(sound)
        expected = {name: content(sound) for name, sound in with_tags.items()}
        yield ("files of five kinds get other tags", expected, daemon.contents())
        yield ("nothing is decoded for it, and each is as old", (len(sounds), ids),
               (daemon.decoded(), {name: f["id"] for name, f in daemon.synced().items()}))
        with Library(binaries) as fresh:
            for name, sound in with_tags.items():
                (fresh.folder / name).write_bytes(sound)
            fresh.start()
            spans = {name: f["spans"] for name, f in fresh.synced().items()}
            yield ("a fresh library hears the same", spans, {name: f["spans"] for name, f in daemon.synced().items()})


def left_out(binaries):
    with Library(binaries) as daemon:
        (daemon.outside / "o.wav").write_bytes(noise())
        (daemon.folder / "..Hits").mkdir()
        for name in ("..Hits/x.wav", "~loop.wav", "heard.wav"):
            (daemon.folder / name).write_bytes(noise())
        (daemon.folder / "link.wav").symlink_to(daemon.outside / "o.wav")
        (daemon.folder / "elsewhere").symlink_to(daemon.outside)
        daemon.start()
        yield ("what is left out by default is not heard", {"heard.wav": "indexed"}, daemon.states())
        told = {Path(f["path"]).relative_to(daemon.folder).as_posix(): f["error"]
                for f in daemon.list(all=True) if f["state"] == "skipped"}
        hidden = "its name matches the excluded pattern .*"
        should = {"..Hits": hidden, "link.wav": LINK, "elsewhere": LINK,
                  "~loop.wav": "its name matches the temporary-file pattern ~*"}
        yield ("`list --all` says why", should, told)
        link = f"it is a symbolic link to {daemon.outside}"
        for name, reason in (("link.wav", link), ("~loop.wav", should["~loop.wav"]), ("..Hits/x.wav", hidden),
                             ("elsewhere", link)):
            yield ("`info` says why: " + name, True, reason in daemon.why(name))
        yield ("`status` counts them", 4, daemon.call("Status").get("left_out"))


def system_folders(binaries):
    names = ["$RECYCLE.BIN", "#recycle", "@eaDir", "#snapshot", ".Trash-1000", "__MACOSX", "lost+found"]
    with Library(binaries) as daemon:
        for name in names:
            (daemon.folder / name).mkdir()
            (daemon.folder / name / "x.wav").write_bytes(noise())
        daemon.start()
        yield ("bins and snapshots are left out", {}, daemon.states())
        told = {Path(f["path"]).name for f in daemon.list(all=True)}
        yield ("and that is said", set(names), told)
        daemon.ctl("watch", "add", daemon.folder / "#recycle")
        yield ("unless one is asked for by name", {"#recycle/x.wav": "indexed"}, daemon.states())


def downloads(binaries):
    with Library(binaries) as daemon:
        sound = noise()
        for name, data in (("x.wav", sound[:6000]), ("x.wav.aria2", b"\0\1")):
            (daemon.folder / name).write_bytes(data)
        daemon.start()
        yield ("a file beside its .aria2 waits", {"x.wav": "pending"}, daemon.states())
        (daemon.folder / "x.wav").write_bytes(sound)
        yield ("also when it was closed", {"x.wav": "pending"}, daemon.states())
        (daemon.folder / "x.wav.aria2").unlink()
        yield ("until that has gone", {"x.wav": content(sound)}, daemon.contents())
