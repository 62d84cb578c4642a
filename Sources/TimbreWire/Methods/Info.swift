/// Tells all that is known of one file.
package enum Info: LibraryMethod {
    package typealias Parameters = WirePath

    /// The members of the file's ``FileItem``, and those below.
    package struct Reply: Hashable, Sendable {
        package var file: FileItem
        /// When the file was last written, in seconds since 1970.
        package var modified: Double?
        /// The codes of the sound, one entry for each model that has coded it, newest first.
        package var codes: [ModelCodes]
        /// The other files with the same bytes.
        package var copies: [WirePath]
        /// How often the file was tried.
        package var attempts: Int

        package init(
            file: FileItem, modified: Double?, codes: [ModelCodes], copies: [WirePath], attempts: Int
        ) {
            self.file = file
            self.modified = modified
            self.codes = codes
            self.copies = copies
            self.attempts = attempts
        }
    }
}

extension Info.Reply: Codable {
    private enum CodingKeys: String, CodingKey {
        case modified, codes, copies, attempts
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            file: try FileItem(from: decoder),
            modified: try members.decodeIfPresent(Double.self, forKey: .modified),
            codes: try members.decode([ModelCodes].self, forKey: .codes),
            copies: try members.decode([WirePath].self, forKey: .copies),
            attempts: try members.decode(Int.self, forKey: .attempts))
    }

    package func encode(to encoder: any Encoder) throws {
        try file.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodeIfPresent(modified, forKey: .modified)
        try members.encode(codes, forKey: .codes)
        try members.encode(copies, forKey: .copies)
        try members.encode(attempts, forKey: .attempts)
    }
}

/// The codes that one model gave to a sound.
package struct ModelCodes: Codable, Hashable, Sendable {
    /// `sha256:…`
    package var model: String
    package var spans: [SpanCode]

    package init(model: String, spans: [SpanCode]) {
        self.model = model
        self.spans = spans
    }
}

/// The code of a part of a sound.
package struct SpanCode: Codable, Hashable, Sendable {
    /// In seconds from the beginning of the sound.
    package var start: Double
    package var end: Double
    /// 16 bytes.
    package var code: Base64

    package init(start: Double, end: Double, code: Base64) {
        self.start = start
        self.end = end
        self.code = code
    }
}
