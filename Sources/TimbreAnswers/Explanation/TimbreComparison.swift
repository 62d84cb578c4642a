import EarlierMetric
import SoundFeatures
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreLibrary
import TimbreWire

/// How near two sounds are by timbre vectors, or why that is unknown.
enum TimbreComparison {
    case known(TimbreNearness)
    case unknown(obstacle: String)

    /// Compares two sounds by their descriptors.
    init(_ a: HeardSound, _ b: HeardSound, in generation: Generation) {
        self = Self.compare(a, b, generation)
    }

    private static func compare(_ a: HeardSound, _ b: HeardSound, _ generation: Generation) -> TimbreComparison {
        guard let metric = generation.model.metric else { return .unknown(obstacle: Metric.withoutVectors) }
        guard a.bands != nil, b.bands != nil else {
            return .unknown(
                obstacle: "a sound of more than an hour that is not in the library is compared by its codes alone")
        }
        let (ofA, ofB) = (a.readings(metric), b.readings(metric))
        let readings = ofA.flatMap { first in ofB.map { second in (first, second) } }.map { first, second in
            (first, second, squared: first.vector.squaredDistance(to: second.vector))
        }
        guard let (first, second, squared) = readings.min(by: { $0.squared < $1.squared }) else {
            return .unknown(obstacle: Metric.tooFaint)
        }
        let distance = metric.distance(fromSquared: Double(squared))
        // Scores of earlier models are another kind of number.
        let meaning = DistanceMeaning(.timbre, of: [ofA[0].vector], in: generation)
        let score = generation.model.score.flatMap { _ in meaning.score(ofFileAt: distance) }
        let shares = shares(of: first.bands, and: second.bands, metric)
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
            guard let first = ofA.descriptor(), let second = ofB.descriptor(),
                let figuresOfA = ofA.figures(), let figuresOfB = ofB.figures()
            else { return [] }
            let words = DescriptorWords(from: first, to: second, figures: (figuresOfA, figuresOfB))
            return TimbreExplanation(of: first, and: second, under: network).parts.map { part in
                DescriptorShare(
                    name: part.kind.rawValue, share: part.share, difference: part.difference,
                    words: words.words(for: part.kind))
            }
        }
    }
}

extension HeardSound {
    /// The bands and vector of the whole sound, for each way to read it; empty if its bands are unknown or silent.
    fileprivate func readings(_ metric: TimbreMetric) -> [(bands: [UInt8], vector: TimbreVector)] {
        [bands, trimmedBands].compactMap(\.self).compactMap { bands in
            metric.vector(of: bands, frameCount: bands.count / FeatureFrames.bandStride).map { (bands, $0) }
        }
    }
}
