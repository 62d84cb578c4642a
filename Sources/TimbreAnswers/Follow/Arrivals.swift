import LibraryFeed
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Compares what is new in the library with the sounds that a client waits for, as a search for these would.
struct Arrivals {
    private let sounds: [QuerySound]
    private let longest: Double?
    private let reading: QueryReading
    /// The sounds under the model of a generation.
    private var known: (generation: Int64, query: Query, metric: Metric)

    /// From this score on, a sound is more likely alike than not.
    private static let leastScore = 0.5

    /// - Parameters:
    ///   - longest: The largest distance that counts as alike; nil if the score decides.
    /// - Throws: What a search for these sounds throws.
    init(like sounds: [QuerySound], within longest: Double?, _ reading: QueryReading, in snapshot: LibrarySnapshot)
        throws
    {
        self.sounds = sounds
        self.longest = longest
        self.reading = reading
        known = try Self.read(sounds, reading, in: snapshot)
    }

    private static func read(
        _ sounds: [QuerySound], _ reading: QueryReading, in snapshot: LibrarySnapshot
    ) throws -> (generation: Int64, query: Query, metric: Metric) {
        let query = try reading.query(sounds, in: snapshot)
        return (snapshot.generation.id, query, try Metric(asked: nil, for: [query], in: snapshot))
    }

    /// The new sounds of a batch that are alike, in their order, each with distance and score. What has gone again by now is
    /// left out.
    ///
    /// - Parameter snapshot: The library as it is now.
    mutating func replies(
        of batch: FeedBatch, after number: Int64, in snapshot: LibrarySnapshot
    ) throws -> [Follow.Reply] {
        var (index, replies) = (TimbreIndex(), [[UInt8]: Follow.Reply]())
        for (place, happening) in batch.happenings.enumerated() where batch.first + Int64(place) > number {
            guard case .file(let news) = happening, news.isNewSound, let file = snapshot.index.file(news.file.id),
                let path = snapshot.index.path(of: file.id)
            else { continue }
            index.insert([file])
            index.setDirectory(file.directory, path: Array(path.dropLast(file.name.count + 1)))
            replies[path] = Follow.Reply(happening, number: batch.first + Int64(place), time: batch.time)
        }
        guard !replies.isEmpty else { return [] }
        // Distances under another model are others.
        if known.generation != snapshot.generation.id { known = try Self.read(sounds, reading, in: snapshot) }
        var filter = IndexFilter()
        filter.maxDistance = longest
        let search = Search(
            snapshot: LibrarySnapshot(index: index, generation: snapshot.generation), metric: known.metric,
            query: known.query, away: Query(), filter: filter, excluded: known.query.files)
        return search.files(index.fileCount).compactMap { result in
            guard longest != nil || result.score >= Self.leastScore, var reply = replies[result.path.bytes] else {
                return nil
            }
            (reply.distance, reply.score) = (result.distance, result.score)
            return reply
        }.sorted { $0.number < $1.number }
    }
}

extension FileHappening {
    /// Whether the file holds a sound that was not in the library under this name.
    fileprivate var isNewSound: Bool { kind == .indexed || kind == .changed && earlierID != nil }
}

/// Turns sounds into a query, in whatever snapshot of the library.
struct QueryReading: Sendable {
    let catalog: Catalog
    let files: KnownFiles

    /// - Throws: ``LibraryError/emptyQuery(reason:)``, and as ``QueryReader/query(_:part:isForPlaces:)``.
    func query(_ sounds: [QuerySound], in snapshot: LibrarySnapshot) throws -> Query {
        let query = try QueryReader(catalog: catalog, files: files, snapshot: snapshot).query(sounds, part: nil)
        guard !query.codes.isEmpty else {
            throw LibraryError.emptyQuery(reason: "there is nothing to wait for: the sound is silent, or too short")
        }
        return query
    }
}
