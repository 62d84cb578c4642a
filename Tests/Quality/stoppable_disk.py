#!/usr/bin/env python3
"""stoppable_disk.py PLACE STORE: a FUSE file system that shows a folder, until it is stopped.

It speaks the kernel's protocol on /dev/fuse by itself (linux/fuse.h, version 7.31) and shows the files and directories of
STORE at PLACE, to be read only. Nothing is cached: every look reaches this process. Stopped by SIGSTOP it answers nothing,
like a server that is gone; SIGUSR1 makes it take questions and answer none of them until SIGUSR2, like one that hangs.
Needs root."""

import ctypes
import errno
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

LOOKUP, FORGET, GETATTR, READLINK, OPEN, READ, STATFS, RELEASE = 1, 2, 3, 5, 14, 15, 17, 18
FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR, ACCESS, INTERRUPT, BATCH_FORGET = 25, 26, 27, 28, 29, 34, 36, 42
SILENT = {FORGET, INTERRUPT, BATCH_FORGET}
HEADER = struct.Struct("<IIQQIIII")
MOST = 1 << 17


class Server:
    def __init__(self, place, store):
        self.store = store
        self.paths, self.numbers = {1: store}, {store: 1}
        self.handles = {}
        self.answers = threading.Event()
        self.answers.set()
        self.fuse = os.open("/dev/fuse", os.O_RDWR)
        libc = ctypes.CDLL(None, use_errno=True)
        options = "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other" % self.fuse
        if libc.mount(b"stoppable", os.fsencode(place), b"fuse.stoppable", 6, options.encode()):
            raise OSError(ctypes.get_errno(), "mount")

    def serve(self):
        signal.signal(signal.SIGUSR1, lambda *_: self.answers.clear())
        signal.signal(signal.SIGUSR2, lambda *_: self.answers.set())
        while True:
            try:
                request = os.read(self.fuse, MOST + 4096)
            except OSError as error:
                # A question that was taken back, or one after the other.
                if error.errno in (errno.ENOENT, errno.EINTR, errno.EAGAIN):
                    continue
                return
            if self.answers.is_set():
                self.answer(request)
            else:
                # Read, and so on its way for the kernel: whoever asked cannot even be killed.
                threading.Thread(target=self.answer_later, args=[request], daemon=True).start()

    def answer_later(self, request):
        self.answers.wait()
        self.answer(request)

    def answer(self, request):
        length, opcode, unique, node, *_ = HEADER.unpack_from(request)
        if opcode in SILENT:
            return
        try:
            body, failure = self.reply(opcode, node, request[HEADER.size:length]), 0
        except OSError as error:
            body, failure = b"", error.errno or errno.EIO
        try:
            os.write(self.fuse, struct.pack("<IiQ", 16 + len(body), -failure, unique) + body)
        except OSError:
            # Whoever asked was killed meanwhile, or the file system is not mounted any more.
            pass

    def reply(self, opcode, node, body):
        path = self.paths.get(node, self.store)
        if opcode == INIT:
            major, minor, ahead, _ = struct.unpack_from("<IIII", body)
            return struct.pack("<IIIIHHIIHHI28x", 7, 31, ahead, 0, 16, 12, MOST, 1, MOST >> 12, 0, 0)
        if opcode == LOOKUP:
            return self.entry(path / os.fsdecode(body.rstrip(b"\0")))
        if opcode == GETATTR:
            return struct.pack("<QII", 0, 0, 0) + self.attributes(path)
        if opcode in (OPEN, OPENDIR):
            descriptor = os.open(path, os.O_RDONLY)
            self.handles[descriptor] = None
            if opcode == OPENDIR:
                self.handles[descriptor] = self.listing(path)
            # FOPEN_DIRECT_IO for files: each read comes here.
            return struct.pack("<QII", descriptor, 1 if opcode == OPEN else 0, 0)
        if opcode in (READ, READDIR):
            handle, offset, size = struct.unpack_from("<QQI", body)
            if opcode == READ:
                return os.pread(handle, size, offset)
            listing = b""
            for entry in self.handles[handle][offset:]:
                if len(listing) + len(entry) > size:
                    break
                listing += entry
            return listing
        if opcode in (RELEASE, RELEASEDIR):
            handle = struct.unpack_from("<Q", body)[0]
            self.handles.pop(handle, None)
            os.close(handle)
            return b""
        if opcode == STATFS:
            return struct.pack("<QQQQQIIII24x", 1 << 20, 1 << 19, 1 << 19, 1 << 20, 1 << 19, 4096, 255, 4096, 0)
        if opcode in (FLUSH, ACCESS):
            return b""
        raise OSError(errno.ENOSYS, "")

    def number(self, path):
        if path not in self.numbers:
            self.numbers[path] = len(self.numbers) + 1
            self.paths[self.numbers[path]] = path
        return self.numbers[path]

    def attributes(self, path):
        s = os.lstat(path)
        whole = [int(t // 10**9) for t in (s.st_atime_ns, s.st_mtime_ns, s.st_ctime_ns)]
        rest = [int(t % 10**9) for t in (s.st_atime_ns, s.st_mtime_ns, s.st_ctime_ns)]
        return struct.pack("<QQQQQQIIIIIIIIII", self.number(path), s.st_size, s.st_blocks, *whole, *rest, s.st_mode,
                           s.st_nlink, s.st_uid, s.st_gid, 0, 4096, 0)

    def entry(self, path):
        attributes = self.attributes(path)
        return struct.pack("<QQQQII", self.number(path), 0, 0, 0, 0, 0) + attributes

    def listing(self, path):
        entries = []
        for place, name in enumerate(sorted(os.listdir(path))):
            child, raw = path / name, os.fsencode(name)
            kind = os.lstat(child).st_mode >> 12
            entry = struct.pack("<QQII", self.number(child), place + 1, len(raw), kind) + raw
            entries.append(entry + bytes(-len(entry) % 8))
        return entries


class StoppableDisk:
    """The file system in a process of its own, for tests."""

    def __init__(self, place, store):
        self.place, self.store, self.process = Path(place), Path(store), None

    def mount(self):
        self.place.mkdir(exist_ok=True)
        self.process = subprocess.Popen([sys.executable, __file__, str(self.place), str(self.store)])
        end = time.monotonic() + 20
        while not os.path.ismount(self.place):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("no FUSE file system could be mounted at %s" % self.place)
            time.sleep(0.01)
        self.device = os.stat(self.place).st_dev

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def swallow(self):
        self.process.send_signal(signal.SIGUSR1)

    def answer(self):
        self.process.send_signal(signal.SIGUSR2)

    def unmount(self):
        subprocess.run(["umount", "--lazy", str(self.place)], stderr=subprocess.DEVNULL)

    def end(self):
        """Leaves nobody waiting: what hangs fails."""
        self.unmount()
        if self.process and self.process.poll() is None:
            # Its descriptor of /dev/fuse goes with it, and with that all questions.
            self.process.kill()
            self.process.wait()
        self.process = None


if __name__ == "__main__":
    Server(Path(sys.argv[1]), Path(sys.argv[2])).serve()
