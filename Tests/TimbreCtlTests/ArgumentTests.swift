import ArgumentParser
import Testing

@testable import timbrectl

struct ArgumentTests {
    @Test(
        "Takes what it should",
        arguments: [
            "similar a.wav", "similar a.wav b.wav --not c.wav -n 3 --segments --at 1.2-2.0 --jsonl",
            "similar --code AAAAAAAAAAAAAAAAAAAAAA==", "similar - --format m3u",
            "similar a --metric codes --self --offline --sync", "similar a --darker --shorter=2x --same-key --lower=3",
            "similar a --metric timbre",
            "retrain --labels folder --force",
            "similar a --tag kick --tag artist=Tom --bpm 118-124 --key C#m --min-length 0.1 --max-length 2 --loops",
            "list --bpm 120 --one-shots", "random --key 12A",
            "similar a --under . --glob *kick* --min-duration 0.1 --max-duration 2 --channels 1 --since 2d --max-distance 4",
            "similar a --everywhere --strict -n 3", "similar a --everywhere --under two:/srv", "random --everywhere -0",
            "list --everywhere two:", "status --everywhere --json",
            "path a b", "path - b -n 100 --format m3u", "path a b --under /s --sync --offline -0", "path a a --jsonl",
            "map", "map --json", "map --again", "map --points", "map --points --jsonl", "map --points -0",
            "plot a", "plot a - --at 1.5-2 --only bands,wave --theme light --width 100", "plot a -o a.SVG --width 4000",
            "plot a b -o a.png --force", "plot a --json", "similar a --plot",
            "similar a --plot --format table --segments",
            "similar a --segments --likely --at 1:02-1:05.5 --min-duration 1:30 --max-duration 1:00:00",
            "similar a --segments --format audacity", "similar a --segments --format reaper --under tape.wav",
            "similar a --segments --format elan", "similar a --format csv", "explain a b --at 1:02-1:03",
            "explain a b --at 1-2 --at-a 0-1",
            "similar a --distinct --per-folder 2", "similar a b --rerank --not c --darker --max-distance 1 -n 100",
            "cut a 1-2 -o b", "cut a 1:02-1:03.5 1:34:07.2–1:34:09 -d c --margin 0.5 --force", "cut - -d c --json",
            "cut a 0-1 -o -",
            "explain a b", "explain - b --json", "random -n 3 --similar", "list", "list . --all -0", "info a",
            "status --json", "errors --jsonl", "retry",
            "retry a b",
            "watch add .", "watch remove .", "watch list -0", "scan . --wait", "sync", "pause", "resume",
            "reload --json",
            "retrain --dry-run --seed 3 --wait", "model list", "model show", "model use 2", "model export m.json",
            "model import m.json", "evaluate", "evaluate --labels folder --exclude-same folder --per-label 3 --seed 2",
            "evaluate --labels a.csv --by family --root . --exclude-same group --exclude-same pitch --worst --under .",
            "duplicates", "duplicates --near --under . -0",
            "duplicates --spares -0", "duplicates --near --spares --layers --keep path=*/a/* --keep oldest",
            "status --check",
            "status --check --max-failed 3", "status --format prometheus", "status --format json", "verify --queries 9",
            "prune --yes", "prune --offline .", "backup b.tar", "backup b.tar --force --json", "backup -",
            "restore b.tar", "restore - --copy --json", "rebase /a /b", "rebase /a . -n", "rebase a b --dry-run --json",
            "sync --socket /x", "similar a --open --copy", "random --copy", "favourite add a b", "favourite remove a",
            "favourite list -0 --open", "follow", "follow --like a.wav --max-distance 0.5 -0",
            "follow --jsonl --snapshot",
            "follow --since 12 --like a --like b",
            "similar a b --blend", "similar a --per-folder 2 --not-under . --not-under /s", "similar . -n 3",
            "compare a b", "compare a b -n 3", "compare a b --missing -0", "compare a b --offline --sync --jsonl",
            "odd", "odd . -n 3", "odd --max-duration 1 --not-under /s --jsonl", "odd --copy",
        ])
    func takes(line: String) throws {
        _ = try Timbrectl.parseAsRoot(ContrastOptions.joined(line.split(separator: " ").map(String.init)))
    }

