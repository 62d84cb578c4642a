import ContentHash
import Platform
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

/// A sound of the library that a projection is learnt from, or models are compared on.
struct LibrarySound: Sendable {
    /// The number of its content.
    var content: Int64
    /// Its place in an order at random that depends on the seed and its bytes alone: another sound more or less changes nothing
    /// in it.
    var lot: UInt64
    /// The name of the folder that its oldest file lies in.
    var folder: String
    /// The output of the network's parts; empty where no network is used.
    var parts: [Float] = []
    /// Its codes under the old model and the new one, without empty spans.
    var oldCodes: [TimbreCode] = []
    var newCodes: [TimbreCode] = []
    /// Its vectors under these; nil under a model that makes none, or if it is too faint for one.
    var oldVector: TimbreVector?
    var newVector: TimbreVector?

    /// Codes it by the old model and the new one, from its stored features.
    mutating func code(by old: FrameCoder, _ new: FrameCoder, _ reader: CatalogReader) throws {
        let cepstra = try reader.cepstra(of: content, first: LibrarySounds.mostFrames)
        oldCodes = SpanPooling.pool(old.codes(of: cepstra)).map(\.code).filter { !$0.isEmpty }
        newCodes = SpanPooling.pool(new.codes(of: cepstra)).map(\.code).filter { !$0.isEmpty }
    }
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

    /// Gathers sounds, drawn at random if there are too many: those with the smallest lots, so that in a library of one sound more
    /// all but one are the same.
    ///
    /// - Parameters:
    ///   - contents: All sounds, sorted by hash, so that the choice depends on the seed and the sounds alone.
    ///   - limit: How many to gather at most.
    ///   - describe: Fills in what is to be known of a batch of sounds.
    /// - Returns: The sounds in the order of their hashes.
    /// - Throws: `LibraryError.stopping` if somebody wants the work to end, and what the catalog and `describe` throw.
    func gather(
        from contents: [LiveContent], limit: Int, progress: (Int, Int) -> Void,
        describe: @Sendable ([LibrarySound], CatalogReader) throws -> [LibrarySound]
    ) throws -> [LibrarySound] {
        let chosen = try draw(limit, from: contents)
        var sounds: [LibrarySound] = []
        for start in stride(from: 0, to: chosen.count, by: Self.batch) {
            if isCancelled() { throw LibraryError.stopping }
            let batch = chosen[start..<min(start + Self.batch, chosen.count)]
            let halves = [batch.prefix(batch.count / 2), batch.suffix(batch.count - batch.count / 2)]
            sounds += try halves[...].concurrentMap(threads: Self.threadCount) { half in
                try catalog.read { reader in
                    try describe(
                        try half.map { content, lot in
                            LibrarySound(content: content.id, lot: lot, folder: try folder(of: content, reader))
                        }, reader)
                }
            }.flatMap(\.self)
            progress(start, chosen.count)
        }
        return sounds
    }

    /// The sounds with the smallest lots, in the order in which they came. Some may have been pruned meanwhile.
    private func draw(_ limit: Int, from contents: [LiveContent]) throws -> [(content: LiveContent, lot: UInt64)] {
        let lots = try catalog.read { reader in
            try contents.map { content in
                if isCancelled() { throw LibraryError.stopping }
                return try reader.hash(ofContent: content.id).map { hash in
                    var generator = SeededGenerator(seed: seed, salt: hash.bytes)
                    return generator.next()
                }
            }
        }
        let known = zip(contents, lots).compactMap { content, lot in lot.map { (content: content, lot: $0) } }
        guard known.count > limit else { return known }
        let largest = known.map(\.lot).sorted()[limit - 1]
        return Array(known.filter { $0.lot <= largest }.prefix(limit))
    }

    private func folder(of content: LiveContent, _ reader: CatalogReader) throws -> String {
        let file = try reader.files(ofContent: content.id).min { $0.id < $1.id }
        let path = try file.flatMap { try reader.path(ofDirectory: $0.directory) } ?? []
        return FilePath(bytes: path).lastComponent?.string ?? ""
    }
}
