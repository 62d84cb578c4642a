extension Span<Double> {
    /// Sums the products of elements: eight sums, of every eighth product each, are added in halves at the end.
    ///
    /// Swift neither fuses nor reorders a product and a sum, so that the same elements give the same bits everywhere.
    ///
    /// - Precondition: Both have as many elements.
    func dot(_ other: Span<Double>) -> Double {
        precondition(count == other.count)
        let (left, right) = unsafe (bytes, other.bytes)
        let whole = count & ~7
        var sums = SIMD8<Double>()
        for start in stride(from: 0, to: whole, by: 8) {
            let offset = start * MemoryLayout<Double>.stride
            let first = unsafe left.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
            let second = unsafe right.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
            sums += first * second
        }
        for index in whole..<count { sums[index - whole] += self[index] * other[index] }
        let four = sums.lowHalf + sums.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }
}
