import Glibc
import TimbreCodes

/// The probability that a person would call two sounds the same kind of sound, from the distance of their vectors.
///
/// A logistic regression, fitted on sounds that the network was not learnt from. The same distance says more where
/// sounds are sparse than where they crowd: how far a query is from its nearest among a fixed set of reference sounds
/// tells how crowded its surroundings are. The score of a query falls with the distance; as it depends on nothing else, it
/// means the same in every library.
package struct TimbreScore: Hashable, Sendable {
    /// How far the query is from some of its nearest reference sounds, on average, and what that counts.
    package struct Surroundings: Hashable, Sendable, Codable {
        /// The first and the last of them, the nearest being 1.
        package var first: Int
        package var last: Int
        package var weight: Double
    }

    /// Below this score the best match of a query is called no match.
    package static let nearLimit = 0.49

    /// The limits of what a model file may ask for: the size of any number, the reference sounds, and how many of them are
    /// around a query.
    private static let mostWeight = 1e6
    private static let mostReference = 4096
    private static let mostNear = 256

    /// A reference sound that is nearer is the query itself, and says nothing about what is around it.
    private static let twin = 0.02

    /// The vectors of the reference sounds, under the model's network.
    package private(set) var reference: [TimbreVector]
    /// The logit of a distance of 0 in surroundings of 0.
    package let offset: Double
    /// What a distance adds for each unit, below 0, and what it adds beyond the knee for each unit.
    package let slope: Double
    package let bend: Double
    package let knee: Double
    package let surroundings: [Surroundings]

    /// - Throws: ``TimbreModelError`` if a number is not finite, the score does not fall with the distance, or there are
    ///   too few reference sounds.
    package init(
        reference: [TimbreVector], offset: Double, slope: Double, bend: Double, knee: Double,
        surroundings: [Surroundings]
    ) throws(TimbreModelError) {
        guard [offset, slope, bend, knee].allSatisfy(\.isFinite), surroundings.allSatisfy(\.weight.isFinite) else {
            throw .notFinite
        }
        guard ([offset, slope, bend, knee] + surroundings.map(\.weight)).allSatisfy({ abs($0) <= Self.mostWeight })
        else {
            throw .damaged("a number of its score is beyond \(Self.mostWeight)")
        }
        guard reference.count <= Self.mostReference, (surroundings.map(\.last).max() ?? 0) <= Self.mostNear else {
            throw .damaged("its score asks for too many reference sounds")
        }
        guard slope < 0, slope + bend < 0 else { throw .damaged("its score does not fall with the distance") }
        for part in surroundings {
            guard part.first >= 1, part.last >= part.first, part.last < reference.count / 2 else {
                throw .damaged("its score asks for the \(part.first)th to \(part.last)th of \(reference.count) sounds")
            }
        }
        self.reference = reference
        self.offset = offset
        self.slope = slope
        self.bend = bend
        self.knee = knee
        self.surroundings = surroundings
    }

    /// The same score, the reference sounds being where another projection places them.
    package func withReference(_ reference: [TimbreVector]) -> TimbreScore {
        precondition(reference.count == self.reference.count)
        var other = self
        other.reference = reference
        return other
    }

    /// What the surroundings of a query add to the logit of its scores.
    ///
    /// - Complexity: O(*n*) in the number of reference sounds, some 20 µs for a thousand.
    package func crowding(of query: TimbreVector, in network: TimbreNetwork) -> Double {
        guard let last = surroundings.map(\.last).max() else { return 0 }
        let twin = Self.twin * Double(network.weights.scale)
        let nearest = Self.nearest(last, of: reference, to: query, from: Int((twin * twin).rounded(.up)))
        guard nearest.count == last else { return 0 }
        let distances = nearest.map { network.distance(fromSquared: Double($0)) }
        return surroundings.reduce(0) { sum, part in
            let near = distances[part.first - 1..<part.last]
            return sum + part.weight * near.reduce(0, +) / Double(near.count)
        }
    }

    /// The squared distances of the nearest reference sounds that are not nearer than `least`, ascending.
    private static func nearest(
        _ count: Int, of reference: [TimbreVector], to query: TimbreVector, from least: Int
    ) -> [Int] {
        var nearest: [Int] = []
        nearest.reserveCapacity(count + 1)
        for vector in reference {
            let squared = vector.squaredDistance(to: query)
            guard squared >= least, nearest.count < count || squared < nearest[count - 1] else { continue }
            var place = nearest.count
            while place > 0, nearest[place - 1] > squared { place -= 1 }
            nearest.insert(squared, at: place)
            if nearest.count > count { nearest.removeLast() }
        }
        return nearest
    }

    /// The score of a distance, 0 to 1; falls with the distance.
    ///
    /// - Parameter crowding: Of the query; of several the mean.
    package func callAsFunction(distance: Double, crowding: Double) -> Double {
        let logit = offset + slope * distance + bend * max(distance - knee, 0) + crowding
        return 1 / (1 + exp(-logit))
    }

    /// The distance at which the score is this; 0 if it is less even there.
    ///
    /// - Parameter score: Above 0 and below 1.
    package func distance(ofScore score: Double, crowding: Double) -> Double {
        let rest = log(score / (1 - score)) - offset - crowding
        let near = rest / slope
        return max(0, near <= knee ? near : (rest + bend * knee) / (slope + bend))
    }

    /// Adds everything that determines scores.
    func append(to bytes: inout CanonicalBytes) {
        bytes.append("timbre score")
        for vector in reference { bytes.append(vector.bytes) }
        for number in [offset, slope, bend, knee] { bytes.append(number) }
        for part in surroundings {
            bytes.append(part.first)
            bytes.append(part.last)
            bytes.append(part.weight)
        }
    }
}
