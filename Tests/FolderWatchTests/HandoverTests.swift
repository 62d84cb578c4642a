import FolderWatch
import Glibc
import SystemPackage
import TestFiles
import Testing

struct HandoverTests {
    private func isScan(_ change: FolderChange) -> Bool {
        switch change {
        case .scanBegan, .listed: true
        default: false
        }
    }

    @Test func whatHappensBetweenTwoWatchersIsToldWithoutAScan() throws {
        let place = try WatchedPlace(before: { place in
            for name in ["kept", "deleted", "renamed", "rewritten", "kit/moved"] {
                try Disk.makeDirectory(place.appending("root/kit"))
                try Disk.write(place.appending("root").pushing(FilePath(name + ".wav")), aged: true)
            }
        })
        defer { place.close() }
        place.waitForStart()
        let before = place.known.changes.count
        try place.restart {
            try Disk.unlink(place.root.appending("deleted.wav"))
            try Disk.rename(place.root.appending("renamed.wav"), place.root.appending("again.wav"))
            try Disk.write(place.root.appending("rewritten.wav"), "other")
            try Disk.write(place.root.appending("new.wav"))
            try Disk.rename(place.root.appending("kit"), place.root.appending("box"))
            try Disk.write(place.root.pushing("box/late.wav"))
        }
        place.wait(
            for: ["kept", "again", "rewritten", "new", "box/moved", "box/late"].reduce(into: []) {
                $0.insert(FilePath("root/\($1).wav"))
            })
        let news = place.known.changes[before...]
        #expect(news.contains { if case .continued(let s) = $0 { s.root == place.root } else { false } })
        // The folder that was renamed is listed, as ever; nothing else is.
        #expect(!news.contains { if case .scanBegan(let top) = $0 { top == place.root } else { false } })
        #expect(!news.contains { if case .listed(let list) = $0 { list.directory == place.root } else { false } })
        #expect(place.known.settled.count == 6)
        #expect(place.watcher.usage.watches > 0)
    }

    @Test func afterARestartNothingIsListed() throws {
        let place = try WatchedPlace(before: { place in
            try Disk.makeDirectory(place.appending("root/kit/deep"))
            try Disk.write(place.appending("root/kit/deep/x.wav"), aged: true)
        })
        defer { place.close() }
        place.waitForStart()
        let (before, watches) = (place.known.changes.count, place.watcher.usage.watches)
        // A sync would look through so small a folder; the event of a file shows as well that all before was told.
        for name in ["1", "2", "3"] {
            try place.restart()
            try Disk.write(place.root.appending("kit/deep/\(name).wav"))
            place.wait { $0.settled.contains(place.root.appending("kit/deep/\(name).wav")) }
        }
        #expect(!place.known.changes[before...].contains(where: isScan))
        #expect(place.watcher.usage.watches == watches)
        place.wait(for: Set(["x", "1", "2", "3"].map { FilePath("root/kit/deep/\($0).wav") }))
    }

    @Test func oneFoldersAnchorIsAnothersContent() throws {
        // The first lies in the second, and is not seen there.
        let place = try WatchedPlace(
            ["root/.hidden", "root"], filter: NameFilter(exclude: [NamePattern(".*")]))
        defer { place.close() }
        place.waitForStart()
        try place.restart()
        place.sync()
        for file in ["root/.hidden/x.wav", "root/y.wav"] as [FilePath] { try Disk.write(place.place.pushing(file)) }
        place.wait(for: ["root/.hidden/x.wav", "root/y.wav"])
    }

