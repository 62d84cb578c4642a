import FolderWatch
import SystemPackage
import TestFiles
import Testing

/// What is left out is counted, and the counts follow what is on disk.
struct LeftOutTests {
    @Test func namesLinksAndDirectoriesCount() throws {
        let place = try WatchedPlace(before: { place in
            let root = place.appending("root")
            for name in ["x.wav", "~loop.wav", ".hidden.wav", "notes.txt", ".profile"] {
                try Disk.write(root.appending(name), aged: true)
            }
            for name in ["..Hits", "#recycle", "kit"] { try Disk.makeDirectory(root.appending(name)) }
            try Disk.symlink(place, root.appending("elsewhere"))
            try Disk.symlink(place, root.appending("link.wav"))
            try Disk.symlink(place, root.appending("readme.txt"))
        })
        defer { place.close() }
        place.waitForStart()
        #expect(place.known.leftOut[place.root] == 6)
        #expect(place.known.directories == [place.root, place.root.appending("kit")])
    }

    @Test func countsFollowWhatIsMadeAndTakenAway() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        try Disk.write(place.root.appending("~a.wav"))
        try Disk.symlink("/x", place.root.appending("b.wav"))
        try Disk.makeDirectory(place.root.appending(".git"))
        place.sync()
        #expect(place.known.leftOut[place.root] == 3)
        try Disk.unlink(place.root.appending("b.wav"))
        try Disk.rename(place.root.appending("~a.wav"), place.root.appending("a.wav"))
        place.wait { $0.leftOut[place.root] == 1 }
        place.wait(for: ["root/a.wav"])
    }
}

/// A file is left alone for as long as a download manager's own file lies beside it.
struct ControlFileTests {
    @Test(
        "The file waits, found by a scan or told of",
        arguments: ["aria2", "st", "lftp-pget-status"])
    func waits(suffix: String) throws {
        let place = try WatchedPlace(before: { place in
            for name in ["x.wav", "x.wav.\(suffix)"] { try Disk.write(place.appending("root/\(name)"), aged: true) }
        })
        defer { place.close() }
        place.waitForStart()
        try Disk.write(place.root.appending("y.wav.\(suffix)"))
        try Disk.write(place.root.appending("y.wav"))
        place.wait { $0.pending == [place.root.appending("x.wav"), place.root.appending("y.wav")] }
        // Nobody can say when it is whole: a sync does not wait for it.
        while !place.sync().isEmpty {}
        #expect(place.known.settled.isEmpty)
        for name in ["x", "y"] { try Disk.unlink(place.root.appending("\(name).wav.\(suffix)")) }
        place.wait(for: ["root/x.wav", "root/y.wav"])
    }
}
