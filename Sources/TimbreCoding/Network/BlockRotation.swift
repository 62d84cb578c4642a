/// Turns components that are ordered by variance so that those of a block vary alike.
///
/// Rounding to 8 bits costs least if all components of a vector vary alike; a search that bounds distances by the first
/// components reads least if these vary most. Turned within blocks of 16, 16, 32 and 64 components they do both: a
/// search reads the first block, then the second, then the rest. Hadamard matrices spread each component evenly over its block.
enum BlockRotation {
    private static let blocks = [16, 16, 32, 64]

    /// The matrix by which rows of 128 components are multiplied from the right.
    static let elements: [[Double]] = {
        var rows = [[Double]](
            repeating: Array(repeating: 0, count: TimbreVector.dimension), count: TimbreVector.dimension)
        var start = 0
        for size in blocks {
            let norm = 1 / Double(size).squareRoot()
            for row in 0..<size {
                for column in 0..<size {
                    // Sylvester's construction: the sign is the parity of the bits that both places have.
                    rows[start + row][start + column] = (row & column).nonzeroBitCount % 2 == 0 ? norm : -norm
                }
            }
            start += size
        }
        return rows
    }()
}
