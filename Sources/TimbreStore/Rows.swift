import ContentHash
import Foundation
import GRDB
import Platform
import SoundFeatures

extension [UInt8] {
    /// As SQLite takes it.
    var blob: Data { Data(self) }
}

extension Row {
    func bytes(_ column: String) -> [UInt8] {
        let data: Data = self[column]
        return Array(data)
    }

    /// The bytes in a column, by its place: found sooner than by its name.
    func bytes(at column: Int) -> [UInt8] {
        let data: Data = self[column]
        return Array(data)
    }

    func hasNull(_ column: String) -> Bool { (self[column] as DatabaseValue?)?.isNull ?? true }

    func unsigned(_ column: String) -> UInt64 { UInt64(bitPattern: self[column]) }
}

extension FileRecord {
    static let columns = """
        file.id, file.directory, file.name, file.size, file.modified, file.changed, file.device, file.inode, file.state, file.content,
        file.failure, file.detail, file.tried, file.tries, file.added, file.isOffline
        """

    init(row: Row) {
        self.init(
            id: row["id"], directory: row["directory"], name: row.bytes("name"),
            identity: FileIdentity(
                size: row["size"], modified: row["modified"], changed: row["changed"], device: row.unsigned("device"),
                inode: row.unsigned("inode")),
            state: FileState(rawValue: row["state"]) ?? .pending, content: row["content"],
            failure: ExtractionFailure(row: row), tried: row["tried"], tries: row["tries"], added: row["added"],
            isOffline: row["isOffline"])
    }
}

extension ContentRecord {
    init(row: Row) throws {
        let hash = try ContentHash(stored: row.bytes("hash"))
        self.init(
            id: row["id"], hash: hash, size: row["size"], added: row["added"],
            sound: SoundInfo(row: row),
            featureCount: row["featureCount"], soundingCount: row["soundingCount"],
            failure: ExtractionFailure(row: row), lastPath: row.bytes("lastPath"))
    }
}

extension ExtractionFailure {
    /// Reads the columns `failure` and `detail`; nil if there was none.
    init?(row: Row) {
        self.init(reason: row["failure"], detail: row["detail"])
    }
}

extension ContentHash {
    init(stored: [UInt8]) throws {
        guard let hash = ContentHash(bytes: stored) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a hash of \(stored.count) bytes")
        }
        self = hash
    }
}

extension ModelRecord {
    init(row: Row) throws {
        self.init(
            id: row["id"], hash: try ContentHash(stored: row.bytes("hash")), added: row["added"], origin: row["origin"])
    }
}

/// The directories at and below one, as a condition on their path: names are compared byte by byte.
struct Subtree {
    let condition = "(directory.path = ? OR (directory.path > ? AND directory.path < ?))"
    let arguments: StatementArguments

    init(_ path: [UInt8]) {
        // Below "/" itself everything is; the root is the one name that ends with a slash.
        let stem = path == [UInt8(ascii: "/")] ? [] : path
        arguments = [path.blob, (stem + [UInt8(ascii: "/")]).blob, (stem + [UInt8(ascii: "/") + 1]).blob]
    }
}
