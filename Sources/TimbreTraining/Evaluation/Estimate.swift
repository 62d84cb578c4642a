import TimbreCodes

/// A mean with its 95 % confidence interval, over draws of queries.
package struct Estimate: Hashable, Sendable {
    package let value: Double
    package let low: Double
    package let high: Double
}

/// A mean over strata of the means over their members, lane by lane: all strata have the same weight.
struct MacroAverage {
    /// The values of each stratum; none is empty.
    private let strata: [[SIMD8<Double>]]

    /// Takes values with the stratum of each; empty strata are dropped.
    init(_ values: [SIMD8<Double>], strata numbers: [Int]) {
        precondition(values.count == numbers.count && !values.isEmpty)
        var strata = [[SIMD8<Double>]](repeating: [], count: (numbers.max() ?? 0) + 1)
        for (value, number) in zip(values, numbers) { strata[number].append(value) }
        self.strata = strata.filter { !$0.isEmpty }
    }

    var mean: SIMD8<Double> { strata.reduce(into: .zero) { $0 += $1.mean } / Double(strata.count) }

    /// The mean with a bootstrap interval: the members of each stratum are resampled with replacement.
    ///
    /// Source: B. Efron and R. Tibshirani, *An Introduction to the Bootstrap* (1993), chapters 8 and 13.
    ///
    /// - Complexity: O(*n* · *m*) in the numbers of values and of rounds.
    func estimates(rounds: Int, seed: UInt64) -> [Estimate] {
        precondition(rounds > 0)
        var generator = SeededGenerator(seed: seed, salt: Array("bootstrap".utf8))
        let means = (0..<rounds).map { _ in
            var sum = SIMD8<Double>.zero
            for stratum in strata {
                var drawn = SIMD8<Double>.zero
                for _ in stratum.indices { drawn += stratum[generator.index(below: stratum.count)] }
                sum += drawn / Double(stratum.count)
            }
            return sum / Double(strata.count)
        }
        let mean = self.mean
        return mean.indices.map { lane in
            let sorted = means.map { $0[lane] }.sorted()
            return Estimate(
                value: mean[lane], low: sorted.quantile(0.025), high: sorted.quantile(0.975))
        }
    }
}

extension [SIMD8<Double>] {
    var mean: SIMD8<Double> { reduce(into: .zero) { $0 += $1 } / Double(count) }
}

extension [Double] {
    /// The value below which a share of the elements lies, interpolated between neighbours; the elements ascend.
    ///
    /// Source: R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", *Am. Stat.* 50 (1996),
    /// definition 7.
    func quantile(_ share: Double) -> Double {
        let position = share * Double(count - 1)
        let below = Int(position)
        let above = Swift.min(below + 1, count - 1)
        return self[below] + (position - Double(below)) * (self[above] - self[below])
    }
}
