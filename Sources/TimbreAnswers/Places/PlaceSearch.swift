import EventStore
import Glibc
import Platform
import SoundEvents
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// Finds the places of recordings where a sound may be heard.
///
/// Two ways lead to candidates: the events of all recordings, whose patches are compared with what the sound would look
/// like over the background there, which finds what is the same; and the timbre vectors of spans, which find what is
/// alike. The best of both are looked at closely, and that decides.
struct PlaceSearch {
    /// A place where the sound may be heard.
    struct Place {
        /// The file that has it. Copies have the same places.
        var file: Int64
        /// In seconds.
        var start: Double
        var end: Double
        /// How likely the sound is heard there, 0 to 1.
        var probability: Double
        /// Of the vectors of the sound and the place, squared, in steps of a vector.
        var squaredDistance: Int
        var vector: TimbreVector?
    }

    let snapshot: LibrarySnapshot
    let catalog: Catalog
    let query: PlaceQuery
    /// Which files count; the greatest distance is a squared one.
    var filter: IndexFilter
    let excluded: Set<Int64>
    /// Is told the contents whose events are damaged.
    let damaged: (Set<Int64>) -> Void

    /// Places that are looked at closely, unless more are asked for.
    static let usualLooks = 300
    /// Places that are compared in all pieces, where there are several.
    private static let fullLooks = 60
    /// Events of each guide that may become a place.
    private static let candidates = 2048
    /// Spans of near vectors whose best event is looked at, too.
    private static let spans = 100
    /// What the distance of the vectors counts beside the cosine, where places are put in order.
    private static let distanceWeight = 0.2
    /// Places whose vectors are compared at least, beside those that were found by them.
    private static let vectors = 100
    /// The distance of vectors that point in opposite directions, which counts where there is none.
    private static let farthest = 2.0
    static let threads = max(1, min(8, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))

    /// The places, the likeliest first; of equally likely ones those of the older file, and in it the earlier ones.
    ///
    /// - Parameters:
    ///   - count: How many places are wanted; there may be more.
    ///   - looks: How many to look at closely.
    ///   - shortest: Recordings with fewer frames are passed over.
    /// - Throws: What the file of events and the catalog throw.
    /// - Complexity: O(*n*) in the number of events of the library, some 0.1 µs each, and of those that the filter leaves.
    func places(_ count: Int, looks: Int, in shortest: Int = 0) throws -> [Place] {
        let found = try look(for: max(count, Self.vectors), looks: looks, in: shortest)
        if found.isEmpty { return [] }
        // What agrees by chance is asked of the whole library, so that a place is as likely whatever the filter leaves.
        var all = self
        all.filter = IndexFilter()
        all.filter.includesOffline = filter.includesOffline
        let usual = min(looks, Self.usualLooks)
        let isAll = filter == all.filter && looks == usual && count <= Self.vectors
        let everywhere = isAll ? found : try all.look(for: Self.vectors, looks: usual, in: shortest)
        let score = PlaceScore(
            cosines: everywhere.map { Double($0.look.place.score) }.sorted(by: >), frameCount: query.frameCount)
        return places(at: found, score)
    }

    /// A place that was looked at closely, and the files whose recording has it.
    private struct Looked {
        var look: PlaceLooks.Found
        var files: [Int64]
    }

    /// Looks closely at the places that the filter admits.
    ///
    /// - Parameter vectors: Of how many places vectors are compared at least, beside those that were found by them.
    private func look(for vectors: Int, looks: Int, in shortest: Int) throws -> [Looked] {
        guard let file = snapshot.events.file else { return [] }
        let (recordings, holders, extents) = recordings(shortest)
        if recordings.isEmpty { return [] }
        let guides = query.guides
        let found = try EventScan(for: guides.map(\.query), count: Self.candidates).run(
            among: extents, ranges: nearSpans(recordings), in: file, threads: Self.threads)
        if !found.damaged.isEmpty { damaged(Set(found.damaged.map { recordings[$0].content })) }
        let byVector = found.inRanges
        let byPatch = zip(guides, found.best).flatMap { guide, found in
            found.map { FoundPlace(sound: $0.sound, frame: $0.frame - guide.offset, score: $0.score) }
        }.filter { $0.frame >= 0 }.sorted(by: FoundPlace.isBefore)
        var chosen = PlaceSelection(length: query.frameCount, limit: looks)
        for turn in 0..<max(byPatch.count, byVector.count) where !chosen.isFull {
            // One of the vectors' for each two of the patches'.
            if turn < byPatch.count { chosen.take(byPatch[turn]) }
            if turn % 2 == 0, turn / 2 < byVector.count { chosen.take(byVector[turn / 2]) }
        }
        return try look(at: chosen.places, alike: Set(byVector), vectors: vectors, recordings).map {
            Looked(look: $0, files: holders[$0.place.sound])
        }
    }

