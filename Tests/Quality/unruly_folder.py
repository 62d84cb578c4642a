"""A folder in which everything happens that can happen to files, drawn from a seed: for torture.py."""

import collections
import contextlib
import ctypes
import hashlib
import math
import os
import random
import shutil
import struct
import sys

AT_FDCWD, RENAME_EXCHANGE = -100, 2
SUFFIXES = [b".wav"] * 12 + [b".WAV", b".aif", b".mp3", b".wav.part", b".txt", b".tmp"]
MOST_FILES = 2500


class UnrulyFolder:
    """Acts are drawn from the names that are there, never from a clock, so that a seed gives the same acts in the same
    order. Paths are bytes, all below `root`, or below `outside`, which is on the same file system and not watched."""

    def __init__(self, root, outside, seed):
        self.root, self.outside = os.fsencode(root), os.fsencode(outside)
        os.makedirs(self.outside, exist_ok=True)
        self.chance = random.Random(seed)
        self.counts = collections.Counter()
        self.sounds = [self.make_sound() for _ in range(60)]
        self.valid = {hashlib.sha256(sound).hexdigest() for sound in self.sounds}
        self.writers, self.closed, self.number = [], [], 0
        # The inodes that have, or had, several names.
        self.linked = set()

    WEIGHTS = {
        "create": 22, "slow_write": 5, "rewrite": 5, "rewrite_unnoticed": 2, "replace": 6, "rename": 12,
        "rename_folder": 5, "exchange": 3, "move_out": 3, "move_in": 4, "delete": 7, "delete_folder": 2, "hard_link": 4,
        "symbolic_link": 3, "touch": 5, "close_modes": 3, "make_folder": 6, "change_kind": 2, "burst": 0.4, "flood": 0.3}

    def act(self):
        """Does one thing, and goes on with the slow writers."""
        kind = self.chance.choices(list(self.WEIGHTS), self.WEIGHTS.values())[0]
        # What is drawn may not be there, or may be the wrong kind of thing: then nothing has happened.
        with contextlib.suppress(OSError, shutil.Error):
            if getattr(self, kind)() is not False:
                self.counts[kind] += 1
        for writer in self.writers[:]:
            writer["steps"] -= 1
            if writer["steps"] <= 0:
                self.write_on(writer)
        for entry in self.closed[:]:
            if self.chance.random() < 0.1:
                self.reopen(entry["path"])

    def calm(self):
        """Ends the writers, and makes everything readable."""
        while self.writers:
            self.write_on(self.writers[0])
        self.reopen(self.root)

    # Names.

    def pick(self, folder=None, files=True):
        """A file or folder, found by a random walk downwards.

        Raises FileNotFoundError if it comes by none."""
        folder = folder or self.root
        while True:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
            folders = [e.path for e in entries if e.is_dir(follow_symlinks=False)]
            others = [e.path for e in entries if not e.is_dir(follow_symlinks=False)]
            if files and others and (not folders or self.chance.random() < 0.5):
                return self.chance.choice(others)
            if not folders:
                raise FileNotFoundError(folder)
            folder = self.chance.choice(folders)
            if not files and self.chance.random() < 0.5:
                return folder

    def folder(self):
        """A folder below the root, or the root."""
        with contextlib.suppress(OSError):
            if self.chance.random() < 0.8:
                return self.pick(files=False)
        return self.root

    def name(self, suffix=None):
        """A name for a new entry; drawn from few, so that names come again."""
        stem = self.chance.choice([b"kick", b"caf\xe9", "Säge".encode(), b"new\nline", b"a b"])
        suffix = self.chance.choice(SUFFIXES) if suffix is None else suffix
        hidden = b"." if self.chance.random() < 0.03 else b""
        return hidden + b"%s %d%s" % (stem, self.chance.randrange(40), suffix)

    def place(self, suffix=None):
        return os.path.join(self.folder(), self.name(suffix))

    # Contents.

    def make_sound(self):
        rate, channels = self.chance.choice([22050, 44100, 48000]), self.chance.choice([1, 2])
        pitch, decay, noise = self.chance.uniform(60, 4000), self.chance.uniform(2, 60), self.chance.uniform(0, 0.5)
        data = bytearray()
        for i in range(int(rate * self.chance.uniform(0.05, 0.5))):
            value = math.sin(2 * math.pi * pitch * i / rate) + noise * self.chance.uniform(-1, 1)
            data += struct.pack("<h", int(20000 * math.exp(-decay * i / rate) * value)) * channels
        return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, channels, rate,
                           2 * rate * channels, 2 * channels, 16, b"data", len(data)) + data

    def content(self):
        """The bytes of a file: a sound that there is already, a new one, or none at all."""
        sound = self.chance.choice(self.sounds)
        draw = self.chance.random()
        if draw < 0.12:
            return self.chance.choice([b"", sound[:30], sound[:len(sound) // 2], b"text\n" * 50,
                                       self.chance.randbytes(500)])
        if draw < 0.5:
            return sound
        at = self.chance.randrange(44, len(sound) - 64)
        sound = sound[:at] + self.chance.randbytes(64) + sound[at + 64:]
        self.valid.add(hashlib.sha256(sound).hexdigest())
        return sound

    # Acts.

    def create(self):
        path = self.place()
        with open(path, "xb") as file:
            file.write(self.content())

    def slow_write(self):
        file = open(self.place(b".wav"), "wb", buffering=0)
        content, count = self.content(), self.chance.randrange(2, 6)
        length = len(content) // count + 1
        self.writers.append({"file": file, "pieces": [content[i:i + length] for i in range(0, len(content), length)],
                             "steps": 0})

    def write_on(self, writer):
        if writer["pieces"]:
            writer["file"].write(writer["pieces"].pop(0))
            writer["steps"] = self.chance.randrange(1, 5)
        else:
            writer["file"].close()
            self.writers.remove(writer)

    def being_written(self):
        return {os.fstat(writer["file"].fileno()).st_ino for writer in self.writers}

    def rewrite(self):
        with open(self.pick(), "r+b") as file:
            file.truncate()
            file.write(self.content())

    def rewrite_unnoticed(self):
        """Another content of the same length and, as cp -p leaves it, of the same time."""
        path = self.pick()
        before = os.stat(path, follow_symlinks=False)
        with open(path, "r+b") as file:
            sound = bytearray(file.read())
            if before.st_ino in self.being_written() or hashlib.sha256(sound).hexdigest() not in self.valid:
                return False
            sound[-64:] = self.chance.randbytes(64)
            self.valid.add(hashlib.sha256(sound).hexdigest())
            file.seek(0)
            file.write(sound)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def replace(self):
        """As most programs save: beside it under another name, or elsewhere, then over it."""
        path = self.pick()
        self.number += 1
        beside = self.chance.choice([b".%d.wav.Xy12Zq", b"%d.wav.part", b"%d.wav"]) % self.number
        other = os.path.join(self.chance.choice([os.path.dirname(path), self.outside]), beside)
        with open(other, "wb") as file:
            file.write(self.content())
        os.replace(other, path)

    def rename(self):
        old = self.pick()
        self.reopen(old)
        new = self.place() if self.chance.random() < 0.6 else os.path.join(os.path.dirname(old), self.name())
        os.rename(old, new)

    def rename_folder(self):
        old = self.pick(files=False)
        self.reopen(old)
        os.rename(old, self.place(b""))

    def exchange(self):
        """Two names change places in one step; a folder and a file at times."""
        paths = [self.pick(files=self.chance.random() < 0.7) for _ in range(2)]
        for path in paths:
            self.reopen(path)
        sys.audit("torture.exchange", *paths)
        return ctypes.CDLL(None).renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE) == 0

    def move_out(self):
        path = self.pick(files=self.chance.random() < 0.6)
        self.reopen(path)
        self.number += 1
        os.rename(path, os.path.join(self.outside, b"%d %s" % (self.number, os.path.basename(path))))

    def move_in(self):
        os.rename(self.pick(self.outside, files=self.chance.random() < 0.6), self.place())

    def delete(self):
        path = self.pick()
        self.reopen(path)
        os.unlink(path)

    def delete_folder(self):
        path = self.pick(files=False)
        self.reopen(path)
        os.rmdir(path) if self.chance.random() < 0.3 else shutil.rmtree(path)

    def hard_link(self):
        new = self.place()
        os.link(self.pick(), new, follow_symlinks=False)
        self.linked.add(os.lstat(new).st_ino)

    def symbolic_link(self):
        aim = self.chance.choice([self.pick(), self.folder(), self.outside, b"nowhere.wav", b".."])
        os.symlink(aim, self.place())

    def touch(self):
        hours = self.chance.choice([None, -1, -10000, 2])
        path = self.pick()
        now = os.stat(path, follow_symlinks=False).st_ctime
        os.utime(path, hours and (now, now + 3600 * hours), follow_symlinks=False)

    def close_modes(self):
        path = self.pick(files=self.chance.random() < 0.7)
        if not os.path.islink(path):
            self.closed.append({"path": path, "mode": os.stat(path).st_mode & 0o777 or 0o755})
            os.chmod(path, 0)

    def reopen(self, path):
        """Gives everything at or below a path its mode back."""
        for entry in self.closed[:]:
            if entry["path"] == path or entry["path"].startswith(path + b"/"):
                self.closed.remove(entry)
                with contextlib.suppress(FileNotFoundError):
                    os.chmod(entry["path"], entry["mode"])

    def make_folder(self):
        """Deep at times, with a file in it at once."""
        path = os.path.join(self.folder(), *[self.name(self.chance.choice([b"", b"", b".wav"]))
                                             for _ in range(self.chance.randrange(1, 5))])
        os.makedirs(path)
        with open(os.path.join(path, self.name()), "xb") as file:
            file.write(self.content())

    def change_kind(self):
        """A file makes way for a folder of its name, or the other way round."""
        path = self.pick(files=self.chance.random() < 0.6)
        self.reopen(path)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
            with open(path, "xb") as file:
                file.write(self.content())
        else:
            os.unlink(path)
            os.mkdir(path)

    def burst(self):
        """Thousands of files of few contents; most are renamed or deleted again at once if there are many."""
        folder = os.path.join(self.folder(), self.name(b""))
        os.mkdir(folder)
        paths = [os.path.join(folder, b"%05d.wav" % i) for i in range(self.chance.randrange(1000, 4000))]
        contents = [self.content() for _ in range(20)]
        for path in paths:
            with open(path, "xb") as file:
                file.write(self.chance.choice(contents))
        for path in paths:
            if self.chance.random() < 0.2:
                os.rename(path, path[:-4] + b" again.wav")
        there = sum(len(files) for _, _, files in os.walk(self.root))
        if there > MOST_FILES:
            for name in sorted(os.listdir(folder))[MOST_FILES // 5:]:
                os.unlink(os.path.join(folder, name))

    def flood(self):
        """More events than the kernel's queue holds, if the daemon is slow or stands still."""
        paths = [os.path.join(self.root, b"flood %d.wav" % i) for i in range(2)]
        for path in paths:
            if not os.path.lexists(path):
                with open(path, "wb") as file:
                    file.write(self.content())
        for _ in range(10000):
            for path in paths:
                os.utime(path, follow_symlinks=False)
