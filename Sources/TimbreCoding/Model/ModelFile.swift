/// A model as it lies in a file: the keys of the definition's format, and our own under `timbred`.
struct ModelFile: Codable {
    struct Own: Codable {
        /// Not there in a file that no timbred has written.
        var identifier: String?
        var provenance: TimbreModel.Provenance?
        var transform: Transform?
        var network: Network?
        var score: Score?
        var fileDistances: String?
        var spanDistances: String?
        var timbreFileDistances: String?
        var timbreSpanDistances: String?

        enum CodingKeys: String, CodingKey {
            case identifier, provenance, transform, network, score
            case fileDistances = "file_distance_quantiles_f32le_base64"
            case spanDistances = "span_distance_quantiles_f32le_base64"
            case timbreFileDistances = "timbre_file_distance_quantiles_f32le_base64"
            case timbreSpanDistances = "timbre_span_distance_quantiles_f32le_base64"
        }
    }

    /// The parts of a ``EarlierTransform``; the projection row by row.
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

    /// The parts of a ``NetworkWeights``; matrices row by row, a row for each input.
    struct Network: Codable {
        struct Branch: Codable {
            var hidden: String
            var hiddenBias: String
            var gain: String
            var offset: String
            var output: String
            var outputBias: String
            var bypass: String

            enum CodingKeys: String, CodingKey {
                case hidden = "hidden_f16le_base64"
                case hiddenBias = "hidden_bias_f32le_base64"
                case gain = "gain_f32le_base64"
                case offset = "offset_f32le_base64"
                case output = "output_f16le_base64"
                case outputBias = "output_bias_f32le_base64"
                case bypass = "bypass_f16le_base64"
            }
        }

        var definition: String
        var descriptors: Int
        var mean: String
        var deviation: String
        var linear: String
        var branches: [Branch]
        var preciseMean: String
        var precise: String
        var preciseShare: Double
        var projectionMean: String
        var projection: String
        var scale: Double

        enum CodingKeys: String, CodingKey {
            case definition, descriptors, branches, scale
            case mean = "mean_f32le_base64"
            case deviation = "deviation_f32le_base64"
            case linear = "linear_f16le_base64"
            case preciseMean = "precise_mean_f32le_base64"
            case precise = "precise_f16le_base64"
            case preciseShare = "precise_share"
            case projectionMean = "projection_mean_f32le_base64"
            case projection = "projection_f16le_base64"
        }
    }

    /// The parts of a ``TimbreScore``.
    struct Score: Codable {
        var reference: String
        var offset: Double
        var slope: Double
        var bend: Double
        var knee: Double
        var surroundings: [TimbreScore.Surroundings]

        enum CodingKeys: String, CodingKey {
            case offset, slope, bend, knee, surroundings
            case reference = "reference_i8_base64"
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
