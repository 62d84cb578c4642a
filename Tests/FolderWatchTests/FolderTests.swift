import FolderWatch
import Glibc
import SystemPackage
import TestFiles
import Testing

struct FolderTests {
    private func isOffline(_ status: FolderStatus?) -> Bool {
        if case .offline = status?.mode { true } else { false }
    }

    @Test func aMissingFolderIsWaitedForAndOthersGoOn() throws {
        let place = try WatchedPlace(["root", "late/er/folder"], make: ["root"])
        defer { place.close() }
        let late = place.place.appending("late/er/folder")
        place.wait { isOffline($0.status[late]) }
        #expect(place.known.status[late]?.mode == .offline(reason: "it does not exist"))
        try Disk.write(place.root.appending("on.wav"))
        place.wait(for: ["root/on.wav"])
        try Disk.makeDirectory(late)
        try Disk.write(late.appending("x.wav"))
        place.wait(for: ["root/on.wav", "late/er/folder/x.wav"])
        #expect(place.known.status[late]?.mode == .inotify)
        #expect(place.known.status[late]?.identity != nil)
    }

    @Test func aFolderThatIsDeletedIsOfflineAndComesBack() throws {
        let place = try WatchedPlace(["root"])
        defer { place.close() }
        place.waitForStart()
        for round in 0..<3 {
            let before = place.known.changes.count
            Disk.remove(place.root)
            place.wait {
                $0.changes[before...].contains { if case .folder(let s) = $0 { isOffline(s) } else { false } }
            }
            try Disk.makeDirectory(place.root)
            try Disk.write(place.root.appending("\(round).wav"))
            place.wait(for: [FilePath("root/\(round).wav")])
        }
    }

    @Test func aFolderThatIsMovedAwayIsOfflineWithNothingGone() throws {
        let place = try WatchedPlace(before: { place in try Disk.write(place.appending("root/x.wav"), aged: true) })
        defer { place.close() }
        place.waitForStart()
        try Disk.rename(place.root, place.place.appending("away"))
        place.wait { isOffline($0.status[place.root]) }
        #expect(!place.known.changes.contains { if case .gone = $0 { true } else { false } })
        #expect(place.watcher.usage.folders.first?.watches == 0)
        try Disk.rename(place.place.appending("away"), place.root)
        place.wait { $0.status[place.root]?.mode == .inotify && $0.scansCompleted == 2 }
    }

    @Test func whatAFolderLiesInCanBeMovedAwayToo() throws {
        let place = try WatchedPlace(["up/root"])
        defer { place.close() }
        place.waitForStart()
        let folder = place.place.appending("up/root")
        try Disk.rename(place.place.appending("up"), place.place.appending("down"))
        place.wait { isOffline($0.status[folder]) }
        try Disk.rename(place.place.appending("down"), place.place.appending("up"))
        place.wait { $0.status[folder]?.mode == .inotify }
    }

    @Test func aFileIsNoFolder() throws {
        let place = try WatchedPlace(["root"], make: [], before: { try Disk.write($0.appending("root")) })
        defer { place.close() }
        place.wait { isOffline($0.status[place.root]) }
        #expect(place.known.status[place.root]?.mode == .offline(reason: "it is not a directory"))
    }

    @Test func foldersCanBeAddedAndRemoved() throws {
        let place = try WatchedPlace(["root"], make: ["root", "second"])
        defer { place.close() }
        place.waitForStart()
        let second = place.place.appending("second")
        place.watcher.setFolders([place.root, second])
        place.sync()
        #expect(place.watcher.usage.folders.map(\.root) == [place.root, second])
        place.watcher.setFolders([second])
        place.sync()
        try Disk.write(place.root.appending("unseen.wav"))
        try Disk.write(second.appending("seen.wav"))
        place.wait(for: ["second/seen.wav"])
        #expect(place.watcher.usage.folders.map(\.root) == [second])
    }

    @Test func aFolderInAnotherIsLeftToThatOneUnlessItIsNotEntered() {
        let folders: [FilePath] = ["/a/b", "/a", "/a/", "/c/./d", "/a/.hidden/e", "relative", "/ab"]
        #expect(folders.foldersToWatch(NameFilter()) == ["/a", "/c/d", "/a/.hidden/e", "/ab"])
    }

