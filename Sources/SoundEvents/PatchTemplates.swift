import CTimbreKernels
import Glibc

/// What the patch of an event would look like if a sound were heard in it over a background, at several gains, in each
/// phase, beginning with the event's frame or the one after it.
package struct PatchTemplates: Sendable {
    /// By how much the greatest level of the sound is above the background, in decibels.
    private static let gains = [6, 11, 16, 22, 29, 37, 46]
    /// The greatest absolute value of a template.
    private static let precision: Float = 4095
    static let room = Int(TIMBRE_TEMPLATE_ROOM)

    /// Bytes of a patch that are compared.
    let length: Int
    /// Shape `[count, room]`.
    private(set) var values: [Int16] = []
    /// One over the norm of each.
    private(set) var scales: [Float] = []
    /// Where the groups end, and the greatest angle of each between the first template and another.
    private var ends: [UInt32] = []
    private var reaches: [Float] = []
    /// The cosine that two templates of a group have at the least.
    private static let leastKinship: Float = 0.88

    /// - Parameter shape: The background's; see ``BackgroundShape``.
    package init(of query: EventQuery, over shape: Int) {
        let groups = Int(TIMBRE_WIDE_BANDS)
        length = query.slotCount * groups
        let background = BackgroundShape.levels(of: shape)
        let rows = min(query.rows, EventDefinition.framesBefore + EventDefinition.framesBehind)
        for phase in query.phases.indices {
            let top = (0..<rows * QuarterLevels.bandCount).reduce(Int.min) {
                max($0, Int(query.phases[phase][$1]) - Int(background[$1 % QuarterLevels.bandCount]))
            }
            for gain in Self.gains {
                let levels = query.over(background, gain: 4 * gain - top, phase: phase, rows: rows)
                for begin in [1, 0] { append(Self.means(of: levels, from: begin, slots: query.slotCount)) }
            }
        }
        group()
    }

    /// The means over slots and groups of bands, shape `[slots, 20]`.
    ///
    /// - Parameter begin: The row that is the frame of the event.
    private static func means(of levels: [Int16], from begin: Int, slots: Int) -> [Float] {
        let (bands, groups) = (QuarterLevels.bandCount, Int(TIMBRE_WIDE_BANDS))
        return EventDefinition.slots.prefix(slots).flatMap { slot in
            let rows = (begin + slot.lowerBound..<begin + slot.upperBound).clamped(to: 0..<levels.count / bands)
            return (0..<groups).map { group in
                let sum = rows.reduce(0) { sum, row in
                    let first = row * bands + group * bands / groups
                    return levels[first..<first + bands / groups].reduce(sum) { $0 + Int($1) }
                }
                return Float(sum) / Float(slot.count * bands / groups)
            }
        }
    }

    private mutating func append(_ template: [Float]) {
        let mean = template.reduce(0, +) / Float(template.count)
        let centred = template.map { $0 - mean }
        let greatest = centred.reduce(0) { max($0, abs($1)) }
        var rounded = centred.map { Int16(greatest > 0 ? ($0 * (Self.precision / greatest)).rounded() : 0) }
        // The sum is 0 after rounding, too: then the mean of a patch does not matter.
        let rest = rounded.reduce(0) { $0 + Int($1) }
        for place in 0..<abs(rest) { rounded[place % rounded.count] -= Int16(rest.signum()) }
        let square = rounded.reduce(0) { $0 + Int($1) * Int($1) }
        values += rounded + [Int16](repeating: 0, count: Self.room - rounded.count)
        scales.append(square > 0 ? 1 / Float(square).squareRoot() : 0)
    }

    /// Puts the templates into groups of like ones, each behind one that all others are near to.
    ///
    /// A patch makes no smaller an angle with a template than it makes with the first of its group less that of the two: so
    /// most patches need no more than the firsts.
    private mutating func group() {
        var left = Set(scales.indices)
        var order: [Int] = []
        while !left.isEmpty {
            var (first, group): (Int, Set<Int>) = (0, [])
            for place in left.sorted() {
                let near = left.filter { $0 == place || cosine(place, $0) >= Self.leastKinship }
                if near.count > group.count { (first, group) = (place, near) }
            }
            let others = group.subtracting([first]).sorted()
            order += [first] + others
            ends.append(UInt32(order.count))
            reaches.append(others.map { acos(min(1, cosine(first, $0))) }.max() ?? 0)
            left.subtract(group)
        }
        values = order.flatMap { values[$0 * Self.room..<($0 + 1) * Self.room] }
        scales = order.map { scales[$0] }
    }

    /// The cosine of two templates.
    private func cosine(_ a: Int, _ b: Int) -> Float {
        let (a, b) = (a * Self.room, b * Self.room)
        let product = (0..<length).reduce(0) { $0 + Int(values[a + $1]) * Int(values[b + $1]) }
        return Float(product) * scales[a / Self.room] * scales[b / Self.room]
    }

    /// What the cosine with the first template of each group has to be for that with another one to reach a limit.
    package func leastCosines(for limit: Float) -> [Float] {
        let angle = acos(min(max(limit, -1), 1))
        // Less what the rounding of all that may come to.
        return reaches.map { limit <= -1 || angle + $0 >= .pi ? -2 : cos(angle + $0) - 1e-4 }
    }

    /// Of each of some patches the greatest centred cosine with a template, from −1 to 1.
    ///
    /// - Parameters:
    ///   - patches: Shape `[count, 140]`.
    ///   - least: What ``leastCosines(for:)`` gives for a limit, so that what is below it need not be exact; all cosines are
    ///     exact without.
    /// - Complexity: Some 0.15 µs a patch; a third of it with a limit that few patches reach.
    package func cosines(with patches: Span<UInt8>, least: [Float]? = nil) -> [Float] {
        let count = patches.count / SoundEvents.patchSize
        let least = least ?? [Float](repeating: -2, count: ends.count)
        precondition(least.count == ends.count)
        return unsafe [Float](unsafeUninitializedCapacity: count) { room, used in
            unsafe patches.withUnsafeBufferPointer { patches in
                guard let bytes = patches.baseAddress else { return }
                unsafe timbre_match_patches(
                    bytes, count, length, values, scales, ends, least, ends.count, room.baseAddress)
                used = count
            }
        }
    }
}
