import Varlink

/// A model: what turns features into codes.
package struct Model: Codable, Hashable, Sendable {
    /// The generation: 1 came first.
    package var id: Int
    /// `sha256:…` of the model's content.
    package var hash: String
    /// Whether the codes in use are this model's.
    package var active: Bool
    /// When it came to this library, in seconds since 1970.
    package var created: Double
    /// Where it came from: `default`, `retrain` or `import`.
    package var origin: String
    package var centroids: Int
    /// What its training began with; absent if the model does not say.
    package var seed: Int?
    /// Frames that it was trained on; absent if the model does not say.
    package var frames: Int?
    /// How many sounds have codes of this model.
    package var contents: Int

    package init(
        id: Int, hash: String, active: Bool, created: Double, origin: String, centroids: Int, seed: Int?,
        frames: Int?, contents: Int
    ) {
        self.id = id
        self.hash = hash
        self.active = active
        self.created = created
        self.origin = origin
        self.centroids = centroids
        self.seed = seed
        self.frames = frames
        self.contents = contents
    }
}

/// Which model is meant.
package struct ModelChoice: Codable, Hashable, Sendable {
    /// A generation, such as `2`, or the beginning of a hash, at least 8 digits; the model in use if absent.
    package var model: String?

    package init(model: String? = nil) { self.model = model }
}

/// Lists the models of this library, newest first.
package enum ListModels: LibraryMethod {
    package typealias Parameters = Nothing

    package struct Reply: Codable, Hashable, Sendable {
        package var models: [Model]

        package init(models: [Model]) { self.models = models }
    }
}

/// Tells all that is known of one model.
package enum ShowModel: LibraryMethod {
    package typealias Parameters = ModelChoice

    package struct Reply: Codable, Hashable, Sendable {
        package var model: Model
        /// In how many spans of the library each centroid is heard, shape `[centroids]`.
        package var use: [Int]
        /// The mean squared distance of the frames it was trained on to their centroids; absent if it does not say.
        package var quantisationError: Double?

        package init(model: Model, use: [Int], quantisationError: Double?) {
            self.model = model
            self.use = use
            self.quantisationError = quantisationError
        }

        private enum CodingKeys: String, CodingKey {
            case model, use
            case quantisationError = "quantisation_error"
        }
    }
}

/// Puts a model of this library to use.
package enum UseModel: LibraryMethod {
    package static let access = Access.change
    package typealias Parameters = ModelChoice
    /// The model, in use.
    package typealias Reply = Model
}

/// Gives out a model as a file.
package enum ExportModel: LibraryMethod {
    package typealias Parameters = ModelChoice

    package struct Reply: Codable, Hashable, Sendable {
        package var model: Model
        /// The contents of a model file: JSON.
        package var document: String

        package init(model: Model, document: String) {
            self.model = model
            self.document = document
        }
    }
}

/// Takes in a model from a file, without putting it to use.
package enum ImportModel: LibraryMethod {
    package static let access = Access.change

    package struct Parameters: Codable, Hashable, Sendable {
        /// The contents of a model file: JSON.
        package var document: String
        /// `sha256:…`: what the model is to be; any if absent. Another one is refused.
        package var hash: String?

        package init(document: String, hash: String? = nil) {
            self.document = document
            self.hash = hash
        }
    }

    /// The model, with its number in this library.
    package typealias Reply = Model
}

/// How well a frozen model fits what came after it.
///
/// The errors are mean squared distances of frames to their nearest centroids, 0 to 4.
package struct Drift: Codable, Hashable, Sendable {
    /// In what the model was trained on; absent if the model does not say.
    package var training: Double?
    /// In the newest files.
    package var newest: Double
    /// How many newest files were looked at.
    package var files: Int
    /// Whether a retrain would pay.
    package var retrainAdvised: Bool

    package init(training: Double?, newest: Double, files: Int, retrainAdvised: Bool) {
        self.training = training
        self.newest = newest
        self.files = files
        self.retrainAdvised = retrainAdvised
    }

    private enum CodingKeys: String, CodingKey {
        case training, newest, files
        case retrainAdvised = "retrain_advised"
    }
}
