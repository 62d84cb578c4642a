import CommandOutput
import TimbreWire

/// Says why nothing can be beyond a sound in some direction: what no figure can tell, or what there is no more of.
package enum ContrastReach {
    /// The least attack that is told from a shorter one, in seconds.
    private static let leastAttack = 0.01

    /// A clause for the first contrast that nothing can meet; nil if each could be met.
    ///
    /// - Parameter sounds: The figures of what is searched by.
    package static func obstacle(_ contrasts: [Contrast], beyond sounds: [Figures]) -> String? {
        contrasts.lazy.compactMap { contrast in sounds.lazy.compactMap { obstacle(contrast, beyond: $0) }.first }.first
    }

    private static func obstacle(_ contrast: Contrast, beyond sound: Figures) -> String? {
        let amount = contrast.amount ?? contrast.direction.noticed
        switch contrast.direction {
        case .harderAttack where sound.attack / amount < leastAttack:
            return
                "its attack takes \(Shown.number(1000 * sound.attack, digits: 0)) ms, and less than 10 ms cannot be told"
        case .purer where sound.noisiness < amount:
            return "only \(percent(sound.noisiness)) % of it is noise, and \(percent(amount)) % less was asked for"
        case .noisier where sound.noisiness + amount > 1:
            return "\(percent(sound.noisiness)) % of it is noise, and \(percent(amount)) % more was asked for"
        default: return nil
        }
    }

    private static func percent(_ share: Double) -> String { Shown.number(100 * share, digits: 0) }
}
