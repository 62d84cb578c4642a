import ArgumentParser

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
    var scales: SIMD64<Float> {
        var scales = SIMD64<Float>(repeating: 10)
        guard self == .falling else { return scales }
        for place in scales.indices { scales[place] = 34 / Float(place + 1).squareRoot() }
        return scales
    }
}
