/// A model as it lies in a file: the keys of the definition's format, and our own under `timbred`.
struct ModelFile: Codable {
    struct Own: Codable {
        var identifier: String
        var provenance: TimbreModel.Provenance?
        var transform: Transform?
        var fileDistances: String?
        var spanDistances: String?
        var timbreFileDistances: String?
        var timbreSpanDistances: String?

        enum CodingKeys: String, CodingKey {
            case identifier, provenance, transform
            case fileDistances = "file_distance_quantiles_f32le_base64"
            case spanDistances = "span_distance_quantiles_f32le_base64"
            case timbreFileDistances = "timbre_file_distance_quantiles_f32le_base64"
            case timbreSpanDistances = "timbre_span_distance_quantiles_f32le_base64"
        }
    }

    /// The parts of a ``TimbreTransform``; the projection row by row.
    struct Transform: Codable {
        var definition: String
        var descriptors: Int
        var mean: String
        var scale: String
        var projection: String
        var step: Double

        enum CodingKeys: String, CodingKey {
            case definition, descriptors, step
            case mean = "mean_f32le_base64"
            case scale = "scale_f32le_base64"
            case projection = "projection_f32le_base64"
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
