import ClusterShards
import ShardConnections
import SystemPackage
import TimbreCodes
import TimbreIndex
import TimbreWire
import Varlink

/// Finds the sounds of all shards that are most like some sounds, exactly, in one order: by the distance, then by when a file
/// came, then by its host, then by its number there.
struct ClusterSearch: Sendable {
    let pool: ShardPool
    /// The socket of timbred, which knows what sounds are like and what distances mean.
    let library: FilePath
    /// How a sound is had that lies elsewhere; nil if nobody said.
    let open: OpenTemplate?

    /// Vectors of a query beyond which its integers do not fit into what the shards compute with.
    private static let mostVectors = 200

    /// How often a question is asked while its model is given up.
    private static let mostRounds = 3

    /// - Parameter end: Until when shards are waited for, however often they are asked.
    func similar(_ parameters: Similar.Parameters, by end: ShardPool.Instant) throws -> Similar.Reply {
        try Self.check(parameters)
        for _ in 1..<Self.mostRounds where .now < end {
            do { return try search(parameters, by: end, isLast: false) } catch is OtherModel { continue }
        }
        return try search(parameters, by: end, isLast: true)
    }

    /// The library has put another model to use since the question began.
    private struct OtherModel: Error {}

    /// - Throws: ``OtherModel`` if it was asked by a model under which nothing is found any more, unless this was the last time.
    private func search(
        _ parameters: Similar.Parameters, by end: ShardPool.Instant, isLast: Bool
    ) throws -> Similar.Reply {
        let sounds = try ask(Vectors.self, Vectors.Parameters(queries: parameters.queries, at: parameters.at))
        guard sounds.readings.allSatisfy({ $0.count <= Self.mostVectors }) else {
            throw LibraryError.notEverywhere(reason: "all shards are searched by \(Self.mostVectors) sounds at most")
        }
        let count = parameters.count ?? 10
        var filter = try ShardFilter(parameters.filter)
        filter.includesOffline = parameters.offline
        let away = try Away(parameters.not) { try ask(Vectors.self, Vectors.Parameters(queries: $0)) }
        guard away.model ?? sounds.model == sounds.model else {
            if !isLast { throw OtherModel() }
            throw LibraryError.busy(reason: "another model is in use by now; ask again")
        }
        let readings = sounds.readings.map { Reading($0.map(\.bytes)) }
        let questions = readings.map { reading in
            ShardQuestion(
                model: sounds.model, vectorCount: reading.count, sum: reading.sum, count: count, filter: filter,
                library: sounds.library, excluded: sounds.own + away.own, rest: reading.rest, away: away.vectors)
        }
        let replies = pool.ask(by: end) { shard, map, deadline throws(ShardError) in
            var found: [[ShardMatch]] = []
            for question in questions { found.append(try shard.near(question, for: map, by: deadline)) }
            return found
        }
        if !isLast, replies.contains(where: \.isOfAnotherModel), usesAnother(than: sounds.model) { throw OtherModel() }
        let found = replies.compactMap(\.found).flatMap { answer in
            zip(readings, answer).flatMap { reading, matches in matches.map { Found(reading, $0) } }
        }
        let nearest = Self.nearest(found, count)
        return try reply(to: parameters, by: sounds, nearest, missing: .missing(replies))
    }

    /// Whether the library uses another model by now. If it cannot be asked, as timbred is just starting again, what the other
    /// shards have found still counts.
    private func usesAnother(than model: String) -> Bool {
        do { return try LibraryModels(of: library).used() != model } catch { return false }
    }

    /// What results must be farther from than from the query.
    private struct Away {
        var model: String?
        var own: [Int] = []
        var vectors: [[Int]] = []

        init(_ sounds: [QuerySound]?, ask: ([QuerySound]) throws -> Vectors.Reply) throws {
            guard let sounds, !sounds.isEmpty else { return }
            let reply = try ask(sounds)
            (model, own) = (reply.model, reply.own)
            // Of a sound that can be read in several ways, each counts.
            let all = reply.readings.joined().map { $0.bytes.map { Int(Int8(bitPattern: $0)) } }
            vectors = Array(Set(all))
        }
    }

    /// The nearest files, each once: the nearer reading of the query counts.
    private static func nearest(_ found: [Found], _ count: Int) -> [Found] {
        var seen: Set<[Int]> = []
        let sorted = found.sorted().filter { seen.insert([$0.match.host, $0.match.id]).inserted }
        return Array(sorted.prefix(count))
    }

    private func reply(
        to parameters: Similar.Parameters, by sounds: Vectors.Reply, _ nearest: [Found], missing: [MissingShard]?
    ) throws -> Similar.Reply {
        let meaning = try ask(
            Distances.self,
            Distances.Parameters(
                vectors: sounds.readings[0], squared: nearest.map(\.squared), model: sounds.model))
        let codes = sounds.codes.compactMap { TimbreCode(bytes: $0.bytes) }
        // A distance that was copied from an answer must not be lost to rounding.
        let farthest = parameters.maxDistance.map { $0 * (1 + 1e-12) } ?? .infinity
        var results: [SimilarResult] = []
        for (place, found) in nearest.enumerated() {
            let (distance, score) = (meaning.distances[place], meaning.scores[place])
            guard distance <= farthest, !parameters.likely || score >= 0.5 else { break }
            let best = BestSpan(of: found.match, to: codes)
            results.append(
                SimilarResult(
                    rank: place + 1, path: WirePath(found.match.path), host: found.match.hostName,
                    open: open?.command(host: found.match.hostName, path: found.match.path), distance: distance,
                    score: score, hamming: best.distance, start: best.start, end: best.end,
                    duration: found.match.duration))
        }
        var reply = Similar.Reply(
            query: sounds.query, metric: .timbre, model: sounds.model, complete: missing == nil,
            near: results.isEmpty || results.contains { $0.score >= meaning.least }, results: results, missing: missing)
        if results.isEmpty, let distance = meaning.distances.first, let score = meaning.scores.first {
            let thousandth = { (value: Double) in (value * 1000).rounded() / 1000 }
            reply.why =
                "the nearest file is at the distance \(thousandth(distance)), and its score is \(thousandth(score))"
        }
        return reply
    }

