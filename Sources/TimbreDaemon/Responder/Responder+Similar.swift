import ContentHash
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreWire
import Varlink

extension Responder {
    /// How many files are found or drawn if nobody says.
    static let usualCount = 10

    package func similar(_ parameters: Similar.Parameters, from peer: Peer) throws -> Similar.Reply {
        let count = parameters.count ?? Self.usualCount
        if parameters.sync { _ = try sync(from: peer) }
        let snapshot = library.snapshot
        let query = try query(parameters.queries, part: parameters.at, in: snapshot)
        guard !query.codes.isEmpty else {
            throw LibraryError.emptyQuery(
                reason:
                    "there is nothing to search by: the sound, or that part of it, is silent, or shorter than a frame")
        }
        let away = try self.query(parameters.not ?? [], part: nil, in: snapshot)
        var filter = try IndexFilter(parameters.filter)
        filter.maxDistance = parameters.maxDistance
        filter.includesOffline = parameters.offline
        let metric = try Self.metric(parameters.metric, for: [query, away], in: snapshot)
        var search = Search(
            snapshot: snapshot, metric: metric, query: query, away: away, filter: filter,
            excluded: query.files.union(away.files))
        if parameters.includeSelf {
            search.own = query.files.subtracting(away.files)
            search.excluded = away.files
        }
        let results = parameters.segments ? search.spans(count) : search.files(count)
        return Similar.Reply(
            query: query.echoes, metric: metric, model: snapshot.generation.model.identifier.description,
            complete: snapshot.isComplete,
            near: DistanceMeaning.isNear(results, metric, in: snapshot.generation),
            results: results)
    }

    /// Why nothing has a timbre vector, and why one sound has none.
    static let withoutVectors = "the model in use makes no timbre vectors; `timbrectl retrain` makes one that does"
    static let tooFaint = "a sound is too faint to have a timbre vector"

    /// How distance is measured: as asked, or else by timbre vectors where there are such.
    static func metric(
        _ asked: Metric?, for queries: [Query], in snapshot: LibrarySnapshot
    ) throws -> Metric {
        let obstacle: String? =
            if !snapshot.generation.hasVectors {
                withoutVectors
            } else if queries.contains(where: \.isByCode) {
                "a code, or a sound of more than an hour that is not in the library, is searched by with the metric codes"
            } else if queries.contains(where: { $0.vectors.isEmpty && !$0.codes.isEmpty }) {
                tooFaint
            } else {
                nil
            }
        guard let obstacle else { return asked ?? .timbre }
        if asked == .timbre { throw LibraryError.metricUnavailable(reason: obstacle) }
        return .codes
    }
}

extension IndexFilter {
    /// Reads the conditions of a request.
    init(_ filter: FileFilter?) throws {
        self.init()
        guard let filter else { return }
        if let under = filter.under { directories = [under.bytes] }
        if let glob = filter.glob {
            if glob.bytes.contains(UInt8(ascii: "/")) {
                path = GlobPattern(glob.bytes)
            } else {
                name = GlobPattern(glob.bytes)
            }
        }
        (minDuration, maxDuration, channelCount) = (filter.minDuration, filter.maxDuration, filter.channels)
        since = filter.since
    }
}
