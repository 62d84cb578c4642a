import EarlierMetric
import SoundFeatures
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreLibrary
import TimbreWire

extension Explanation {
    /// How near the two are by timbre vectors, or why that cannot be told.
    enum Timbre {
        case known(TimbreNearness)
        case unknown(obstacle: String)
    }

    /// Compares the two by their descriptors.
    func compareTimbre() -> Timbre {
        guard let metric = snapshot.generation.model.metric else { return .unknown(obstacle: Responder.withoutVectors) }
        guard a.bands != nil, b.bands != nil else {
            return .unknown(
                obstacle: "a sound of more than an hour that is not in the library is compared by its codes alone")
        }
        let (ofA, ofB) = (a.readings(metric), b.readings(metric))
        let readings = ofA.flatMap { first in ofB.map { second in (first, second) } }.map { first, second in
            (first, second, squared: first.vector.squaredDistance(to: second.vector))
        }
        guard let (first, second, squared) = readings.min(by: { $0.squared < $1.squared }) else {
            return .unknown(obstacle: Responder.tooFaint)
        }
        let distance = metric.distance(fromSquared: Double(squared))
        // Under an earlier model it would be another kind of number.
        let meaning = DistanceMeaning(.timbre, of: [ofA[0].vector], in: snapshot.generation)
        let score = snapshot.generation.model.score.flatMap { _ in meaning.score(ofFileAt: distance) }
        let shares = Self.shares(of: first.bands, and: second.bands, metric)
        return .known(
            TimbreNearness(
                distance: distance, score: score,
                groups: shares.sorted { $0.share > $1.share }))
    }

    /// What each group of descriptors contributes to the distance of two sounds that have a vector each.
    private static func shares(of a: [UInt8], and b: [UInt8], _ metric: TimbreMetric) -> [DescriptorShare] {
        switch metric {
        case .earlier(let transform):
            guard let first = EarlierFrames(bands: a).descriptor(), let second = EarlierFrames(bands: b).descriptor()
            else { return [] }
            let groups = EarlierDescriptor.groups
            let explanation = EarlierExplanation(
                of: first.values, and: second.values, in: groups.map(\.range), under: transform)
            return zip(groups, explanation.parts).map { group, part in
                DescriptorShare(name: group.name, share: explanation.share(of: part), difference: part.difference)
            }
        case .network(let network):
            var (ofA, ofB) = (SoundFrames(bands: a), SoundFrames(bands: b))
            guard let first = ofA.descriptor(), let second = ofB.descriptor() else { return [] }
            return TimbreExplanation(of: first, and: second, under: network).parts.map { part in
                DescriptorShare(
                    name: part.kind.rawValue, share: part.share, difference: part.difference, words: part.words)
            }
        }
    }
}

extension HeardSound {
    /// What the whole sound sounds like, in each way that it is read; nothing if its bands are not known, or nothing
    /// sounds in them.
    fileprivate func readings(_ metric: TimbreMetric) -> [(bands: [UInt8], vector: TimbreVector)] {
        [bands, trimmedBands].compactMap(\.self).compactMap { bands in
            metric.vector(of: bands, frameCount: bands.count / FeatureFrames.bandStride).map { (bands, $0) }
        }
    }
}
