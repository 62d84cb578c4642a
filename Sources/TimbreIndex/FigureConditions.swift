import TimbreDescriptors

/// What must be true of a sound's figures, in the steps that they are kept in.
package struct FigureConditions: Hashable, Sendable {
    /// Where a figure must lie.
    package struct Limit: Hashable, Sendable {
        package var figure: SoundFigures.Figure
        package var steps: Range<Int>

        package init(_ figure: SoundFigures.Figure, _ steps: Range<Int>) {
            self.figure = figure
            self.steps = steps
        }
    }

    /// All of them must hold. A limit of the pitch is met by no sound without one.
    package var limits: [Limit] = []
    /// Pitches, in steps, of which the sound's must be any number of octaves away, give or take half a semitone: from each.
    package var keys: [UInt16] = []

    /// Admits all sounds.
    package init() {}

    package var isEmpty: Bool { limits.isEmpty && keys.isEmpty }

    /// Whether the conditions hold of some figures, given as their steps; of none they do not.
    func admit(_ steps: SIMD8<UInt16>) -> Bool {
        guard let figures = SoundFigures(steps: steps) else { return isEmpty }
        let pitch = figures[.pitch]
        return limits.allSatisfy { $0.steps.contains(Int(figures[$0.figure])) && ($0.figure != .pitch || pitch > 0) }
            && keys.allSatisfy { pitch > 0 && Self.isSameKey(pitch, $0) }
    }

    /// Whether two pitches are whole octaves apart, give or take half a semitone.
    private static func isSameKey(_ a: UInt16, _ b: UInt16) -> Bool {
        let rest = abs(Int(a) - Int(b)) % 1200
        return min(rest, 1200 - rest) <= 50
    }
}
