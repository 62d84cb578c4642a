/// What a sound or a part of it sounds like, in numbers that mean something: the input of a model's metric.
///
/// The numbers have different units and ranges. They do not change with the sound's level, nor with silence around it.
package struct EarlierDescriptor: Hashable, Sendable {
    /// The name of what the numbers are. It changes with every change of the definition: a model that was learnt from
    /// other numbers is refused.
    package static let definition = "timbre descriptors 1"
    /// How many numbers there are.
    package static let count = groups.last?.range.upperBound ?? 0
    /// The parts, in order, that cover all numbers.
    package static let groups = makeGroups()

    /// The numbers, shape `[count]`; all are finite.
    package let values: [Float]

    init(values: [Float]) {
        precondition(values.count == Self.count)
        self.values = values
    }

    /// Numbers that belong together.
    package struct Group: Hashable, Sendable {
        /// The name that answers show.
        package let name: String
        /// Where the numbers are.
        package let range: Range<Int>
    }

    private static func makeGroups() -> [Group] {
        typealias Definition = EarlierDefinition
        let parts = [
            ("spectral envelope", Definition.cepstra),
            ("variation of the spectral envelope", Definition.cepstra),
            ("change of the spectral envelope from frame to frame", Definition.cepstra),
            ("loudness envelope", Definition.envelopeCosines.count),
            ("times", Definition.durationLevels.count + 5),
            ("brightness and width", EarlierFrameValues.shape.count),
            ("variation of brightness and width", EarlierFrameValues.shape.count),
            ("brightness and width of the attack", EarlierFrameValues.shape.count),
            ("ripple of the spectrum", Definition.ripples),
            ("course of the spectral envelope", Definition.courseCosines.count * Definition.courseCepstra),
        ]
        var start = 0
        return parts.map { name, count in
            defer { start += count }
            return Group(name: name, range: start..<start + count)
        }
    }
}

/// The constants of the descriptors of earlier models. They must not change: nothing trains such models any more.
///
/// Levels are in decibels, positions of bands in Bark, times in frames. `Tests/Quality/timbre_descriptors.py` is the
/// plain definition, and names the source of each formula.
enum EarlierDefinition {
    /// What is added to an amplitude before its logarithm is taken: a floor at −60 dB, without an edge.
    static let amplitudeOffset = 1e-3
    /// The bands' scale is 6 asinh(*f* / 600): that of the first and the last band's centre, in hertz.
    static let lowestBand = 50.0
    static let highestBand = 9000.0

    /// Cepstral coefficients that are values of a frame, from the first; the mean level is none of them.
    static let cepstra = 20
    /// Cepstral coefficients of medium fineness; what lies beyond them is fine.
    static let middleCepstra = 12...24
    /// The share of the power that lies up to the roll-off.
    static let rolloffShare = 0.85
    /// What is added to the square of a frame's spread.
    static let spreadOffset: Float = 1e-9
    /// How many waves of the levels along the bands are values of a frame: the first has one period over all bands, the
    /// second two, and so on.
    static let ripples = 25
    /// The magnitude of a wave from which its logarithm counts.
    static let rippleUnit: Float = 10

    /// How far below the loudest frame of a part a frame may be and count as heard.
    static let floor = -60.0
    /// A part's first frame is left out if the next one is louder by more than this: it holds only the beginning of a
    /// sound, and says more about where frames begin than about the sound.
    static let onsetRise = 6.0
    /// How many frames may be left out so.
    static let onsetFrames = 3
    /// Frames weigh as much as their amplitude to this power.
    static let loudnessExponent = 0.6

    /// Cosines of the course of the level, and the parts into which it is divided.
    static let envelopeCosines = 0...8
    static let envelopeParts = 32
    /// For how long the level stays above these is among the times.
    static let durationLevels = [-6.0, -12, -20, -30, -45]
    /// The attack begins with the first frame above this level, and lasts this many frames.
    static let attackLevel = -20.0
    static let attackFrames = 4
    /// Cosines of the courses of the first cepstra, and the parts into which they are divided.
    static let courseCosines = 1...3
    static let courseParts = 24
    /// Cepstra whose course is described, from the first.
    static let courseCepstra = 8
}
