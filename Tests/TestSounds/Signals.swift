import Glibc

/// White noise in [-1, 1) from a linear congruential generator. Source of its constants: W. Press et al., *Numerical
/// Recipes*, 2nd ed., p. 284.
package func noise(_ count: Int, seed: UInt32) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Double(state) / 2_147_483_648 - 1
    }
}

/// Samples of a function of time in seconds.
package func sampled(_ count: Int, rate: Int, _ function: (Double) -> Double) -> [Double] {
    (0..<count).map { function(Double($0) / Double(rate)) }
}

/// A sine of full scale.
package func sine(_ hertz: Double, count: Int, rate: Int) -> [Double] {
    sampled(count, rate: rate) { sin(2 * .pi * hertz * $0) }
}

/// The samples of several channels in turn.
package func interleaved(_ channels: [[Double]]) -> [Double] {
    channels[0].indices.flatMap { frame in channels.map { $0[frame] } }
}
