/// The metric and the score as they lie in a model file.
extension TimbreModel {
    static func metric(_ own: ModelFile.Own?) throws(TimbreModelError) -> TimbreMetric? {
        if let network = own?.network { return .network(try TimbreNetwork(try weights(network))) }
        guard let transform = own?.transform else { return nil }
        return .earlier(try self.transform(transform))
    }

    static func score(_ file: ModelFile.Score?) throws(TimbreModelError) -> TimbreScore? {
        guard let file else { return nil }
        guard let bytes = Base64.decode(file.reference), bytes.count % TimbreVector.dimension == 0 else {
            throw .damaged("its reference is not base64 of whole vectors")
        }
        let reference = stride(from: 0, to: bytes.count, by: TimbreVector.dimension).compactMap {
            TimbreVector(bytes: bytes[$0..<$0 + TimbreVector.dimension])
        }
        return try TimbreScore(
            reference: reference, offset: file.offset, slope: file.slope, bend: file.bend, knee: file.knee,
            surroundings: file.surroundings)
    }

    private static func weights(_ file: ModelFile.Network) throws(TimbreModelError) -> NetworkWeights {
        guard file.definition == TimbreDescriptor.definition, file.descriptors == TimbreDescriptor.count else {
            throw .wrongShape(
                "its network is for \(file.descriptors) \"\(file.definition)\", not for \(TimbreDescriptor.count) "
                    + "\"\(TimbreDescriptor.definition)\"")
        }
        var branches: [NetworkWeights.Branch] = []
        for branch in file.branches {
            branches.append(
                NetworkWeights.Branch(
                    hidden: try halves(branch.hidden), hiddenBias: try numbers(branch.hiddenBias, of: "network"),
                    gain: try numbers(branch.gain, of: "network"), offset: try numbers(branch.offset, of: "network"),
                    output: try halves(branch.output), outputBias: try numbers(branch.outputBias, of: "network"),
                    bypass: try halves(branch.bypass)))
        }
        return NetworkWeights(
            mean: try numbers(file.mean, of: "network's means"),
            deviation: try numbers(file.deviation, of: "network's deviations"), linear: try halves(file.linear),
            branches: branches, preciseMean: try numbers(file.preciseMean, of: "network's means"),
            precise: try halves(file.precise), preciseShare: Float(file.preciseShare),
            projectionMean: try numbers(file.projectionMean, of: "network's means"),
            projection: try halves(file.projection), scale: Float(file.scale))
    }

    private static func halves(_ text: String) throws(TimbreModelError) -> [UInt16] {
        guard let bytes = Base64.decode(text), let words = [UInt16](littleEndianBytes: bytes) else {
            throw .damaged("a matrix of its network is not base64 of numbers of 16 bits")
        }
        return words
    }

    private static func transform(_ file: ModelFile.Transform) throws(TimbreModelError) -> EarlierTransform {
        guard file.definition == EarlierDescriptor.definition, file.descriptors == EarlierDescriptor.count else {
            throw .wrongShape(
                "its transform is for \(file.descriptors) \"\(file.definition)\", not for \(EarlierDescriptor.count) "
                    + "\"\(EarlierDescriptor.definition)\"")
        }
        let mean = try numbers(file.mean, of: "transform's means")
        guard mean.count == file.descriptors else {
            throw .wrongShape("a transform of \(file.descriptors) descriptors and \(mean.count) means")
        }
        return try EarlierTransform(
            mean: mean, scale: try numbers(file.scale, of: "transform's scales"),
            projection: try numbers(file.projection, of: "transform's projection"), step: Float(file.step))
    }
}

extension ModelFile.Transform {
    init?(_ metric: TimbreMetric?) {
        guard case .earlier(let transform)? = metric else { return nil }
        definition = EarlierDescriptor.definition
        descriptors = transform.descriptorCount
        mean = Base64.encode(transform.standardization.mean.littleEndianBytes)
        scale = Base64.encode(transform.standardization.scale.littleEndianBytes)
        projection = Base64.encode(transform.projection.littleEndianBytes)
        step = Double(transform.step)
    }
}

extension ModelFile.Network {
    init?(_ metric: TimbreMetric?) {
        guard case .network(let network)? = metric else { return nil }
        let weights = network.weights
        let (text, halves) = (
            { (numbers: [Float]) in Base64.encode(numbers.littleEndianBytes) },
            { (words: [UInt16]) in Base64.encode(words.littleEndianBytes) }
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
        reference = Base64.encode(score.reference.flatMap(\.bytes))
        (offset, slope, bend, knee) = (score.offset, score.slope, score.bend, score.knee)
        surroundings = score.surroundings
    }
}
