import CTimbreKernels

extension FrameCoder {
    /// Finds the nearest centroid of each vector.
    ///
    /// - Parameters:
    ///   - values: The vectors, shape `[n, 13]`.
    ///   - codes: Receives the index of each vector's nearest centroid, shape `[n]`; the lowest on a tie.
    ///   - squaredDistances: Receives the squared distance to that centroid, shape `[n]`.
    /// - Complexity: O(*n*); allocates nothing.
    func assign(
        _ values: Span<Float>, codes: consuming MutableSpan<UInt8>, squaredDistances: consuming MutableSpan<Float>
    ) {
        let count = codes.count
        precondition(values.count == count * TimbreModel.dimension && squaredDistances.count == count)
        guard count > 0 else { return }
        unsafe values.withUnsafeBufferPointer { values in
            unsafe columns.withUnsafeBufferPointer { columns in
                unsafe codes.withUnsafeMutableBufferPointer { codes in
                    unsafe squaredDistances.withUnsafeMutableBufferPointer { distances in
                        unsafe timbre_nearest(
                            values.baseAddress, count, columns.baseAddress, codes.baseAddress, distances.baseAddress)
                    }
                }
            }
        }
    }
}