    @Test(
        "Refuses what it should",
        arguments: [
            "similar a --blend", "similar a --code AAAAAAAAAAAAAAAAAAAAAA== --blend",
            "similar a b --blend --metric codes", "similar a --rerank --metric codes", "similar a --rerank --segments",
            "similar a b --rerank --blend", "similar --code AAAAAAAAAAAAAAAAAAAAAA== --rerank",
            "similar a --per-folder 0", "similar a --per-folder 2 --segments", "compare a", "compare a b c",
            "compare a b -n 0",
            "odd a b", "odd -n 0", "odd . --under .",
            "similar", "similar a -n 0", "similar a -n 10001", "similar a -n x", "similar a --metric bark",
            "similar a --strict", "similar a --everywhere --plot", "similar a --everywhere --format m3u",
            "random --everywhere --similar", "list --everywhere --all", "similar a --everywhere --open",
            "path a", "path - -", "path a b c", "path a b -n 1", "path a b -n 101", "path a b --format csv",
            "path a b --format m3u --json", "map a", "map -0", "map --jsonl", "map --again --points",
            "plot", "plot - -", "plot a -o a.jpg", "plot a -o svg", "plot a --at 2", "plot a --only bark",
            "plot a --only wave,",
            "plot a --width 39", "plot a -o a.svg --width 4001", "plot a -o a.svg --json", "plot a --theme blue",
            "plot a --force",
            "similar a --plot --json", "similar a --plot --format m3u", "similar a --plot -0",
            "retrain --labels csv",
            "similar --code AIAAAAAAAAAAQAAAAAAAEA== --metric timbre",
            "similar --code AAAA", "similar a --at 2-1", "similar a --at 1", "similar a --since 7", "similar - --not -",
            "similar a --max-distance inf", "similar a --max-distance nan", "similar a --max-distance 0x10",
            "similar a --max-distance 1e999", "similar a --min-duration nan", "similar a --max-duration infinity",
            "similar a -n 0x10", "similar a -n 99999999999999999999", "similar a -n 1e3", "similar a --at 0x1-0x2",
            "similar a --at 1-inf", "similar a --at 1:2-1:05", "similar a --min-duration 1:75",
            "similar a --bpm 0", "similar a --bpm 124-118", "similar a --bpm fast", "similar a --key H",
            "random --tag x=y",
            "random --tag artist=", "list --loops --one-shots", "list --min-length=-1",
            "similar a --channels 0x2", "retrain --seed 99999999999999999999",
            "similar a --max-distance=-1", "similar a --min-duration=-1", "similar a --channels 0",
            "similar a --json -0",
            "similar a --json --format m3u", "similar a --format elan", "similar a --format audacity",
            "similar a --format reaper", "explain a b --at 2-1", "cut a", "cut a 1-2", "cut a -o b", "cut a 2-1 -o b",
            "cut a 1-2 -o b -d c", "cut a 1-2 3-4 -o b", "cut - -o b", "cut - 1-2 -d c", "cut a 1-2 -o b --margin x",
            "cut a 1-2 -o - --json", "similar a --format xml", "info", "watch add", "model use",
            "verify --queries 0",
            "evaluate --by family", "evaluate --root .", "evaluate --exclude-same pitch", "evaluate --per-label 0",
            "evaluate --exclude-same label", "evaluate --metric loudness", "evaluate --seed=-1",
            "retrain --seed=-1", "random -n 0", "frob", "status --frob", "explain a", "explain - -", "explain a b c",
            "duplicates a", "duplicates --json -0", "duplicates --keep oldest",
            "duplicates --layers",
            "duplicates --spares --keep smallest", "errors --group -0", "status --check --json",
            "status --max-failed 3",
            "status --check --format json", "status --format xml", "status --check --max-failed=-1", "favourite add",
            "follow --jsonl -0",
            "follow --max-distance 1",
            "follow --like a --max-distance=-1", "follow --since=-1", "follow --snapshot --since 1",
            "follow --snapshot --like a", "follow a", "follow --like a --exec b",
        ])
    func refuses(line: String) {
        #expect(throws: (any Error).self) {
            _ = try Timbrectl.parseAsRoot(ContrastOptions.joined(line.split(separator: " ").map(String.init)))
        }
    }
}
