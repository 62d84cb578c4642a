import ContentHash
import EarlierMetric
import FoundationEssentials
import TimbreCodes
import TimbreDescriptors

extension TimbreModel {
    /// Reads a model file.
    ///
    /// - Parameter json: The bytes of the file, as ``json()`` or the definition's `save_model` writes them.
    /// - Throws: ``TimbreModelError`` if the bytes are no such file, or their content contradicts itself.
    package init(json: [UInt8]) throws(TimbreModelError) {
        let file = try Self.parse(json)
        let count = file.spec.centroidCount
        if let difference = file.spec.difference(from: TimbreSpec(centroidCount: count)) {
            throw .otherPipeline(difference)
        }
        let centroids = try Self.numbers(file.centroids, of: "centroids")
        guard file.shape == [count, Self.dimension], centroids.count == count * Self.dimension else {
            throw .wrongShape("shape \(file.shape), k \(count), \(centroids.count) numbers")
        }
        try self.init(
            centroids: centroids, metric: try Self.metric(file.timbred),
            score: try Self.score(file.timbred?.score), calibration: try Self.calibration(file.timbred),
            provenance: file.timbred?.provenance,
            note: file.note ?? "")
        if let stated = file.timbred?.identifier, stated != identifier.description {
            throw .wrongIdentifier(stated: stated, actual: identifier.description)
        }
    }

    private static func parse(_ json: [UInt8]) throws(TimbreModelError) -> ModelFile {
        let problem: any Error
        do {
            let file = try JSONDecoder().decode(ModelFile.self, from: Data(json))
            guard file.format == ModelFile.format else { throw TimbreModelError.wrongFormat(file.format) }
            return file
        } catch let error as TimbreModelError {
            throw error
        } catch {
            problem = error
        }
        // Read once more only to say what it is that cannot be read: whole models are large.
        struct Head: Decodable { var format: String? }
        let head: Head
        do { head = try JSONDecoder().decode(Head.self, from: Data(json)) } catch {
            if case DecodingError.dataCorrupted = error { throw .notJSON }
            throw .wrongFormat(nil)
        }
        guard head.format == ModelFile.format else { throw .wrongFormat(head.format) }
        throw .damaged(describe(problem))
    }

    /// Says in a few words what a decoder missed, and where.
    private static func describe(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "it has no \(key.stringValue)"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is of the wrong kind"
        default: "it cannot be decoded"
        }
    }

    /// Takes what a file says of random sounds; nothing unless it says how far apart their codes are.
    private static func calibration(_ own: ModelFile.Own?) throws(TimbreModelError) -> Calibration? {
        guard let files = try quantiles(own?.fileDistances, of: "file distances"),
            let spans = try quantiles(own?.spanDistances, of: "span distances")
        else { return nil }
        return Calibration(
            files: files, spans: spans,
            timbreFiles: try quantiles(own?.timbreFileDistances, of: "file distances by timbre"),
            timbreSpans: try quantiles(own?.timbreSpanDistances, of: "span distances by timbre"))
    }

    private static func metric(_ own: ModelFile.Own?) throws(TimbreModelError) -> TimbreMetric? {
        if let network = own?.network { return .network(try TimbreNetwork(try weights(network))) }
        guard let transform = own?.transform else { return nil }
        return .earlier(try self.transform(transform))
    }

    private static func score(_ file: ModelFile.Score?) throws(TimbreModelError) -> TimbreScore? {
        guard let file else { return nil }
        guard let bytes = [UInt8](base64: file.reference), bytes.count % TimbreVector.dimension == 0 else {
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
        guard let bytes = [UInt8](base64: text), let words = [UInt16](littleEndianBytes: bytes) else {
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
        let scale = try numbers(file.scale, of: "transform's scales")
        let projection = try numbers(file.projection, of: "transform's projection")
        do {
            return try EarlierTransform(mean: mean, scale: scale, projection: projection, step: Float(file.step))
        } catch {
            throw TimbreModelError(error)
        }
    }

    private static func numbers(_ text: String, of what: String) throws(TimbreModelError) -> [Float] {
        guard let bytes = [UInt8](base64: text), let numbers = [Float](littleEndianBytes: bytes) else {
            throw .damaged("its \(what) are not base64 of whole numbers")
        }
        guard numbers.allSatisfy(\.isFinite) else { throw .notFinite }
        return numbers
    }

    private static func quantiles(_ text: String?, of what: String) throws(TimbreModelError) -> Quantiles? {
        guard let text else { return nil }
        guard let quantiles = Quantiles(values: try numbers(text, of: what)) else {
            throw .damaged("its \(what) do not ascend")
        }
        return quantiles
    }
}

extension TimbreSpec {
    /// The first thing in which two chains differ, in words; nil if they are the same.
    fileprivate func difference(from other: TimbreSpec) -> String? {
        guard self != other else { return nil }
        let pairs = zip(Mirror(reflecting: self).children, Mirror(reflecting: other).children)
        for (mine, others) in pairs where "\(mine.value)" != "\(others.value)" {
            return "\(mine.label ?? "") is \(mine.value), not \(others.value)"
        }
        return "its parameters differ"
    }
}
