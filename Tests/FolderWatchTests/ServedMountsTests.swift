import FolderWatch
import Glibc
import SystemPackage
import Testing

struct ServedMountsTests {
    private static let table = MountTable(
        parsing: Array(
            """
            20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            30 20 0:40 / /mnt/net rw,relatime - nfs4 server:/x rw
            31 30 0:41 / /mnt/net/disk rw,relatime - ext4 /dev/sdb1 rw
            32 20 0:42 / /home/me/music rw,nosuid shared:5 - fuse.sshfs me@there: rw
            33 20 0:43 / /net rw - autofs /etc/auto.net rw
            34 20 0:44 / /was rw - cifs //a/b rw
            35 34 0:45 / /was rw - tmpfs none rw

            """.utf8))

    @Test(
        "The names of a path say whether its file system can stop answering",
        arguments: [
            ("/", nil), ("/mnt", nil), ("/mnt/network", nil), ("/mnt/net", "/mnt/net"), ("/mnt/net/a/b", "/mnt/net"),
            ("/mnt/net/disk/a", nil), ("/home/me/music/x.wav", "/home/me/music"), ("/net/host", "/net"),
            ("/was/there", nil),
        ] as [(FilePath, FilePath?)])
    func tells(path: FilePath, point: FilePath?) { #expect(Self.table.servedPoint(of: path) == point) }

    @Test func linksAreFollowedAsTheKernelDoes() throws {
        let place = try Disk.temporaryPlace()
        defer { Disk.remove(place) }
        let real = place.appending("a").appending("b")
        try Disk.makeDirectory(place.appending("a"))
        try Disk.makeDirectory(real)
        try Disk.symlink(place.appending("a"), place.appending("far"))
        try Disk.symlink("../a/./b", place.appending("a").appending("up"))
        try Disk.symlink(place.appending("loop"), place.appending("loop"))
        let mounts = ServedMounts()
        let known = mounts.resolve(place)
        #expect(mounts.resolve(place.appending("far").appending("up").appending("x.wav")) == known.pushing("a/b/x.wav"))
        #expect(mounts.resolve(place.appending("none")) == known.appending("none"))
        _ = mounts.resolve(place.appending("loop"))
        #expect(mounts.point(of: real, following: true) == nil)
    }

    @Test func whatIsFoundInTimeIsTaken() {
        #expect(Answer.of(within: .seconds(60)) { 3 } == 3)
    }

    @Test func nobodyWaitsForWhatDoesNotAnswer() throws {
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        let news = Flag()
        let answer = try Answer({ waitFor(reading) }, then: { news.raise() })
        #expect(answer.wait(until: .now + .milliseconds(20)) == nil)
        #expect(answer.found == nil)
        close(writing)
        news.wait()
        #expect(answer.found == 0)
        #expect(answer.wait(until: .now) == 0)
        close(reading)
    }
}

/// Reads until the other end is closed.
private func waitFor(_ descriptor: Int32) -> Int {
    var byte: UInt8 = 0
    return unsafe read(descriptor, &byte, 1)
}
