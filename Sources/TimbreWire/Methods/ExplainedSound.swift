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
