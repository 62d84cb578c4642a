import GRDB
import Platform
import SoundFeatures
import SystemPackage

extension CatalogReader {
    /// The file of a name in a directory.
    package func file(_ name: [UInt8], in directory: Int64) throws -> FileRecord? {
        try database.first(Self.fileByName, .integer(directory), .bytes(name), row: FileRecord.init)
    }

    /// The file of a path.
    package func file(at path: FilePath) throws -> FileRecord? {
        guard let directory = try directory(path.removingLastComponent()) else { return nil }
        return try file(path.nameBytes, in: directory)
    }

    /// The archive that a directory is, or lies in, and where it is: only a file of that name tells it from a folder. Nil if the
    /// directory is one on disk.
    package func archive(around directory: FilePath) throws -> (file: FileRecord, path: FilePath)? {
        for place in ArchivePlace.possible(directory) {
            if let file = try file(at: place.archive) { return (file, place.archive) }
        }
        return nil
    }

    /// The file of a number.
    package func file(_ id: Int64) throws -> FileRecord? {
        try database.first(Self.fileByNumber, .integer(id), row: FileRecord.init)
    }

    private static let fileByName = "SELECT \(FileRecord.columns) FROM file WHERE directory = ? AND name = ?"
    private static let fileByNumber = "SELECT \(FileRecord.columns) FROM file WHERE id = ?"

    /// The files directly in a directory, oldest first.
    package func files(in directory: Int64) throws -> [FileRecord] {
        try files("file WHERE directory = ? ORDER BY id", .integer(directory))
    }

    /// Some files directly in a directory, in the order of the bytes of their names.
    ///
    /// - Parameters:
    ///   - name: Only those behind this one; none is behind no name.
    ///   - limit: How many at most.
    package func files(in directory: Int64, after name: [UInt8], limit: Int) throws -> [FileRecord] {
        try files(
            "file WHERE directory = ? AND name > ? ORDER BY name LIMIT ?", .integer(directory), .bytes(name),
            .integer(limit))
    }

    /// The files at and below a directory, oldest first.
    package func files(under path: FilePath) throws -> [FileRecord] {
        let subtree = Subtree(path.bytes)
        return try database.all(
            """
            SELECT \(FileRecord.columns) FROM directory JOIN file ON file.directory = directory.id
            WHERE \(subtree.condition) ORDER BY file.id
            """, subtree.arguments, row: FileRecord.init)
    }

    /// Files in a state other than indexed, oldest first.
    ///
    /// - Complexity: O(*n*) in the files that are not indexed: the condition is that of an index of these alone.
    package func files(in state: FileState) throws -> [FileRecord] {
        try files("file WHERE state <> 1 AND state = ? ORDER BY id", .integer(state.rawValue))
    }

    /// The files that hold a content, oldest first.
    package func files(ofContent content: Int64) throws -> [FileRecord] {
        try files("file WHERE content = ? ORDER BY id", .integer(content))
    }

    private func files(_ source: String, _ arguments: Argument...) throws -> [FileRecord] {
        try database.all("SELECT \(FileRecord.columns) FROM \(source)", arguments, row: FileRecord.init)
    }
}

