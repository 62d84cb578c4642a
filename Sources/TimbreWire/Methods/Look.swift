/// Tells what a sound looks like: its Bark bands, cepstra and codes, column by column.
///
/// Codes come from here, and not from an exported model, because a client that draws need then know nothing of models; and
/// a sound of the library is drawn from what was stored of it, without decoding it again.
package enum Look: LibraryMethod {
    /// Columns that can be asked for.
    package static let columnCounts = 1...4000
    /// How many columns there are at the most if nobody says.
    package static let usualCount = 2000

    package struct Parameters: Codable, Hashable, Sendable {
        /// A sound; a code alone is none.
        package var sound: QuerySound
        /// The part of it that is looked at; all of it if absent.
        package var at: TimeSpan?
        /// How many columns there are at the most, in ``Look/columnCounts``; ``Look/usualCount`` if absent.
        package var columns: Int?

        package init(sound: QuerySound, at: TimeSpan? = nil, columns: Int? = nil) {
            self.sound = sound
            self.at = at
            self.columns = columns
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Whether it is a file of the library.
        package var inLibrary: Bool
        /// Length of the whole sound, in seconds.
        package var duration: Double
        /// `sha256:…`: the model that the codes come from.
        package var model: String
        /// When the first column begins, and how long each is, in seconds.
        package var start: Double
        package var step: Double
        /// The loudest that each band is in a column, 100 bytes a column, low bands first: 255 is the band level of a
        /// full-scale sine or more, each step below that 0.4 dB, and 0 is −102 dB or less, or nothing. Absent if unknown.
        package var levels: Base64?
        /// The 13 bark-frequency cepstral coefficients, made a vector of length 1: means over the frames of a column in
        /// which something is heard, as signed bytes, 127 being 1. 13 bytes a column.
        package var cepstra: Base64
        /// Which codes are heard in a column: 16 bytes a column.
        package var codes: Base64
        /// How many frames of the part have which code, the most frequent first.
        package var use: [CodeCount]
        /// The spans of the sound that overlap the part, and are not silent.
        package var spans: [SpanCode]

        package init(
            inLibrary: Bool, duration: Double, model: String, start: Double, step: Double, levels: Base64?,
            cepstra: Base64, codes: Base64, use: [CodeCount], spans: [SpanCode]
        ) {
            self.inLibrary = inLibrary
            self.duration = duration
            self.model = model
            self.start = start
            self.step = step
            self.levels = levels
            self.cepstra = cepstra
            self.codes = codes
            self.use = use
            self.spans = spans
        }

        private enum CodingKeys: String, CodingKey {
            case inLibrary = "in_library"
            case duration, model, start, step, levels, cepstra, codes, use, spans
        }
    }
}
