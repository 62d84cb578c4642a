import LinearAlgebra
import TimbreCodes

/// Places sounds of which only the vectors under one projection are known under another: what the other gives for them is
/// predicted from these, by least squares over sounds of which both are known.
struct ReferencePlacement {
    /// The share of the mean square of the known components that is added to each, so that the solution is stable.
    private static let ridge = 1e-3
    /// A constant beside the known components, about as large as these, for what they do not explain.
    private static let constant = 32.0

    /// What known components are multiplied with, shape `[129, 128]`.
    private let prediction: Matrix
    private let scale: Double

    /// - Parameters:
    ///   - known: The vectors of *m* sounds under the one projection.
    ///   - given: What the other projection gives for each of them, shape `[m, 128]`.
    ///   - scale: What a component of 1 is rounded to under the other projection.
    init(known: [TimbreVector], given: Matrix, scale: Float) throws(LinearAlgebraError) {
        let known = Self.rows(known)
        let products = known.transposedMultiplied(by: known)
        let trace = (0..<known.columns).reduce(0) { $0 + products[$1, $1] }
        let ridge = Matrix(identity: known.columns)
        let cholesky = try Cholesky(products.adding(ridge, times: Self.ridge * trace / Double(known.columns)))
        prediction = cholesky.solve(known.transposedMultiplied(by: given))
        self.scale = Double(scale)
    }

    /// The vectors of sounds under the other projection.
    ///
    /// - Parameter reference: Their vectors under the one projection.
    func place(_ reference: [TimbreVector]) -> [TimbreVector] {
        let placed = Self.rows(reference).multiplied(by: prediction)
        return reference.indices.map { row in
            let components = (0..<placed.columns).map { placed[row, $0] }
            let length = components.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-9
            var vector = TimbreVector(first: SIMD64())
            for (place, component) in components.enumerated() {
                vector[place] = Int8(max(-127, min(127, (component / length * scale).rounded())))
            }
            return vector
        }
    }

    /// The components of vectors and the constant, shape `[m, 129]`.
    private static func rows(_ vectors: [TimbreVector]) -> Matrix {
        let count = TimbreVector.dimension
        return Matrix(
            rows: vectors.count, columns: count + 1,
            values: vectors.flatMap { vector in (0..<count).map { Double(vector[$0]) } + [constant] })
    }
}
