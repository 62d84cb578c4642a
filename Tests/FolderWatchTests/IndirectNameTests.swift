import FolderWatch
import Glibc
import SystemPackage
import TestFiles
import Testing

/// What changes without a word from the directory that it is in is seen by the time that a sync is answered.
struct IndirectNameTests {
    @Test("A hard link that is written through its other name", arguments: [false, true])
    func hardLink(restarts: Bool) throws {
        let place = try WatchedPlace(before: { place in
            try Disk.write(place.appending("root/x.wav"), aged: true)
            try Disk.link(place.appending("root/x.wav"), place.appending("other.wav"))
        })
        defer { place.close() }
        place.waitForStart()
        if restarts { try place.restart() }
        place.sync()
        place.wait(for: ["root/x.wav"])
        try Disk.write(place.place.appending("other.wav"), "RIFF longer than before")
        #expect(place.sync().contains(place.root.appending("x.wav")))
        place.wait(for: ["root/x.wav"])
    }

    @Test func aFileThatGetsALinkElsewhereLaterIsLookedAtToo() throws {
        let place = try WatchedPlace(before: { try Disk.write($0.appending("root/x.wav"), aged: true) })
        defer { place.close() }
        place.waitForStart()
        try Disk.link(place.root.appending("x.wav"), place.place.appending("other.wav"))
        place.sync()
        place.wait(for: ["root/x.wav"])
        try Disk.write(place.place.appending("other.wav"), "RIFF longer than before")
        #expect(place.sync().contains(place.root.appending("x.wav")))
    }

    @Test func aLinkThatCannotBeFollowedIsToldAsUnchanged() throws {
        let place = try WatchedPlace(followSymlinks: true) { place in
            // No file system has so long a name, so that nobody can say where it leads.
            try Disk.symlink(FilePath(String(repeating: "x", count: 300)), place.appending("root/x.wav"))
            try Disk.symlink("nowhere", place.appending("root/y.wav"))
        }
        defer { place.close() }
        place.waitForStart()
        let listings = place.known.changes.compactMap { if case .listed(let listing) = $0 { listing } else { nil } }
        #expect(listings.last?.unchanged == [Array("x.wav".utf8)])
        #expect(listings.last?.files == [])
    }

    @Test func aFileThatIsCutByItsNameIsLookedAt() throws {
        let place = try WatchedPlace(before: { try Disk.write($0.appending("root/x.wav"), aged: true) })
        defer { place.close() }
        place.waitForStart()
        #expect(unsafe truncate("\(place.root)/x.wav", 2) == 0)
        #expect(place.sync().contains(place.root.appending("x.wav")))
    }

    @Test func aLinkWhoseTargetComesChangesAndGoes() throws {
        let place = try WatchedPlace(
            followSymlinks: true,
            before: { place in
                try Disk.makeDirectory(place.appending("objects"))
                try Disk.symlink(place.appending("objects/a"), place.appending("root/x.wav"))
            })
        defer { place.close() }
        place.waitForStart()
        #expect(place.known.settled.isEmpty)
        try Disk.write(place.place.appending("objects/a"))
        #expect(place.sync().contains(place.root.appending("x.wav")))
        place.wait(for: ["root/x.wav"])
        try Disk.write(place.place.appending("objects/a"), "RIFF longer than before")
        #expect(place.sync().contains(place.root.appending("x.wav")))
        try Disk.unlink(place.place.appending("objects/a"))
        place.sync()
        #expect(place.known.settledCount + place.known.pendingCount == 0)
    }

    @Test func aLinkToADirectoryThatComesAndGoes() throws {
        let place = try WatchedPlace(
            followSymlinks: true, before: { try Disk.symlink($0.appending("disk"), $0.appending("root/kit")) })
        defer { place.close() }
        place.waitForStart()
        try Disk.makeDirectory(place.place.appending("disk"))
        try Disk.write(place.place.appending("disk/x.wav"), aged: true)
        place.sync()
        #expect(place.known.settled == [place.root.appending("kit/x.wav")])
        try Disk.rename(place.place.appending("disk"), place.place.appending("away"))
        place.sync()
        #expect(place.known.settledCount + place.known.pendingCount == 0)
    }
}
