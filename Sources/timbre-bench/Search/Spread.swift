import ArgumentParser
import TimbreCoding

/// How much made-up sounds differ in each component of their vectors.
///
/// Pairs of spans are about as far apart as under the model that timbred comes with, where half of the pairs are
/// farther apart than 117.
enum Spread: String, CaseIterable, ExpressibleByArgument {
    /// As a transform gives it: less in each component than in those before it, the variance among kinds of sounds in
    /// the *n*th being 1/*n* of that in the first.
    case falling
    /// Alike in all components: the worst case for a search that looks at the first ones first.
    case even

    /// The standard deviation of each component among kinds of sounds.
    var scales: [Float] {
        (1...TimbreVector.dimension).map { place in
            switch self {
            case .falling: 34 / Float(place).squareRoot()
            case .even: 10
            }
        }
    }
}
