import ContentHash
import FoundationEssentials

/// What a backup says of itself, in its first file.
package struct BackupManifest: Codable, Hashable, Sendable {
    /// The format that this version writes, and the newest that it reads.
    static let newest = 1
    /// The file's name in the archive.
    static let name = "timbred-backup.json"

    var format = Self.newest
    /// The version of timbred that made it.
    package var version: String
    /// Of which moment it is, in seconds since 1970.
    package var created: Double
    /// The library's random name.
    package var library: String
    /// Files of the library.
    package var files: Int
    /// Different sounds.
    package var contents: Int

    package init(version: String, created: Double, library: String, files: Int, contents: Int) {
        self.version = version
        self.created = created
        self.library = library
        self.files = files
        self.contents = contents
    }

    /// Reads a manifest, of this version or a later one.
    ///
    /// - Throws: ``BackupError``
    init(_ bytes: [UInt8]) throws(BackupError) {
        struct Head: Decodable {
            var format: Int
            var version: String
        }
        do {
            let head = try JSONDecoder().decode(Head.self, from: Data(bytes))
            guard head.format <= Self.newest else { throw BackupError.newer(version: head.version) }
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch let error as BackupError {
            throw error
        } catch {
            throw .damaged("what it says of itself cannot be read")
        }
    }

    /// The file's bytes, a line of JSON.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

/// The hashes of all files of a backup, in its last file, in the form that sha256sum(1) reads and writes.
struct BackupSums: Equatable {
    static let name = "SHA256SUMS"

    /// By the files' names.
    var hashes: [(name: String, hash: ContentHash)] = []

    static func == (a: Self, b: Self) -> Bool { a.text == b.text }

    var text: String { hashes.map { "\($0.hash.hexadecimal)  \($0.name)\n" }.joined() }
}
