/// Tells why two sounds are near to each other, or far apart.
package enum Explain: LibraryMethod {
    package struct Parameters: Codable, Hashable, Sendable {
        /// Two sounds; a code alone is none.
        package var a: QuerySound
        package var b: QuerySound
        /// The part of b that counts; all of it if absent.
        package var at: TimeSpan?
        /// The part of a that counts; all of it if absent.
        package var atA: TimeSpan?

        package init(a: QuerySound, b: QuerySound, at: TimeSpan? = nil, atA: TimeSpan? = nil) {
            self.a = a
            self.b = b
            self.at = at
            self.atA = atA
        }

        private enum CodingKeys: String, CodingKey {
            case a, b, at
            case atA = "at_a"
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var a: ExplainedSound
        package var b: ExplainedSound
        /// `sha256:…`: the model that all codes and distances come from.
        package var model: String
        /// In what the two are alike, and how b, which is called B, differs, in one line to show, such as `alike: noise
        /// colour, attack; B is 3.3 × shorter`; absent if the bands of either are unknown.
        package var words: String?
        package var codes: CodeNearness
        /// How near they are by timbre vectors; absent if either has none.
        package var timbre: TimbreNearness?
        /// Why ``timbre`` is absent; absent itself if it is not.
        package var obstacle: String?
        /// The codes that are heard in both sounds, those that fewest files of the library have first.
        package var shared: [SharedCode]
        /// The codes that are heard in one of them alone, the most frequent first.
        package var onlyA: [CodeCount]
        package var onlyB: [CodeCount]

        package init(
            a: ExplainedSound, b: ExplainedSound, model: String, words: String? = nil, codes: CodeNearness,
            timbre: TimbreNearness?, obstacle: String?, shared: [SharedCode], onlyA: [CodeCount], onlyB: [CodeCount]
        ) {
            self.a = a
            self.b = b
            self.model = model
            self.words = words
            self.codes = codes
            self.timbre = timbre
            self.obstacle = obstacle
            self.shared = shared
            self.onlyA = onlyA
            self.onlyB = onlyB
        }

        private enum CodingKeys: String, CodingKey {
            case a, b, model, words, codes, timbre, obstacle, shared
            case onlyA = "only_a"
            case onlyB = "only_b"
        }
    }
}

/// How near two sounds are by their codes.
package struct CodeNearness: Codable, Hashable, Sendable {
    /// The mean, over the spans of the one, of the bits in which the nearest span of the other differs.
    package var distance: Double
    /// The share of random pairs of sounds that are farther apart, from 0 to 1; absent if it was never measured.
    package var score: Double?
    /// The bits in which the two spans differ that are nearest to each other, and the bits that they share.
    package var hamming: Int
    package var sharedBits: Int
    /// Where these spans are in each sound.
    package var a: TimeSpan
    package var b: TimeSpan

    package init(distance: Double, score: Double?, hamming: Int, sharedBits: Int, a: TimeSpan, b: TimeSpan) {
        self.distance = distance
        self.score = score
        self.hamming = hamming
        self.sharedBits = sharedBits
        self.a = a
        self.b = b
    }

    private enum CodingKeys: String, CodingKey {
        case distance, score, hamming
        case sharedBits = "shared_bits"
        case a, b
    }
}

/// How near two sounds are by their timbre, and what of it makes them so.
package struct TimbreNearness: Codable, Hashable, Sendable {
    /// That of the timbre vectors, as ``Similar`` has it.
    package var distance: Double
    /// The probability that a person would call the two the same kind of sound, from 0 to 1, as ``Similar`` has it for a
    /// query by the first; absent under models without a network.
    package var score: Double?
    /// What was compared: the groups of descriptors, with the greatest share of the distance first.
    package var groups: [DescriptorShare]

    package init(distance: Double, score: Double?, groups: [DescriptorShare]) {
        self.distance = distance
        self.score = score
        self.groups = groups
    }
}

/// What descriptors of one kind have to do with the distance of two sounds.
package struct DescriptorShare: Codable, Hashable, Sendable {
    /// What they describe, in words to show.
    package var name: String
    /// Their share of the squared distance as it is before vectors are rounded. All shares add up to 1, unless that
    /// distance is 0: then each is 0. A share lies below 0 if the two would be farther apart without the difference of
    /// these descriptors.
    package var share: Double
    /// By how many standard deviations they differ: the root of the mean square. √2 is usual between random sounds.
    package var difference: Double
    /// In which direction b differs from a, in words to show, such as `brighter (2.1 kHz, not 870 Hz)`; absent if
    /// little, or in no way that has a name.
    package var words: String?

    package init(name: String, share: Double, difference: Double, words: String? = nil) {
        self.name = name
        self.share = share
        self.difference = difference
        self.words = words
    }
}

/// One of two sounds that were compared.
package struct ExplainedSound: Codable, Hashable, Sendable {
    private var shown: ShownPath?
    private var exact: ExactPath?
    /// Whether it is a file of the library.
    package var inLibrary: Bool
    /// Length of the sound, in seconds.
    package var duration: Double
    /// Frames in which something is heard.
    package var frames: Int

    package init(path: WirePath?, inLibrary: Bool, duration: Double, frames: Int) {
        shown = path.map(ShownPath.init)
        exact = path.flatMap(ExactPath.init)
        self.inLibrary = inLibrary
        self.duration = duration
        self.frames = frames
    }

    package var path: WirePath? { shown.map { WirePath($0, exact) } }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case inLibrary = "in_library"
        case duration, frames
    }
}
