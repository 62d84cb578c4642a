import Platform
import SystemPackage
import TimbreStore

/// Where archives are among the directories of the catalog.
extension Turn {
    /// The archive that a directory of the catalog is, or lies in; nil if it is one on disk.
    func archive(around directory: [UInt8]) throws -> FileRecord? {
        try reader.archive(around: FilePath(bytes: directory))?.file
    }

    /// The directory on disk that holds a directory of the catalog: itself, unless that is in an archive.
    func directoryOnDisk(_ directory: [UInt8]) throws -> [UInt8] {
        try reader.archive(around: FilePath(bytes: directory))?.path.parent.bytes ?? directory
    }

    /// The members of an archive share its fate, in the same turn.
    func forEachMember(of file: FileRecord, at path: FilePath, _ body: (FileRecord) throws -> Void) throws {
        guard file.isArchive else { return }
        let members = try reader.files(under: path)
        for member in members { try body(member) }
        room -= members.count
        if !members.isEmpty { try writer.removeEmptyDirectories(under: path) }
    }

    /// Forgets members of an archive that is there.
    ///
    /// - Parameter mustGo: Whether a member is forgotten.
    func forgetMembers(of archive: FilePath, where mustGo: (FileRecord) throws -> Bool) throws {
        var isEmptied = false
        for member in try reader.files(under: archive) where try mustGo(member) {
            try forget(member)
            isEmptied = true
        }
        if isEmptied { try writer.removeEmptyDirectories(under: archive) }
    }
}
