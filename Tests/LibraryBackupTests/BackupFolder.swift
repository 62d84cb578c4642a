import Glibc
import Platform
import SystemPackage
import TestFiles
import TimbreStore

@testable import LibraryBackup

/// State directories, with a library of so many files each, and backups of them.
final class BackupFolder {
    let folder: TemporaryFolder
    var path: FilePath { folder.path }

    init() throws { folder = try TemporaryFolder() }

    func database(_ name: String) -> FilePath { path.appending(name).appending("library.sqlite") }

    /// Makes a library.
    func makeLibrary(_ name: String, files: Int) throws {
        try folder.makeFolder(name)
        let catalog = try Catalog(opening: database(name))
        try add(files, to: catalog)
        try catalog.close()
    }

    func add(_ count: Int, to catalog: Catalog) throws {
        try catalog.write { writer in
            let directory = try writer.directory("/samples")
            let first = try writer.reader.fileCounts().total
            for number in first..<first + count {
                _ = try writer.addFile(
                    Array("\(number).wav".utf8), in: directory,
                    identity: FileIdentity(size: 1, modified: 2, changed: 3, device: 4, inode: 5), at: Double(number))
            }
        }
    }

    /// How many files a library has.
    func count(_ name: String) throws -> Int { try DatabaseCopy(database(name)).examine() }

    /// The bytes of a backup.
    func backup(_ name: String, configuration: FilePath = "/nowhere/timbred.toml") throws -> [UInt8] {
        let catalog = try Catalog(opening: database(name))
        defer { do { try catalog.close() } catch { fatalError("\(error)") } }
        guard let frozen = try catalog.freeze() else { throw Errno.resourceBusy }
        let file = OwnedDescriptor(owning: try MemoryFile.make([], named: "backup"))
        _ = try LibraryBackup(database: database(name), configuration: configuration).write(
            frozen, to: file.descriptor, version: "1", at: 1_000_000_000
        ) { _, _ in }
        return try MemoryFile.contents(of: file.descriptor)
    }

    /// Reads a backup into a state directory, to be put in place by the next start.
    @discardableResult
    func stage(_ backup: [UInt8], in name: String, asCopy isCopy: Bool = false) throws -> StagedRestore.Outcome {
        let file = OwnedDescriptor(owning: try MemoryFile.make(backup, named: "backup"))
        _ = try file.descriptor.seek(offset: 0, from: .start)
        return try StagedRestore(besides: database(name), at: 1_000_000_000).receive(
            file.descriptor, besides: "/nowhere/timbred.toml", asCopy: isCopy
        ) { _ in }
    }

    /// The names in a state directory, in order.
    func names(_ name: String) throws -> [String] {
        try OpenDirectory.entries(of: path.appending(name)).map { String(decoding: $0.name, as: UTF8.self) }.sorted()
    }
}
