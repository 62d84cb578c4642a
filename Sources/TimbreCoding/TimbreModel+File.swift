import ContentHash
import FoundationEssentials

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
            centroids: Base64.encode(centroids.littleEndianBytes), timbred: own)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(file)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("a model of finite numbers has a JSON form: \(error)")
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

    static func numbers(_ text: String, of what: String) throws(TimbreModelError) -> [Float] {
        guard let bytes = Base64.decode(text), let numbers = [Float](littleEndianBytes: bytes) else {
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

    private static func text(_ quantiles: Quantiles) -> String { Base64.encode(quantiles.values.littleEndianBytes) }
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
