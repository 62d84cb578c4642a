import TimbreDescriptors

/// What the descriptors of two sounds have to do with the distance between their vectors.
///
/// On the straight way from the one sound's standardised descriptors to the other's, the squared distance grows from 0 to
/// what it is. Each step of the way is taken by every group of descriptors alone; what the distance then grows by is that
/// group's part. For a linear metric this is exact; for the nets it is the Aumann-Shapley value, as far as the steps are
/// small. Source: M. Sundararajan, A. Taly and Q. Yan, "Axiomatic attribution for deep networks", *Proc. ICML* (2017). In
/// the end the parts are scaled so that they add up to the whole.
package struct TimbreExplanation: Hashable, Sendable {
    /// Steps of the way. With twice as many, no share changes by more than one in a hundred.
    private static let steps = 8

    /// What some of the descriptors contribute.
    package struct Part: Hashable, Sendable {
        /// Which they are.
        package var kind: TimbreDescriptor.Kind
        /// The share of the squared distance. Less than 0 where these descriptors make up for what others do.
        package var share: Double
        /// The root of the mean square of the standardised descriptors' differences; √2 is usual between random sounds.
        package var difference: Double
    }

    /// What each group contributes. Shares add up to 1; all are 0 if there is no distance.
    package let parts: [Part]

    /// Compares two sounds.
    ///
    /// - Complexity: Some 260 vectors are computed.
    package init(of a: TimbreDescriptor, and b: TimbreDescriptor, under network: TimbreNetwork) {
        let count = TimbreDescriptor.count
        let rows = network.standardised([a, b][...])
        let (from, to) = (Array(rows[..<count]), Array(rows[count...]))
        let origin = network.components(of: from, count: 1)
        let groups = TimbreDescriptor.groups

        // At the middle of each step, each group half a step back, and half a step on.
        var places: [Float] = []
        places.reserveCapacity(Self.steps * groups.count * 2 * count)
        for step in 0..<Self.steps {
            let middle = (Float(step) + 0.5) / Float(Self.steps)
            for group in groups {
                for half in [-0.5, 0.5] as [Float] {
                    let own = middle + half / Float(Self.steps)
                    for place in 0..<count {
                        let share = group.range.contains(place) ? own : middle
                        places.append(from[place] + share * (to[place] - from[place]))
                    }
                }
            }
        }
        let squares = Self.squaredDistances(
            network.components(of: places, count: Self.steps * groups.count * 2), from: origin)
        let grown = groups.indices.map { group in
            (0..<Self.steps).reduce(0.0) { sum, step in
                let place = 2 * (step * groups.count + group)
                return sum + squares[place + 1] - squares[place]
            }
        }
        let whole = grown.reduce(0, +)
        parts = zip(groups, grown).map { group, part in
            let sum = group.range.reduce(0.0) { sum, place in
                sum + Double(to[place] - from[place]) * Double(to[place] - from[place])
            }
            return Part(
                kind: group.kind, share: from != to && whole > 0 ? part / whole : 0,
                difference: (sum / Double(group.range.count)).squareRoot())
        }
    }

    private static func squaredDistances(_ components: [Float], from origin: [Float]) -> [Double] {
        stride(from: 0, to: components.count, by: origin.count).map { start in
            origin.indices.reduce(0.0) { sum, place in
                let difference = Double(components[start + place]) - Double(origin[place])
                return sum + difference * difference
            }
        }
    }
}
