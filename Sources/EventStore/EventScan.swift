import Dispatch
import SoundEvents
import Synchronization
import SystemPackage

/// Compares a sound with all events of many others, exactly.
///
/// The file is read in blocks of some 256 kB, by several threads: what is in memory at a time does not grow with the
/// library. What it holds of the file is the system's business.
package struct EventScan: Sendable {
    /// The templates over each shape of background.
    private let templates: [PatchTemplates]

    /// - Complexity: Some milliseconds.
    package init(for query: EventQuery) {
        templates = (0..<BackgroundShape.count).map { PatchTemplates(of: query, over: $0) }
    }

    /// Frames a second.
    package static let frameRate = EventQuery.frameRate

    /// Of each range of frames the event in it that agrees best; of equal ones the first.
    ///
    /// - Parameters:
    ///   - events: Those of a sound.
    ///   - number: That of the sound, for the answer.
    package func best(of events: SoundEvents, in ranges: [Range<Int>], of number: Int) -> [FoundPlace] {
        ranges.compactMap { range in
            let places = events.frames.indices.filter { range.contains(Int(events.frames[$0])) }
            return places.map { event in
                let first = event * SoundEvents.patchSize
                let patch = events.patches.span.extracting(first..<first + SoundEvents.patchSize)
                let cosine = templates[Int(events.shapes[event])].cosines(with: patch)[0]
                return FoundPlace(sound: number, frame: Int(events.frames[event]), score: cosine)
            }.min(by: FoundPlace.isBefore)
        }
    }

    /// Bytes that are read at a time, unless a sound's part is longer.
    private static let blockSize = 256 << 10

    /// A part of a sound's events, and which of the sounds it belongs to.
    private struct Place {
        var sound: Int
        var count: Int
        var position: Int64
        var end: Int64
    }

    /// The events that agree best with some sounds, best first.
    ///
    /// The order is total: by the greatest cosine, then by sound, then by frame.
    ///
    /// - Parameters:
    ///   - count: How many events to find of each query.
    ///   - queries: What to compare with.
    ///   - extents: Where the events of each sound are; the numbers of sounds in the answer count these.
    /// - Returns: Of each query what was found, and the sounds whose events are not those that should be there.
    /// - Throws: `Errno` if the file cannot be read.
    /// - Complexity: O(*n*) in the number of events.
    package static func best(
        _ count: Int, for queries: [EventScan], among extents: [EventExtent], in file: EventFile, threads: Int
    ) throws -> (places: [[FoundPlace]], damaged: Set<Int>) {
        let blocks = blocks(of: extents)
        let threads = max(1, min(threads, blocks.count))
        let next = Atomic(0)
        let results = Mutex<[Result<Lookout, any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            let result = Result {
                var lookout = Lookout(count: count, queries: queries)
                while case let place = next.add(1, ordering: .relaxed).oldValue, place < blocks.count {
                    try lookout.look(through: blocks[place], for: queries, in: file)
                }
                return lookout
            }
            results.withLock { $0.append(result) }
        }
        var all = Lookout(count: count, queries: queries)
        for result in results.withLock({ $0 }) { all.merge(try result.get()) }
        return (all.found, all.damaged)
    }

    private static func blocks(of extents: [EventExtent]) -> [[Place]] {
        var blocks: [[Place]] = []
        for sound in extents.indices.sorted(by: { extents[$0].position < extents[$1].position }) {
            var position = extents[sound].position
            for count in EventPart.counts(ofEvents: extents[sound].eventCount) where count > 0 {
                let end = position + Int64(EventPart.size(ofEvents: count))
                let place = Place(sound: sound, count: count, position: position, end: end)
                if let first = blocks.last?.first, let last = blocks.last?.last, position - last.end < 4096,
                    end - first.position <= blockSize
                {
                    blocks[blocks.count - 1].append(place)
                } else {
                    blocks.append([place])
                }
                position = end
            }
        }
        return blocks
    }

    /// What one thread has found.
    private struct Lookout {
        private let count: Int
        private(set) var best: [[FoundPlace]]
        /// What a cosine has to reach, query by query.
        private var limits: [Float]
        /// The same, for each shape of background as its templates take it.
        private var least: [[[Float]]]
        private(set) var damaged: Set<Int> = []

        init(count: Int, queries: [EventScan]) {
            self.count = count
            best = queries.map { _ in [] }
            limits = queries.map { _ in -.infinity }
            least = queries.map { $0.templates.map { $0.leastCosines(for: -1) } }
        }

        mutating func look(through block: [Place], for queries: [EventScan], in file: EventFile) throws {
            guard let first = block.first, let last = block.last else { return }
            let bytes = try file.bytes(from: first.position, to: last.end)
            for place in block {
                let start = Int(place.position - first.position)
                guard let part = EventPart(in: bytes, from: start, count: place.count, at: place.position) else {
                    damaged.insert(place.sound)
                    continue
                }
                var event = 0
                while event < part.count {
                    let run = part.run(from: event, in: bytes)
                    event = run.events.upperBound
                    guard Int(run.shape) < BackgroundShape.count else { continue }
                    let patches = bytes.span.extracting(part.patches(of: run.events))
                    for (query, scan) in queries.enumerated() {
                        let cosines = scan.templates[Int(run.shape)].cosines(
                            with: patches, least: least[query][Int(run.shape)])
                        for (offset, cosine) in cosines.enumerated() where cosine >= limits[query] {
                            let frame = part.frame(of: run.events.lowerBound + offset, in: bytes)
                            add(
                                FoundPlace(sound: place.sound, frame: Int(frame), score: cosine), to: query,
                                queries[query])
                        }
                    }
                }
            }
        }

        private mutating func add(_ place: FoundPlace, to query: Int, _ scan: EventScan) {
            best[query].append(place)
            guard best[query].count >= 2 * count else { return }
            keepBest(query)
            least[query] = scan.templates.map { $0.leastCosines(for: limits[query]) }
        }

        private mutating func keepBest(_ query: Int) {
            best[query].sort(by: FoundPlace.isBefore)
            guard best[query].count >= count else { return }
            best[query].removeLast(best[query].count - count)
            limits[query] = best[query][count - 1].score
        }

        mutating func merge(_ other: Lookout) {
            for query in best.indices {
                best[query] += other.best[query]
                keepBest(query)
            }
            damaged.formUnion(other.damaged)
        }

        var found: [[FoundPlace]] { best }
    }
}
