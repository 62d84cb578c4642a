"""Sounds made in code, and encoded by libsndfile, which the build needs anyway: no other encoder has to be there."""

import array
import ctypes
import math
import os
import tempfile

RATE = 44100
# libsndfile's numbers of containers and encodings.
WAV, AIFF, AU, FLAC, OGG, MPEG, RAW = 0x010000, 0x020000, 0x030000, 0x170000, 0x200000, 0x230000, 0x040000
CAF, W64, RF64 = 0x180000, 0x0B0000, 0x220000
PCM_16, FLOAT, ULAW, ALAW, IMA_ADPCM, MS_ADPCM, GSM, VOX, VORBIS, OPUS = 2, 6, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21, 0x60, 0x64
ALAC_16, LAYER_3 = 0x70, 0x82
BIG_ENDIAN = 0x20000000
BITRATE_MODE, COMPRESSION = 0x1305, 0x1301


def tune(seconds, rate=RATE, channels=2, seed=1, start=0.0):
    """A plucked string that changes its note all the while, as samples of 16 bits: the same at any rate of samples."""
    samples = array.array("h")
    for n in range(int(round(seconds * rate))):
        t = start + n / rate
        step, since = int(t * 5), t * 5 % 1
        hertz = 150 * 2 ** ((step * 7 + seed * 5) % 24 / 12)
        level = 9000 * math.exp(-3 * since) * min(1, 40 * since)
        note = level * (math.sin(6.283185307 * hertz * t) + 0.5 * math.sin(12.56637061 * hertz * t)
                        + 0.3 * math.sin(31.4159265 * hertz * t))
        for channel in range(channels):
            samples.append(int(note * (1 if channel == 0 else 0.6)))
    return samples


class _Info(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), ("samplerate", ctypes.c_int), ("channels", ctypes.c_int),
                ("format", ctypes.c_int), ("sections", ctypes.c_int), ("seekable", ctypes.c_int)]


def _library():
    library = ctypes.CDLL("libsndfile.so.1")
    library.sf_open.restype = ctypes.c_void_p
    library.sf_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    library.sf_write_short.restype = ctypes.c_int64
    library.sf_write_short.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    library.sf_write_float.restype = ctypes.c_int64
    library.sf_write_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    library.sf_readf_float.restype = ctypes.c_int64
    library.sf_readf_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    library.sf_command.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
    library.sf_close.argtypes = [ctypes.c_void_p]
    return library


LIBRARY = _library()


def encoded(samples, kind, rate=RATE, channels=2, variable=False):
    """The bytes of a file of a container and an encoding; of a variable rate where the encoding has one."""
    place = os.path.join(tempfile.mkdtemp(prefix="timbred-"), "sound")
    info = _Info(0, rate, channels, kind, 0, 0)
    handle = LIBRARY.sf_open(place.encode(), 0x20, ctypes.byref(info))
    if not handle:
        raise SystemExit("libsndfile does not write 0x%x" % kind)
    if variable:
        for command, value in ((COMPRESSION, ctypes.c_double(0.3)), (BITRATE_MODE, ctypes.c_int(2))):
            LIBRARY.sf_command(handle, command, ctypes.byref(value), ctypes.sizeof(value))
    write = LIBRARY.sf_write_short
    if kind & 0xFFF0000 == MPEG:
        # Its encoder takes numbers of 16 bits for something else.
        samples, write = array.array("f", [x / 32768 for x in samples]), LIBRARY.sf_write_float
    assert write(handle, samples.buffer_info()[0], len(samples)) == len(samples)
    LIBRARY.sf_close(handle)
    with open(place, "rb") as file:
        data = file.read()
    os.unlink(place)
    os.rmdir(os.path.dirname(place))
    return data


def _opened(path):
    info = _Info()
    handle = LIBRARY.sf_open(os.fsencode(path), 0x10, ctypes.byref(info))
    if not handle:
        raise SystemExit("libsndfile does not read %s" % path)
    return handle, info


def duration(path):
    """The seconds that a file says it has."""
    handle, info = _opened(path)
    LIBRARY.sf_close(handle)
    return info.frames / info.samplerate


def interleaved(path, most=math.inf):
    """The first seconds of a file as floats, channel by channel in each frame; the number of channels, and the rate."""
    handle, info = _opened(path)
    frames = int(min(info.frames, most * info.samplerate))
    room = (ctypes.c_float * (frames * info.channels))()
    count = LIBRARY.sf_readf_float(handle, room, frames)
    LIBRARY.sf_close(handle)
    return array.array("f", bytes(room))[:count * info.channels], info.channels, info.samplerate


def decoded(path):
    """The mean of a file's channels as floats, and their rate."""
    samples, channels, rate = interleaved(path)
    if channels == 1:
        return samples, rate
    return array.array("f", (sum(samples[n:n + channels]) / channels for n in range(0, len(samples), channels))), rate