    @Test func aFileSystemThatIsUnmountedIsOfflineUntilItIsBack() throws {
        let place = try WatchedPlace(["root"])
        defer { place.close() }
        place.waitForStart()
        guard mountTemporary(place.root) else { return }
        defer { _ = unsafe place.root.withPlatformString { unsafe umount2($0, Int32(MNT_DETACH)) } }
        // Something mounted over a folder is another folder.
        place.wait { $0.scansCompleted == 2 }
        try Disk.write(place.root.appending("x.wav"))
        place.wait(for: ["root/x.wav"])
        // Once the watcher is idle, it has nothing open that would keep the file system busy.
        place.sync()
        let before = place.known.changes.count
        #expect(unsafe place.root.withPlatformString { unsafe umount2($0, 0) } == 0)
        place.wait { isOffline($0.status[place.root]) }
        place.sync()
        #expect(isOffline(place.known.status[place.root]), "an empty mount point is not the folder")
        #expect(!place.known.changes[before...].contains { if case .gone = $0 { true } else { false } })
        guard mountTemporary(place.root) else { return }
        place.wait { $0.status[place.root]?.mode == .inotify }
    }

    @Test func whatWasMountedOverComesToLightAgain() throws {
        let place = try WatchedPlace(["root"], before: { try Disk.write($0.appending("root/x.wav"), aged: true) })
        defer { place.close() }
        place.waitForStart()
        guard mountTemporary(place.root) else { return }
        defer { _ = unsafe place.root.withPlatformString { unsafe umount2($0, Int32(MNT_DETACH)) } }
        place.wait { $0.scansCompleted == 2 }
        #expect(unsafe place.root.withPlatformString { unsafe umount2($0, Int32(MNT_DETACH)) } == 0)
        place.wait { $0.status[place.root]?.mode == .inotify && $0.scansCompleted == 3 }
        #expect(place.known.settled == [place.root.appending("x.wav")])
    }

    /// Mounts an empty file system; false where that is not allowed, and then the test says nothing.
    private func mountTemporary(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe mount("none", $0, "tmpfs", 0, nil) } == 0
    }

    @Test func aPolledFolderIsFollowedToo() throws {
        let place = try WatchedPlace(["root"], isPolled: true)
        defer { place.close() }
        place.waitForStart()
        #expect(place.known.status[place.root]?.mode == .polling(reason: "inotify is not to be used"))
        try Disk.makeDirectory(place.root.appending("kit"))
        try Disk.write(place.root.appending("kit/x.wav"), aged: true)
        try Disk.write(place.root.appending("y.wav"), aged: true)
        place.wait(for: ["root/kit/x.wav", "root/y.wav"])
        let before = place.known.changes.count
        place.sync()
        #expect(place.known.changes[before...].allSatisfy { if case .drained = $0 { true } else { false } })
        try Disk.write(place.root.appending("y.wav"), "longer")
        #expect(place.sync() == [place.root.appending("y.wav")])
        Disk.remove(place.root.appending("kit"))
        place.wait(for: ["root/y.wav"])
        Disk.remove(place.root)
        place.wait { isOffline($0.status[place.root]) }
        try Disk.makeDirectory(place.root)
        place.wait { $0.status[place.root]?.identity != nil }
    }

    @Test func tooFewWatchesMeanPollingAndSayWhatToDo() {
        let mode = FolderStatus.Mode.fallback(after: .noSpace, allowed: 8192)
        let reason = "all 8192 inotify watches are in use; allow more by: sysctl fs.inotify.max_user_watches=524288"
        #expect(mode == .polling(reason: reason))
        #expect(FolderStatus.Mode.fallback(after: .permissionDenied, allowed: 8192) == nil)
    }

    // Magic numbers: linux/magic.h.
    @Test("Network file systems are polled", arguments: [0x6969, 0xFF53_4D42, 0x6573_5546, 0x0102_1997] as [UInt32])
    func polls(magic: UInt32) {
        #expect(FolderStatus.Mode.fallback(on: FileSystemType(rawValue: magic)) != nil)
    }

    @Test("Disks are not polled", arguments: [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994] as [UInt32])
    func watches(magic: UInt32) {
        #expect(FolderStatus.Mode.fallback(on: FileSystemType(rawValue: magic)) == nil)
    }

    @Test func aMountTableIsReadWithItsEscapes() {
        let text = "36 35 98:0 / /mnt/a\\040b rw - ext4 /dev/sda rw\n40 36 0:5 / /mnt rw - tmpfs none rw\nbad\n"
        let table = MountTable(parsing: Array(text.utf8))
        #expect(table.mounts == ["/mnt/a b": 36, "/mnt": 40])
        #expect(table.changes(since: MountTable(), below: ["/mnt/a b"]) == ["/mnt/a b"])
        #expect(table.changes(since: table, below: ["/mnt"]) == [])
    }
}
