import CLinux
import Glibc
import SystemPackage
import TestFiles
import Testing

@testable import Systemd

struct StateLockTests {
    @Test func aSecondLockNamesTheProcessThatHoldsTheFirst() throws {
        let folder = try TemporaryFolder()
        let state = folder.path.pushing("deep/state")
        let lock = try StateLock(directory: state)
        let error = #expect(throws: StateLockError.self) { _ = try StateLock(directory: state) }
        #expect(error?.reason == .held(by: getpid()))
        #expect(error?.description == "\(state): in use by another timbred, process \(getpid())")
        lock.release()
        try StateLock(directory: state).release()
    }

    @Test func aLongerNumberOfAnEarlierProcessLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("99999999999\n", to: "lock")
        let lock = try StateLock(directory: folder.path)
        let error = #expect(throws: StateLockError.self) { _ = try StateLock(directory: folder.path) }
        #expect(error?.reason == .held(by: getpid()))
        lock.release()
    }

    @Test func aDirectoryThatCannotBeMadeIsNamed() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "file")
        let error = #expect(throws: StateLockError.self) { _ = try StateLock(directory: file.appending("state")) }
        #expect(error?.description == "\(file)/state: cannot be used: Not a directory")
    }

    @Test func theDirectoryIsItsOwnersAlone() throws {
        let folder = try TemporaryFolder()
        let state = folder.path.appending("state")
        try StateLock(directory: state).release()
        var status = stat()
        unsafe state.withPlatformString { _ = unsafe stat($0, &status) }
        #expect(status.st_mode & 0o777 == 0o700)
    }
}
