#!/usr/bin/env python3
"""make_seeds.py PLACE

Makes for each fuzzer a folder PLACE/NAME of inputs to begin with, and a dictionary PLACE/NAME.dict of what such inputs
are made of."""

import base64
import json
import re
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Quality"))
import made_archives  # noqa: E402

METHODS = re.findall(r"^method (\w+)", (ROOT / "Config/org.timbred.Library.varlink").read_text(), re.M)
WORDS = sorted(set(re.findall(r"\b[a-z_]{2,}\b(?=[:,)])", (ROOT / "Config/org.timbred.Library.varlink").read_text())))
SOUND = {"sample_count": 512, "duration": 0.5, "cepstra": base64.b64encode(bytes(60)).decode(),
         "bands": base64.b64encode(bytes(208)).decode()}
VALUES = {
    "Similar": {"queries": [{"path": "/s/a.wav"}, {"code": base64.b64encode(bytes(16)).decode()}, {"features": SOUND}],
                "at": {"start": 0, "end": 0.5}, "count": 3, "metric": "timbre", "segments": True, "max_distance": 2.5,
                "filter": {"under": "/s", "glob": "*.wav", "glob_bytes": "Ki53YXY=", "min_duration": 0, "channels": 2}},
    "Explain": {"a": {"path": "/s/a"}, "b": {"features": SOUND, "path": "/x"}},
    "List": {"directory": "/s", "directory_bytes": "L3P/", "all": True}, "Info": {"path": "/s/a", "path_bytes": "L3P/"},
    "Retry": {"files": [{"path": "/s/a"}]}, "Scan": {"directory": "/s", "wait": True}, "UseModel": {"model": "1"},
    "AddFolder": {"path": "/s"}, "ImportModel": {"document": "{}"}, "Retrain": {"seed": 1, "dry_run": True},
    "Evaluate": {"labels": [{"path": "/s/a", "label": "x"}], "exclude_same": ["folder"]},
    "Random": {"count": 2, "seed": 7}, "Prune": {"offline": "/s", "dry_run": True}, "Verify": {"queries": 1},
    "Backup": {"file": 0}, "Restore": {"file": 0, "copy": True},
    "Rebase": {"old": {"path": "/s"}, "new": {"path": "/t"}, "dry_run": True}}
FLOATS = [struct.pack("<f", value) for value in (1, -1, 1e-45, 3e38, float("inf"), float("nan"))]
FLOATS += [struct.pack(">d", value) for value in (0.5, -1, 1e-320, 1e308)] + [bytes(30), bytes([255] * 8)]
FILE = {"path": "/s/a", "path_bytes": "L3P/", "id": 1, "state": "indexed", "size": 1, "duration": 0.5,
        "sample_rate": 44100, "channels": 2, "format": "WAV", "content": "sha256:00", "spans": 1, "model": "sha256:00"}
REPLIES = [
    {"query": [{"path": "/s/a", "in_library": True, "duration": 1}], "metric": "codes", "model": "m", "complete": True,
     "near": True, "results": [{"rank": 1, "path": "/s/b", "distance": 1.5, "score": 0.5, "hamming": 1, "start": 0,
                                "end": 1, "duration": 1}]},
    {"files": [FILE]}, {"file": FILE, "added": 1, "modified": 1.5, "codes": [], "copies": [], "attempts": 1},
    {"state": "running", "stage": "x", "progress": {"done": 1, "total": 2, "seconds_left": 0.5}},
    {"groups": [{"kind": "exact", "wasted": 1, "files": [{"path": "/a", "size": 1, "content": "c"}]}]},
    {"queries": 1, "differences": [{"query": {"path": "/a"}, "rank": 1}], "seconds": 0.5}, {"changed": ["watch"]}]
WAVE64 = bytes.fromhex("f3acd3118cd100c04f8edb8a")
SUMMARY = bytes.fromhex("bc945f925a52d21186dc00c04f8edb8a")
CONFIGURATION = ['settle = "fast"', 'settle = 3', 'retrain = 1', '[retrain]\nseed = -1', 'watch = "x"', 'x.y = 1',
                 'watch = [\n"~/a", # b\n\'/c\']\nexclude = ["""\n*.x"""]\n[ "retrain" ]\n\'centroids\' = 0x7f',
                 'retrain = {seed = 1, centroids = 129}', '"a\\"b" = 1', 'a = 1979-05-27T07:32:00Z', '[[a]]\n[a.b]']


def packet(*parts):
    body = b"".join(parts)
    return struct.pack("<H", len(body)) + body


def text(value):
    return struct.pack("<I", len(value)) + value


def model():
    """A model of two centroids, as the definition's own save_model writes it."""
    file = json.loads((ROOT / "Config/timbre-model.json").read_text())
    file.pop("timbred")
    file["spec"]["k"], file["shape"] = 2, [2, 13]
    key = next(key for key in file if "centroids" in key)
    file[key] = base64.b64encode(struct.pack("<26f", *range(26))).decode()
    return file


