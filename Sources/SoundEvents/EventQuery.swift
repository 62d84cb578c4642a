import Glibc

/// A sound that is looked for inside others: its levels, from a frame before it on.
///
/// It may begin anywhere between two frames, so that it is better known in two phases: its frames, and those that begin
/// half a hop earlier.
package struct EventQuery: Sendable {
    /// Frames of silence that make the other phase begin, in samples.
    package static let phaseShift = 256
    /// Frames a second.
    package static let frameRate = EventDefinition.frameRate
    /// Frames that are compared at the most, the one before it included.
    package static let mostFrames = 65

    /// Its length without what dies away at the end, in frames, and in seconds.
    package let frameCount: Int
    package var duration: Double { max(Double(frameCount) / EventDefinition.frameRate, 0.05) }

    /// The levels of each phase, shape `[rows, 100]`, the first row being silent.
    let phases: [[Int16]]
    /// Rows of a phase.
    let rows: Int

    /// - Parameter bands: Of each phase, the plain one first, in the form of `FeatureFrames.bands`.
    /// - Returns: nil if there is nothing to be heard in it.
    package init?(phases bands: [[UInt8]]) {
        let levels = bands.map { QuarterLevels(bands: $0) }
        guard let plain = levels.first, let last = Self.lastHeard(in: plain) else { return nil }
        frameCount = last + 1
        let rows = min(frameCount + 1, Self.mostFrames - 1) + 1
        self.rows = rows
        phases = levels.map { levels in
            let silence = [Int16](repeating: QuarterLevels.lowest, count: QuarterLevels.bandCount)
            let known = min(rows - 1, levels.count)
            return silence + levels.levels(of: 0..<known)
                + Array(repeatElement(silence, count: rows - 1 - known).joined())
        }
    }

    /// The last frame within 40 dB of the loudest.
    private static func lastHeard(in levels: QuarterLevels) -> Int? {
        let energies = (0..<levels.count).map { frame in
            levels.levels(of: frame..<frame + 1).reduce(0.0) {
                $0 + ($1 > QuarterLevels.lowest ? pow(10, Double($1) / 40) : 0)
            }
        }
        guard let top = energies.max(), top > 0 else { return nil }
        return energies.lastIndex { $0 > top * 1e-4 }
    }

    /// How many slots of a patch are compared: those that it reaches into, and one more for what comes behind it.
    var slotCount: Int {
        let reached = EventDefinition.slots.count { $0.lowerBound < frameCount }
        return min(EventDefinition.slots.count, max(3, reached) + 1)
    }

    /// How far each of the first `rows` of a phase would be above a background that it is played over.
    ///
    /// - Parameters:
    ///   - background: Shape `[100]`.
    ///   - gain: What is added to its levels, in quarters of a decibel.
    /// - Returns: Sixteenths of a decibel, shape `[rows, 100]`.
    func over(_ background: [Int16], gain: Int, phase: Int, rows: Int) -> [Int16] {
        SoftSum.excess(of: phases[phase].prefix(rows * QuarterLevels.bandCount), gain: gain, over: background)
    }
}
