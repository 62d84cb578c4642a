import LinearAlgebra

/// Learns a transform: the directions in which sounds differ most, against how those differ that should be found alike.
///
/// Fisher's linear discriminant analysis (Fukunaga, *Introduction to Statistical Pattern Recognition*, 2nd ed. (1990),
/// § 10.2) on standardised descriptors. What should be found alike are the variants of one sound and, where labels are
/// given, the sounds of one label. Without labels the classes are the sounds themselves. Directions in which alike sounds
/// differ by *w* times less than others are scaled by √(*w* / (1 + *w*)), so that those that say little count little.
///
/// The same sounds in the same order give the same transform, bit for bit, on every machine.
package struct TransformTrainer: Sendable {
    /// Fewer sounds say too little about 64 directions.
    package static let fewestSounds = 128
    /// Weight of the scatter of variants against that of labels. From 2 to 10 it makes no difference beyond noise.
    static let variantWeight = 5.0
    /// The share of the mean variance that is added to every direction of what is alike, so that none is taken to be
    /// noiseless for want of examples. From 0.005 to 0.05 it makes no difference beyond noise.
    static let ridge = 0.02

    /// Why nothing was learnt.
    package enum Failure: Error, Equatable {
        case tooFew(Int)
        /// The sounds do not differ.
        case alike
    }

    /// What is known of a sound.
    struct Sound {
        var values: [Float]
        var variants: [[Float]]
        var label: String?
    }

    private(set) var sounds: [Sound] = []

    package init() {}

    /// Takes a sound in.
    ///
    /// - Parameters:
    ///   - variants: The descriptors of the sound's variants; as many for each sound.
    ///   - label: What it is called, if that says which sounds are alike.
    package mutating func add(_ descriptor: TimbreDescriptor, variants: [TimbreDescriptor], label: String?) {
        sounds.append(Sound(values: descriptor.values, variants: variants.map(\.values), label: label))
    }

    /// Whether the labels say anything: there are two at least of several sounds each.
    package var hasLabels: Bool { classes.count >= 2 }

    /// Learns the transform.
    ///
    /// - Throws: ``Failure`` if there are fewer than ``fewestSounds``, or they are all alike.
    /// - Complexity: O(*m* *n*² + *n*³) for *m* sounds and variants of *n* descriptors.
    package func train() throws(Failure) -> TimbreTransform {
        guard sounds.count >= Self.fewestSounds else { throw .tooFew(sounds.count) }
        let standardization = standardize()
        let alike = scatterOfVariants(standardization)
        let directions: GeneralizedEigen
        do {
            if hasLabels {
                let byLabel = scatterOfLabels(standardization)
                directions = try Self.directions(
                    byLabel.between, against: byLabel.within.adding(alike.within, times: Self.variantWeight))
            } else {
                directions = try Self.directions(alike.between, against: alike.within)
            }
        } catch {
            throw .alike
        }
        return try transform(directions, standardization)
    }

    /// Scales the directions, and chooses the step so that no component of what was learnt from is cut off.
    private func transform(
        _ eigen: GeneralizedEigen, _ standardization: Standardization
    ) throws(Failure) -> TimbreTransform {
        let projection = (0..<TimbreVector.dimension).flatMap { row in
            let ratio = max(0, eigen.ratios[row])
            let scale = (ratio / (1 + ratio)).squareRoot()
            return (0..<eigen.directions.columns).map { Float(eigen.directions[row, $0] * scale) }
        }
        do {
            let plain = try TimbreTransform(
                mean: standardization.mean, scale: standardization.scale, projection: projection, step: 1)
            let greatest = sounds.reduce(Float(0)) { greatest, sound in
                ([sound.values] + sound.variants).reduce(greatest) { greatest, values in
                    plain.components(of: values).reduce(greatest) { max($0, abs($1)) }
                }
            }
            return try TimbreTransform(
                mean: standardization.mean, scale: standardization.scale, projection: projection,
                step: greatest / 127)
        } catch {
            throw .alike
        }
    }

    private static func directions(
        _ between: Matrix, against within: Matrix
    ) throws(LinearAlgebraError) -> GeneralizedEigen {
        let count = within.rows
        let trace = (0..<count).reduce(0) { $0 + within[$1, $1] }
        let ridged = within.adding(Matrix(identity: count), times: ridge * trace / Double(count))
        return try GeneralizedEigen(between, against: ridged, count: TimbreVector.dimension)
    }
}
