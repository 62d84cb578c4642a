import Glibc
import TimbreDescriptors
import TimbreIndex
import TimbreWire

/// Turns contrasts into what must be true of the figures of results.
struct Contrasts {
    let contrasts: [Contrast]

    /// What must be true of the figures of results: they are beyond those of every sound.
    ///
    /// - Parameter sounds: The figures of the sounds that are searched by, and their names.
    /// - Throws: ``LibraryError/metricUnavailable(reason:)`` if a sound has no figures, or no pitch where one is needed.
    func conditions(beyond sounds: [(name: String, figures: SoundFigures?)]) throws(LibraryError) -> FigureConditions {
        var conditions = FigureConditions()
        for (name, figures) in sounds {
            guard let figures else {
                throw .metricUnavailable(reason: "how bright, long or high \(name) is cannot be told")
            }
            for contrast in contrasts {
                if contrast.direction.needsPitch, figures.pitch == nil {
                    throw .metricUnavailable(
                        reason: "\(name) has no sure pitch, which lower, higher and the same key start from")
                }
                if contrast.direction == .sameKey {
                    conditions.keys.append(figures[.pitch])
                } else {
                    conditions.limits.append(contrast.limit(from: figures))
                }
            }
        }
        return conditions
    }
}

extension Contrast.Direction {
    fileprivate var needsPitch: Bool { [.lower, .higher, .sameKey].contains(self) }

    /// The figure that is compared, and whether results have more of it.
    fileprivate var figure: (figure: SoundFigures.Figure, isMore: Bool) {
        switch self {
        case .darker: (.brightness, false)
        case .brighter: (.brightness, true)
        case .shorter: (.length, false)
        case .longer: (.length, true)
        case .noisier: (.noisiness, true)
        case .purer: (.noisiness, false)
        case .softerAttack: (.attack, true)
        case .harderAttack: (.attack, false)
        case .lower: (.pitch, false)
        case .higher, .sameKey: (.pitch, true)
        }
    }
}

extension Contrast {
    /// Where a figure must lie to be beyond that of a sound.
    fileprivate func limit(from figures: SoundFigures) -> FigureConditions.Limit {
        let amount = amount ?? direction.noticed
        let steps: Double =
            switch direction.unit {
            case .factor?: 1200 * log2(amount)
            case .share?: amount * SoundFigures.mostShare
            case .semitones?, nil: 100 * amount
            }
        let (figure, isMore) = direction.figure
        let start = Int(figures[figure])
        let distance = Int(steps.rounded())
        return FigureConditions.Limit(figure, isMore ? start + distance..<Int.max : Int.min..<start - distance + 1)
    }
}

extension Figures {
    init(_ figures: SoundFigures) {
        let pitch = figures.pitch
        self.init(
            brightness: figures.brightness, noisiness: figures.noisiness, attack: figures.attack,
            length: figures.length, decay: figures.decay, pitch: pitch?.hertz, pitchConfidence: pitch?.confidence,
            note: pitch?.note)
    }
}
