/// A sound to search by: a file of the library, a code, or the features of a file from elsewhere.
///
/// Exactly one of `path` (alone), `code` and `features` has to be there; with `features`, `path` is for showing only.
package struct QuerySound: Hashable, Sendable {
    /// What a query can be.
    package enum Source: Hashable, Sendable {
        /// A file of the library, by its absolute path.
        case file(WirePath)
        /// A timbre code, 16 bytes.
        case code([UInt8])
        /// A file that is not in the library, by what it sounds like.
        case features(QueryFeatures, path: WirePath?)
    }

    package let source: Source

    /// - Precondition: A code has 16 bytes.
    package init(_ source: Source) {
        if case .code(let bytes) = source { precondition(bytes.count == Self.codeLength) }
        self.source = source
    }

    /// Bytes in a code.
    private static let codeLength = 16
}

extension QuerySound {
    /// The path that it is shown by; nil if it has none.
    package var path: WirePath? {
        switch source {
        case .file(let path): path
        case .features(_, let path): path
        case .code: nil
        }
    }
}

extension QuerySound: Codable {
    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case code, features
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let exact = try members.decodeIfPresent(ExactPath.self, forKey: .exact)
        let path = try members.decodeIfPresent(ShownPath.self, forKey: .shown).map { WirePath($0, exact) }
        let code = try members.decodeIfPresent(Base64.self, forKey: .code)
        let features = try members.decodeIfPresent(QueryFeatures.self, forKey: .features)
        switch (path, code, features) {
        case (let path?, nil, nil): source = .file(path)
        case (nil, let code?, nil) where code.bytes.count == Self.codeLength: source = .code(code.bytes)
        case (let path, nil, let features?): source = .features(features, path: path)
        default:
            let context = DecodingError.Context(
                codingPath: decoder.codingPath, debugDescription: "not one of path, code and features")
            throw DecodingError.dataCorrupted(context)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        var shown: WirePath?
        switch source {
        case .file(let path): shown = path
        case .code(let bytes): try members.encode(Base64(bytes), forKey: .code)
        case .features(let features, let path):
            try members.encode(features, forKey: .features)
            shown = path
        }
        try members.encodeIfPresent(shown.map(ShownPath.init), forKey: .shown)
        try members.encodeIfPresent(shown.flatMap(ExactPath.init), forKey: .exact)
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

    /// The bands of the first frames of the same sound, when it begins half a frame's hop later: inside a recording a
    /// sound begins anywhere between two frames.
    package var shiftedBands: Base64?

    package init(
        sampleCount: Int, duration: Double, cepstra: Base64, bands: Base64?, trimmedBands: Base64? = nil,
        shiftedBands: Base64? = nil
    ) {
        self.sampleCount = sampleCount
        self.duration = duration
        self.cepstra = cepstra
        self.bands = bands
        self.trimmedBands = trimmedBands
        self.shiftedBands = shiftedBands
    }

    private enum CodingKeys: String, CodingKey {
        case sampleCount = "sample_count"
        case duration, cepstra, bands
        case trimmedBands = "trimmed_bands"
        case shiftedBands = "shifted_bands"
    }
}
