import ContentHash
import Platform
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreLibrary
import TimbreStore

/// A sound of the library that a projection is learnt from, or models are compared on.
struct LibrarySound: Sendable {
    /// The number of its content.
    var content: Int64
    /// The name of the folder that its oldest file lies in.
    var folder: String
    /// The output of the network's parts; empty where no network is used.
    var parts: [Float] = []
    /// Its codes under the old model and the new one, without empty spans.
    var oldCodes: [TimbreCode] = []
    var newCodes: [TimbreCode] = []
}

/// Gathers some of the library's sounds from their stored features. Nothing is decoded.
struct LibrarySounds {
    let catalog: Catalog
    let seed: UInt64
    /// Whether somebody wants the work to end.
    let isCancelled: @Sendable () -> Bool

    /// How many frames of a sound are used, from its beginning: about 24 seconds.
    static let mostFrames = 1024
    private static let threadCount = 2
    /// Sounds between two reports of progress.
    private static let batch = 128

    /// Why nothing was gathered.
    enum Failure: Error { case cancelled }

    /// Gathers sounds, drawn at random if there are too many.
    ///
    /// - Parameters:
    ///   - contents: All sounds, sorted by hash, so that the choice depends on the seed and the sounds alone.
    ///   - limit: How many to gather at most.
    ///   - describe: Fills in what is to be known of a batch of sounds.
    /// - Returns: The sounds in the order of their hashes.
    func gather(
        from contents: [LiveContent], limit: Int, progress: (Int, Int) -> Void,
        describe: @Sendable ([LibrarySound], CatalogReader) throws -> [LibrarySound]
    ) throws -> [LibrarySound] {
        let chosen = try draw(limit, from: contents)
        var sounds: [LibrarySound] = []
        for start in stride(from: 0, to: chosen.count, by: Self.batch) {
            if isCancelled() { throw Failure.cancelled }
            let batch = chosen[start..<min(start + Self.batch, chosen.count)]
            let halves = [batch.prefix(batch.count / 2), batch.suffix(batch.count - batch.count / 2)]
            sounds += try halves[...].concurrentMap(threads: Self.threadCount) { half in
                try catalog.read { reader in
                    try describe(
                        try half.map { LibrarySound(content: $0.id, folder: try folder(of: $0, reader)) }, reader)
                }
            }.flatMap(\.self)
            progress(start, chosen.count)
        }
        return sounds
    }

    private func draw(_ limit: Int, from contents: [LiveContent]) throws -> [LiveContent] {
        guard contents.count > limit, let first = try firstHash(of: contents) else { return contents }
        return FrameSampler(seed: seed).frames(of: first, count: contents.count, quota: limit).map { contents[$0] }
    }

    /// The hash of the first content that still exists: some may have been pruned meanwhile.
    private func firstHash(of contents: [LiveContent]) throws -> ContentHash? {
        try catalog.read { reader in
            for content in contents {
                if let hash = try reader.hash(ofContent: content.id) { return hash }
            }
            return nil
        }
    }

    private func folder(of content: LiveContent, _ reader: CatalogReader) throws -> String {
        let file = try reader.files(ofContent: content.id).min { $0.id < $1.id }
        let path = try file.flatMap { try reader.path(ofDirectory: $0.directory) } ?? []
        return FilePath(bytes: path).lastComponent?.string ?? ""
    }
}
