import ContentHash
import EarlierMetric
import FoundationEssentials
import TimbreCodes
import TimbreDescriptors

extension TimbreModel {
    /// The model as a file, the same bytes for the same model: JSON that the definition's `load_model` reads.
    package func json() -> [UInt8] {
        let own = ModelFile.Own(
            identifier: identifier.description, provenance: provenance,
            transform: ModelFile.Transform(metric), network: ModelFile.Network(metric),
            score: score.map(ModelFile.Score.init),
            fileDistances: (calibration?.files).map(Self.text),
            spanDistances: (calibration?.spans).map(Self.text),
            timbreFileDistances: (calibration?.timbreFiles).map(Self.text),
            timbreSpanDistances: (calibration?.timbreSpans).map(Self.text))
        let file = ModelFile(
            format: ModelFile.format, spec: spec, note: note, shape: [centroidCount, Self.dimension],
            centroids: centroids.littleEndianBytes.base64, timbred: own)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(file)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("a model of finite numbers has a JSON form: \(error)")
        }
    }

    private static func text(_ quantiles: Quantiles) -> String { quantiles.values.littleEndianBytes.base64 }
}

extension ModelFile.Transform {
    init?(_ metric: TimbreMetric?) {
        guard case .earlier(let transform)? = metric else { return nil }
        definition = EarlierDescriptor.definition
        descriptors = transform.descriptorCount
        mean = transform.standardization.mean.littleEndianBytes.base64
        scale = transform.standardization.scale.littleEndianBytes.base64
        projection = transform.projection.littleEndianBytes.base64
        step = Double(transform.step)
    }
}

extension ModelFile.Network {
    init?(_ metric: TimbreMetric?) {
        guard case .network(let network)? = metric else { return nil }
        let weights = network.weights
        let (text, halves) = (
            { (numbers: [Float]) in numbers.littleEndianBytes.base64 },
            { (words: [UInt16]) in words.littleEndianBytes.base64 }
        )
        definition = TimbreDescriptor.definition
        descriptors = weights.mean.count
        (mean, deviation) = (text(weights.mean), text(weights.deviation))
        linear = halves(weights.linear)
        branches = weights.branches.map { branch in
            Branch(
                hidden: halves(branch.hidden), hiddenBias: text(branch.hiddenBias), gain: text(branch.gain),
                offset: text(branch.offset), output: halves(branch.output), outputBias: text(branch.outputBias),
                bypass: halves(branch.bypass))
        }
        (preciseMean, precise) = (text(weights.preciseMean), halves(weights.precise))
        preciseShare = Double(weights.preciseShare)
        (projectionMean, projection) = (text(weights.projectionMean), halves(weights.projection))
        scale = Double(weights.scale)
    }
}

extension ModelFile.Score {
    init(_ score: TimbreScore) {
        reference = score.reference.flatMap(\.bytes).base64
        (offset, slope, bend, knee) = (score.offset, score.slope, score.bend, score.knee)
        surroundings = score.surroundings
    }
}
