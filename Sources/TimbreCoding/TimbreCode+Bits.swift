extension TimbreCode {
    /// The bits that are set in both.
    package func intersection(_ other: TimbreCode) -> TimbreCode {
        TimbreCode(high: high & other.high, low: low & other.low)
    }

    /// Sets the bits that are set in another code.
    package mutating func formUnion(_ other: TimbreCode) {
        high |= other.high
        low |= other.low
    }

    /// Passes on the bits that are set, ascending.
    ///
    /// - Complexity: O(*n*) in the bits that are set.
    package func forEachBit(_ body: (Int) -> Void) {
        for (half, first) in [(high, 0), (low, 64)] {
            var rest = half
            while rest != 0 {
                let bit = rest.leadingZeroBitCount
                rest &= ~(1 << UInt64(63 - bit))
                body(first + bit)
            }
        }
    }
}
