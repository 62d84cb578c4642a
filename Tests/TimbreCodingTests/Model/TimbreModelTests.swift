import ContentHash
import Testing
import TimbreCoding

struct TimbreModelTests {
    static let centroids = (0..<26).map { Float($0 % 7 - 3) / 4 }

    /// A file as the definition's `save_model` writes it (Python's json, indent=1), of ``centroids``.
    static let plain = """
        {
         "format": "timbre-model-1",
         "spec": {
          "name": "V1", "rate": 22050, "rs_zero_crossings": 64, "rs_rolloff": 0.95, "rs_beta": 8.0,
          "win": 1024, "hop": 512, "framing": "cover", "silence_peak": 0.0001, "n_bins": 513, "mag_scale": "sine",
          "n_bands": 100, "f_lo": 50.0, "f_hi": 9000.0, "bank": "area", "floor": "relative", "floor_value": 0.0001,
          "n_coeffs": 13, "exclude": 1, "k": 2, "span": 30, "seed_bank_rate": 0, "drop_zero_spans": true
         },
         "note": "by hand",
         "shape": [
          2,
          13
         ],
         "centroids_f32le_base64": "BASE64"
        }
        """.replacing("BASE64", with: encoded)
    static let encoded =
        "AABAvwAAAL8AAIC+AAAAAAAAgD4AAAA/AABAPwAAQL8AAAC/AACAvgAAAAAAAIA+AAAAPwAAQD8AAEC/AAAAvwAAgL4AAAAAAACA"
        + "PgAAAD8AAEA/AABAvwAAAL8AAIC+AAAAAAAAgD4="

    func load(_ text: String) throws(TimbreModelError) -> TimbreModel { try TimbreModel(json: Array(text.utf8)) }

    @Test func readsAFileOfTheDefinition() throws {
        let model = try load(Self.plain)
        #expect(model.centroids == Self.centroids)
        #expect(model.centroidCount == 2)
        #expect(model.note == "by hand")
        #expect(model.provenance == nil && model.calibration == nil)
    }

    @Test func readsItsOwnFile() throws {
        let quantiles = try #require(Quantiles(of: (0..<5000).map { Float($0) / 100 }))
        let model = try TimbreModel(
            centroids: Self.centroids, calibration: Calibration(files: quantiles, spans: quantiles),
            provenance: .init(created: 1_700_000_000.25, frames: 12, files: 3, seed: .max), note: "a \"note\" / ü")
        let read = try TimbreModel(json: model.json())
        #expect(read == model)
        #expect(read.json() == model.json())
    }

    @Test func isNamedByWhatDeterminesCodesAndScores() throws {
        let model = try TimbreModel(centroids: Self.centroids, note: "one")
        var other = Self.centroids
        other[25] = other[25].nextUp
        let quantiles = try #require(Quantiles(of: [1, 2, 3]))
        let same = try TimbreModel(
            centroids: Self.centroids, provenance: .init(created: 5, frames: 1, files: 1, seed: 1), note: "two")
        #expect(same.identifier == model.identifier)
        #expect(try load(Self.plain).identifier == model.identifier)
        #expect(try TimbreModel(centroids: other).identifier != model.identifier)
        let calibration = Calibration(files: quantiles, spans: quantiles)
        #expect(try TimbreModel(centroids: Self.centroids, calibration: calibration).identifier != model.identifier)
    }

    /// Models live longer than programs: the name of a model must never change.
    @Test func keepsItsName() throws {
        let model = try TimbreModel(centroids: Self.centroids)
        let name = "sha256:639c8cc5ad14c42900e63ecb0044d39e44c90d07ce7463e85f515f80bf0d9936"
        #expect(model.identifier.description == name)
    }

    struct Damage {
        var from: String
        var to: String
        var error: TimbreModelError
    }

    static let damages = [
        Damage(from: "{", to: "", error: .notJSON),
        Damage(from: "timbre-model-1", to: "timbre-model-2", error: .wrongFormat("timbre-model-2")),
        Damage(from: "\"format\"", to: "\"fromat\"", error: .wrongFormat(nil)),
        Damage(from: "\"shape\"", to: "\"sharp\"", error: .damaged("it has no shape")),
        Damage(from: "\"hop\": 512", to: "\"hop\": \"512\"", error: .damaged("spec.hop is of the wrong kind")),
        Damage(from: "\"rate\": 22050", to: "\"rate\": 44100", error: .otherPipeline("sampleRate is 44100, not 22050")),
        Damage(from: "\"V1\"", to: "\"SEED\"", error: .otherPipeline("name is SEED, not V1")),
        Damage(from: "\"k\": 2", to: "\"k\": 3", error: .wrongShape("shape [2, 13], k 3, 26 numbers")),
        Damage(from: "  2,", to: "  1,", error: .wrongShape("shape [1, 13], k 2, 26 numbers")),
        Damage(from: encoded, to: "!", error: .damaged("its centroids are not base64 of whole numbers")),
        Damage(from: String(encoded.prefix(8)), to: "AACAfwAA", error: .notFinite),
    ]

    @Test("Says what is wrong with a file", arguments: damages)
    func refuses(damage: Damage) {
        let text = Self.plain.replacing(damage.from, with: damage.to, maxReplacements: 1)
        #expect(text != Self.plain)
        #expect(throws: damage.error) { try load(text) }
    }

    @Test func noticesACentroidThatWasChanged() throws {
        let model = try TimbreModel(centroids: Self.centroids)
        let text = String(decoding: model.json(), as: UTF8.self)
        var other = Self.centroids
        other[0] = -0.5
        let actual = try TimbreModel(centroids: other)
        let changed = text.replacing("AABAv", with: "AAAAv", maxReplacements: 1)
        #expect(changed != text)
        #expect(
            throws: TimbreModelError.wrongIdentifier(
                stated: model.identifier.description, actual: actual.identifier.description)
        ) { try load(changed) }
    }

    @Test func refusesWhatAreNoCentroids() {
        #expect(throws: TimbreModelError.self) { try TimbreModel(centroids: []) }
        #expect(throws: TimbreModelError.self) { try TimbreModel(centroids: Array(repeating: 0, count: 13)) }
        #expect(throws: TimbreModelError.self) { try TimbreModel(centroids: Array(repeating: 0, count: 27)) }
        #expect(throws: TimbreModelError.self) { try TimbreModel(centroids: Array(repeating: 0, count: 129 * 13)) }
        #expect(throws: TimbreModelError.notFinite) { try TimbreModel(centroids: Array(repeating: .nan, count: 26)) }
    }
}
