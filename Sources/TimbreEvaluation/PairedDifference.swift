/// How much greater a figure has become, measured twice on the same things.
package struct PairedDifference: Hashable, Sendable {
    /// The means before and after.
    package let old: Double
    package let new: Double
    /// The mean difference, new less old, with its interval by the bootstrap over pairs.
    package let difference: Estimate

    /// Compares pairs of figures.
    ///
    /// - Precondition: There is a pair, and as many figures before as after.
    /// - Complexity: O(*n* · *m*) in the numbers of pairs and of rounds.
    package init(old: [Double], new: [Double], rounds: Int = 1000, seed: UInt64 = 1) {
        precondition(old.count == new.count && !old.isEmpty)
        self.old = old.reduce(0, +) / Double(old.count)
        self.new = new.reduce(0, +) / Double(new.count)
        let pairs = zip(old, new).map { SIMD8<Double>(repeating: $1 - $0) }
        difference = MacroAverage(pairs, strata: pairs.map { _ in 0 }).estimates(rounds: rounds, seed: seed)[0]
    }
}
