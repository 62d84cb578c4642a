import Foundation
import GRDB
import Platform
import SystemPackage
import Testing

@testable import TimbreStore

/// What cannot be made beside the database stands for a full disk here: a folder has the name of the log's index.
struct UnwritableCatalogTests {
    private func withDatabase(_ body: (FilePath) throws -> Void) throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        let path = folder.appending("library 100%.sqlite")
        let catalog = try Catalog(opening: path)
        try catalog.write { _ = try $0.add("/a.wav") }
        try catalog.close()
        try body(path)
    }

    private func obstruct(_ path: FilePath) throws {
        try FileManager.default.createDirectory(
            atPath: path.adding("-shm").string, withIntermediateDirectories: false)
    }

    private func clear(_ path: FilePath) throws {
        try FileManager.default.removeItem(atPath: path.adding("-shm").string)
    }

    @Test func commitsWaitForTheDisk() throws {
        try withDatabase { path in
            // 2 is FULL: sqlite.org/pragma.html#pragma_synchronous.
            let catalog = try Catalog(opening: path)
            #expect(try catalog.write { try Int.fetchOne($0.database, sql: "PRAGMA synchronous") } == 2)
        }
    }

    @Test func whatCannotBeWrittenIsReadAndLaterWritten() throws {
        try withDatabase { path in
            try obstruct(path)
            let catalog = try Catalog(opening: path)
            #expect(catalog.isReadOnly)
            #expect(try catalog.read { try $0.file(at: "/a.wav") } != nil)
            #expect(try catalog.snapshot().read { try $0.fileCounts().total } == 1)
            let error = #expect(throws: (any Error).self) { try catalog.write { _ = try $0.add("/b.wav", 2) } }
            #expect(error.flatMap(StorageFailure.reason) != nil)
            #expect(try catalog.read { try $0.fileCounts().total } == 1)

            try clear(path)
            try catalog.write { _ = try $0.add("/b.wav", 2) }
            #expect(!catalog.isReadOnly)
            #expect(try catalog.read { try $0.fileCounts().total } == 2)
            #expect(try catalog.write { try Int.fetchOne($0.database, sql: "PRAGMA synchronous") } == 2)
            try catalog.close()
        }
    }

    @Test func aLogThatACrashLeftIsReadToo() throws {
        try withDatabase { path in
            let crashed = try Catalog(opening: path)
            try crashed.write { _ = try $0.add("/b.wav", 2) }
            // What the crash left is what lies there now.
            let copy = path.removingLastComponent().appending("copy.sqlite")
            for suffix in ["", "-wal", "-shm"] {
                try FileManager.default.copyItem(atPath: path.adding(suffix).string, toPath: copy.adding(suffix).string)
            }
            let queue = try DatabaseFile(path: copy).openAsItIs()
            #expect(try queue.read { try CatalogReader(database: $0).fileCounts().total } == 2)
        }
    }

    @Test func nothingIsMadeWhereNothingCanBe() throws {
        try withDatabase { path in
            let other = path.removingLastComponent().appending("other.sqlite")
            try obstruct(other)
            let error = #expect(throws: CatalogError.self) { try Catalog(opening: other) }
            #expect(error?.reason == .unusable)
        }
    }

    @Test func readersGoOnWhileTheConnectionsChange() async throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        let path = folder.appending("library.sqlite")
        let first = try Catalog(opening: path)
        try first.write { _ = try $0.add("/a.wav") }
        try first.close()
        try obstruct(path)
        let catalog = try Catalog(opening: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<500 {
                        let file = try catalog.read { try $0.file(at: "/a.wav") }
                        #expect(file != nil)
                    }
                }
            }
            group.addTask {
                try self.clear(path)
                for number in 0..<20 { try catalog.write { _ = try $0.add(FilePath("/\(number).wav"), Int64(number)) } }
            }
            try await group.waitForAll()
        }
        #expect(try catalog.read { try $0.fileCounts().total } == 21)
        try catalog.close()
    }
}
