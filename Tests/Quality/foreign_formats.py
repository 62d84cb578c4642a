"""Formats that libsndfile does not decode and FFmpeg does, and how FFmpeg's own program makes a file of each."""

import subprocess
from pathlib import Path
from typing import NamedTuple


class Format(NamedTuple):
    # The end of the file's name, and what is written in front of it to tell two of the same end apart.
    name: str
    # What ffmpeg is told.
    options: str
    # Whether each sample comes back as it was.
    is_lossless: bool = False

    @property
    def suffix(self):
        return self.name[self.name.rindex("."):]


FORMATS = [Format(*f) for f in (
    ("alac.m4a", "-c:a alac", True), ("alac24.m4a", "-c:a alac -sample_fmt s32p", True), ("flac.mp4", "-c:a flac -strict -2", True),
    ("wavpack.wv", "-c:a wavpack", True), ("wavpack24.wv", "-c:a wavpack -sample_fmt s32p", True),
    ("wavpack float.wv", "-c:a wavpack -sample_fmt fltp", True), ("hard.wv", "-c:a wavpack -compression_level 4", True),
    ("tta.tta", "-c:a tta", True), ("tta24.tta", "-c:a tta -sample_fmt s32", True), ("flac.mka", "-c:a flac", True),
    ("pcm.mka", "-c:a pcm_s16le", True), ("pcm24.mka", "-c:a pcm_s24le", True), ("float.mka", "-c:a pcm_f32le", True),
    ("wavpack.mka", "-c:a wavpack", True), ("tta.mka", "-c:a tta", True), ("alac.mka", "-c:a alac", True),
    ("pcm.mov", "-c:a pcm_s16be", True), ("pcm24.mov", "-c:a pcm_s24le", True), ("alac.mov", "-c:a alac", True),
    ("flac.mkv", "-c:a flac", True), ("pcm.avi", "-c:a pcm_s16le", True),
    ("aac.m4a", "-c:a aac -b:a 160k"), ("faststart.m4a", "-c:a aac -b:a 160k -movflags faststart"),
    ("fragments.m4a", "-c:a aac -b:a 160k -movflags frag_keyframe+empty_moov -frag_duration 400000"),
    ("aac.mp4", "-c:a aac -b:a 160k"), ("mp3.mp4", "-c:a libmp3lame -b:a 160k"), ("opus.mp4", "-c:a libopus -b:a 128k -strict -2"),
    ("adts.aac", "-c:a aac -b:a 160k"), ("latm.loas", "-c:a aac -b:a 160k -f latm"), ("aac.mov", "-c:a aac -b:a 160k"),
    ("ima.mov", "-c:a adpcm_ima_qt"), ("ac3.mov", "-c:a ac3 -b:a 192k"), ("wma.wma", "-c:a wmav2 -b:a 160k"),
    ("older.wma", "-c:a wmav1 -b:a 160k"), ("opus.mka", "-c:a libopus -b:a 128k"), ("vorbis.mka", "-c:a libvorbis -q:a 5"),
    ("mp3.mka", "-c:a libmp3lame -b:a 160k"), ("opus.weba", "-c:a libopus -b:a 128k -f webm"),
    ("vorbis.webm", "-c:a libvorbis -q:a 5"), ("ac3.ac3", "-c:a ac3 -b:a 192k"), ("eac3.eac3", "-c:a eac3 -b:a 192k"),
    ("dts.dts", "-c:a dca -strict -2 -b:a 768k"), ("ac3.wav", "-c:a ac3 -b:a 192k"), ("mp2.mpg", "-c:a mp2 -b:a 192k -f mpeg"),
    ("aac.ts", "-c:a aac -b:a 160k"), ("mp3.flv", "-c:a libmp3lame -b:a 160k"), ("ac3.rm", "-c:a ac3 -b:a 192k"),
    ("mp2.avi", "-c:a mp2 -b:a 192k"),
)]

# The extensions of films among them.
VIDEO = ["mp4", "mov", "mkv", "avi", "webm", "mpg", "ts", "flv", "rm"]


def make(source, folder, form, name=None):
    """Makes a file of a format out of a sound, and returns its path."""
    path = Path(folder) / (name or form.name)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(source), "-map_metadata", "-1", *form.options.split(), str(path)],
                   check=True, stdin=subprocess.DEVNULL)
    return path


def phone_call(chance, frames, wide=False):
    """A file of AMR, of which FFmpeg has no encoder: any bits are sound in it."""
    kind, size = (8, 60) if wide else (7, 31)
    head = b"#!AMR-WB\n" if wide else b"#!AMR\n"
    return head + b"".join(bytes([kind << 3 | 4]) + chance.randbytes(size) for _ in range(frames))
