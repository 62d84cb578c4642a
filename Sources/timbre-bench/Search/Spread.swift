import ArgumentParser
import TimbreCodes

/// How much made-up sounds differ in each component of their vectors.
///
/// Pairs of sounds are about as far apart as under the model that timbred comes with: random ones 1.3, and those of a kind
/// half of that, a component of 1 being 237 steps.
enum Spread: String, CaseIterable, ExpressibleByArgument {
    /// As the network gives it: alike within the blocks of 16, 16 and 96 components that a search reads one after the
    /// other, which make up 61, 15 and 24 % of the squared distance of random pairs.
    case blocks
    /// Alike in all components: the worst case for a search that looks at the first ones first.
    case even

    /// The standard deviation of each component among sounds of one kind, and among spans of one sound.
    static let noise: Float = 8

    /// The standard deviation of each component among kinds of sounds.
    var scales: [Float] {
        (0..<TimbreVector.dimension).map { place in
            switch self {
            case .blocks: place < 16 ? 42 : place < 32 ? 21 : 11
            case .even: 19
            }
        }
    }
}
