import EventStore
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Answers where a sound is heard: as places, or as whole files of which long recordings count by their best place.
struct PlaceAnswers {
    let catalog: Catalog
    let snapshot: LibrarySnapshot
    let parameters: Similar.Parameters
    /// Is told the contents whose events are damaged.
    let damaged: (Set<Int64>) -> Void

    /// More sounds are searched for by the vectors of spans alone.
    private static let mostSounds = 16
    /// Recordings that rank by their best place: those of ten seconds, and three times as long as the sound.
    private static let shortestRecording = 430
    private static let leastRatio = 3
    /// Places of recordings that are looked at closely where whole files are asked for.
    private static let fewLooks = 60
    /// Places that are looked at closely at the most, however many are asked for.
    private static let mostLooks = 3000
    /// From this probability on a sound is more likely than not at a place.
    private static let likely = 0.5
    /// A file that is no longer than this, or than twice the sound, is compared as a whole, too.
    private static let shortFile = 2.1

    /// Whether places may have to be looked for, as far as the request tells.
    var mayAnswer: Bool {
        parameters.metric != .codes && parameters.contrasts == nil && !parameters.rerank
            && !snapshot.events.entries.isEmpty && snapshot.generation.hasNetwork
            && parameters.queries.count <= (parameters.segments ? Self.mostSounds : 1)
    }

    /// The results of a search, and in how many places the sound is likely heard, if places are asked for.
    func answer(_ search: Search, _ count: Int) throws -> (results: [SimilarResult], likelyPlaces: Int?) {
        guard mayAnswer, search.metric == .timbre, !search.query.sought.isEmpty else {
            if parameters.segments { return (likely(search.spans(count)), nil) }
            var search = search
            search.leastScore = parameters.likely ? Self.likely : nil
            return (search.files(count), nil)
        }
        guard parameters.segments else { return (likely(try files(search, count)), nil) }
        let rows = try rows(search, count)
        return (
            likely(Array(rows.prefix(count).enumerated().map { $1.result(rank: $0 + 1) })),
            rows.count { $0.score >= Self.likely }
        )
    }

    private func likely(_ results: [SimilarResult]) -> [SimilarResult] {
        parameters.likely ? results.filter { $0.score >= Self.likely } : results
    }

    /// A row of an answer, before it has its rank.
    private struct Row {
        var file: Int64
        var result: SimilarResult
        /// Whether it is a whole file, and no place in a recording.
        var isWhole = false
        var score: Double { result.score }
        /// Of equally likely rows whole files come first, in the order that they have.
        var age: Int64 { isWhole ? 0 : file }

        func result(rank: Int) -> SimilarResult {
            var ranked = result
            ranked.rank = rank
            return ranked
        }
    }

    /// Places in recordings, and short files as wholes, the likeliest first.
    private func rows(_ search: Search, _ count: Int) throws -> [Row] {
        var rows: [Row] = []
        for sought in search.query.sought {
            guard let query = PlaceQuery(sought) else { continue }
            let places = try placeSearch(query, search).places(
                count, looks: max(PlaceSearch.usualLooks, min(count, Self.mostLooks)))
            rows += places.filter { isElsewhere($0, than: sought) && search.awayFilter.allows($0) }.compactMap {
                place in
                row(
                    place, distance: snapshot.generation.distance(fromSquared: Double(place.squaredDistance)),
                    codes: search.query.codes)
            }
            rows += wholes(search, query, count)
        }
        rows.sort { ($1.score, $0.age, $0.result.start) < ($0.score, $1.age, $1.result.start) }
        var distinct = search.distinctSounds()
        return onePerPlace(rows.filter { distinct?.takes($0.file) ?? true })
    }

    private func placeSearch(_ query: PlaceQuery, _ search: Search) -> PlaceSearch {
        // If only a part of it is asked with, what is left out of its own file is decided place by place.
        let excluded = parameters.at == nil ? search.excluded : search.excluded.subtracting(search.query.files)
        return PlaceSearch(
            snapshot: snapshot, catalog: catalog, query: query, filter: search.squaredFilter, excluded: excluded,
            damaged: damaged)
    }

    /// Whether a place is not the one that is asked with.
    private func isElsewhere(_ place: PlaceSearch.Place, than sought: SoughtSound) -> Bool {
        guard !parameters.includeSelf, let origin = sought.origin, origin.file == place.file else { return true }
        let overlap = min(place.end, origin.end) - max(place.start, origin.start)
        return 2 * overlap <= min(place.end - place.start, origin.end - origin.start)
    }

