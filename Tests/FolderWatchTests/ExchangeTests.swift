import FolderWatch
import SystemPackage
import TestFiles
import Testing

/// Two names that change places in one step, as `mv --exchange` does it: the kernel tells of two moves, when both are done.
struct ExchangeTests {
    private func make(_ place: FilePath) throws {
        try Disk.makeDirectory(place.appending("root/drums.wav/loud"))
        try Disk.write(place.appending("root/drums.wav/loud/tom.wav"), aged: true)
        try Disk.write(place.appending("root/kick.wav"), aged: true)
        try Disk.write(place.appending("root/snare.wav"), aged: true)
    }

    @Test func bothFilesThatAreExchangedSettleAgain() throws {
        let place = try WatchedPlace(before: make)
        defer { place.close() }
        place.waitForStart()
        let names = ["kick.wav", "snare.wav"].map { place.root.appending($0) }
        try Disk.exchange(names[0], names[1])
        place.wait { known in names.allSatisfy { known.changes.contains(.settled($0)) } }
        place.wait(for: ["root/kick.wav", "root/snare.wav", "root/drums.wav/loud/tom.wav"])
    }

    /// A sync waits for what is complete, and not for what somebody has open: neither takes the other's part.
    @Test(arguments: [false, true]) func aWriterStaysWithItsFile(writtenFirst: Bool) throws {
        let place = try WatchedPlace(settle: .seconds(600), before: make)
        defer { place.close() }
        place.waitForStart()
        let (whole, written) = (place.root.appending("snare.wav"), place.root.appending("take.wav"))
        let file = try FileDescriptor.open(written, .writeOnly, options: .create, permissions: .ownerReadWrite)
        try file.closeAfter {
            #expect(!place.sync().contains(written))
            try writtenFirst ? Disk.exchange(written, whole) : Disk.exchange(whole, written)
            #expect(place.sync() == [written])
        }
    }

    @Test(arguments: [false, true]) func aFileAndAFolderThatAreExchangedAreKeptApart(folderFirst: Bool) throws {
        let place = try WatchedPlace(before: make)
        defer { place.close() }
        place.waitForStart()
        let names = [place.root.appending("kick.wav"), place.root.appending("drums.wav")]
        try folderFirst ? Disk.exchange(names[1], names[0]) : Disk.exchange(names[0], names[1])
        place.wait(for: ["root/drums.wav", "root/snare.wav", "root/kick.wav/loud/tom.wav"])
        try Disk.write(place.root.appending("kick.wav/loud/new.wav"))
        place.wait(for: [
            "root/drums.wav", "root/snare.wav", "root/kick.wav/loud/tom.wav", "root/kick.wav/loud/new.wav",
        ])
    }

    @Test(arguments: [false, true]) func aFileThatTakesAFoldersPlaceInOneStepSettles(folderFirst: Bool) throws {
        let place = try WatchedPlace(before: make)
        defer { place.close() }
        place.waitForStart()
        try Disk.write(place.root.appending(".hidden"), aged: true)
        let names = [place.root.appending(".hidden"), place.root.appending("drums.wav")]
        try folderFirst ? Disk.exchange(names[1], names[0]) : Disk.exchange(names[0], names[1])
        place.wait(for: ["root/drums.wav", "root/kick.wav", "root/snare.wav"])
    }

    @Test func foldersThatAreExchangedTakeTheirFilesAlong() throws {
        let place = try WatchedPlace { place in
            try make(place)
            try Disk.makeDirectory(place.appending("root/other"))
            try Disk.write(place.appending("root/other/bell.wav"), aged: true)
        }
        defer { place.close() }
        place.waitForStart()
        try Disk.exchange(place.root.appending("drums.wav"), place.root.appending("other"))
        place.wait(for: [
            "root/kick.wav", "root/snare.wav", "root/other/loud/tom.wav", "root/drums.wav/bell.wav",
        ])
    }
}
