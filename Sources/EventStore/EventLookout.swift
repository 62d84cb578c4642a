import SoundEvents
import SystemPackage

/// What one thread of an ``EventScan`` has found so far.
struct EventLookout {
    private let scan: EventScan
    private var best: [[FoundPlace]]
    /// What a cosine has to reach, query by query.
    private var limits: [Float]
    /// The same, as the templates over each shape of background take it.
    private var least: [[[Float]]]
    private let ranges: [Int: [Range<Int>]]
    /// The best event of each range, by sound and the range's number.
    private var inRanges: [RangeKey: FoundPlace] = [:]
    private var damaged: Set<Int> = []
    private var buffer: [UInt8] = []

    private struct RangeKey: Hashable {
        var sound: Int
        var number: Int
    }

    init(_ scan: EventScan, _ ranges: [Int: [Range<Int>]]) {
        self.scan = scan
        self.ranges = ranges
        best = scan.templates.map { _ in [] }
        limits = scan.templates.map { _ in -.infinity }
        least = scan.templates.map { $0.map { $0.leastCosines(for: -1) } }
    }

    mutating func look(through block: [EventScan.Place], in file: EventFile) throws(Errno) {
        guard let first = block.first, let last = block.last else { return }
        try file.read(from: first.position, to: last.end, into: &buffer)
        for place in block {
            let start = Int(place.position - first.position)
            guard let part = EventPart(in: buffer, from: start, count: place.count, at: place.position) else {
                damaged.insert(place.sound)
                continue
            }
            look(through: part, of: place.sound)
            if let ranges = ranges[place.sound] { look(through: part, of: place.sound, in: ranges) }
        }
    }

    private mutating func look(through part: EventPart, of sound: Int) {
        var event = 0
        while event < part.count {
            let run = part.run(from: event, in: buffer)
            event = run.events.upperBound
            guard Int(run.shape) < BackgroundShape.count else { continue }
            for query in scan.templates.indices {
                let cosines = scan.templates[query][Int(run.shape)].cosines(
                    with: buffer.span.extracting(part.patches(of: run.events)), least: least[query][Int(run.shape)])
                for (offset, cosine) in cosines.enumerated() where cosine >= limits[query] {
                    let frame = part.frame(of: run.events.lowerBound + offset, in: buffer)
                    add(FoundPlace(sound: sound, frame: Int(frame), score: cosine), to: query)
                }
            }
        }
    }

    private mutating func add(_ place: FoundPlace, to query: Int) {
        best[query].append(place)
        guard best[query].count >= 2 * scan.count else { return }
        keepBest(query)
        least[query] = scan.templates[query].map { $0.leastCosines(for: limits[query]) }
    }

    private mutating func keepBest(_ query: Int) {
        best[query].sort(by: FoundPlace.isBefore)
        guard best[query].count >= scan.count else { return }
        best[query].removeLast(best[query].count - scan.count)
        limits[query] = best[query][scan.count - 1].score
    }

    /// Compares the events within some frames, whatever the limit.
    private mutating func look(through part: EventPart, of sound: Int, in ranges: [Range<Int>]) {
        for event in 0..<part.count {
            let frame = Int(part.frame(of: event, in: buffer))
            for (number, range) in ranges.enumerated() where range.contains(frame) {
                let shape = Int(part.run(from: event, in: buffer).shape)
                guard shape < BackgroundShape.count else { continue }
                let cosine = scan.templates[0][shape].cosines(
                    with: buffer.span.extracting(part.patches(of: event..<event + 1)))[0]
                take(
                    FoundPlace(sound: sound, frame: frame, score: cosine), for: RangeKey(sound: sound, number: number))
            }
        }
    }

    private mutating func take(_ place: FoundPlace, for range: RangeKey) {
        if let known = inRanges[range], FoundPlace.isBefore(known, place) { return }
        inRanges[range] = place
    }

    mutating func merge(_ other: EventLookout) {
        for query in best.indices {
            best[query] += other.best[query]
            keepBest(query)
        }
        for (range, place) in other.inRanges { take(place, for: range) }
        damaged.formUnion(other.damaged)
    }

    var findings: EventScan.Findings {
        EventScan.Findings(
            best: best.map { $0.sorted(by: FoundPlace.isBefore) },
            inRanges: inRanges.values.sorted(by: FoundPlace.isBefore), damaged: damaged)
    }
}
