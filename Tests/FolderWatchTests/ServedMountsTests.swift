import FolderWatch
import SystemPackage
import TestFiles
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
}
