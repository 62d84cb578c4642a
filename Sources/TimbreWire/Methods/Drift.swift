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
