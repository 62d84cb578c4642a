import SoundFeatures

/// What a tag's text can be about.
enum TagField: Hashable {
    case title, artist, album, comment, bpm, key

    /// By the names that Vorbis comments, APE tags, Matroska and Core Audio use, in any case.
    init?(named name: String) {
        switch name.uppercased() {
        case "TITLE": self = .title
        case "ARTIST": self = .artist
        case "ALBUM": self = .album
        case "COMMENT", "COMMENTS", "DESCRIPTION": self = .comment
        case "BPM", "TEMPO": self = .bpm
        case "KEY", "KEY SIGNATURE", "INITIALKEY", "INITIAL KEY", "INITIAL_KEY": self = .key
        default: return nil
        }
    }
}

/// Gathers the texts of one tag, of which a field may have several.
struct TagCollector {
    private var values: [TagField: [String]] = [:]

    /// Texts that are taken of one field.
    private static let most = 8

    /// Adds a text, unless it is blank or there already.
    mutating func add(_ field: TagField, _ text: String) {
        guard let kept = SoundTags.kept(text), values[field]?.contains(kept) != true,
            values[field]?.count ?? 0 < Self.most
        else { return }
        values[field, default: []].append(kept)
    }

    func has(_ field: TagField) -> Bool { values[field] != nil }

    /// What was gathered; several texts of one field stand behind each other.
    var tags: SoundTags {
        var tags = SoundTags()
        func text(_ field: TagField) -> String? { values[field].flatMap { SoundTags.kept($0.joined(separator: "; ")) } }
        (tags.title, tags.artist, tags.album) = (text(.title), text(.artist), text(.album))
        (tags.comment, tags.key) = (text(.comment), values[.key]?.first)
        tags.bpm = values[.bpm]?.first.flatMap(Self.tempo)
        return tags
    }

    /// Reads a tempo as people write it: `120`, `119.98`, `120,5` or `120 BPM`.
    private static func tempo(_ text: String) -> Double? {
        let number = text.prefix { "0123456789.,".contains($0) }.replacing(",", with: ".")
        return Double(number).flatMap { SoundTags.tempos.contains($0) ? $0 : nil }
    }
}
