/// Random numbers that are the same on every machine, for ever, for the same seed.
///
/// xoshiro256\*\*, its state filled by SplitMix64. Source: D. Blackman and S. Vigna, "Scrambled linear pseudorandom
/// number generators", *ACM Trans. Math. Softw.* 47 (2021), and <https://prng.di.unimi.it>. The standard library does
/// not promise how it turns a generator's bits into numbers in a range, so that what must be repeatable uses
/// ``index(below:)`` and ``fraction()``.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Goes on from a state that is not all zero.
    init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

    package init(seed: UInt64) {
        var filler = SplitMix64(state: seed)
        state = (filler.next(), filler.next(), filler.next(), filler.next())
    }

    /// A generator of its own for each thing that has a name, so that the order of things does not matter.
    package init(seed: UInt64, salt: [UInt8]) {
        var mixed = SplitMix64(state: seed)
        for start in stride(from: 0, to: salt.count, by: 8) {
            let word = salt[start..<min(start + 8, salt.count)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            mixed = SplitMix64(state: mixed.next() ^ word)
        }
        self.init(seed: mixed.next())
    }

    package mutating func next() -> UInt64 {
        let scrambled = state.1 &* 5
        let result = (scrambled << 7 | scrambled >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// A number in 0..<count, each as likely as any other.
    ///
    /// Source: D. Lemire, "Fast random integer generation in an interval", *ACM Trans. Model. Comput. Simul.* 29
    /// (2019).
    ///
    /// - Precondition: `count` is above 0.
    package mutating func index(below count: Int) -> Int {
        precondition(count > 0)
        let bound = UInt64(count)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// A number in 0..<1, a multiple of 2⁻⁵³.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// The generator that fills the state of others. Source: <https://prng.di.unimi.it/splitmix64.c>.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