    /// - Parameter codes: Those of the sound.
    private func row(_ place: PlaceSearch.Place, distance: Double, codes: [TimbreCode]) -> Row? {
        guard let path = snapshot.index.path(of: place.file), let duration = snapshot.index.duration(of: place.file)
        else { return nil }
        let time = place.start..<max(place.end, place.start.nextUp)
        let bits = snapshot.index.distance(of: place.file, within: time, to: codes)
        return Row(
            file: place.file,
            result: SimilarResult(
                rank: 0, path: WirePath(path), distance: distance, score: place.probability,
                hamming: bits ?? TimbreCode.width, start: place.start, end: place.end,
                duration: duration, inside: true))
    }

    /// Files that are not much longer than the sound, each as a whole.
    private func wholes(_ search: Search, _ query: PlaceQuery, _ count: Int) -> [Row] {
        var search = search
        search.query.vectors = [query.vector]
        search.query.otherVectors = [:]
        let longest = max(Self.shortFile, 2 * query.duration)
        search.filter.maxDuration = min(search.filter.maxDuration ?? longest, longest)
        return search.numberedFiles(count).map { file, result in
            var whole = result
            (whole.start, whole.end) = (0, result.duration)
            return Row(file: file, result: whole, isWhole: true)
        }
    }

    /// Leaves out what overlaps a better row of the same file by more than half of the shorter.
    private func onePerPlace(_ rows: [Row]) -> [Row] {
        var taken: [WirePath: [(start: Double, end: Double)]] = [:]
        return rows.filter { row in
            let (start, end) = (row.result.start, row.result.end)
            let isFree = taken[row.result.path, default: []].allSatisfy { other in
                2 * (min(end, other.end) - max(start, other.start)) <= min(end - start, other.end - other.start)
            }
            if isFree { taken[row.result.path, default: []].append((start, end)) }
            return isFree
        }
    }

    /// Whole files, of which long recordings rank by their best place where that is nearer.
    private func files(_ search: Search, _ count: Int) throws -> [SimilarResult] {
        guard let sought = search.query.sought.first, sought.isWhole, search.awayFilter.isEmpty,
            let query = PlaceQuery(sought)
        else { return search.files(count) }
        let shortest = max(Self.shortestRecording, Self.leastRatio * query.frameCount)
        let meaning = search.meaning
        var best: [Int64: SimilarResult] = [:]
        for place in try placeSearch(query, search).places(count, looks: Self.fewLooks, in: shortest)
        where best[place.file] == nil && isElsewhere(place, than: sought) {
            let probability = PlaceScore.evenProbability(place.probability)
            guard probability >= Self.likely, let distance = meaning.distance(ofScore: probability) else { continue }
            let limit = search.filter.maxDistance ?? .infinity
            let own = snapshot.index.vector(of: place.file).map {
                snapshot.generation.distance(fromSquared: Double($0.squaredDistance(to: query.vector)))
            }
            guard distance <= limit, own.map({ distance < $0 }) ?? true else { continue }
            best[place.file] = row(place, distance: distance, codes: search.query.codes)?.result
            best[place.file]?.score = probability
        }
        if best.isEmpty { return search.files(count) }
        return merged(best, search, count).enumerated().map { place, row in row.result(rank: place + 1) }
    }

    /// The nearest files, of which some are nearer by a place than as a whole.
    private func merged(_ best: [Int64: SimilarResult], _ search: Search, _ count: Int) -> [Row] {
        let places = best.sorted { $0.key < $1.key }.map { (file: $0, result: $1) }
        // Which files have room, and which are copies, depends on all that is nearer, places included.
        var (all, wanted) = (search, count)
        (all.perFolder, all.isDistinct) = (nil, false)
        while true {
            let files = all.numberedFiles(wanted)
            let isAll = files.count < wanted
            // What lies farther may come behind files that have not been seen.
            let horizon = isAll ? .infinity : files.last?.result.distance ?? .infinity
            let rows = (files.filter { best[$0.file] == nil } + places).enumerated()
                .sorted { ($0.element.result.distance, $0.offset) < ($1.element.result.distance, $1.offset) }
                .map(\.element).filter { $0.result.distance <= horizon }
            let kept = once(rows, search)
            if kept.count >= count || isAll { return Array(kept.prefix(count)) }
            wanted *= 2
        }
    }

    /// Leaves out the files for which their folder has no room, and those whose sound has been there.
    private func once(_ rows: [(file: Int64, result: SimilarResult)], _ search: Search) -> [Row] {
        var room = search.perFolder.map(FolderRoom.init)
        var distinct = search.distinctSounds(prefersOwn: search.perFolder == nil)
        return rows.filter { row in
            guard let folder = snapshot.index.file(row.file)?.directory, room?.full.contains(folder) != true else {
                return false
            }
            return distinct?.takes(row.file) ?? true && room?.takes(fileOf: folder) ?? true
        }.map { Row(file: $0.file, result: $0.result) }
    }
}
