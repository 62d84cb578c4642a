/// Why something is not a model that codes can come from.
package enum TimbreModelError: Error, Hashable, Sendable {
    /// Not JSON at all.
    case notJSON
    /// JSON, but not of the format `timbre-model-1`; what it says of its format, if anything.
    case wrongFormat(String?)
    /// A part is missing or of the wrong kind.
    case damaged(String)
    /// The numbers do not make 2 to 128 centroids of 13 components, or a metric of the descriptors.
    case wrongShape(String)
    /// A number is infinite or none at all.
    case notFinite
    /// Made for features that are computed otherwise; what differs.
    case otherPipeline(String)
    /// The content is not what the model's own name says it is.
    case wrongIdentifier(stated: String, actual: String)
}

extension TimbreModelError: CustomStringConvertible {
    /// One line for people, without the name of the file.
    package var description: String {
        switch self {
        case .notJSON: "not a model: this is not JSON"
        case .wrongFormat(let found): "not a model of format timbre-model-1: its format is \(found ?? "not given")"
        case .damaged(let detail): "the model is damaged: \(detail)"
        case .wrongShape(let detail): "the model has the wrong shape: \(detail)"
        case .notFinite: "the model is damaged: a number in it is not finite"
        case .otherPipeline(let detail): "the model was made for other features: \(detail)"
        case .wrongIdentifier(let stated, let actual): "the model was changed: it says \(stated) but is \(actual)"
        }
    }
}
