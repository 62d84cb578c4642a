"""Sounds as people met them: headers that lie, streams in wrappers and behind each other, and codecs that few decode.

What should come of each: it is heard as the plain sound is, or listed with a reason that names container and codec."""

import array
import math
import random
import struct
from pathlib import Path
from typing import NamedTuple

import containers as c
import made_sounds as s

SECONDS = 1.6
# A killed recorder's sizes, and those of a pipe.
ZERO, OPEN = 0, 0xFFFFFFFF
# What is left of 4 GiB and a bit.
WRAPPED = 8000


class Case(NamedTuple):
    name: str
    data: bytes
    # The samples that should be heard, at `rate`; none for what is not decoded.
    samples: array.array = None
    # What the reason or the note should say.
    words: str = None
    rate: int = s.RATE
    channels: int = 2
    # Whether an encoder came between.
    is_lossy: bool = False
    # Whether the end is told to be missing.
    is_incomplete: bool = False
    # How like the plain sound it must be, where an encoder came between: the median over the frames of the cosine
    # between the features.
    least: float = 0.9
    # Whether it takes a build with FFmpeg's libraries.
    needs_ffmpeg: bool = False


def cases():
    plain = s.tune(SECONDS)
    little = plain.tobytes()
    big = c.swapped(little)
    twice = plain + plain
    yield from lying_headers(plain, little, big)
    yield from disorder(plain, little, big)
    yield from mpeg(plain, twice)
    yield from chains(plain, twice)
    yield from late(plain)
    yield from by_name()
    yield from wrapped(plain)
    yield from not_decoded(little)
    yield from decoded_by_ffmpeg()


