/// What makes a sound's descriptors a point: the learnt part of the timbre metric.
///
/// The descriptors are standardised, projected onto the directions that tell sounds apart, and rounded to 8 bits. All
/// arithmetic is that of `Float`, in one order: the same descriptors give the same vector on every machine.
package struct TimbreTransform: Hashable, Sendable {
    /// How each descriptor is standardised, shape `[n]`.
    package let standardization: Standardization
    /// What one unit of a vector's component is in the metric's own unit; above 0.
    package let step: Float

    /// The projection by columns: column *i* is what descriptor *i* adds to each component.
    private let columns: [SIMD64<Float>]

    /// Makes a transform of its parts.
    ///
    /// - Parameters:
    ///   - mean: The mean of each descriptor, shape `[n]`.
    ///   - scale: One over the standard deviation of each, shape `[n]`.
    ///   - projection: Shape `[64, n]`, row by row; the component that varies most comes first.
    ///   - step: What one unit of a vector's component is, in the unit of the projection.
    /// - Throws: ``TimbreModelError`` unless the shapes fit each other, all numbers are finite, no scale is below 0, and
    ///   the step is above 0.
    package init(mean: [Float], scale: [Float], projection: [Float], step: Float) throws(TimbreModelError) {
        let count = mean.count
        guard count > 0, scale.count == count, projection.count == TimbreVector.dimension * count else {
            throw .wrongShape(
                "a transform of \(count) means, \(scale.count) scales and \(projection.count) numbers of a projection")
        }
        guard mean.allSatisfy(\.isFinite), scale.allSatisfy(\.isFinite), projection.allSatisfy(\.isFinite),
            step.isFinite
        else { throw .notFinite }
        guard step > 0 else { throw .damaged("the step of its transform is not above 0") }
        guard scale.allSatisfy({ $0 >= 0 }) else { throw .damaged("a scale of its transform is below 0") }
        standardization = Standardization(mean: mean, scale: scale)
        self.step = step
        columns = (0..<count).map { descriptor in
            var column = SIMD64<Float>()
            for row in column.indices { column[row] = projection[row * count + descriptor] }
            return column
        }
    }

    /// How many descriptors are transformed, *n*.
    package var descriptorCount: Int { columns.count }

    /// The weights of all descriptors in each component, shape `[64, n]`, row by row.
    package var projection: [Float] {
        (0..<TimbreVector.dimension).flatMap { row in columns.map { $0[row] } }
    }

    /// The vector of a sound.
    ///
    /// - Parameter descriptors: Shape `[n]`.
    /// - Complexity: O(*n*).
    package func vector(of descriptors: [Float]) -> TimbreVector {
        let scaled = project(descriptors) / step
        var components = SIMD64<Int8>()
        for place in scaled.indices {
            components[place] = Int8(max(-127, min(127, scaled[place].rounded())))
        }
        return TimbreVector(components: components)
    }

    /// The components of a sound's vector as they are before rounding, in the metric's own unit, shape `[64]`.
    ///
    /// - Parameter descriptors: Shape `[n]`.
    /// - Complexity: O(*n*).
    package func components(of descriptors: [Float]) -> [Float] {
        let components = project(descriptors)
        return components.indices.map { components[$0] }
    }

    /// The metric's own value: the distance of two vectors.
    ///
    /// Its unit is the standard deviation, in any one direction, among sounds that should be found alike: the variants
    /// of one sound, and the sounds of one label if the transform was learnt from labels.
    ///
    /// - Parameter squared: ``TimbreVector/squaredDistance(to:)``.
    package func distance(fromSquared squared: Int) -> Double { Double(squared).squareRoot() * Double(step) }

    /// Standardises and projects; each component is summed in the order of the descriptors.
    private func project(_ descriptors: [Float]) -> SIMD64<Float> {
        precondition(descriptors.count == descriptorCount)
        var sum = SIMD64<Float>()
        for descriptor in columns.indices {
            sum += columns[descriptor] * standardization.value(descriptors[descriptor], of: descriptor)
        }
        return sum
    }

    /// Adds everything that determines vectors and distances.
    func append(to bytes: inout CanonicalBytes) {
        bytes.append("timbre transform")
        bytes.append(standardization.mean)
        bytes.append(standardization.scale)
        bytes.append(projection)
        bytes.append(Double(step))
    }
}
