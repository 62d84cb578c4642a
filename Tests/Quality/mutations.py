"""Ways to spoil a sound file, as broken disks, transfers and programs do, and people who wish harm."""

import struct

# Numbers at which a reader of sizes, counts and rates goes wrong.
AWKWARD = [0, 1, 2, 3, 7, 8, 15, 16, 255, 256, 1024, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000,
           0xFFFFFFF0, 0xFFFFFFFE, 0xFFFFFFFF]
# Bytes at a file's start among which most of its header lies.
HEAD = 256


def place(chance, data):
    """Somewhere; half of the time in the header."""
    return chance.randrange(max(1, min(len(data), HEAD) if chance.random() < 0.5 else len(data)))


def flip_bits(chance, data, _):
    for _ in range(chance.choice([1, 1, 2, 4, 16, 64])):
        data[place(chance, data)] ^= 1 << chance.randrange(8)


def cut_short(chance, data, _):
    del data[place(chance, data):]


def set_number(chance, data, _):
    at = place(chance, data)
    number = chance.choice(AWKWARD + [chance.getrandbits(32), len(data), max(0, len(data) - 8)])
    form = chance.choice(["<I", ">I", "<H", ">H", "<Q", ">Q"])
    size = struct.calcsize(form)
    data[at:at + size] = struct.pack(form, number & (256 ** size - 1))


def set_size_of_chunk(chance, data, _):
    """The number behind a name of four letters, as RIFF, AIFF and CAF have them."""
    names = [i for i in range(0, min(len(data), 4096) - 8) if all(32 <= b < 127 for b in data[i:i + 4])]
    if names:
        at = chance.choice(names) + 4
        data[at:at + 4] = struct.pack(chance.choice("<>") + "I", chance.choice(AWKWARD + [chance.getrandbits(32)]))


def set_size_of_box(chance, data, _):
    """The number in front of a name of four letters, as MP4 has them, or one of those behind it."""
    names = [i for i in range(4, min(len(data), 8192) - 4) if all(97 <= b < 123 for b in data[i:i + 4])]
    if names:
        at = chance.choice(names) + chance.choice([-4, -4, 4, 8, 12])
        data[at:at + 4] = struct.pack(">I", chance.choice(AWKWARD + [chance.getrandbits(32), chance.randrange(1000)]))


def repeat_piece(chance, data, _):
    at, size = place(chance, data), chance.choice([4, 8, 16, 64, 512, 4096])
    piece = bytes(data[at:at + size]) * chance.choice([1, 1, 2, 100])
    data[at:at] = piece


def remove_piece(chance, data, _):
    at = place(chance, data)
    del data[at:at + chance.choice([1, 2, 4, 8, 64, 512, 4096])]


def blank_out(chance, data, _):
    at, size = place(chance, data), chance.choice([4, 16, 64, 512, 4096])
    data[at:at + size] = bytes([chance.choice([0, 0, 0xFF])]) * len(data[at:at + size])


def append_garbage(chance, data, _):
    data += chance.randbytes(chance.choice([1, 3, 8, 100, 5000]))


def shuffle_piece(chance, data, _):
    at, size = place(chance, data), chance.choice([16, 64, 512])
    data[at:at + size] = chance.randbytes(len(data[at:at + size]))


def go_on_as_another(chance, data, other):
    at = place(chance, data)
    data[at:] = other[min(at, len(other)):]


def join(chance, data, other):
    """Another file behind it, or the same, and perhaps something between."""
    data += chance.choice([b"", b"", bytes(128), b"TAG" + bytes(125), chance.randbytes(300)])
    data += other if chance.random() < 0.5 else bytes(data)


def wrap(chance, data, _):
    """The file as the sound of a WAV file, under one of the numbers that stand for files in it, or under another."""
    tag = chance.choice([0x55, 0x674F, 0x6751, 0x676F, 0xF1AC, 1, 0xFFFE, chance.getrandbits(16)])
    size = chance.choice([len(data), len(data), 0, 0xFFFFFFFF, chance.getrandbits(32)])
    head = b"WAVEfmt " + struct.pack("<IHHIIHHH", 18, tag, chance.choice([1, 2, 2, 0]), 44100, 16000, 1, 16, 0)
    data[:0] = b"RIFF" + struct.pack("<I", chance.choice([len(data) + 38, 0])) + head + b"data" + struct.pack("<I", size)


def shift(chance, data, _):
    """Something in front: zeros, junk, a tag that is right or claims too much."""
    size = chance.choice([1, 2, 127, 4096, 70_000])
    tag = b"ID3\3\0\0" + bytes(size >> places & 127 for places in (21, 14, 7, 0))
    data[:0] = chance.choice([bytes(size), chance.randbytes(size), tag + bytes(size), tag, b"APETAGEX" + bytes(size),
                              b"TAG" + bytes(125)])


# Where the sizes are, by how a file begins: of the whole and of the sound.
SIZES = {b"RIFF": ("<I", b"data"), b"RIFX": (">I", b"data"), b"FORM": (">I", b"SSND"), b"caff": (">q", b"data")}


def claim_less(chance, data, _):
    """What a recorder leaves that was killed, or went on beyond 4 GiB: the sizes are zero, or small."""
    less = chance.choice([0, 0, 1, 4, 1000, len(data) // 2])
    if bytes(data[:4]) == b".snd":
        data[8:12] = struct.pack(">I", less)
    if bytes(data[:4]) == b"fLaC" and len(data) > 26:
        data[22:26] = struct.pack(">I", less)
    form, name = SIZES.get(bytes(data[:4]), (None, None))
    at = data.find(name) if name else -1
    if at >= 0:
        data[at + 4:at + 4 + struct.calcsize(form)] = struct.pack(form, less)
        if form[1] == "I" and chance.random() < 0.7:
            data[4:8] = struct.pack(form, less + at if less else 0)
    for tag in (b"Xing", b"Info"):
        at = data[:300].find(tag)
        if at >= 0:
            data[at + 8:at + 12] = struct.pack(">I", less)


ALL = [flip_bits, cut_short, set_number, set_size_of_chunk, set_size_of_box, repeat_piece, remove_piece, blank_out, append_garbage,
       shuffle_piece, go_on_as_another, join, wrap, shift, claim_less]


def mutate(chance, sources):
    """A spoilt file: its bytes, a name's end, and what was done to it. `sources` are pairs of bytes and such an end."""
    data, suffix = chance.choice(sources)
    data, done = bytearray(data), []
    for kind in chance.choices(ALL, k=chance.choice([1, 1, 1, 2, 3])):
        if data:
            kind(chance, data, chance.choice(sources)[0])
            done.append(kind.__name__)
    if chance.random() < 0.1:
        suffix = chance.choice(sources)[1]
        done.append("another suffix")
    return bytes(data), suffix, done
