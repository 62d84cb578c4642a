"""Containers of sound, byte by byte, so that each can be wrong in the way that is wanted."""

import struct

OPEN = 0xFFFFFFFF


def chunk(name, data, size=None, order="<", pad=True):
    return name + struct.pack(order + "I", len(data) if size is None else size) + data + b"\0" * (len(data) & 1 and pad)


def format_chunk(rate, channels, tag=1, bits=16, order="<", extra=b""):
    align = max(1, channels * bits // 8)
    return chunk(b"fmt ", struct.pack(order + "HHIIHH", tag, channels, rate, rate * align, align, bits) + extra, order=order)


def riff(*chunks, name=b"RIFF", size=None, order="<"):
    body = b"WAVE" + b"".join(chunks)
    return name + struct.pack(order + "I", len(body) if size is None else size) + body


def wave(data, rate, channels=2, size=None, whole=None, name=b"RIFF", order="<", **keywords):
    return riff(format_chunk(rate, channels, order=order, **keywords), chunk(b"data", data, size, order), name=name,
                size=whole, order=order)


def long_wave(data, rate, channels=2, size=None, name=b"RF64"):
    """RF64, or BW64 as broadcasters have it: the sizes are in a chunk of their own."""
    size = len(data) if size is None else size
    return riff(chunk(b"ds64", struct.pack("<QQQI", size + 72 if size else 0, size, 0, 0)), format_chunk(rate, channels),
                chunk(b"data", data, OPEN), name=name, size=OPEN)


def wave64(data, rate, channels=2, size=None):
    """Sony's: names of 16 bytes, sizes of 8, in which these 24 are counted."""
    def part(name, content, size=None):
        end = bytes.fromhex("2e91cf11a5d628db04c10000" if name == b"riff" else "f3acd3118cd100c04f8edb8a")
        length = 24 + len(content) if size is None else size
        return name + end + struct.pack("<Q", length) + content + bytes(-len(content) % 8)
    inner = part(b"fmt ", struct.pack("<HHIIHH", 1, channels, rate, 2 * rate * channels, 2 * channels, 16))
    inner += part(b"data", data, size)
    wave = b"wave" + bytes.fromhex("f3acd3118cd100c04f8edb8a")
    return part(b"riff", wave + inner, 0 if size == 0 else None)


def extended(rate):
    """A number as AIFF writes it, in ten bytes."""
    exponent = rate.bit_length() - 1
    return struct.pack(">HQ", 16383 + exponent, rate << (63 - exponent))


def aiff(data, rate, channels=2, size=None, frames=None, encoding=None, between=b"", whole=None):
    """AIFF of big-endian samples; AIFF-C where an encoding is named, of samples in its order."""
    frames = len(data) // 2 // channels if frames is None else frames
    common = struct.pack(">hIh", channels, frames, 16) + extended(rate) + (encoding + b"\0\0" if encoding else b"")
    body = (b"AIFC" if encoding else b"AIFF") + chunk(b"COMM", common, order=">") + between
    body += chunk(b"SSND", bytes(8) + data, len(data) + 8 if size is None else size, ">")
    return b"FORM" + struct.pack(">I", len(body) if whole is None else whole) + body


def au(data, rate, channels=2, size=None, order=">"):
    name = b".snd" if order == ">" else b"dns."
    return name + struct.pack(order + "IIIII", 24, len(data) if size is None else size, 3, rate, channels) + data


def caf(data, rate, channels=2, size=None, encoding=b"lpcm"):
    """Core Audio's, of little-endian samples; the size counts four bytes before the sound."""
    description = struct.pack(">d4sIIIII", rate, encoding, 2, 2 * channels, 1, channels, 16)
    return (b"caff" + struct.pack(">HH", 1, 0) + b"desc" + struct.pack(">q", 32) + description + b"data"
            + struct.pack(">q", len(data) + 4 if size is None else size) + bytes(4) + data)


def swapped(data):
    """Samples of 16 bits in the other order."""
    return b"".join(data[i + 1:i + 2] + data[i:i + 1] for i in range(0, len(data), 2))


def id3(size=3000):
    """A tag that stands in front, with nothing in it."""
    return b"ID3\3\0\0" + bytes((size >> shift) & 127 for shift in (21, 14, 7, 0)) + bytes(size)


def id3v1():
    return b"TAG" + b"title".ljust(125, b"\0")


def ape_tag():
    """A tag with header, one item and footer."""
    item = struct.pack("<II", 4, 0) + b"Artist\0name"
    def end(flags):
        return b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, flags) + bytes(8)
    return end(0xA0000000) + item + end(0x80000000)


def ogg_sum(data):
    """The check of a page."""
    total = 0
    for byte in data:
        total = (total << 8) & 0xFFFFFFFF ^ OGG_TABLE[(total >> 24) ^ byte]
    return total


def _table():
    table = []
    for value in range(256):
        rest = value << 24
        for _ in range(8):
            rest = (rest << 1) ^ 0x04C11DB7 if rest & 0x80000000 else rest << 1
        table.append(rest & 0xFFFFFFFF)
    return table


