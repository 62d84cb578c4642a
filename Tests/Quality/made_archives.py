"""Archives made for checks: honest ones of all kinds, and those that nobody should meet."""

import bz2
import ctypes
import ctypes.util
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import warnings
import zipfile
import zlib

FORMS = ["zip", "stored.zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst", "7z"]


def make(form, members):
    """The bytes of an archive of (name, bytes), in their order."""
    if form.endswith("zip"):
        return zip_of(members, zipfile.ZIP_STORED if form == "stored.zip" else zipfile.ZIP_DEFLATED)
    if form in ("7z", "tar.zst"):
        return by_libarchive(form, members)
    return tar_of(members, form)


def zip_of(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as archive:
        # Of names that come twice.
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def tar_of(members, form="tar"):
    """A member may be a TarInfo with its bytes."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    data = file.getvalue()
    return {"tar": bytes, "tar.gz": gzip.compress, "tar.bz2": bz2.compress, "tar.xz": lzma.compress}[form](data)


def by_libarchive(form, members):
    """What Python's own library does not write, by the library that timbre-extract reads with."""
    library = ctypes.CDLL(ctypes.util.find_library("archive") or "libarchive.so.13")
    for name in ("archive_write_new", "archive_entry_new"):
        getattr(library, name).restype = ctypes.c_void_p
    archive = ctypes.c_void_p(library.archive_write_new())
    if form == "tar.zst":
        library.archive_write_add_filter_zstd(archive)
    {"7z": library.archive_write_set_format_7zip, "tar.zst": library.archive_write_set_format_ustar}[form](archive)
    room = ctypes.create_string_buffer(sum(len(data) + 4096 for _, data in members) + (1 << 16))
    used = ctypes.c_size_t()
    library.archive_write_set_bytes_in_last_block(archive, 1)
    library.archive_write_open_memory(archive, room, ctypes.c_size_t(len(room)), ctypes.byref(used))
    library.archive_write_data.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.archive_write_data.restype = ctypes.c_ssize_t
    for name, data in members:
        entry = ctypes.c_void_p(library.archive_entry_new())
        library.archive_entry_set_pathname(entry, os.fsencode(name))
        library.archive_entry_set_size(entry, ctypes.c_int64(len(data)))
        library.archive_entry_set_filetype(entry, stat.S_IFREG)
        library.archive_entry_set_perm(entry, 0o644)
        assert library.archive_write_header(archive, entry) == 0, form
        assert library.archive_write_data(archive, data, len(data)) == len(data), form
        library.archive_entry_free(entry)
    assert library.archive_write_close(archive) == 0, form
    library.archive_write_free(archive)
    return room.raw[:used.value]


def overlapping_zip(size, count):
    """A bomb in which all members are the same bytes of the file: D. Fifield, "A better zip bomb", 2019."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"\0" * size) + packed.flush()
    crc = zlib.crc32(b"\0" * size)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0x21, crc, len(body), size, 5, 0) + b"0.wav" + body
    entries = b""
    for number in range(count):
        name = b"%05d.wav" % number
        entries += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0x21, crc, len(body), size, len(name), 0, 0,
                               0, 0, 0, 0) + name
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(entries), len(local), 0)
    return local + entries + end


def encrypted(data):
    """A ZIP of one member whose flag says that it takes a password."""
    packed = bytearray(zip_of([("secret.wav", data)], zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        packed[packed.index(signature) + offset] |= 1
    return bytes(packed)


def hostile(sound):
    """Archives that nobody should meet: their names, their bytes, and what is said of them (a part of the reason, and the
    path below the archive of which it is said; none if it is said of the archive), and the sounds that are heard all the
    same. `sound` makes the bytes of another sound each time."""
    def link(name, kind, target):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        return info, b""

    def with_byte(data, place, value):
        return data[:place] + bytes([value]) + data[place + 1:]

    cut = zip_of([("%d.wav" % i, sound()) for i in range(4)], zipfile.ZIP_STORED)
    cut_tar = tar_of([("%d.wav" % i, sound()) for i in range(4)])
    cut_gz = make("tar.gz", [("%d.wav" % i, sound() + os.urandom(200_000)) for i in range(4)])
    stored = zip_of([("a.wav", sound()), ("b.wav", sound())], zipfile.ZIP_STORED)
    locked = by_libarchive("7z", [("a.wav", sound())])
    return [
        ("up.zip", zip_of([("../../up.wav", sound()), ("a.wav", sound())]), "leads out of the archive", None, ["a.wav"]),
        ("root.tar", tar_of([("/etc/root.wav", sound()), ("a.wav", sound())]), "leads out of the archive", None, ["a.wav"]),
        ("middle.tar", tar_of([("k/../../m.wav", sound())]), "leads out of the archive", None, []),
        ("twice.zip", zip_of([("a.wav", sound()), ("a.wav", sound())]), "two members of the name a.wav", None, ["a.wav"]),
        ("locked.zip", encrypted(sound()), "takes a password", "secret.wav", []),
        ("cut.zip", cut[:len(cut) * 3 // 5], "is damaged behind 2 members", None, ["0.wav", "1.wav"]),
        ("cut.tar", cut_tar[:len(cut_tar) * 3 // 5], "is damaged behind 2 members", None, ["0.wav", "1.wav"]),
        ("cut.tar.gz", cut_gz[:len(cut_gz) * 3 // 5], "is damaged behind", None, ["0.wav", "1.wav"]),
        ("cut.7z", locked[:-10], "damaged", None, []),
        ("crc.zip", with_byte(stored, 200, stored[200] ^ 1), "bad CRC", "a.wav", ["b.wav"]),
        ("nested.zip", zip_of([("inner.zip", stored), ("a.wav", sound())]), "inside an archive", "inner.zip", ["a.wav"]),
        ("large.zip", zip_of([("large.wav", bytes(300 << 20)), ("a.wav", sound())]), "larger than 128 MB", "large.wav", ["a.wav"]),
        ("ratio.zip", zip_of([("a.wav", sound())] + [("%d.wav" % i, bytes(30 << 20)) for i in range(4)]), "times its size",
         None, ["a.wav"]),
        ("ratio.tar.gz", make("tar.gz", [("a.wav", sound()), ("huge.bin", bytes(200 << 20)), ("b.wav", sound())]),
         "times its size", None, ["a.wav"]),
        # libarchive takes members that lie at one place for one.
        ("overlap.zip", overlapping_zip(20 << 20, 5000), "not audio", "0.wav", []),
        ("many.zip", zip_of([("a.wav", sound())] + [("%d.txt" % i, b"") for i in range(60_000)]), "more than 50000 members",
         None, ["a.wav"]),
        ("empty.zip", b"", "not an archive", None, []),
        ("noise.7z", os.urandom(9000), "not an archive", None, []),
        ("text.tar.gz", gzip.compress(b"no tar at all " * 1000), "not an archive", None, []),
        ("links.tar", tar_of([("a.wav", sound()), link("b.wav", tarfile.LNKTYPE, "a.wav"), link("c.wav", tarfile.SYMTYPE, "a.wav"),
                              link("d.wav", tarfile.LNKTYPE, "../../etc/passwd")]), "another name", "d.wav", ["a.wav", "b.wav"]),
        ("pipe.tar", tar_of([link("a.wav", tarfile.FIFOTYPE, ""), link("b.wav", tarfile.CHRTYPE, ""), ("c.wav", sound())]),
         None, None, ["c.wav"]),
        ("junk.zip", zip_of([("a.wav", b"no sound"), ("b.wav", sound())]), "not audio", "a.wav", ["b.wav"]),
        ("mac.zip", zip_of([("__MACOSX/._a.wav", b"\0" * 90), ("._b.wav", b"\0" * 90), ("a.wav", sound())]), None, None,
         ["a.wav"]),
        ("codepage.zip", zip_of([("QQQ.wav", sound())]).replace(b"QQQ", b"\x81\xff\x80"), None, None, [b"\x81\xff\x80.wav"]),
    ]