    /// The recordings that count, oldest first, the files that hold each, and where its events are.
    private func recordings(_ shortest: Int) -> ([Recording], [[Int64]], [EventExtent]) {
        let entries = snapshot.events.entries.filter { $0.extent.frameCount >= shortest && $0.extent.eventCount > 0 }
        let admitted = snapshot.index.admitted(among: entries.map(\.file), filter: filter, excluding: excluded)
        var (recordings, holders, extents): ([Recording], [[Int64]], [EventExtent]) = ([], [], [])
        var places: [Int64: Int] = [:]
        for (entry, isAdmitted) in zip(entries, admitted) where isAdmitted {
            if let place = places[entry.content] {
                holders[place].append(entry.file)
                continue
            }
            places[entry.content] = recordings.count
            recordings.append(Recording(content: entry.content, frameCount: entry.extent.frameCount))
            holders.append([entry.file])
            extents.append(entry.extent)
        }
        return (recordings, holders, extents)
    }

    /// The frames of the spans whose vectors are nearest, by recording.
    private func nearSpans(_ recordings: [Recording]) -> [Int: [Range<Int>]] {
        var filter = filter
        let least = Double(SoundEvents.shortest - 1) / EventScan.frameRate
        filter.minDuration = max(filter.minDuration ?? 0, least)
        let numbers = Dictionary(uniqueKeysWithValues: recordings.enumerated().map { ($1.content, $0) })
        let spans = snapshot.index.nearestSpans(
            toVectors: [query.vector], count: Self.spans, filter: filter, excluding: excluded)
        var wanted: [Int: [Range<Int>]] = [:]
        for span in spans {
            guard let content = snapshot.events[span.file]?.content, let number = numbers[content] else { continue }
            let first = span.span * SpanPooling.framesPerSpan
            let frames = first..<first + SpanPooling.framesPerSpan
            if wanted[number]?.contains(frames) != true { wanted[number, default: []].append(frames) }
        }
        return wanted
    }

    /// Looks closely at places, and leaves one row a place, the best in the order of cosines and vectors.
    ///
    /// - Parameters:
    ///   - alike: Those that were found by their vectors.
    ///   - count: How many of the others get vectors, too.
    private func look(
        at places: [FoundPlace], alike: Set<FoundPlace>, vectors count: Int, _ recordings: [Recording]
    ) throws -> [PlaceLooks.Found] {
        guard let metric = snapshot.generation.model.metric else { return [] }
        let looks = PlaceLooks(
            query: query, recordings: recordings, catalog: catalog, metric: metric, threads: Self.threads)
        var found = try looks.look(at: places, pieces: [query.pieces[0]])
        found.sort { FoundPlace.isBefore($0.place, $1.place) }
        if query.pieces.count > 1 {
            found = try looks.look(at: found.prefix(Self.fullLooks).map(\.place), pieces: query.pieces)
            found.sort { FoundPlace.isBefore($0.place, $1.place) }
        }
        let wanted = found.enumerated().filter { $0 < count || alike.contains($1.candidate) }.map(
            \.element.place)
        let vectors = try looks.vectors(at: wanted)
        let ranked = found.map { look in
            var look = look
            look.vector = vectors[look.place]
            look.squaredDistance = look.vector.map(query.vector.squaredDistance(to:))
            var fused = look.place
            fused.score -= Float(Self.distanceWeight * distance(of: look))
            return (fused: fused, look: look)
        }.sorted { FoundPlace.isBefore($0.fused, $1.fused) }
        var selection = PlaceSelection(length: query.frameCount, limit: ranked.count)
        return ranked.filter { row in
            let count = selection.places.count
            selection.take(row.fused)
            return selection.places.count > count
        }.map(\.look)
    }

    private func distance(of look: PlaceLooks.Found) -> Double {
        look.squaredDistance.map { snapshot.generation.distance(fromSquared: Double($0)) } ?? Self.farthest
    }

    /// A row for each file that has a place.
    private func places(at found: [Looked], _ score: PlaceScore) -> [Place] {
        found.flatMap { found in
            let look = found.look
            let logit = score.logit(cosine: Double(look.place.score), distance: distance(of: look))
            let squared = look.squaredDistance ?? Int(snapshot.generation.squared(fromDistance: Self.farthest))
            return found.files.compactMap { file -> Place? in
                guard filter.maxDistance.map({ Double(squared) <= $0 }) ?? true else { return nil }
                let end = snapshot.index.duration(of: file) ?? .infinity
                return Place(
                    file: file, start: look.place.start, end: min(look.place.start + query.duration, end),
                    probability: PlaceScore.probability(ofLogit: logit), squaredDistance: squared,
                    vector: look.vector)
            }
        }.sorted { ($1.probability, $0.file, $0.start) < ($0.probability, $1.file, $1.start) }
    }
}
