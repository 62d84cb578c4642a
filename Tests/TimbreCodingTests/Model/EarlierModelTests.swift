import ContentHash
import EarlierMetric
import Testing
import TimbreCoding

struct EarlierModelTests {
    static let centroids = (0..<26).map { Float($0 % 7 - 3) / 4 }

    /// A transform of any numbers, as many descriptors as there are.
    static func transform(step: Float = 0.125) throws -> EarlierTransform {
        let count = EarlierDescriptor.count
        return try EarlierTransform(
            mean: (0..<count).map { Float($0) / 3 }, scale: (0..<count).map { 1 / Float($0 + 1) },
            projection: (0..<64 * count).map { Float(($0 * 37) % 101 - 50) / 70 }, step: step)
    }

    static func calibration() throws -> Calibration {
        func quantiles(_ scale: Float) throws -> Quantiles {
            try #require(Quantiles(of: (0...1000).map { Float($0) * scale }, steps: 10))
        }
        return Calibration(
            files: try quantiles(0.01), spans: try quantiles(0.02), timbreFiles: try quantiles(0.003),
            timbreSpans: try quantiles(0.004))
    }

    static func model() throws -> TimbreModel {
        try TimbreModel(
            centroids: centroids, metric: .earlier(try transform()), calibration: try calibration(),
            provenance: .init(created: 1, frames: 2, files: 3, seed: 4, error: 0.0625), note: "all parts")
    }

    func load(_ text: String) throws(TimbreModelError) -> TimbreModel { try TimbreModel(json: Array(text.utf8)) }

    @Test func readsItsOwnFile() throws {
        let model = try Self.model()
        let read = try TimbreModel(json: model.json())
        #expect(read == model)
        #expect(read.metric == .earlier(try Self.transform()))
        #expect(read.calibration == (try Self.calibration()))
        #expect(read.provenance?.error == 0.0625)
        #expect(read.json() == model.json())
    }

    @Test func isNamedByEachPart() throws {
        func name(_ transform: EarlierTransform?, _ change: (inout Calibration) -> Void = { _ in }) throws
            -> ContentHash
        {
            var calibration = try Self.calibration()
            change(&calibration)
            return try TimbreModel(
                centroids: Self.centroids, metric: transform.map(TimbreMetric.earlier), calibration: calibration
            ).identifier
        }
        let transform = try Self.transform()
        let names = try [
            name(transform), name(nil), name(try Self.transform(step: 0.25)),
            name(transform) { $0.timbreFiles = nil }, name(transform) { $0.timbreSpans = nil },
            name(transform) { ($0.timbreFiles, $0.timbreSpans) = ($0.timbreSpans, nil) },
            name(transform) { ($0.timbreFiles, $0.timbreSpans) = (nil, $0.timbreFiles) },
            name(transform) { ($0.timbreFiles, $0.timbreSpans) = (nil, nil) },
        ]
        #expect(Set(names).count == names.count)
        #expect(try Self.model().identifier == names[0])
    }

    /// Models live longer than programs: the name of a model must never change. These were computed in Python.
    @Test func keepsItsName() throws {
        let model = try Self.model()
        let whole = "sha256:069e31e881e626c2565fdc163891332cb1268bac4037604ff4b2972548003bfc"
        #expect(model.identifier.description == whole)
        var calibration = try Self.calibration()
        (calibration.timbreFiles, calibration.timbreSpans) = (nil, nil)
        let codesOnly = try TimbreModel(centroids: Self.centroids, calibration: calibration)
        let old = "sha256:a9f360a7d928ca32c31178a6c764c1daa6df5d896666d20c7ce9860777dab61b"
        #expect(codesOnly.identifier.description == old)
    }

    /// Without a part that older programs do not know, a file has not even its key.
    @Test func whatIsNotThereIsNotMentioned() throws {
        var calibration = try Self.calibration()
        (calibration.timbreFiles, calibration.timbreSpans) = (nil, nil)
        let model = try TimbreModel(
            centroids: Self.centroids, calibration: calibration,
            provenance: .init(created: 1, frames: 2, files: 3, seed: 4))
        let text = String(decoding: model.json(), as: UTF8.self)
        for key in ["transform", "timbre_", "nearest", "error"] { #expect(!text.contains(key), "\(key)") }
        #expect(try TimbreModel(json: model.json()) == model)
    }

    @Test func scoresAreSharesOfRandomPairs() throws {
        let calibration = try Self.calibration()
        let (files, spans) = (
            calibration.score(timbreFileDistance: 0.75 * 1000 * 0.003),
            calibration.score(timbreSpanDistance: 0.75 * 1000 * 0.004)
        )
        #expect(abs(try #require(files) - 0.25) < 0.002)
        #expect(abs(try #require(spans) - 0.25) < 0.002)
        let codesOnly = Calibration(files: calibration.files, spans: calibration.spans)
        #expect(codesOnly.score(timbreFileDistance: 1) == nil)
        #expect(codesOnly.score(timbreSpanDistance: 1) == nil)
    }

    struct Damage {
        var from: String
        var to: String
        var error: TimbreModelError
    }

    static let damages = [
        Damage(
            from: "\"descriptors\" : 152", to: "\"descriptors\" : 4",
            error: .wrongShape(
                "its transform is for 4 \"timbre descriptors 1\", not for 152 \"timbre descriptors 1\"")),
        Damage(
            from: "timbre descriptors 1", to: "timbre descriptors 2",
            error: .wrongShape(
                "its transform is for 152 \"timbre descriptors 2\", not for 152 \"timbre descriptors 1\"")),
        Damage(from: "\"descriptors\" :", to: "\"scriptors\" :", error: .damaged("it has no descriptors")),
        Damage(from: "\"mean_f32", to: "\"men_f32", error: .damaged("it has no mean_f32le_base64")),
        Damage(
            from: "\"step\" : 0.125", to: "\"step\" : \"0.1",
            error: .notJSON),
        Damage(
            from: "\"step\" : 0.125", to: "\"step\" : -0.125",
            error: .damaged("the step of its transform is not above 0")),
        Damage(from: "\"step\" : 0.125", to: "\"step\" : 9e99", error: .notFinite),
        Damage(
            from: "\"scale_f32le_base64\" : \"AA", to: "\"scale_f32le_base64\" : \"!A",
            error: .damaged("its transform's scales are not base64 of whole numbers")),
        Damage(
            from: "\"timbre_span_distance_quantiles_f32le_base64\" : \"AAAAA",
            to: "\"timbre_span_distance_quantiles_f32le_base64\" : \"AACAQ",
            error: .damaged("its span distances by timbre do not ascend")),
    ]

    @Test("Says what is wrong with a file", arguments: damages)
    func refuses(damage: Damage) throws {
        let whole = String(decoding: try Self.model().json(), as: UTF8.self)
        let text = whole.replacing(damage.from, with: damage.to, maxReplacements: 1)
        #expect(text != whole)
        #expect(throws: damage.error) { _ = try load(text) }
    }

    @Test func noticesATransformThatWasChanged() throws {
        let model = try Self.model()
        let text = String(decoding: model.json(), as: UTF8.self).replacing("\"step\" : 0.125", with: "\"step\" : 0.25")
        let changed = try TimbreModel(
            centroids: Self.centroids, metric: .earlier(Self.transform(step: 0.25)), calibration: Self.calibration())
        #expect(
            throws: TimbreModelError.wrongIdentifier(
                stated: model.identifier.description, actual: changed.identifier.description)
        ) { _ = try load(text) }
    }
}
