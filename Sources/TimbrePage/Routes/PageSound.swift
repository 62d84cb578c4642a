import TimbreWire

/// A sound as the page names it: one of the library's, a code, or one that was dropped on the page.
struct PageSound: Decodable {
    private enum Source {
        case known(QuerySound)
        /// By the name that ``HeardSounds`` has given it.
        case heard(String)
    }

    private let source: Source

    private enum CodingKeys: String, CodingKey { case heard }

    init(from decoder: any Decoder) throws {
        let heard = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .heard)
        source = try heard.map(Source.heard) ?? .known(QuerySound(from: decoder))
    }

    /// The sound as the daemon is told of it.
    ///
    /// - Parameter heard: Finds a sound that was dropped.
    /// - Throws: ``LibraryError/emptyQuery(reason:)`` if that is forgotten.
    func query(_ heard: (String) -> QuerySound?) throws -> QuerySound {
        switch source {
        case .known(let sound): return sound
        case .heard(let name):
            guard let sound = heard(name) else {
                throw LibraryError.emptyQuery(reason: "the sound that was dropped is forgotten: drop it again")
            }
            return sound
        }
    }
}