    @Test("What was mounted anew meanwhile is looked through", arguments: ["root", "root/disk"] as [FilePath])
    func mountedAnew(point: FilePath) throws {
        let place = try WatchedPlace(before: { try Disk.makeDirectory($0.appending("root/disk")) })
        defer { place.close() }
        place.waitForStart()
        let disk = place.place.pushing(point)
        func mountDisk() -> Bool {
            unsafe disk.withPlatformString { unsafe mount("none", $0, "tmpfs", 0, nil) } == 0
        }
        // Where mounting is not allowed, there is nothing to be tested.
        guard mountDisk() else { return }
        defer { _ = unsafe disk.withPlatformString { unsafe umount2($0, Int32(MNT_DETACH)) } }
        try Disk.write(disk.appending("before.wav"))
        place.wait { $0.settled.contains(disk.appending("before.wav")) }
        try place.restart {
            #expect(unsafe disk.withPlatformString { unsafe umount2($0, 0) } == 0)
            #expect(mountDisk())
            try Disk.write(disk.appending("anew.wav"))
        }
        place.wait { $0.settled.contains(disk.appending("anew.wav")) }
        try Disk.write(disk.appending("after.wav"))
        place.wait { $0.settled.contains(disk.appending("after.wav")) }
        #expect(place.known.status[place.root]?.mode == .inotify)
    }

    @Test func aFileThatSomebodyWasWritingIsWaitedForAsBefore() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        let slow = place.root.appending("slow.wav")
        let file = try FileDescriptor.open(slow, .writeOnly, options: [.create], permissions: .ownerReadWrite)
        place.sync()
        try place.restart()
        place.sync()
        #expect(place.known.pending == [slow])
        try place.restart { try file.close() }
        place.wait(for: ["root/slow.wav"])
    }

    @Test func whatNobodyHadTakenInIsLookedAtAgain() throws {
        let place = try WatchedPlace(
            ["root", "second"], before: { try Disk.write($0.appending("root/x.wav"), aged: true) })
        defer { place.close() }
        place.waitForStart()
        let (before, x) = (place.known.changes.count, place.root.appending("x.wav"))
        try place.restart(change: { state in
            state.hold([x])
            state.rescan([place.place.appending("second/kit")])
        })
        place.sync()
        place.wait { $0.changes[before...].contains(.settled(x)) }
        let tops = place.known.changes[before...].compactMap { if case .scanBegan(let top) = $0 { top } else { nil } }
        #expect(tops == [place.place.appending("second")])
    }

    @Test func aFolderThatIsAnotherOneIsScanned() throws {
        let place = try WatchedPlace(before: { try Disk.write($0.appending("root/x.wav"), aged: true) })
        defer { place.close() }
        place.waitForStart()
        try place.restart {
            try Disk.rename(place.root, place.place.appending("away"))
            try Disk.makeDirectory(place.root)
            try Disk.write(place.root.appending("y.wav"), aged: true)
        }
        place.wait { $0.settled.contains(place.root.appending("y.wav")) }
        place.sync()
        try Disk.write(place.place.appending("away/z.wav"))
        place.sync()
        #expect(!place.known.changes.contains(.pending(place.root.appending("z.wav"))))
    }

    @Test(.disabled(if: unsafe getenv("TSAN_OPTIONS") != nil, "too slow under the thread sanitizer"))
    func aFloodBetweenTwoWatchersLosesNothing() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        let names = (0..<17000).map { Array("\(place.root)/\($0 % 100)-\($0).wav".utf8) }
        try place.restart {
            #expect(names.allSatisfy(Disk.touch))
            for name in names.dropFirst(50) { Disk.unlink(name) }
        }
        place.wait { $0.overflows > 0 }
        place.sync()
        place.wait(for: Set((0..<50).map { FilePath("root/\($0 % 100)-\($0).wav") }))
    }

    @Test func stateThatIsDamagedIsRefused() throws {
        let place = try WatchedPlace(before: { try Disk.makeDirectory($0.appending("root/kit")) })
        defer { place.close() }
        place.waitForStart()
        var bytes: [UInt8] = []
        try place.restart(change: { bytes = $0.bytes })
        for length in 0..<bytes.count { #expect(WatchState(parsing: Array(bytes[..<length])) == nil) }
        #expect(WatchState(parsing: bytes + [0]) == nil)
        #expect(WatchState(parsing: bytes) != nil)
    }

    @Test func onlyAQueueIsAdopted() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        var state: WatchState?
        try place.restart(change: { state = $0 })
        let file = try FileDescriptor.open(FilePath("/dev/null"), .readOnly)
        #expect(WatchHandover(adopting: file, state: try #require(state)) == nil)
    }
}
