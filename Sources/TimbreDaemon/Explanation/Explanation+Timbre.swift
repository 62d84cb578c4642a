import TimbreCoding
import TimbreWire

extension Explanation {
    /// How near the two are by timbre vectors, or why that cannot be told.
    enum Timbre {
        case known(TimbreNearness)
        case unknown(obstacle: String)
    }

    /// Compares the two by their descriptors.
    func compareTimbre() -> Timbre {
        let generation = snapshot.generation
        guard let transform = generation.model.transform else { return .unknown(obstacle: Responder.withoutVectors) }
        guard a.bands != nil, b.bands != nil else {
            return .unknown(
                obstacle: "a sound of more than an hour that is not in the library is compared by its codes alone")
        }
        let (ofA, ofB) = (a.descriptors, b.descriptors)
        let readings = ofA.flatMap { first in ofB.map { second in (first, second) } }.map { first, second in
            let vector = transform.vector(of: first.values)
            return (first, second, squared: vector.squaredDistance(to: transform.vector(of: second.values)))
        }
        guard let (first, second, squared) = readings.min(by: { $0.squared < $1.squared }) else {
            return .unknown(obstacle: Responder.tooFaint)
        }
        let distance = transform.distance(fromSquared: squared)
        let groups = TimbreDescriptor.groups
        let explanation = TimbreExplanation(
            of: first.values, and: second.values, in: groups.map(\.range), under: transform)
        let shares = zip(groups, explanation.parts).map { group, part in
            DescriptorShare(name: group.name, share: explanation.share(of: part), difference: part.difference)
        }
        return .known(
            TimbreNearness(
                distance: distance, score: generation.calibration?.score(timbreFileDistance: distance),
                groups: shares.sorted { $0.share > $1.share }))
    }
}
