import FolderWatch
import SystemPackage
import TestFiles
import Testing

struct RenameTests {
    private func makeKit(_ place: FilePath) throws {
        try Disk.makeDirectory(place.appending("root/a/b/c"))
        try Disk.makeDirectory(place.appending("root/other"))
        try Disk.makeDirectory(place.appending("outside"))
        try Disk.write(place.appending("root/a/b/c/kick.wav"), aged: true)
    }

    @Test func aRenamedFileIsMoved() throws {
        let place = try WatchedPlace(before: makeKit)
        defer { place.close() }
        place.waitForStart()
        let old = place.root.appending("a/b/c/kick.wav")
        let new = place.root.appending("other/kick 2.wav")
        try Disk.rename(old, new)
        place.wait { $0.changes.contains(.settled(new)) }
        #expect(place.known.changes.contains(.moved(from: old, to: new, isDirectory: false)))
        #expect(!place.known.changes.contains(.gone(old, isDirectory: false)))
        #expect(place.known.settled == [new])
    }

    @Test func aRenamedDirectoryTakesItsFilesAlongAndStaysWatched() throws {
        let place = try WatchedPlace(before: makeKit)
        defer { place.close() }
        place.waitForStart()
        try Disk.rename(place.root.appending("a/b/c"), place.root.appending("a/b/z"))
        try Disk.write(place.root.appending("a/b/z/new.wav"))
        place.wait(for: ["root/a/b/z/kick.wav", "root/a/b/z/new.wav"])
        let move = FolderChange.moved(
            from: place.root.appending("a/b/c"), to: place.root.appending("a/b/z"), isDirectory: true)
        #expect(place.known.changes.contains(move))
        try Disk.rename(place.root.appending("a"), place.root.appending("other/a"))
        try Disk.write(place.root.appending("other/a/b/z/newer.wav"))
        place.wait(for: [
            "root/other/a/b/z/kick.wav", "root/other/a/b/z/new.wav", "root/other/a/b/z/newer.wav",
        ])
        place.sync()
        #expect(place.watcher.usage.folders.first?.watches == 5)
    }

    @Test func whatIsMovedOutIsGoneAndNoLongerWatched() throws {
        let place = try WatchedPlace(before: makeKit)
        defer { place.close() }
        place.waitForStart()
        try Disk.rename(place.root.appending("a"), place.place.appending("outside/a"))
        place.wait(for: [])
        place.sync()
        #expect(place.watcher.usage.folders.first?.watches == 2)
        let before = place.known.changes.count
        try Disk.write(place.place.appending("outside/a/b/c/late.wav"))
        place.sync()
        #expect(place.known.changes[before...].allSatisfy { if case .drained = $0 { true } else { false } })
        try Disk.rename(place.place.appending("outside/a"), place.root.appending("back"))
        place.wait(for: ["root/back/b/c/kick.wav", "root/back/b/c/late.wav"])
    }

    @Test func aFileMovedInHasSettledSoonWithoutAClosing() throws {
        let place = try WatchedPlace(before: makeKit)
        defer { place.close() }
        place.waitForStart()
        try Disk.write(place.place.appending("outside/in.wav"), aged: true)
        try Disk.rename(place.place.appending("outside/in.wav"), place.root.appending("in.wav"))
        place.wait(for: ["root/a/b/c/kick.wav", "root/in.wav"])
    }

    @Test func aFinishedDownloadAppearsAndABackupIsGone() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        let part = place.root.appending("x.wav.part")
        try Disk.write(part)
        try Disk.rename(part, place.root.appending("x.wav"))
        place.wait(for: ["root/x.wav"])
        #expect(!place.known.changes.contains { if case .moved = $0 { true } else { false } })
        try Disk.rename(place.root.appending("x.wav"), place.root.appending("x.bak"))
        place.wait(for: [])
    }

    @Test func aFileThatReplacesAnotherSettlesAgain() throws {
        let place = try WatchedPlace(before: { place in try Disk.write(place.appending("root/x.wav"), aged: true) })
        defer { place.close() }
        place.waitForStart()
        try Disk.write(place.root.appending(".x.wav.aB3dE9"), "other", aged: true)
        try Disk.rename(place.root.appending(".x.wav.aB3dE9"), place.root.appending("x.wav"))
        place.wait { $0.changes.contains(.settled(place.root.appending("x.wav"))) }
    }

    @Test func aHardLinkHasSettledSoon() throws {
        let place = try WatchedPlace(before: makeKit)
        defer { place.close() }
        place.waitForStart()
        try Disk.link(place.root.appending("a/b/c/kick.wav"), place.root.appending("link.wav"))
        place.wait(for: ["root/a/b/c/kick.wav", "root/link.wav"])
    }

    @Test func aMoveBetweenFoldersIsAMove() throws {
        let place = try WatchedPlace(["root", "second"], before: makeKit)
        defer { place.close() }
        place.waitForStart()
        try Disk.rename(place.root.appending("a"), place.place.appending("second/a"))
        try Disk.write(place.place.appending("second/a/b/c/new.wav"))
        place.wait(for: ["second/a/b/c/kick.wav", "second/a/b/c/new.wav"])
        #expect(
            place.known.changes.contains(
                .moved(from: place.root.appending("a"), to: place.place.appending("second/a"), isDirectory: true)))
        place.sync()
        #expect(place.watcher.usage.folders.map(\.watches) == [2, 4])
    }
}
