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
