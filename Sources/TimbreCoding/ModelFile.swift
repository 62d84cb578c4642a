/// A model as it lies in a file: the keys of the definition's format, and our own under `timbred`.
struct ModelFile: Codable {
    struct Own: Codable {
        var identifier: String
        var provenance: TimbreModel.Provenance?
        var fileDistances: String?
        var spanDistances: String?

        enum CodingKeys: String, CodingKey {
            case identifier, provenance
            case fileDistances = "file_distance_quantiles_f32le_base64"
            case spanDistances = "span_distance_quantiles_f32le_base64"
        }
    }

    static let format = "timbre-model-1"

    var format: String
    var spec: TimbreSpec
    var note: String?
    var shape: [Int]
    var centroids: String
    var timbred: Own?

    enum CodingKeys: String, CodingKey {
        case format, spec, note, shape, timbred
        case centroids = "centroids_f32le_base64"
    }
}
