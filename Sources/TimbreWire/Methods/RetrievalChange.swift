/// How well sounds are found with an old and with a new model: the same queries on the same held-out sounds.
package struct RetrievalChange: Codable, Hashable, Sendable {
    /// By what sounds that belong together are known.
    package enum Measure: String, Codable, Hashable, Sendable {
        /// Files of one folder belong together: the mean average precision, macro-averaged.
        case folders
        /// The same, searched by timbre codes.
        case codes
        /// A sound and its variants belong together: the mean reciprocal rank of the sound, searched by a variant. Earlier
        /// versions measured by it.
        case variants
    }

    package var measure: Measure
    /// How many searches were made.
    package var queries: Int
    /// The measure, from 0 to 1.
    package var old: Double
    package var new: Double
    /// Between these lies the difference, new less old, 95 times of 100.
    package var low: Double
    package var high: Double

    package init(measure: Measure, queries: Int, old: Double, new: Double, low: Double, high: Double) {
        self.measure = measure
        self.queries = queries
        self.old = old
        self.new = new
        self.low = low
        self.high = high
    }

    /// Whether the new model is worse beyond what chance would do.
    package var isWorse: Bool { high < 0 }
    /// Whether the new model is better beyond what chance would do.
    package var isBetter: Bool { low > 0 }
}
