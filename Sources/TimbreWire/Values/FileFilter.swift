/// Which files may be in an answer: those that meet every condition that is given.
package struct FileFilter: Codable, Hashable, Sendable {
    private var underShown: ShownPath?
    private var underExact: ExactPath?
    /// Folders below which the file must not lie, at any depth; or files that are left out themselves.
    package var notUnder: [WirePath]?
    private var globShown: ShownPath?
    private var globExact: ExactPath?
    /// The shortest sound allowed, in seconds.
    package var minDuration: Double?
    /// The longest sound allowed, in seconds.
    package var maxDuration: Double?
    /// How many channels the file must have.
    package var channels: Int?
    /// The earliest time at which the file may have come into the library, in seconds since 1970.
    package var since: Double?

    package init(
        under: WirePath? = nil, notUnder: [WirePath]? = nil, glob: WirePath? = nil, minDuration: Double? = nil,
        maxDuration: Double? = nil, channels: Int? = nil, since: Double? = nil
    ) {
        underShown = under.map(ShownPath.init)
        underExact = under.flatMap(ExactPath.init)
        self.notUnder = notUnder
        globShown = glob.map(ShownPath.init)
        globExact = glob.flatMap(ExactPath.init)
        self.minDuration = minDuration
        self.maxDuration = maxDuration
        self.channels = channels
        self.since = since
    }

    /// The folder below which the file must lie, at any depth; or the file itself.
    package var under: WirePath? { underShown.map { WirePath($0, underExact) } }
    /// A shell pattern: for the file's name, or, if there is a slash in it, for its whole path.
    package var glob: WirePath? { globShown.map { WirePath($0, globExact) } }

    private enum CodingKeys: String, CodingKey {
        case underShown = "under"
        case underExact = "under_bytes"
        case notUnder = "not_under"
        case globShown = "glob"
        case globExact = "glob_bytes"
        case minDuration = "min_duration"
        case maxDuration = "max_duration"
        case channels, since
    }
}
