import FolderWatch
import SystemPackage
import TestFiles
import Testing

struct TreeTests {
    @Test func whatIsThereAtTheStartIsListed() throws {
        let place = try WatchedPlace(before: { place in
            try Disk.makeDirectory(place.appending("root/kit/low"))
            try Disk.write(place.appending("root/kit/low/kick.wav"), aged: true)
            try Disk.write(place.appending("root/notes.txt"), aged: true)
        })
        defer { place.close() }
        place.waitForStart()
        #expect(place.known.settled == [place.root.appending("kit/low/kick.wav")])
        #expect(place.known.directories.count == 3)
        #expect(place.known.scansOpen == 0)
        #expect(place.known.scansCompleted == 1)
        #expect(place.known.status[place.root]?.mode == .inotify)
        #expect(place.watcher.usage.folders.first?.watches == 3)
    }

    @Test func aWrittenFileIsPendingThenSettled() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        let file = place.root.appending("bell.wav")
        try Disk.write(file)
        place.wait(for: ["root/bell.wav"])
        let told = place.known.changes.filter { [.pending(file), .settled(file)].contains($0) }
        #expect(told == [.pending(file), .settled(file)])
    }

    @Test func aFileThatIsHeldOpenWaitsForItsClosing() throws {
        let place = try WatchedPlace(settle: .milliseconds(1))
        defer { place.close() }
        place.waitForStart()
        let path = place.root.appending("take.wav")
        let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
        _ = try file.writeAll([1, 2, 3])
        // A sync does not wait for what nobody knows when it will be complete.
        #expect(place.sync() == [])
        // Other files settle meanwhile: it is not only too early.
        try Disk.write(place.root.appending("other.wav"))
        place.wait { $0.settled == [place.root.appending("other.wav")] }
        #expect(place.known.pending == [path])
        try file.close()
        place.wait(for: ["root/take.wav", "root/other.wav"])
    }

    @Test func aTreeThatIsCopiedIsFoundWhole() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        var files: Set<FilePath> = []
        for a in 0..<3 {
            for b in 0..<3 {
                for c in 0..<3 {
                    let directory = FilePath("root/copy/\(a)/\(b)/\(c)")
                    try Disk.makeDirectory(place.place.pushing(directory))
                    for name in ["kick.wav", "snare.flac"] {
                        try Disk.write(place.place.pushing(directory).appending(name), aged: true)
                        files.insert(directory.appending(name))
                    }
                }
            }
        }
        place.wait(for: files)
    }

    @Test func filesInDirectoriesMadeAtTheSameTimeAreNeverMissed() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        var files: Set<FilePath> = []
        for number in 0..<200 {
            let directory = FilePath("root/a\(number)/b/c/d")
            try Disk.makeDirectory(place.place.pushing(directory))
            try Disk.write(place.place.pushing(directory).appending("x.wav"))
            files.insert(directory.appending("x.wav"))
        }
        place.wait(for: files)
    }

    @Test func veryDeepTreesAreEntered() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        var directory = FilePath("root")
        for _ in 0..<60 { directory.append(FilePath.Component(String(repeating: "d", count: 40)) ?? "d") }
        try Disk.makeDirectory(place.place.pushing(directory))
        try Disk.write(place.place.pushing(directory).appending("deep.wav"))
        place.wait(for: [directory.appending("deep.wav")])
    }

    @Test func aDirectoryDeletedAndMadeAgainIsWatchedAgain() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        let directory = place.root.appending("kit")
        for round in 0..<20 {
            Disk.remove(directory)
            try Disk.makeDirectory(directory)
            if round % 2 == 0 { place.sync() }
            try Disk.write(directory.appending("\(round).wav"))
        }
        place.wait(for: ["root/kit/19.wav"])
    }

    @Test func aDeletedTreeIsGone() throws {
        let place = try WatchedPlace(before: { place in
            try Disk.makeDirectory(place.appending("root/kit/low"))
            try Disk.write(place.appending("root/kit/low/kick.wav"), aged: true)
        })
        defer { place.close() }
        place.waitForStart()
        Disk.remove(place.root.appending("kit"))
        place.wait(for: [])
        #expect(place.known.changes.contains(.gone(place.root.appending("kit/low/kick.wav"), isDirectory: false)))
        place.sync()
        #expect(place.watcher.usage.folders.first?.watches == 1)
    }
}
