/// What a file says of its sound: what is not there is absent.
package struct Tags: Codable, Hashable, Sendable {
    package var title: String?
    package var artist: String?
    package var album: String?
    package var comment: String?
    /// Beats per minute.
    package var bpm: Double?
    /// The key as the file writes it.
    package var key: String?
    /// The note at which it was recorded, as MIDI counts: 60 is middle C.
    package var rootNote: Int?
    /// Beats in the whole sound.
    package var beats: Int?
    /// Whether it is to be played once, or else to be repeated.
    package var oneShot: Bool?
    /// The parts that a sampler repeats.
    package var loops: [TimeSpan]?

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case title, artist, album, comment, bpm, key
        case rootNote = "root_note"
        case beats
        case oneShot = "one_shot"
        case loops
    }
}

/// A word that must be in a file's tags.
package struct TagFilter: Codable, Hashable, Sendable {
    /// A text of ``Tags``.
    package enum Field: String, Codable, CaseIterable, Sendable {
        case title, artist, album, comment, key
    }

    /// Where it must be; in any text if absent.
    package var field: Field?
    /// What the text must contain, in upper or lower case.
    package var word: String

    package init(_ word: String, in field: Field? = nil) {
        self.field = field
        self.word = word
    }
}
