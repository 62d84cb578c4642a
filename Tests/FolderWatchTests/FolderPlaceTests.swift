import Platform
import SystemPackage
import TestFiles
import Testing

@testable import FolderWatch

/// What is found at a folder's path after its file system was unmounted.
struct FolderPlaceTests {
    private let context: LaneContext
    private let path: FilePath
    private var place = FolderPlace(covered: nil)

    init() throws {
        let lane = try WatchLane(number: 0, scope: .shared) {}
        path = try Disk.temporaryPlace()
        let settings = WatchSettings(cookieDirectory: path, usesInotify: false)
        context = LaneContext(lane: lane, settings: settings, continuing: nil) { _ in }
    }

    private let unmounted = FolderIdentity(device: 1, inode: 1, fileSystem: .init(rawValue: 1), fileSystemID: 1)

    @Test mutating func anEmptyMountPointIsNotTheFolder() throws {
        defer { Disk.remove(path) }
        let left = try FolderIdentity(of: path)
        // It was covered, and is as empty as then.
        place.cover(left)
        let isThere = place.isThere(afterUnmountOf: unmounted, at: path, context)
        #expect(!isThere)
        let isLeftBehind = place.isLeftBehind(left)
        #expect(isLeftBehind)
        let isOtherLeftBehind = place.isLeftBehind(unmounted)
        #expect(!isOtherLeftBehind)
    }

    @Test mutating func whatWasCoveredIsTheFolderIfItHoldsAnything() throws {
        defer { Disk.remove(path) }
        try Disk.write(path.appending("kick.wav"))
        place.cover(try FolderIdentity(of: path))
        let isThere = place.isThere(afterUnmountOf: unmounted, at: path, context)
        #expect(isThere)
    }

    @Test mutating func theSameFileSystemMayBeMountedAgain() throws {
        defer { Disk.remove(path) }
        let known = try FolderIdentity(of: path)
        let isThere = place.isThere(afterUnmountOf: known, at: path, context)
        #expect(isThere)
    }

    @Test mutating func nothingIsThereAfterTheMountPointWasRemoved() {
        Disk.remove(path)
        let isThere = place.isThere(afterUnmountOf: unmounted, at: path, context)
        #expect(!isThere)
    }
}
