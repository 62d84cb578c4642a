import CTimbreKernels

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

    /// Of each of some patches the greatest centred cosine with a template, from −1 to 1.
    ///
    /// - Parameter patches: Shape `[count, 140]`.
    /// - Complexity: Some 0.15 µs a patch.
    package func cosines(with patches: Span<UInt8>) -> [Float] {
        let count = patches.count / SoundEvents.patchSize
        return unsafe [Float](unsafeUninitializedCapacity: count) { room, used in
            unsafe patches.withUnsafeBufferPointer { patches in
                guard let bytes = patches.baseAddress else { return }
                unsafe timbre_match_patches(bytes, count, length, values, scales, scales.count, room.baseAddress)
                used = count
            }
        }
    }
}