def lying_headers(plain, little, big):
    """The header claims another size than the file holds."""
    rate = s.RATE
    for word, size in (("0", ZERO), ("open", OPEN), ("wrapped", WRAPPED)):
        says = None if size == OPEN else "header claims {:,} bytes of sound, the file holds {:,}".format(size, len(little))
        for whole, kind in ((None, ""), (36 + size if size != OPEN else OPEN, " whole")):
            yield Case("wav %s%s.wav" % (word, kind), c.wave(little, rate, size=size, whole=whole), plain, says)
        yield Case("rifx %s.wav" % word, c.wave(big, rate, size=size, whole=size, name=b"RIFX", order=">"), plain, says)
        yield Case("au %s.au" % word, c.au(big, rate, size=size), plain, says)
        yield Case("au little %s.au" % word, c.au(little, rate, size=size, order="<"), plain, says)
        if size != OPEN:
            yield Case("aiff %s.aiff" % word, c.aiff(big, rate, size=size + 8, frames=size // 4, whole=size + 46), plain, says)
            yield Case("sowt %s.aifc" % word, c.aiff(little, rate, size=size + 8, frames=0, encoding=b"sowt"), plain, says)
            yield Case("rf64 %s.wav" % word, c.long_wave(little, rate, size=size), plain, says)
            yield Case("bw64 %s.wav" % word, c.long_wave(little, rate, size=size, name=b"BW64"), plain, says)
            yield Case("w64 %s.w64" % word, c.wave64(little, rate, size=size + 24 if size else 0), plain, says)
    yield Case("aiff no frames.aiff", c.aiff(big, rate, frames=0), plain)
    yield Case("bw64.wav", c.long_wave(little, rate, name=b"BW64"), plain)
    yield Case("caf open.caf", c.caf(little, rate, size=-1), plain)
    yield Case("caf 0.caf", c.caf(little, rate, size=0), plain, "header claims 0 bytes")
    yield Case("caf wrapped.caf", c.caf(little, rate, size=WRAPPED + 4), plain, "header claims 8,000 bytes")
    for name, data in (("wav", c.wave(little, rate, size=3 * len(little))), ("au", c.au(big, rate, size=3 * len(little)))):
        yield Case("more.%s" % name, data, plain, is_incomplete=True)
    yield Case("float 0.wav", c.wave(array.array("f", [x / 32768 for x in plain]).tobytes(), rate, tag=3, bits=32, size=0), plain)
    for name, tag in (("ima", s.IMA_ADPCM), ("ms", s.MS_ADPCM), ("ulaw", s.ULAW)):
        data = s.encoded(plain, s.WAV | tag)
        place = data.index(b"data") + 4
        yield Case("%s 0.wav" % name, data[:place] + bytes(4) + data[place + 4:], plain, "header claims 0", is_lossy=True, least=0.75)
    right = c.wave(little, rate) + c.id3v1()
    yield Case("tag behind.wav", right, plain)
    yield Case("chunk behind.wav", c.riff(c.format_chunk(rate, 2), c.chunk(b"data", little), c.chunk(b"LIST", bytes(9000))), plain)
    flac = s.encoded(plain, s.FLAC | s.PCM_16)
    for word, count in (("0", 0), ("less", 1000), ("more", 3 * len(plain) // 2)):
        data = flac[:21] + bytes([flac[21] & 0xF0]) + struct.pack(">I", count) + flac[26:]
        yield Case("flac %s.flac" % word, data, plain, is_incomplete=word == "more",
                   words="header claims 1,000 samples" if word == "less" else None)


def disorder(plain, little, big):
    """Chunks in another order, with filler between them, and tags in front."""
    rate, form = s.RATE, c.format_chunk(s.RATE, 2)
    data = c.chunk(b"data", little)
    yield Case("data before fmt.wav", c.riff(data, form), plain)
    yield Case("zeros between.wav", c.riff(form, bytes(4096), data), plain)
    yield Case("zeros before fmt.wav", c.riff(bytes(510), form, data), plain)
    yield Case("odd chunk.wav", c.riff(c.chunk(b"JUNK", b"odd", pad=False), form, data), plain)
    yield Case("zeros between.aiff", c.aiff(big, rate, between=bytes(1000)), plain)
    yield Case("more chunks.wav", c.riff(c.chunk(b"JUNK", bytes(28)), form, c.chunk(b"bext", bytes(603)), data), plain)
    for name, sound in (("wav", c.wave(little, rate)), ("aiff", c.aiff(big, rate)),
                        ("flac", s.encoded(plain, s.FLAC | s.PCM_16)), ("caf", c.caf(little, rate))):
        yield Case("id3 in front.%s" % name, c.id3() + sound, plain)
    yield Case("id3 in front 0.wav", c.id3() + c.wave(little, rate, size=0), plain, "header claims 0")
    yield Case("zeros in front.wav", bytes(1000) + c.wave(little, rate), plain, "begins after 1,000 bytes")


def mpeg(plain, twice):
    """MPEG audio whose length nobody wrote down, or wrote down wrongly."""
    quiet = array.array("h", bytes(4 * s.RATE))
    long = quiet + s.tune(6)
    data = s.encoded(long, s.MPEG | s.LAYER_3, variable=True)
    yield Case("vbr.mp3", data, long, is_lossy=True)
    yield Case("vbr without a tag.mp3", c.without_tag(data), long, is_lossy=True)
    yield Case("claims a third.mp3", c.with_count(data, lambda count: count // 3), long, "header claims", is_lossy=True)
    yield Case("claims five times.mp3", c.with_count(data, lambda count: count * 5), long, "header claims", is_lossy=True,
               is_incomplete=True)
    short = s.encoded(plain, s.MPEG | s.LAYER_3)
    yield Case("joined.mp3", short * 2, twice, is_lossy=True)
    yield Case("joined with tags.mp3", c.id3() + short + c.id3v1() + c.id3() + short + c.id3v1(), twice, is_lossy=True)
    yield Case("joined without.mp3", c.without_tag(short) * 2, twice, is_lossy=True)
    yield Case("tags behind.mp3", short + c.ape_tag() + b"LYRICSBEGINxxxxLYRICS200" + c.id3v1(), plain, is_lossy=True)
    other = s.encoded(s.tune(SECONDS, 22050, start=SECONDS), s.MPEG | s.LAYER_3, rate=22050)
    yield Case("another rate.mp3", short + other, s.tune(2 * SECONDS), is_lossy=True)
    mono = s.encoded(s.tune(SECONDS, channels=1), s.MPEG | s.LAYER_3, channels=1)
    yield Case("another rate and channels.mp3", mono + other, s.tune(2 * SECONDS), is_lossy=True)
    frames = list(c.mp3_frames(c.without_tag(short)))
    middle = len(frames) // 2
    yield Case("junk inside.mp3", b"".join(frames[:middle]) + b"\xff\x00junk" * 500 + b"".join(frames[middle:]), plain,
               is_lossy=True)


def chains(plain, twice):
    """Several streams, one after the other."""
    rest = s.tune(SECONDS, 22050, channels=1, start=SECONDS)
    for name, kind in (("ogg", s.OGG | s.VORBIS), ("opus", s.OGG | s.OPUS)):
        data = s.encoded(plain, kind, rate=48000 if name == "opus" else s.RATE)
        rate = 48000 if name == "opus" else s.RATE
        yield Case("same serial.%s" % name, data * 2, twice, is_lossy=True, rate=rate)
        yield Case("other serial.%s" % name, data + c.with_serial(data, 99), twice, is_lossy=True, rate=rate)
        yield Case("junk between.%s" % name, data + b"junk" * 100 + c.with_serial(data, 99), twice, is_lossy=True, rate=rate)
        yield Case("beside a film.%s" % name, c.beside_film(data), plain, is_lossy=True, rate=rate)
    first = s.encoded(plain, s.OGG | s.VORBIS)
    second = c.with_serial(s.encoded(rest, s.OGG | s.VORBIS, 22050, 1), 12)
    yield Case("other rate.ogg", first + second, s.tune(2 * SECONDS), is_lossy=True)
    flac = s.encoded(plain, s.FLAC | s.PCM_16)
    yield Case("two.flac", flac * 2, twice)
    yield Case("two with a tag.flac", flac + c.id3v1() + c.id3() + flac, twice)
    yield Case("other rate.flac", flac + s.encoded(rest, s.FLAC | s.PCM_16, 22050, 1), s.tune(2 * SECONDS), is_lossy=True)
    yield Case("flac in ogg.oga", c.ogg_flac(flac), plain)
    yield Case("two flac in ogg.oga", c.ogg_flac(flac) * 2, twice)
    yield Case("two.wav", c.wave(plain.tobytes(), s.RATE) * 2, twice)
    lost = first + c.with_serial(first, 9)[:200]
    yield Case("second is broken.ogg", lost, plain, "a part cannot be decoded", is_lossy=True, is_incomplete=True)


def late(plain):
    """MPEG audio that begins later."""
    data = s.encoded(plain, s.MPEG | s.LAYER_3)
    junk = random.Random(4).randbytes
    for name, front in (("zeros", bytes(4096)), ("junk", junk(1000)), ("much junk", junk(700_001)), ("ape", c.ape_tag()),
                        ("footer", c.id3v1()), ("frame cut off", b"\xff\xfb\x90\x64" + bytes(100)),
                        ("id3 too long", b"ID3\3\0\0\x7f\x7f\x7f\x7f" + bytes(50))):
        yield Case("%s in front.mp3" % name, front + data, plain, is_lossy=True)


def by_name():
    """Sounds without a header, known by their names."""
    voice = s.tune(SECONDS, 8000, 1)
    for name, kind in (("vox", s.VOX), ("gsm", s.GSM)):
        yield Case("voice.%s" % name, s.encoded(voice, s.RAW | kind, 8000, 1), voice, rate=8000, channels=1, is_lossy=True,
                   least=0.6)


def wrapped(plain):
    """A file within another."""
    ogg, rate = s.encoded(plain, s.OGG | s.VORBIS), s.RATE
    for tag in (0x674F, 0x6750, 0x6751, 0x676F, 0x6770, 0x6771):
        yield Case("vorbis %x.wav" % tag, c.wave(ogg, rate, tag=tag, extra=bytes(2)), plain, is_lossy=True)
    yield Case("vorbis 674f and 0.wav", c.wave(ogg, rate, tag=0x674F, extra=bytes(2), size=0, whole=0), plain, is_lossy=True)
    mp3 = s.encoded(plain, s.MPEG | s.LAYER_3)
    yield Case("mp3.wav", c.wave(mp3, rate, tag=0x55, extra=bytes(14)), plain, is_lossy=True)
    flac = s.encoded(plain, s.FLAC | s.PCM_16)
    yield Case("flac.wav", c.wave(flac, rate, tag=0xF1AC, extra=bytes(2)), plain)
    begin = 4 + 4 + 34
    while not flac[begin - 38 if begin == 42 else 0] & 0x80 and flac[begin:begin + 1] != b"\xff":
        begin += 4 + int.from_bytes(flac[begin + 1:begin + 4], "big")
    extra = struct.pack("<H", 34) + flac[8:42]
    yield Case("flac frames.wav", c.wave(flac[begin:], rate, tag=0xF1AC, extra=extra), plain)


def not_decoded(little):
    """What says container and codec, and is no more than that, or of a kind that nobody decodes."""
    for name, data, words in (
            ("aac.m4a", c.mp4(b"mp4a"), "AAC in MP4"), ("aac behind.m4a", c.mp4(b"mp4a", behind=True), "AAC in MP4"),
            ("alac.m4a", c.mp4(b"alac"), "ALAC in MP4"), ("opus.m4a", c.mp4(b"Opus"), "Opus in MP4"),
            ("pcm.m4a", c.mp4(b"sowt", brand=b"qt  "), "PCM in QuickTime"), ("amr.m4a", c.mp4(b"samr", brand=b"3gp4"), "AMR in 3GP"),
            ("wv.wv", b"wvpk" + bytes(900), "WavPack"), ("ape.ape", b"MAC " + bytes(900), "Monkey's Audio"),
            ("mpc.mpc", b"MPCK" + bytes(900), "Musepack"), ("tta.tta", b"TTA1" + bytes(900), "TTA"),
            ("dsf.dsf", b"DSD " + bytes(900), "DSD in DSF"), ("dff.dff", b"FRM8" + bytes(900), "DSD in DSDIFF"),
            ("wma.wma", c.asf(0x161), "WMA in ASF"), ("opus.ogg", c.matroska(b"A_OPUS", b"webm"), "Opus in WebM"),
            ("vorbis.ogg", c.matroska(b"A_VORBIS"), "Vorbis in Matroska"),
            ("adts.aac", bytes.fromhex("fff1508003ffdc") + bytes(24) + bytes.fromhex("fff1508003ffdc") + bytes(24), "AAC (ADTS)"),
            ("midi.wav", b"MThd" + bytes(300), "unsupported: MIDI"), ("midi 2.wav", b"MThd" + bytes(301), "unsupported: MIDI"),
            ("aac.caf", c.caf(little, s.RATE, encoding=b"aac "), "AAC in CAF"),
            ("atrac.wav", c.wave(little, s.RATE, tag=0x270), "ATRAC3 in WAV"),
            ("aac.wav", c.wave(little, s.RATE, tag=0xFF), "AAC in WAV"),
            ("unknown.wav", c.wave(little, s.RATE, tag=0x1234), "unsupported: codec 0x1234 in WAV"),
            ("speex.ogg", c.ogg_page(b"Speex   " + bytes(72), 3, 0, 2), "Speex in Ogg"),
            ("pcm.ogg", c.ogg_page(b"PCM     " + bytes(20), 3, 0, 2), "unsupported: PCM in Ogg")):
        yield Case("not " + name, data, None, words)
    yield Case("picture.wav", b"\x89PNG\r\n\x1a\n" + bytes(500), None, "not audio: a PNG image")


def decoded_by_ffmpeg():
    """What libsndfile does not decode: a tone of 440 Hz, in files that FFmpeg's own program made."""
    folder = Path(__file__).resolve().parents[1] / "AudioDecodingTests/Foreign"
    tone = array.array("h", (round(8000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(2400)))
    for name in ("wavpack.wv", "flac.mka"):
        yield Case(name, (folder / name).read_bytes(), tone, rate=8000, channels=1, needs_ffmpeg=True)
    data = (folder / "opus.webm").read_bytes()
    yield Case("opus.mka", data, tone, rate=8000, channels=1, is_lossy=True, needs_ffmpeg=True)