def with_distances(file):
    quantiles = base64.b64encode(struct.pack("<3f", 0, 1, 2)).decode()
    return {**file, "timbred": {"file_distance_quantiles_f32le_base64": quantiles,
                                "span_distance_quantiles_f32le_base64": quantiles, "identifier": "sha256:00",
                                "provenance": {"created": 1, "frames": 1, "files": 1, "seed": 1}}}


def quoted(word):
    """A word as dictionaries have it."""
    word = word.encode() if isinstance(word, str) else word
    return '"%s"' % "".join(chr(b) if chr(b).isascii() and chr(b).isalnum() else "\\x%02x" % b for b in word)


def seeds():
    calls = [json.dumps({"method": "org.timbred.Library." + m, "parameters": VALUES.get(m, {}), "more": True}).encode()
             + b"\0" for m in METHODS]
    calls += [json.dumps({"method": "org.varlink.service.GetInterfaceDescription", "oneway": False,
                          "parameters": {"interface": "org.timbred.Library"}}).encode() + b"\0", b"\0", b"{}\0"]
    yield "Calls", calls + [b"".join(calls[:4])], WORDS + METHODS + ["org.varlink.service.", "org.timbred.Library.",
                                                                     "oneway", "upgrade", "more", "\\u0000", "1e999"]
    replies = [json.dumps({"parameters": r, "continues": True}).encode() for r in REPLIES]
    replies += [json.dumps({"error": "org.timbred.Library.NotIndexed", "parameters": {"path": "/a"}}).encode()]
    yield "Replies", replies, WORDS + ["continues", "error", "parameters", "1e308"]
    files = [model(), with_distances(model())]
    yield ("Model", [json.dumps(file).encode() for file in files],
           sorted({key for file in files for key in [*file, *file["spec"], *file.get("timbred", {})]})
           + ["transform", "mean_f32le_base64", "AACAf", "//8="])
    keys = ["watch", "exclude", "follow_symlinks", "settle", "workers", "max_file_duration", "retrain", "centroids",
            "seed", "true", "250ms", "1h", "~/", "[[", "]]", "\"\"\"", "'''", "\\u0041", "0x", "inf", "nan", "1e9"]
    shipped = (ROOT / "Config/timbred.toml").read_bytes()
    yield "Configuration", [shipped, re.sub(b"(?m)^#", b"", shipped)] + [c.encode() for c in CONFIGURATION], keys
    number, digest = struct.pack("<Q", 7), text(bytes(32))
    yield "Worker", [
        packet(number, b"\1") + packet(number, b"\2", text(bytes([255, 127] + [0] * 26 + [128, 63]) * 2),
                                       text(bytes([0, 0, 128, 63] + [9] * 100) * 2))
        + packet(number, b"\3", struct.pack("<4Q", 44100, 2, 9, 5), b"\1", text(b"WAV"))
        + packet(number, b"\4", digest, number), packet(number, b"\5", b"\3", text(b"damaged"), digest),
        packet(number, struct.pack("<d", 3600), b"\2")], FLOATS
    tagged = sorted((ROOT / "Tests/AudioDecodingTests/Tagged").iterdir())
    chunk = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + bytes(16) + b"data\x10\0\0\0" + bytes(16)
    yield "Parsers", [
        b"36 35 98:0 / /mnt/a\\040b rw - ext4 /dev/x rw\n37 36 0:5 / /mnt rw - tmpfs t rw\n\x00", b"*.[a-c!]x\0ab.bx\1",
        bytes(range(64)) + b"\2", chunk + b"\3", chunk.replace(b"RIFF", b"RF64") + b"\3", b"FORM" + chunk[4:] + b"\3",
        b".snd" + bytes(40) + b"\3", b"riff" + bytes(40) + b"\3", b"QUJD\4", b"caf\xe9/\xc3\xa4\7",
        chunk + b"\5", chunk.replace(b"RIFF", b"BW64") + b"\5", b"caff\0\1\0\0data" + bytes(40) + b"\5",
        b"OggS\0\2" + bytes(20) + b"\1\7\1vorbis\5", b"fLaC\x80\0\0\x22" + bytes(60) + b"\5",
        chunk + b"LIST\x10\0\0\0INFOINAM\4\0\0\0name" + b"acid\x18\0\0\0" + bytes(24) + b"smpl\x3c\0\0\0" + bytes(60)
        + b"iXML\x12\0\0\0<NOTE>a&amp;</NOTE>\6", b"ID3\4\0\0\0\0\0\x20TIT2\0\0\0\5\0\0\1\xff\xfea\0" + bytes(60) + b"\6",
        b"ID3\3\0\x80\0\0\0\x20COMM\0\0\0\7\0\0\0engd\0c" + bytes(60) + b"TAG" + bytes(125) + b"\6",
        b"fLaC\x84\0\0\x18\2\0\0\0xx\1\0\0\0\7\0\0\0TITLE=a" + bytes(20) + b"\6",
        b"FORM\0\0\0\0AIFFCOMM\0\0\0\x12" + bytes(18) + b"SSND\0\0\0\x10" + bytes(16) + b"NAME\0\0\0\2abINST\0\0\0\x14"
        + bytes(20) + b"\6",
        b"OggS\0\2" + bytes(20) + b"\1\7\1vorbisOggS\0\0" + bytes(20) + b"\1\x20\3vorbis\1\0\0\0x\1\0\0\0\5\0\0\0BPM=9" + b"\6",
        *(path.read_bytes() + b"\6" for path in tagged),
        b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\4\xc1\0\0" + bytes(8) + b"wave" + WAVE64 + SUMMARY
        + b"\x2c\0\0\0\0\0\0\0\1\0\0\0INAM\4\0\0\0a\0\0\0" + bytes(4) + b"bext" + WAVE64
        + b"\x20\0\0\0\0\0\0\0note\0\0\0\0\6",
        b"\0\0\0\x10ftypM4A \0\0\0\0\0\0\0\x48moov\0\0\0\x40udta\0\0\0\x38meta\0\0\0\0\0\0\0\x2cilst\0\0\0\x24\xa9nam"
        b"\0\0\0\x1cdata\0\0\0\1\0\0\0\0abcd\6",
        (b"\xff\xfb\x10\x64" + bytes(100)) * 4 + b"\5", b"\0\0\0\x10ftypM4A \0\0\0\0\0\0\0\x20moov" + bytes(24) + b"\5"], [
            "LIST", "INFO", "INAM", "bext", "iXML", "acid", "smpl", "TIT2", "COMM", "APETAGEX", "caff", "info", WAVE64, SUMMARY,
            b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67", b"\x11\x4d\x9b\x74", b"\x73\x73", b"\x67\xc8",
            b"\x45\xa3", b"\x44\x87", "TAG", "TAG+", "3DI", "LYRICS200", "MARK", "INST", "ilst",
            "RIFF", "RF64", "RIFX", "FORM", "SSND", "data", "ds64", "OggS", "fLaC", "Xing", "ID3", "moov", "stsd", "mp4a", "[!", "\\\\"]
    files = sorted((ROOT / "Tests/AudioDecodingTests/Foreign").iterdir())
    yield "Foreign", [path.read_bytes() for path in files] + [b"#!AMR\n" + (b"\x3c" + bytes(range(31))) * 9], [
        "ftyp", "moov", "trak", "mdia", "stbl", "stsd", "stsz", "stsc", "stco", "stts", "elst", "esds", "mp4a", "alac", "wvpk",
        "A_OPUS", "A_AAC", "A_FLAC", "TTA1", "MAC ", "#!AMR"]
    members = [("a.wav", bytes(50)), ("k/b.wav", bytes(range(200))), ("c.wav", bytes(3000))]
    yield "Archives", [made_archives.make(form, members) for form in made_archives.FORMS], ["PK", "7z", "ustar", "BZh9", "7zXZ", "../", "././@LongLink"]
    host = b"Host: 127.0.0.1:1\r\n"
    yield "Requests", [
        b"GET / HTTP/1.1\r\n" + host + b"\r\n", b"HEAD /page.js?a=b HTTP/1.1\r\n" + host + b"Range: bytes=0-9\r\n\r\n",
        b"POST /api/enter HTTP/1.1\r\n" + host + b"Content-Length: 12\r\n\r\n{\"code\":\"x\"}",
        b"POST /api/similar HTTP/1.1\r\n" + host + b"Authorization: Bearer x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"bytes=-5\n", b"{\"like\":[{\"path\":\"/a\"},{\"heard\":\"x\"}],\"count\":3,\"places\":true}",
        b"{\"words\":[\"a\"],\"not\":[],\"folders\":[],\"count\":9}", b"{\"since\":\"1-1\"}", b"{\"numbers\":[1,9007199254740993,-1]}",
        b"{\"of\":\"brightness\"}", b"{\"paths\":[{\"path\":\"/a\"},{\"path\":\"/\",\"path_bytes\":\"L/8=\"}],\"marked\":true}",
        b"{\"from\":{\"path\":\"/a\"},\"to\":{\"heard\":\"x\"},\"count\":12}",
        b"GET /page.js HTTP/1.1\r\n" + host + b"Accept-Encoding: gzip, deflate;q=0.5\r\n\r\n",
        b"{\"sound\":{\"code\":\"AAAAAAAAAAAAAAAAAAAAAA==\"},\"width\":9,\"theme\":\"dark\",\"lanes\":[\"bands\"]}",
        chunk], ["Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Origin: http://", "Content-Length: ", "Connection: close",
                 "HTTP/1.0", "Expect: 100-continue", "Range: bytes=", "Cookie: a=b", "\\r\\n", "%00", "/sound/", "?from=1&to=2",
                 "Accept-Encoding: deflate", "numbers", "paths", "path_bytes", "marked", "since", "age"]
    yield "Queries", [bytes([0, 2, 2, 40]) + bytes(range(256)) * 20, bytes([1, 2, 35]) + bytes(range(255)) * 40], FLOATS


def main():
    place = Path(sys.argv[1])
    for name, inputs, words in seeds():
        (place / name).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(inputs):
            (place / name / ("seed-%02d" % number)).write_bytes(content)
        (place / (name + ".dict")).write_text("".join(quoted(word) + "\n" for word in words))


if __name__ == "__main__":
    main()
