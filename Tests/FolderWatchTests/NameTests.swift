import FolderWatch
import Platform
import SystemPackage
import TestFiles
import Testing

struct NameTests {
    @Test func namesAreBytes() throws {
        // The same letter composed and decomposed, invalid UTF-8, a newline, and the longest name.
        let names: [[UInt8]] = [
            Array("\u{E9}.wav".utf8), Array("e\u{301}.wav".utf8), [0x62, 0x80] + Array(".wav".utf8),
            [0x62, 0x81] + Array(".wav".utf8), Array("a\nb.wav".utf8),
            [UInt8](repeating: 0x78, count: 251) + Array(".wav".utf8),
        ]
        let place = try WatchedPlace(before: { place in
            try Disk.makeDirectory(FilePath(bytes: place.bytes + Array("/root/d".utf8) + [0xFF]))
        })
        defer { place.close() }
        place.waitForStart()
        var files: Set<FilePath> = []
        for name in names {
            for directory in [Array("root".utf8), Array("root/d".utf8) + [0xFF]] {
                let file = FilePath(bytes: directory + [0x2F] + name)
                files.insert(file)
                try Disk.write(place.place.pushing(file))
            }
        }
        #expect(files.count == 12)
        place.wait(for: files)
        place.watcher.rescan(nil)
        place.sync()
        place.wait(for: files)
    }

    @Test func onlyFilesThatMayBeAudioAreToldOf() throws {
        let place = try WatchedPlace(filter: NameFilter(exclude: [NamePattern("old*")]))
        defer { place.close() }
        place.waitForStart()
        for name in ["notes.txt", ".hidden.wav", "x.wav.part", "old.wav", "~x.wav"] {
            try Disk.write(place.root.appending(name))
        }
        for name in ["old stuff", ".git"] {
            try Disk.makeDirectory(place.root.appending(name))
            try Disk.write(place.root.appending("\(name)/x.wav"))
        }
        try Disk.makeFIFO(place.root.appending("pipe.wav"))
        try Disk.makeDirectory(place.root.appending("folder.wav"))
        try Disk.write(place.root.appending("good.WAV"))
        try Disk.symlink("good.WAV", place.root.appending("link.wav"))
        place.wait(for: ["root/good.WAV"])
        place.watcher.rescan(nil)
        place.sync()
        place.wait(for: ["root/good.WAV"])
        #expect(place.watcher.usage.folders.first?.watches == 2)
    }

    @Test func anotherFilterScansAgain() throws {
        let place = try WatchedPlace(before: { place in
            try Disk.makeDirectory(place.appending("root/old"))
            try Disk.write(place.appending("root/old/x.wav"), aged: true)
            try Disk.write(place.appending("root/y.wav"), aged: true)
        })
        defer { place.close() }
        place.wait(for: ["root/old/x.wav", "root/y.wav"])
        let cookies = place.place.appending("sync")
        place.watcher.apply(
            WatchSettings(filter: NameFilter(exclude: [NamePattern("old")]), cookieDirectory: cookies))
        place.wait(for: ["root/y.wav"])
        place.watcher.apply(WatchSettings(cookieDirectory: cookies))
        place.wait(for: ["root/old/x.wav", "root/y.wav"])
    }

    @Test func linksAreFollowedIfAsked() throws {
        let place = try WatchedPlace(
            followSymlinks: true,
            before: { place in
                try Disk.makeDirectory(place.appending("root/kit"))
                try Disk.makeDirectory(place.appending("outside/deep"))
                try Disk.write(place.appending("outside/deep/x.wav"), aged: true)
                try Disk.write(place.appending("outside/y.wav"), aged: true)
                try Disk.symlink("../outside", place.appending("root/out"))
                try Disk.symlink("../..", place.appending("root/kit/loop"))
                try Disk.symlink("nowhere", place.appending("root/broken.wav"))
            })
        defer { place.close() }
        place.waitForStart()
        let expected: Set<FilePath> = [
            "root/out/y.wav", "root/out/deep/x.wav", "root/kit/loop/outside/y.wav",
            "root/kit/loop/outside/deep/x.wav",
        ]
        place.wait(for: expected)
        try Disk.symlink("../outside/y.wav", place.root.appending("z.wav"))
        try Disk.symlink("../outside/deep", place.root.appending("later"))
        place.wait(for: expected.union(["root/z.wav", "root/later/x.wav"]))
        try Disk.unlink(place.root.appending("later"))
        place.wait(for: expected.union(["root/z.wav"]))
    }
}
