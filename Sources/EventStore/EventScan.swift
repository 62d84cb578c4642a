import Dispatch
import SoundEvents
import Synchronization
import SystemPackage

/// Compares sounds with all events of many others, exactly.
///
/// The file is read in blocks of some 256 kB, by several threads: what is in memory at a time does not grow with the
/// library. What the system keeps of the file is its business.
package struct EventScan: Sendable {
    /// What to look for: each with its templates over all shapes of background.
    let templates: [[PatchTemplates]]
    /// How many events to find of each.
    var count: Int

    /// Frames a second.
    package static let frameRate = EventQuery.frameRate
    /// Bytes that are read at a time, unless a sound's part is longer.
    private static let blockSize = 256 << 10

    /// - Complexity: Some milliseconds.
    package init(for queries: [EventQuery], count: Int) {
        templates = queries.map { query in
            (0..<BackgroundShape.count).map { PatchTemplates(of: query, over: $0) }
        }
        self.count = count
    }

    /// What a scan has found.
    package struct Findings: Sendable {
        /// Of each query the events that agree best, best first. The order is total: by the cosine, then by sound, then by
        /// frame.
        package var best: [[FoundPlace]]
        /// Of each range of frames that was asked for the event in it that agrees best with the first query, best first.
        package var inRanges: [FoundPlace]
        /// The sounds whose events are not those that should be there.
        package var damaged: Set<Int>
    }

    /// A part of a sound's events, and which of the sounds it belongs to.
    struct Place {
        var sound: Int
        var count: Int
        var position: Int64
        var end: Int64
    }

    /// Goes through the events of some sounds.
    ///
    /// - Parameters:
    ///   - extents: Where they are; the numbers of sounds in the answer count these.
    ///   - ranges: Frames of sounds, by their numbers, of which the best event is wanted in any case.
    /// - Throws: `Errno` if the file cannot be read.
    /// - Complexity: O(*n*) in the number of events.
    package func run(
        among extents: [EventExtent], ranges: [Int: [Range<Int>]] = [:], in file: EventFile, threads: Int
    ) throws -> Findings {
        let blocks = Self.blocks(of: extents)
        let next = Atomic(0)
        let results = Mutex<[Result<EventLookout, any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, blocks.count))) { _ in
            let result = Result {
                var lookout = EventLookout(self, ranges)
                while case let place = next.add(1, ordering: .relaxed).oldValue, place < blocks.count {
                    try lookout.look(through: blocks[place], in: file)
                }
                return lookout
            }
            results.withLock { $0.append(result) }
        }
        var all = EventLookout(self, ranges)
        for result in results.withLock({ $0 }) { all.merge(try result.get()) }
        return all.findings
    }

    private static func blocks(of extents: [EventExtent]) -> [[Place]] {
        // Sounds that differ in tags alone have the same events: their parts lie in one block, whatever else does.
        let places = extents.indices.flatMap { parts(of: extents[$0], sound: $0) }
            .sorted { ($0.position, $0.sound) < ($1.position, $1.sound) }
        var blocks: [[Place]] = []
        for place in places {
            if let first = blocks.last?.first, let last = blocks.last?.last, place.position - last.end < 4096,
                place.end - first.position <= blockSize
            {
                blocks[blocks.count - 1].append(place)
            } else {
                blocks.append([place])
            }
        }
        return blocks
    }

    private static func parts(of extent: EventExtent, sound: Int) -> [Place] {
        var position = extent.position
        return EventPart.counts(ofEvents: extent.eventCount).filter { $0 > 0 }.map { count in
            defer { position += Int64(EventPart.size(ofEvents: count)) }
            return Place(
                sound: sound, count: count, position: position,
                end: position + Int64(EventPart.size(ofEvents: count)))
        }
    }
}