    private func ask<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters
    ) throws -> Method.Reply {
        do {
            var client = try VarlinkClient(connectingTo: library)
            return try client.call(Method.self, parameters)
        } catch let error as SocketError {
            throw LibraryError.busy(
                reason: error.reason == .nobody
                    ? "no timbred answers at \(library), which is to say what the sound is like" : error.explanation)
        } catch let error as ConversationError {
            throw LibraryError.busy(reason: "timbred at \(error.path) hung up; ask again")
        }
    }

    /// Refuses what is not proven to be exact in many shards.
    private static func check(_ parameters: Similar.Parameters) throws {
        let refused = [
            "--code": parameters.queries.contains { if case .code = $0.source { true } else { false } },
            "--metric codes": parameters.metric == .codes, "--segments": parameters.segments,
            "--self": parameters.includeSelf, "--sync": parameters.sync,
            "--blend": parameters.blend, "--per-folder": parameters.perFolder != nil,
            "--distinct": parameters.distinct, "--rerank": parameters.rerank,
            "a contrast": parameters.contrasts?.isEmpty == false,
        ].filter(\.value).keys.sorted().first
        let obstacle = refused.map { "\($0) is for one library only" } ?? ShardFilter.obstacle(in: parameters.filter)
        if let obstacle { throw LibraryError.notEverywhere(reason: obstacle) }
    }
}

/// One way to read a query: its vectors, of which only the sum and the squares matter.
private struct Reading {
    let count: Int
    let sum: [Int]
    /// The squares of all components of all vectors, added up.
    private let squares: Int

    init(_ vectors: [[UInt8]]) {
        let components = vectors.map { $0.map { Int(Int8(bitPattern: $0)) } }
        count = components.count
        sum = components.reduce(into: [Int](repeating: 0, count: TimbreVector.dimension)) { sum, vector in
            for (place, component) in vector.enumerated() { sum[place] += component }
        }
        squares = components.joined().reduce(0) { $0 + $1 * $1 }
    }

    /// The squared distances of a vector to all of the query, added up, given a shard's key.
    ///
    /// With c the mean of n vectors q, Σ|v−q|² = n|v−c|² + Σ|q|² − n|c|², and the key is n²|v−c|². All are integers.
    func squaredDistances(of key: Int) -> Int { (key + rest) / count }
    var rest: Int { count * squares - sum.reduce(0) { $0 + $1 * $1 } }
}

/// A file that was found, and how far it is.
private struct Found: Comparable {
    let match: ShardMatch
    /// The mean of the squared distances to the query's vectors.
    let squared: Double

    init(_ reading: Reading, _ match: ShardMatch) {
        self.match = match
        squared = Double(reading.squaredDistances(of: match.key)) / Double(reading.count)
    }

    static func < (a: Found, b: Found) -> Bool {
        (a.squared, a.match.added, a.match.host, a.match.id) < (b.squared, b.match.added, b.match.host, b.match.id)
    }
}

extension ShardFilter {
    /// Reads the conditions of a request. A path may have a host in front: `studio:/srv/Samples`.
    init(_ filter: FileFilter?) throws {
        self.init()
        guard let filter else { return }
        (minDuration, maxDuration, channels) = (filter.minDuration, filter.maxDuration, filter.channels)
        since = filter.since
        if let place = filter.under?.bytes { (host, under) = Self.place(place) }
        if let glob = filter.glob?.bytes {
            let pattern = GlobPattern(glob).regularExpression
            if glob.contains(UInt8(ascii: "/")) { pathPattern = pattern } else { namePattern = pattern }
        }
    }

    /// What of a filter shards know nothing of, in words; nil if there is nothing.
    static func obstacle(in filter: FileFilter?) -> String? {
        if filter?.notUnder?.isEmpty == false { return "--not-under is for one library only" }
        guard let filter else { return nil }
        let asked = [
            ("--tag", filter.tags?.isEmpty == false), ("--bpm", filter.minBPM != nil || filter.maxBPM != nil),
            ("--key", filter.key != nil), ("--min-length", filter.minLength != nil),
            ("--max-length", filter.maxLength != nil),
            (filter.loop == false ? "--one-shots" : "--loops", filter.loop != nil),
        ]
        return asked.first(where: \.1).map { "\($0.0) is for one library only" }
    }

    /// Takes the host and the path apart; either may be missing.
    static func place(_ bytes: [UInt8]) -> (host: String?, under: [UInt8]?) {
        var path = bytes[...]
        var host: String?
        if path.first != UInt8(ascii: "/"), let colon = path.firstIndex(of: UInt8(ascii: ":")) {
            host = String(decoding: path[..<colon], as: UTF8.self)
            path = path[(colon + 1)...]
        }
        let isAnywhere = path.allSatisfy { $0 == UInt8(ascii: "/") }
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        return (host, isAnywhere ? nil : Array(path))
    }
}
