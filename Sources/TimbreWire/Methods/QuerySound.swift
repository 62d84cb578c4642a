/// A sound to search by: a file of the library, a code, or the features of a file from elsewhere.
///
/// Exactly one of `path` (alone), `code` and `features` has to be there; with `features`, `path` is for showing only.
package struct QuerySound: Codable, Hashable, Sendable {
    private var shown: ShownPath?
    private var exact: ExactPath?
    private var codeMember: Base64?
    private var featuresMember: QueryFeatures?

    /// What a query can be.
    package enum Source: Hashable, Sendable {
        /// A file of the library, by its absolute path.
        case file(WirePath)
        /// A timbre code, 16 bytes.
        case code([UInt8])
        /// A file that is not in the library, by what it sounds like.
        case features(QueryFeatures, path: WirePath?)
    }

    /// What was given; nil if it is nothing, or more than one thing.
    package var source: Source? {
        let path = shown.map { WirePath($0, exact) }
        return switch (path, codeMember, featuresMember) {
        case (let path?, nil, nil): .file(path)
        case (nil, let code?, nil): code.bytes.count == 16 ? .code(code.bytes) : nil
        case (let path, nil, let features?): .features(features, path: path)
        default: nil
        }
    }

    package init(_ source: Source) {
        switch source {
        case .file(let path): (shown, exact) = (ShownPath(path), ExactPath(path))
        case .code(let bytes): codeMember = Base64(bytes)
        case .features(let features, let path):
            featuresMember = features
            (shown, exact) = (path.map(ShownPath.init), path.flatMap(ExactPath.init))
        }
    }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case codeMember = "code"
        case featuresMember = "features"
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        shown = try members.decodeIfPresent(ShownPath.self, forKey: .shown)
        exact = try members.decodeIfPresent(ExactPath.self, forKey: .exact)
        codeMember = try members.decodeIfPresent(Base64.self, forKey: .codeMember)
        featuresMember = try members.decodeIfPresent(QueryFeatures.self, forKey: .featuresMember)
        guard source != nil else {
            let context = DecodingError.Context(
                codingPath: decoder.codingPath, debugDescription: "not one of path, code and features")
            throw DecodingError.dataCorrupted(context)
        }
    }
}

/// What a file that is not in the library sounds like, as `timbre-extract` tells it.
package struct QueryFeatures: Codable, Hashable, Sendable {
    /// Samples after the conversion to mono at 22 050 Hz.
    package var sampleCount: Int
    /// Length of the sound, in seconds.
    package var duration: Double
    /// The cepstra of the frames, in the form of `FeatureFrames.cepstra`: 30 bytes a frame.
    package var cepstra: Base64
    /// The Bark bands of the frames, in the form of `FeatureFrames.bands`: 104 bytes a frame.
    package var bands: Base64?
    /// The same, the first frame being where the silence in front of the sound ends: where frames begin makes a small
    /// difference, and a sound of the library has more likely no silence in front. The nearer reading counts.
    package var trimmedBands: Base64?

    package init(sampleCount: Int, duration: Double, cepstra: Base64, bands: Base64?, trimmedBands: Base64? = nil) {
        self.sampleCount = sampleCount
        self.duration = duration
        self.cepstra = cepstra
        self.bands = bands
        self.trimmedBands = trimmedBands
    }

    private enum CodingKeys: String, CodingKey {
        case sampleCount = "sample_count"
        case duration, cepstra, bands
        case trimmedBands = "trimmed_bands"
    }
}
