/// What the descriptors of two sounds have to do with the distance between them.
///
/// Let Δ be the difference of the two sounds' standardised descriptors, and Δ*g* what of it belongs to a group of
/// descriptors, the rest being 0. Under the projection P the squared distance is ‖PΔ‖² = Σ (PΔ) · (PΔ*g*): the terms of
/// the sum are what the groups contribute to it.
package struct EarlierExplanation: Hashable, Sendable {
    /// What some of the descriptors contribute.
    package struct Part: Hashable, Sendable {
        /// What is added to the squared distance, in the metric's own unit. Less than 0 where these descriptors make up
        /// for what others do.
        package var contribution: Double
        /// The root of the mean square of the standardised descriptors' differences; 0 to 8. If the descriptors of random
        /// sounds are as they were when the transform was made, √2 is usual.
        package var difference: Double
    }

    /// The squared distance of the two sounds before their vectors are rounded, in the metric's own unit.
    package let squaredDistance: Double
    /// What each group contributes.
    package let parts: [Part]

    /// Compares the descriptors of two sounds.
    ///
    /// - Parameters:
    ///   - groups: Which descriptors belong together; contributions add up to the squared distance if every descriptor is
    ///     in one group.
    ///   - transform: What the distance is measured with; *n* is the number of its descriptors.
    /// - Precondition: Both sounds have *n* descriptors, and groups lie within 0..<*n*.
    /// - Complexity: O(*n*).
    package init(of a: [Float], and b: [Float], in groups: [Range<Int>], under transform: EarlierTransform) {
        let standardization = transform.standardization
        let differences = zip(standardization.values(a), standardization.values(b)).map { Double($0) - Double($1) }
        let projection = transform.projection
        let projected = { (group: Range<Int>) in
            (0..<EarlierTransform.dimension).map { row in
                group.reduce(0) { $0 + Double(projection[row * differences.count + $1]) * differences[$1] }
            }
        }
        let whole = projected(0..<differences.count)
        squaredDistance = whole.reduce(0) { $0 + $1 * $1 }
        parts = groups.map { group in
            let contribution = zip(whole, projected(group)).reduce(0) { $0 + $1.0 * $1.1 }
            let squares = group.reduce(0) { $0 + differences[$1] * differences[$1] }
            let telling = group.count { standardization.scale[$0] > 0 }
            return Part(
                contribution: contribution, difference: (squares / Double(Swift.max(telling, 1))).squareRoot())
        }
    }

    /// The share of the squared distance that a part contributes; 0 if there is no distance.
    package func share(of part: Part) -> Double { squaredDistance > 0 ? part.contribution / squaredDistance : 0 }
}
