/// A code that is heard in two sounds.
package struct SharedCode: Codable, Hashable, Sendable {
    /// Which centroid of the model it is, from 0: the first is nearest to most frames that the model was made from.
    package var code: Int
    /// How many files of the library have it, and what share of them, from 0 to 1.
    package var files: Int
    package var share: Double
    /// Where it is heard in each sound.
    package var a: CodePlace
    package var b: CodePlace
    /// Where it can be listened to in the library, not in the two sounds; absent if nowhere.
    package var example: CodeExample?

    package init(code: Int, files: Int, share: Double, a: CodePlace, b: CodePlace, example: CodeExample?) {
        self.code = code
        self.files = files
        self.share = share
        self.a = a
        self.b = b
        self.example = example
    }
}

/// Where a code is heard in a sound.
package struct CodePlace: Codable, Hashable, Sendable {
    /// How many frames have it.
    package var frames: Int
    /// When the first of them begins, in seconds.
    package var start: Double

    package init(frames: Int, start: Double) {
        self.frames = frames
        self.start = start
    }
}

/// A place in the library where a code is heard for long, in seconds.
package struct CodeExample: Codable, Hashable, Sendable {
    private var shown: ShownPath
    private var exact: ExactPath?
    package var start: Double
    package var end: Double

    package init(path: WirePath, start: Double, end: Double) {
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.start = start
        self.end = end
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case start, end
    }
}

/// How many frames of a sound have a code.
package struct CodeCount: Codable, Hashable, Sendable {
    package var code: Int
    package var frames: Int

    package init(code: Int, frames: Int) {
        self.code = code
        self.frames = frames
    }
}
