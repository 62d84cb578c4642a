import CTimbreKernels
import TimbreCodes

/// Makes a point of a sound's descriptors in models older than the network: 152 descriptors, one projection.
///
/// The descriptors are standardised, projected onto the directions that tell sounds apart, and rounded to 8 bits. All
/// arithmetic is that of `Float`, in one order: the same descriptors give the same vector on every machine.
package struct EarlierTransform: Hashable, Sendable {
    /// Components that it gives; those of a vector behind them are 0.
    package static let dimension = 64

    /// How each descriptor is standardised, shape `[n]`.
    package let standardization: Standardization
    /// What one unit of a vector's component is in the metric's own unit; above 0.
    package let step: Float

    /// The projection by columns, shape `[n, 64]`: row *i* is what descriptor *i* adds to each component.
    private let columns: [Float]

    /// Makes a transform of its parts.
    ///
    /// - Parameters:
    ///   - mean: The mean of each descriptor, shape `[n]`.
    ///   - scale: One over the standard deviation of each, shape `[n]`.
    ///   - projection: Shape `[64, n]`, row by row; the component that varies most comes first.
    ///   - step: What one unit of a vector's component is, in the unit of the projection.
    /// - Throws: ``EarlierTransformError`` unless the shapes fit each other, all numbers are finite, no scale is below 0, and
    ///   the step is above 0.
    package init(mean: [Float], scale: [Float], projection: [Float], step: Float) throws(EarlierTransformError) {
        let count = mean.count
        guard count > 0, scale.count == count, projection.count == Self.dimension * count else {
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
        columns = (0..<count).flatMap { descriptor in
            (0..<Self.dimension).map { projection[$0 * count + descriptor] }
        }
    }

    /// How many descriptors are transformed, *n*.
    package var descriptorCount: Int { standardization.mean.count }

    /// The weights of all descriptors in each component, shape `[64, n]`, row by row.
    package var projection: [Float] {
        (0..<Self.dimension).flatMap { row in
            stride(from: row, to: columns.count, by: Self.dimension).map { columns[$0] }
        }
    }

    /// The vector of a sound.
    ///
    /// - Parameter descriptors: Shape `[n]`.
    /// - Complexity: O(*n*).
    package func vector(of descriptors: [Float]) -> TimbreVector {
        var rounded = SIMD64<Int8>()
        for (place, component) in components(of: descriptors).enumerated() {
            rounded[place] = Int8(max(-127, min(127, (component / step).rounded())))
        }
        return TimbreVector(first: rounded)
    }

    /// The components of a sound's vector as they are before rounding, in the metric's own unit, shape `[64]`.
    ///
    /// - Parameter descriptors: Shape `[n]`.
    /// - Complexity: O(*n*).
    package func components(of descriptors: [Float]) -> [Float] {
        precondition(descriptors.count == descriptorCount)
        var components = [Float](repeating: 0, count: Self.dimension)
        var room = components.mutableSpan
        unsafe room.withUnsafeMutableBufferPointer { room in
            unsafe descriptors.withUnsafeBufferPointer { values in
                unsafe standardization.mean.withUnsafeBufferPointer { mean in
                    unsafe standardization.scale.withUnsafeBufferPointer { scale in
                        unsafe columns.withUnsafeBufferPointer { columns in
                            unsafe timbre_project(
                                values.baseAddress, values.count, mean.baseAddress, scale.baseAddress,
                                Standardization.limit, columns.baseAddress, room.baseAddress)
                        }
                    }
                }
            }
        }
        return components
    }

    /// The metric's own value: the distance of two vectors.
    ///
    /// Its unit is the standard deviation, in any one direction, among sounds that should be found alike: the variants
    /// of one sound, and the sounds of one label if the transform was learnt from labels.
    ///
    /// - Parameter squared: ``TimbreVector/squaredDistance(to:)``.
    package func distance(fromSquared squared: Int) -> Double { Double(squared).squareRoot() * Double(step) }
}

/// Brings descriptors of different units to one scale: standard deviations from the mean.
package struct Standardization: Hashable, Sendable {
    /// How far from the mean a value may lie, in standard deviations; one beyond is taken to lie there, so that no sound
    /// is far from all others for a single strange descriptor.
    package static let limit: Float = 4

    /// The mean of each descriptor, shape `[n]`.
    package let mean: [Float]
    /// One over the standard deviation of each descriptor, shape `[n]`; 0 for one that says nothing.
    package let scale: [Float]

    init(mean: [Float], scale: [Float]) {
        precondition(mean.count == scale.count)
        self.mean = mean
        self.scale = scale
    }

    /// What a value of a descriptor becomes, -4 to 4.
    ///
    /// - Returns: 4 for what is not a number: neither bound compares with it.
    func value(_ value: Float, of descriptor: Int) -> Float {
        max(-Self.limit, min(Self.limit, (value - mean[descriptor]) * scale[descriptor]))
    }

    /// What the values of all descriptors become, shape `[n]`.
    func values(_ values: [Float]) -> [Float] {
        precondition(values.count == mean.count)
        return values.indices.map { value(values[$0], of: $0) }
    }
}

/// Why numbers make no transform.
package enum EarlierTransformError: Error, Hashable, Sendable {
    /// The numbers of what it is made of do not fit each other.
    case wrongShape(String)
    /// A number is infinite or none at all.
    case notFinite
    /// A number is outside its range.
    case damaged(String)
}
