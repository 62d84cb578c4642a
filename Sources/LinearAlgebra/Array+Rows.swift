// What is done to rows of a matrix, in place. Each element is computed by itself, so that a machine may take several at
// once and still get the same bits.

extension [Double] {
    /// Adds a multiple of a vector to as many elements from a place on.
    mutating func add(_ factor: Double, times vector: Span<Double>, at start: Int = 0) {
        var elements = mutableSpan
        precondition(start >= 0 && start + vector.count <= elements.count)
        for index in 0..<vector.count {
            unsafe elements[unchecked: start + index] += factor * vector[unchecked: index]
        }
    }

    /// Turns the plane of two vectors, each of so many elements, that stand one behind the other from a place on.
    ///
    /// The first, *x*, becomes *cosine* *x* − *sine* *y*; the second, *y*, becomes *sine* *x* + *cosine* *y*.
    mutating func rotatePair(at start: Int, count: Int, cosine: Double, sine: Double) {
        var elements = mutableSpan
        precondition(start >= 0 && count >= 0 && start + 2 * count <= elements.count)
        for index in start..<start + count {
            let (x, y) = unsafe (elements[unchecked: index], elements[unchecked: index + count])
            unsafe elements[unchecked: index] = cosine * x - sine * y
            unsafe elements[unchecked: index + count] = sine * x + cosine * y
        }
    }
}
