/// In what results are to differ from the sounds that are searched by, or be the same.
package struct Contrast: Codable, Hashable, Sendable {
    package enum Direction: String, Codable, Hashable, Sendable, CaseIterable {
        case darker, brighter, shorter, longer, noisier, purer
        case softerAttack = "softer_attack"
        case harderAttack = "harder_attack"
        case lower, higher
        case sameKey = "same_key"

        /// The direction that excludes this one.
        package var opposite: Direction? {
            switch self {
            case .darker: .brighter
            case .brighter: .darker
            case .shorter: .longer
            case .longer: .shorter
            case .noisier: .purer
            case .purer: .noisier
            case .softerAttack: .harderAttack
            case .harderAttack: .softerAttack
            case .lower: .higher
            case .higher: .lower
            case .sameKey: nil
            }
        }

        /// What ``Contrast/amount`` counts.
        package var unit: Unit? {
            switch self {
            case .darker, .brighter, .shorter, .longer, .softerAttack, .harderAttack: .factor
            case .noisier, .purer: .share
            case .lower, .higher: .semitones
            case .sameKey: nil
            }
        }

        /// The difference that is just noticed, which is meant where no amount is given.
        ///
        /// Brightness: 5 %, E. Allen and A. Oxenham, "Symmetric interactions and interference between pitch and timbre",
        /// *J. Acoust. Soc. Am.* 135 (2014), pp. 1371-1379. Lengths: 10 %, S. Abel, "Duration discrimination of noise and
        /// tone bursts", *J. Acoust. Soc. Am.* 51 (1972), pp. 1219-1223. Attack: 25 %, V. van Heuven and M. van den Broecke,
        /// "Auditory discrimination of rise and decay times in tone and noise bursts", *J. Acoust. Soc. Am.* 66 (1979),
        /// pp. 1308-1315. Noisiness and pitch: so much more than the figures err by.
        package var noticed: Double {
            switch self {
            case .darker, .brighter: 1.05
            case .shorter, .longer: 1.1
            case .softerAttack, .harderAttack: 1.25
            case .noisier, .purer: 0.05
            case .lower, .higher: 1
            case .sameKey: 0
            }
        }
    }

    package enum Unit: Sendable {
        /// So many times as much, or as little: more than 1.
        case factor
        /// Added to what is 0 to 1, or taken away.
        case share
        case semitones

        /// The amounts that make sense.
        package var amounts: ClosedRange<Double> {
            switch self {
            case .factor: 1.001...1000
            case .share: 0.001...1
            case .semitones: 0.01...120
            }
        }
    }

    package var direction: Direction
    /// How far beyond the sounds that are searched by, at least; what is just noticed if absent.
    package var amount: Double?

    package init(_ direction: Direction, amount: Double? = nil) {
        self.direction = direction
        self.amount = amount
    }
}