OGG_TABLE = _table()


def ogg_page(content, serial, number, flags=0, granule=0):
    segments = bytes([255] * (len(content) // 255) + [len(content) % 255])
    page = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, serial, number, 0) + bytes([len(segments)]) + segments
    total = ogg_sum(page + content)
    return page[:22] + struct.pack("<I", total) + page[26:] + content


def ogg_pages(data):
    """The pages of a file, one by one."""
    while data:
        count = data[26]
        size = 27 + count + sum(data[27:27 + count])
        yield data[:size]
        data = data[size:]


def with_serial(data, serial):
    """The same file under another serial number."""
    out = b""
    for page in ogg_pages(data):
        page = page[:14] + struct.pack("<I", serial) + page[18:22] + bytes(4) + page[26:]
        out += page[:22] + struct.pack("<I", ogg_sum(page)) + page[26:]
    return out


def beside_film(data):
    """A sound with a film's pages between its own, and a skeleton before: none of the two can be shown."""
    pages = list(ogg_pages(data))
    out = ogg_page(b"fishead\0" + bytes(72), 7001, 0, 2) + ogg_page(b"\x80theora" + bytes(40), 7002, 0, 2) + pages[0]
    for number, page in enumerate(pages[1:]):
        out += page + ogg_page(bytes([number % 250]) * 900, 7002, number + 1, 0, number)
    return out


def ogg_flac(flac):
    """A FLAC file in Ogg, as FFmpeg maps it: a packet a frame, one on each page."""
    place, blocks = 4, []
    while True:
        last, size = flac[place] & 0x80, int.from_bytes(flac[place + 1:place + 4], "big")
        blocks.append(flac[place:place + 4 + size])
        place += 4 + size
        if last:
            break
    first = bytes([blocks[0][0] & 0x7F]) + blocks[0][1:]
    comment = b"\x84\0\0\x0c" + struct.pack("<I", 4) + b"none" + bytes(4)
    out = ogg_page(b"\x7fFLAC\1\0\0\1fLaC" + first, 55, 0, 2) + ogg_page(comment, 55, 1)
    sound = flac[place:]
    return out + b"".join(ogg_page(sound[at:at + 4000], 55, 2 + at // 4000) for at in range(0, len(sound), 4000))


def box(name, *contents):
    body = b"".join(contents)
    return struct.pack(">I", 8 + len(body)) + name + body


def mp4(codec, brand=b"M4A ", behind=False):
    """As much of an MP4 as says what is in it; `behind` has the description after the sound."""
    entry = box(codec, bytes(28), box(b"esds", bytes(4) + b"\3\x19\0\0\0\4\x11\x40\x15" + bytes(11)) if codec == b"mp4a" else b"")
    table = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry))
    movie = box(b"moov", box(b"mvhd", bytes(100)), box(b"trak", box(b"mdia", box(b"minf", table))))
    parts = [movie, box(b"mdat", bytes(range(256)) * 8)]
    return box(b"ftyp", brand + bytes(4) + brand) + b"".join(reversed(parts) if behind else parts)


def matroska(codec, kind=b"matroska"):
    """As much of a Matroska file as says what is in it."""
    def element(number, content):
        return number + bytes([0x40 | len(content) >> 8, len(content) & 255]) + content
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", kind))
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", element(b"\x86", codec)))
    return head + element(b"\x18\x53\x80\x67", tracks + bytes(900))


def asf(tag):
    """As much of a Windows Media file as says what is in it."""
    head = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + struct.pack("<QI", 200, 1) + b"\1\2"
    sound = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
    stream = bytes(16) + struct.pack("<Q", 100) + sound + bytes(38) + struct.pack("<HHIIHH", tag, 2, 44100, 16000, 1, 16)
    return head + stream + bytes(600)


# Bits per second of MPEG 1's layer III.
RATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]


def mp3_frames(data):
    """The frames of layer III in a file that holds nothing else but tags in front."""
    place = data.index(b"\xff", 10 + int.from_bytes(data[8:10], "big")) if data[:3] == b"ID3" else 0
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] & 0xE0 == 0xE0:
        first = data[place + 1] >> 3 & 3 == 3
        rate = [44100, 48000, 32000][data[place + 2] >> 2 & 3] >> (0 if first else 1)
        size = (144000 if first else 72000) * (RATES if first else RATES_2)[data[place + 2] >> 4] // rate
        size += data[place + 2] >> 1 & 1
        yield data[place:place + size]
        place += size


def without_tag(data):
    """An MP3 without the frame in which the encoder says how many follow."""
    frames = list(mp3_frames(data))
    has_tag = any(name in frames[0][:64] for name in (b"Xing", b"Info"))
    return b"".join(frames[1:] if has_tag else frames)


def with_count(data, change):
    """An MP3 whose first frame claims another number of frames."""
    place = max(data.find(b"Xing"), data.find(b"Info")) + 8
    count = int.from_bytes(data[place:place + 4], "big")
    return data[:place] + struct.pack(">I", change(count)) + data[place + 4:]
