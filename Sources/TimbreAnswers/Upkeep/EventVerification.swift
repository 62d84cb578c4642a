import EventStore
import Platform
import SoundEvents
import SoundFeatures
import TimbreIndex
import TimbreLibrary
import TimbreStore
import Varlink

/// Compares the events that are kept with those that the stored Bark bands give, and what a scan finds among them with
/// what comparing all of them finds.
struct EventVerification {
    let snapshot: LibrarySnapshot
    let stored: CatalogSnapshot
    let goOn: () throws -> Void

    /// Frames of recordings that are looked at: twenty hours, some ten seconds of work.
    private static let mostFrames = 3_100_000
    /// Frames of a sound that is searched for, at the most: ten seconds.
    private static let longestQuery = 430
    /// How many of the best events are compared.
    private static let length = 100

    /// A recording, drawn from all.
    private struct Drawn {
        var entry: EventTable.Entry
        var events: SoundEvents
    }

    /// The files whose events differ, or with which a search finds others than it should.
    ///
    /// - Parameters:
    ///   - queries: Files to search with.
    ///   - generator: Draws the recordings, if there are too many to look at all.
    func differences(
        queries: [Int64], using generator: inout some RandomNumberGenerator
    ) throws -> [(file: Int64, rank: Int)] {
        guard let file = snapshot.events.file else { return [] }
        var (drawn, frames): ([Drawn], Int) = ([], 0)
        var differences: [(file: Int64, rank: Int)] = []
        for entry in snapshot.events.entries.shuffled(using: &generator) where frames < Self.mostFrames {
            try goOn()
            let events = SoundEvents(in: try stored.read { try $0.bands(of: entry.content) })
            if try file.events(at: entry.extent) != events { differences.append((entry.file, 1)) }
            frames += entry.extent.frameCount
            drawn.append(Drawn(entry: entry, events: events))
        }
        for query in queries {
            try goOn()
            guard let sound = try eventQuery(query) else { continue }
            if let rank = try firstDifference(of: sound, among: drawn, in: file) { differences.append((query, rank)) }
        }
        return differences
    }

    /// A file as a query; nil if it is too long for one, or silent.
    private func eventQuery(_ file: Int64) throws -> EventQuery? {
        guard let duration = snapshot.index.duration(of: file),
            duration * EventScan.frameRate <= Double(Self.longestQuery)
        else { return nil }
        let bands = try stored.read { reader in
            try reader.file(file)?.content.map { try reader.bands(of: $0) }
        }
        return bands.flatMap { EventQuery(phases: [$0]) }
    }

    /// The rank from which on the events that a scan finds are not those that agree best.
    private func firstDifference(of query: EventQuery, among drawn: [Drawn], in file: EventFile) throws -> Int? {
        let scan = EventScan(for: [query], count: Self.length)
        let found = try scan.run(among: drawn.map(\.entry.extent), in: file, threads: PlaceSearch.threads).best[0]
        let templates = (0..<BackgroundShape.count).map { PatchTemplates(of: query, over: $0) }
        let all = drawn.enumerated().flatMap { sound, drawn in
            drawn.events.frames.indices.map { event in
                let patch = drawn.events.patches.span.extracting(
                    event * SoundEvents.patchSize..<(event + 1) * SoundEvents.patchSize)
                let cosine = templates[Int(drawn.events.shapes[event])].cosines(with: patch)[0]
                return FoundPlace(sound: sound, frame: Int(drawn.events.frames[event]), score: cosine)
            }
        }
        let expected = all.sorted(by: FoundPlace.isBefore).prefix(Self.length)
        let rank = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset
        return rank.map { $0 + 1 } ?? (found.count == expected.count ? nil : min(found.count, expected.count) + 1)
    }
}
