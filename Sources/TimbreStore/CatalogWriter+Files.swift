import GRDB
import Platform
import SoundFeatures
import SystemPackage

extension CatalogWriter {
    /// The number of a directory, new where it is not known yet.
    package func directory(_ path: FilePath) throws -> Int64 {
        if let known = try reader.directory(path) { return known }
        try database.cachedStatement(sql: "INSERT INTO directory (path) VALUES (?)")
            .execute(arguments: [path.bytes.blob])
        return database.lastInsertedRowID
    }

    /// Notes whether a directory lies on another file system than its watched folder.
    package func setMount(_ isMount: Bool, directory: Int64) throws {
        try database.cachedStatement(sql: "UPDATE directory SET isMount = ? WHERE id = ?")
            .execute(arguments: [isMount, directory])
    }

    /// Adds a file that waits to be looked at, as the youngest.
    package func addFile(
        _ name: [UInt8], in directory: Int64, identity: FileIdentity, at time: Double
    ) throws -> FileRecord {
        try database.run(
            """
            INSERT INTO file (directory, name, size, modified, changed, device, inode, state, added)
            VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
            """, .integer(directory), .bytes(name), .integer(identity.size), .integer(identity.modified),
            .integer(identity.changed), .integer(Int64(bitPattern: identity.device)),
            .integer(Int64(bitPattern: identity.inode)), .real(time))
        return FileRecord(
            id: database.lastInsertedRowID, directory: directory, name: name, identity: identity, state: .pending,
            content: nil, failure: nil, tried: nil, added: time, isOffline: false)
    }

    /// Writes all of a file but its number and name.
    package func update(_ file: FileRecord) throws {
        try database.run(
            """
            UPDATE file SET size = ?, modified = ?, changed = ?, device = ?, inode = ?, state = ?, content = ?,
            failure = ?, detail = ?, tried = ?, tries = ?, added = ?, isOffline = ? WHERE id = ?
            """, .integer(file.identity.size), .integer(file.identity.modified), .integer(file.identity.changed),
            .integer(Int64(bitPattern: file.identity.device)), .integer(Int64(bitPattern: file.identity.inode)),
            .integer(file.state.rawValue), file.content.map { .integer($0) } ?? .null,
            .integer(file.failure.map { Int($0.reason.rawValue) }), .text(file.failure?.detail), .real(file.tried),
            .integer(file.tries), .real(file.added), .integer(file.isOffline ? 1 : 0), .integer(file.id))
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
        try database.cachedStatement(sql: "UPDATE file SET directory = ?, name = ? WHERE id = ?")
            .execute(arguments: [directory, name.blob, id])
        return replaced?.id == id ? nil : replaced?.id
    }

    /// Renames a directory and all below it; the files keep their numbers.
    ///
    /// - Precondition: Nothing is known at or below `target`.
    /// - Returns: The directories that have a new path.
    /// - Complexity: O(*n*) in the directories, whatever the files.
    package func moveDirectory(_ path: FilePath, to target: FilePath) throws -> [(id: Int64, path: [UInt8])] {
        let (old, new) = (path.bytes, target.bytes)
        return try reader.directories(under: path).map { directory in
            let renamed = new + directory.path.dropFirst(old.count)
            try database.cachedStatement(sql: "UPDATE directory SET path = ? WHERE id = ?")
                .execute(arguments: [renamed.blob, directory.id])
            return (directory.id, renamed)
        }
    }

    /// Forgets directories that hold no file any more: those at and below a path, or all.
    package func removeEmptyDirectories(under path: FilePath? = nil) throws {
        let subtree = path.map { Subtree($0.bytes) }
        try database.execute(
            sql: """
                DELETE FROM directory WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.directory = directory.id)
                \(subtree.map { "AND " + $0.condition } ?? "")
                """, arguments: subtree?.arguments ?? [])
    }

    /// Forgets a directory, unless it holds files.
    package func removeDirectory(ifEmpty id: Int64) throws {
        try database.run(
            "DELETE FROM directory WHERE id = ? AND NOT EXISTS (SELECT 1 FROM file WHERE directory = directory.id)",
            .integer(id))
    }

    /// Marks a file as offline or back.
    package func setOffline(_ isOffline: Bool, file: Int64) throws {
        try database.run("UPDATE file SET isOffline = ? WHERE id = ?", .integer(isOffline ? 1 : 0), .integer(file))
    }

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
        try database.execute(sql: "DELETE FROM attempt WHERE boot = ? AND count = 1", arguments: [boot])
        try database.execute(sql: "UPDATE attempt SET count = count - 1 WHERE boot = ?", arguments: [boot])
    }

    /// Settles what an earlier run left over: attempts that the machine survived say nothing about the file.
    ///
    /// - Returns: The files that were with a worker when the machine went down, with the number of such ends.
    package func takeSuspects(boot: String) throws -> [(file: Int64, count: Int)] {
        try withdrawAttempts(boot: boot)
        return try Row.fetchAll(
            database, sql: "SELECT file, count FROM attempt WHERE boot <> ? ORDER BY file", arguments: [boot]
        )
        .map { ($0["file"], $0["count"]) }
    }
}
