import ContentHash
import Platform
import SoundFeatures
import SystemPackage

/// How far a file has come.
package enum FileState: Int, Sendable {
    case pending = 0
    case indexed = 1
    case failed = 2
    case skipped = 3
}

/// A file of the watched folders.
package struct FileRecord: Hashable, Sendable {
    /// Given in the order of discovery: the smaller is the older.
    package var id: Int64
    package var directory: Int64
    package var name: [UInt8]
    package var identity: FileIdentity
    package var state: FileState
    /// What the file holds, once that is known.
    package var content: Int64?
    /// Why it failed or was skipped.
    package var failure: ExtractionFailure?
    /// When it was last read, or was to be; seconds since 1970.
    package var tried: Double?
    /// How often it was, since it was last another.
    package var tries = 0
    /// When it was first seen, seconds since 1970.
    package var added: Double
    package var isOffline: Bool
}

/// What is known of the bytes of a file, whatever its name.
package struct ContentRecord: Hashable, Sendable {
    package var id: Int64
    package var hash: ContentHash
    /// Bytes.
    package var size: Int64
    /// When it was first seen, seconds since 1970.
    package var added: Double
    /// The sound; nil where it could not be decoded.
    package var sound: SoundInfo?
    /// Frames of features.
    package var featureCount: Int
    /// Frames of features that are not silent.
    package var soundingCount: Int
    /// Why it could not be decoded.
    package var failure: ExtractionFailure?
    /// The last name under which it was seen.
    package var lastPath: [UInt8]
}

/// The codes and timbre vectors of one content under one model.
package struct CodeRecord: Hashable, Sendable {
    /// Bytes that a timbre vector takes where it is stored now.
    package static let vectorStride = 128

    /// 128-bit codes, 16 bytes for each span of 30 frames.
    package var spans: [UInt8]
    /// The nearest centroid of each frame, 255 for a silent one.
    package var frames: [UInt8]
    /// The timbre vector of the whole sound, then that of each span, as many bytes each; nothing if the model gives none.
    /// What earlier versions stored has 64 bytes a vector.
    package var vectors: [UInt8]

    package init(spans: [UInt8], frames: [UInt8], vectors: [UInt8] = []) {
        self.spans = spans
        self.frames = frames
        self.vectors = vectors
    }
}

/// A generation.
package struct ModelRecord: Hashable, Sendable {
    package var id: Int64
    package var hash: ContentHash
    /// When it came, seconds since 1970.
    package var added: Double
    /// `default`, `retrain` or `import`.
    package var origin: String
}

/// A watched folder as it was last seen online.
package struct FolderRecord: Hashable, Sendable {
    package var path: FilePath
    /// Added by `timbrectl watch add`, not by the configuration.
    package var isAtRunTime: Bool
    package var device: UInt64?
    package var inode: UInt64?
    package var fileSystem: Int64?

    package init(path: FilePath, isAtRunTime: Bool, device: UInt64?, inode: UInt64?, fileSystem: Int64?) {
        self.path = path
        self.isAtRunTime = isAtRunTime
        self.device = device
        self.inode = inode
        self.fileSystem = fileSystem
    }
}
