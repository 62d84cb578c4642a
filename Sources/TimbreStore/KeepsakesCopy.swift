import GRDB
import SystemPackage

/// A second, small database beside the library's, that holds what people gave it and nothing else.
///
/// It is written anew whenever that changes, which is seldom, and read when the library's own has been damaged so badly
/// that not even its folders can be read.
struct KeepsakesCopy {
    private let copy: DatabaseFile

    init(of library: DatabaseFile) { copy = DatabaseFile(path: library.path.adding(".keepsakes")) }

    var exists: Bool { copy.path.fileSize != nil }

    /// Writes a copy. The former one is replaced when the new one is whole, and on disk.
    func write(_ keepsakes: Keepsakes) throws {
        let made = DatabaseFile(path: copy.path.adding(".new"))
        for left in [made.path, made.log, made.logIndex] { try left.removeFile() }
        let pool = try made.openForWriting()
        try pool.write { try CatalogWriter(database: $0).add(keepsakes) }
        try DatabaseFile.close(pool)
        try made.path.replace(copy.path)
        try copy.path.removingLastComponent().syncFolder()
    }

    /// What was copied last; nil if there is no whole copy.
    func read() -> Keepsakes? {
        do {
            guard exists else { return nil }
            try copy.check()
            return Keepsakes(salvagedFrom: copy)
        } catch {
            // Damaged, too.
            return nil
        }
    }
}

/// Notes during a transaction whether it changes what people gave the library.
final class KeepsakesChange {
    var isMade = false
}