extension CatalogWriter {
    /// Adds a file that waits to be looked at, as the youngest; an archive as ``FileState/unopened``.
    package func addFile(
        _ name: [UInt8], in directory: Int64, identity: FileIdentity, at time: Double
    ) throws -> FileRecord {
        let state = ArchiveNames.isArchive(name) ? FileState.unopened : .pending
        try database.run(
            """
            INSERT INTO file (directory, name, size, modified, changed, device, inode, state, added)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .integer(directory), .bytes(name), .integer(identity.size), .integer(identity.modified),
            .integer(identity.changed), .unsigned(identity.device),
            .unsigned(identity.inode), .integer(state.rawValue), .real(time))
        return FileRecord(
            id: database.lastInsertedRowID, directory: directory, name: name, identity: identity, state: state,
            content: nil, failure: nil, tried: nil, added: time, isOffline: false)
    }

    /// Writes all of a file but its number and name.
    package func update(_ file: FileRecord) throws {
        try database.run(
            """
            UPDATE file SET size = ?, modified = ?, changed = ?, device = ?, inode = ?, state = ?, content = ?,
            failure = ?, detail = ?, tried = ?, tries = ?, added = ?, isOffline = ? WHERE id = ?
            """, .integer(file.identity.size), .integer(file.identity.modified), .integer(file.identity.changed),
            .unsigned(file.identity.device), .unsigned(file.identity.inode),
            .integer(file.state.rawValue), .integer(file.content),
            .integer(file.failure.map { Int($0.reason.rawValue) }), .text(file.failure?.detail), .real(file.tried),
            .integer(file.tries), .real(file.added), .flag(file.isOffline), .integer(file.id))
    }

    /// Gives a file a new number, as the youngest: its content is another now.
    package func renew(_ file: FileRecord, at time: Double) throws -> FileRecord {
        try removeFile(file.id)
        var renewed = try addFile(file.name, in: file.directory, identity: file.identity, at: time)
        renewed.state = file.state
        renewed.content = file.content
        (renewed.failure, renewed.tried, renewed.tries) = (file.failure, file.tried, file.tries)
        try update(renewed)
        return renewed
    }

    /// Forgets a name; what was learnt of its content stays.
    package func removeFile(_ id: Int64) throws {
        try clearAttempt(on: id)
        try database.run("DELETE FROM file WHERE id = ?", .integer(id))
    }

    /// Moves a file to another name. A file that was there is forgotten first, as the kernel did.
    ///
    /// - Returns: The number of the file that was replaced.
    @discardableResult
    package func moveFile(_ id: Int64, to name: [UInt8], in directory: Int64) throws -> Int64? {
        let replaced = try reader.file(name, in: directory)
        if let replaced, replaced.id != id { try removeFile(replaced.id) }
        try database.run(
            "UPDATE file SET directory = ?, name = ? WHERE id = ?", .integer(directory), .bytes(name), .integer(id))
        return replaced?.id == id ? nil : replaced?.id
    }

    /// Marks a file as offline or back.
    package func setOffline(_ isOffline: Bool, file: Int64) throws {
        try database.run("UPDATE file SET isOffline = ? WHERE id = ?", .flag(isOffline), .integer(file))
    }
}

/// Files that are with a worker: what is left over after the machine went down is suspect.
extension CatalogWriter {
    /// Notes that a file is about to be handed to a worker.
    package func noteAttempt(on file: Int64, boot: String) throws {
        try database.run(
            """
            INSERT INTO attempt (file, count, boot) VALUES (?, 1, ?)
            ON CONFLICT (file) DO UPDATE SET count = count + (boot <> excluded.boot), boot = excluded.boot
            """, .integer(file), .text(boot))
    }

    /// Notes that a worker has answered for a file.
    package func clearAttempt(on file: Int64) throws {
        try database.run("DELETE FROM attempt WHERE file = ?", .integer(file))
    }

    /// Takes back the attempts of this boot: they ended by no fault of a file.
    package func withdrawAttempts(boot: String) throws {
        try database.run("DELETE FROM attempt WHERE boot = ? AND count = 1", .text(boot))
        try database.run("UPDATE attempt SET count = count - 1 WHERE boot = ?", .text(boot))
    }

    /// Settles what an earlier run left over: attempts that the machine survived say nothing about the file.
    ///
    /// - Returns: The files that were with a worker when the machine went down, with the number of such ends.
    package func takeSuspects(boot: String) throws -> [(file: Int64, count: Int)] {
        try withdrawAttempts(boot: boot)
        return try database.all("SELECT file, count FROM attempt WHERE boot <> ? ORDER BY file", .text(boot)) {
            ($0.integer(0), $0.int(1))
        }
    }
}
