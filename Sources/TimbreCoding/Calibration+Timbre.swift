extension Calibration {
    /// The share of random pairs of files that are farther apart by timbre than this, 0 to 1; nil if not measured. Never
    /// rises with the distance.
    package func score(timbreFileDistance distance: Double) -> Double? { timbreFiles?.share(above: distance) }

    /// The share of random pairs of spans that are farther apart by timbre than this, 0 to 1; nil if not measured. Never
    /// rises with the distance.
    package func score(timbreSpanDistance distance: Double) -> Double? { timbreSpans?.share(above: distance) }

    /// Adds what is known of distances by timbre, each part by its name.
    func appendTimbre(to bytes: inout CanonicalBytes) {
        let parts = [("timbre files", timbreFiles), ("timbre spans", timbreSpans), ("timbre nearest", nearest)]
        for case (let name, let quantiles?) in parts {
            bytes.append(name)
            bytes.append(quantiles.values)
        }
    }
}
